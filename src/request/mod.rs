//! Who asks, for what, in which context.
//!
//! In: names and values that a host or a mapping has checked. Out: `Principal`, `Request`, `Context`.
//! Never here: tokens, claims, policies; JSON.

mod context;
mod principal;

pub use context::{Context, ContextValue};
pub use principal::{Caller, Principal};

use std::borrow::Cow;

use crate::value::ResourceFields;

/// One action on one resource. An operation that needs several pairs is asked pair by pair (SEMANTICS B9).
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub(crate) action: Cow<'a, str>,
    pub(crate) resource: Cow<'a, str>,
    pub(crate) resource_account: Option<Cow<'a, str>>,
    pub(crate) context: Context<'a>,
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
        let (action, resource) = (action.into(), resource.into());
        match action.split_once(':') {
            Some((service, name)) if !service.is_empty() && !name.is_empty() && !name.contains(':') => {}
            _ => return Err(RequestError::Action(action.into_owned())),
        }
        if ResourceFields::new(&resource).is_none() {
            return Err(RequestError::Resource(resource.into_owned()));
        }
        Ok(Self { action, resource, resource_account: None, context: Context::default() })
    }

    /// The same with one more context value. A name given twice, in any letter case, is ambiguous (SEMANTICS D18).
    #[must_use]
    pub fn with(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<ContextValue<'a>>) -> Self {
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
        // `new` has let in nothing else.
        ResourceFields::new(&self.resource).unwrap_or(ResourceFields::Star)
    }
}
