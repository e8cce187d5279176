//! Who asks, for what, in which context.
//!
//! In: names and values that a host or a mapping has checked. Out: `Principal`, `Request`, `Context`.
//! Never here: tokens, claims, policies; JSON.

mod context;
mod parts;
mod principal;

pub use context::{Context, ContextValue};
pub use parts::{Action, ContextKey, Resource};
pub use principal::{Caller, Principal};

use std::borrow::Cow;

use crate::value::{ResourceFields, owned_by_principal};

/// One action on one resource. An operation that needs several pairs is asked pair by pair (SEMANTICS B9).
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub(crate) action: Cow<'a, str>,
    pub(crate) resource: Cow<'a, str>,
    pub(crate) resource_account: Option<Cow<'a, str>>,
    pub(crate) context: Context<'a>,
    /// Byte offsets of the colons behind partition, service, region and account; zeros for `*`.
    pub(crate) colons: [u32; 4],
    /// Folded hashes of the whole action and of its service.
    pub(crate) action_hashes: [u64; 2],
    /// Bytes of the action's service part.
    pub(crate) service: u32,
    /// A key was set that only a principal may own.
    pub(crate) sets_principal_key: bool,
}

/// Why a request cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// Not `service:Name` (SEMANTICS A13).
    Action(String),
    /// Neither `*` nor a full ARN (SEMANTICS B3, B8).
    Resource(String),
}

impl core::fmt::Display for RequestError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Action(text) => write!(f, "`{text}` is not an action; write it as `service:Name`"),
            Self::Resource(text) => write!(
                f,
                "`{text}` is not a resource; give a full ARN, or `*` for an action that takes no resource"
            ),
        }
    }
}

impl std::error::Error for RequestError {}

impl<'a> Request<'a> {
    /// An action (`service:Name`) on a resource (a full ARN, or `*` for an action without resource-level support).
    /// `*` and `?` are ordinary characters in both (SEMANTICS B10).
    pub fn new(
        action: impl Into<Cow<'a, str>>,
        resource: impl Into<Cow<'a, str>>,
    ) -> Result<Self, RequestError> {
        let (action, resource) = (Action::new(action)?, Resource::new(resource)?);
        Ok(Self {
            action: action.text,
            resource: resource.text,
            resource_account: None,
            context: Context::default(),
            colons: resource.colons,
            action_hashes: action.hashes,
            service: action.service,
            sets_principal_key: false,
        })
    }

    /// Only an action, which may be none: for what depends on the caller and the action alone.
    pub(crate) fn only(action: &'a str) -> Self {
        let service = action.find(':').and_then(|colon| u32::try_from(colon).ok()).unwrap_or_default();
        Self {
            action: Cow::Borrowed(action),
            resource: Cow::Borrowed("*"),
            resource_account: None,
            context: Context::default(),
            colons: [0; 4],
            action_hashes: [0; 2],
            service,
            sets_principal_key: false,
        }
    }

    /// The same with one more context value. A name given twice, in any letter case, is ambiguous (SEMANTICS D18).
    #[must_use]
    pub fn with(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<ContextValue<'a>>) -> Self {
        let key = key.into();
        self.sets_principal_key |= owned_by_principal(&key);
        self.context.insert(key, value);
        self
    }

    /// The same with the account that owns the resource, for ARNs that do not say (SEMANTICS F8).
    #[must_use]
    pub fn owned_by(mut self, account: impl Into<Cow<'a, str>>) -> Self {
        self.resource_account = Some(account.into());
        self
    }

    /// `service:Name`.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The ARN or `*`.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The context.
    pub fn context(&self) -> &Context<'a> {
        &self.context
    }

    /// The account that the host named, if it did.
    pub fn resource_account(&self) -> Option<&str> {
        self.resource_account.as_deref()
    }

    /// The resource, cut into fields.
    pub fn resource_fields(&self) -> ResourceFields<'_> {
        let [a, b, c, d] = self.colons.map(|offset| offset as usize);
        if d == 0 {
            return ResourceFields::Star;
        }
        let text = self.resource.as_ref();
        ResourceFields::Arn {
            fields: [&text[4..a], &text[a + 1..b], &text[b + 1..c], &text[c + 1..d], &text[d + 1..]],
            text,
        }
    }

    /// The resource field of the ARN, what stands behind its fifth colon; `None` for `*`.
    pub(crate) fn resource_field(&self) -> Option<&str> {
        match self.colons[3] {
            0 => None,
            // A colon is a whole character.
            colon => self.resource.get(colon as usize + 1..),
        }
    }

    /// The service part of the action.
    pub fn service(&self) -> &str {
        self.action.get(..self.service as usize).unwrap_or_default()
    }

    /// The name part of the action.
    pub fn action_name(&self) -> &str {
        self.action.get(self.service as usize + 1..).unwrap_or_default()
    }

    /// Whether it sets a key that only the principal may own: then it is refused (SEMANTICS E3).
    pub fn sets_principal_key(&self) -> bool {
        self.sets_principal_key
    }
}

/// Offsets of the four inner colons of an ARN, zeros for `*`, `None` for anything else.
fn cut(resource: &str) -> Option<[u32; 4]> {
    if resource == "*" {
        return Some([0; 4]);
    }
    if resource.len() > u32::MAX as usize || !resource.starts_with("arn:") {
        return None;
    }
    let mut colons = [0; 4];
    let mut found = 0;
    for (offset, byte) in (4u32..).zip(resource.as_bytes().get(4..)?) {
        if *byte == b':' {
            *colons.get_mut(found)? = offset;
            found += 1;
            if found == 4 {
                return Some(colons);
            }
        }
    }
    None
}
