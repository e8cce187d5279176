//! A tree seen by one principal.

use std::sync::Arc;

use super::Decision;
use super::env::Env;
use super::prepare::Prepared;
use super::walk::Walk;
use crate::request::{Principal, Request};
use crate::tree::{Compiled, Tree};

/// What one principal can do: a view on the tree, not a copy. It owns all it needs, is cheap to make and to drop, and
/// fit to be kept for as long as the token lives.
#[derive(Clone, Debug)]
pub struct Session {
    tree: Arc<Compiled>,
    principal: Arc<Principal>,
    prepared: Prepared,
}

impl Session {
    /// Decides a request.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        Walk::decide(Env { tree: &self.tree, principal: &self.principal, request }, &self.prepared)
    }

    /// Decides many requests, in order.
    pub fn decide_many<'s, 'r: 's>(
        &'s self,
        requests: impl IntoIterator<Item = &'s Request<'r>> + 's,
    ) -> impl Iterator<Item = Decision> + 's {
        requests.into_iter().map(|request| self.decide(request))
    }

    /// Whose it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }
}

impl Tree {
    /// The tree seen by one principal (partial evaluation).
    pub fn session(&self, principal: impl Into<Arc<Principal>>) -> Session {
        let principal = principal.into();
        let mut prepared = Prepared::blank(&principal);
        prepared.fill(&self.inner, &principal);
        prepared.settle(&self.inner, &principal);
        Session { tree: Arc::clone(&self.inner), principal, prepared }
    }

    /// Decides one request of one principal, without a session.
    pub fn decide(&self, principal: &Principal, request: &Request<'_>) -> Decision {
        let mut prepared = Prepared::blank(principal);
        prepared.fill(&self.inner, principal);
        Walk::decide(Env { tree: &self.inner, principal, request }, &prepared)
    }
}

impl From<&Principal> for Arc<Principal> {
    fn from(principal: &Principal) -> Self {
        Arc::new(principal.clone())
    }
}
