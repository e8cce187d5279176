//! Parts of requests, read once by those who ask with the same part again and again.

use std::borrow::Cow;

use super::{Context, ContextValue, Request, RequestError, cut};
use crate::value::{KeyName, hash_folded, owned_by_principal};

/// An action, cut and hashed.
#[derive(Clone, Debug)]
pub struct Action<'a> {
    pub(super) text: Cow<'a, str>,
    /// Folded hashes of the whole and of its service.
    pub(super) hashes: [u64; 2],
    /// Bytes of its service part.
    pub(super) service: u32,
}

/// A resource, cut into fields.
#[derive(Clone, Debug)]
pub struct Resource<'a> {
    pub(super) text: Cow<'a, str>,
    /// As in [`Request`].
    pub(super) colons: [u32; 4],
}

/// The name of a context key, hashed, and whether a request may set it.
#[derive(Clone, Debug)]
pub struct ContextKey {
    name: KeyName,
    principals: bool,
}

impl<'a> Action<'a> {
    /// From `service:Name`.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, RequestError> {
        let text = text.into();
        let service = match text.split_once(':') {
            Some((service, name)) if !service.is_empty() && !name.is_empty() && !name.contains(':') => {
                service
            }
            _ => return Err(RequestError::Action(text.into_owned())),
        };
        let Ok(length) = u32::try_from(service.len()) else {
            return Err(RequestError::Action(text.into_owned()));
        };
        let hashes = [hash_folded(text.as_bytes()), hash_folded(service.as_bytes())];
        Ok(Self { text, hashes, service: length })
    }
}

impl<'a> Resource<'a> {
    /// From a full ARN or `*`.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, RequestError> {
        let text = text.into();
        match cut(&text) {
            Some(colons) => Ok(Self { text, colons }),
            None => Err(RequestError::Resource(text.into_owned())),
        }
    }
}

impl ContextKey {
    /// Any text is a name.
    pub fn new(name: &str) -> Self {
        Self { name: KeyName::new(name), principals: owned_by_principal(name) }
    }
}

impl<'a> Request<'a> {
    /// What [`Request::new`] gives for the texts of the two.
    pub fn of(action: &'a Action<'_>, resource: &'a Resource<'_>) -> Self {
        Self {
            action: Cow::Borrowed(&action.text),
            resource: Cow::Borrowed(&resource.text),
            resource_account: None,
            context: Context::default(),
            colons: resource.colons,
            action_hashes: action.hashes,
            service: action.service,
            sets_principal_key: false,
        }
    }

    /// Adds a context value: what [`Request::with`] does for the name of the key.
    pub fn insert(&mut self, key: &'a ContextKey, value: impl Into<ContextValue<'a>>) {
        self.sets_principal_key |= key.principals;
        self.context.insert_key(&key.name, value.into());
    }
}
