//! Auth0 (SEMANTICS G15).

use super::{ClaimPath, IssuerKind, Mapping};
use crate::value::Arity;

impl Mapping {
    /// A tenant by the exact text of its `iss`, `https://<tenant>/` with the final slash. The organization is the
    /// tenant; `permissions` fill `token:permissions` and stay empty without RBAC. Roles and groups come in namespaced
    /// claims of your own choice: put their path into `groups`.
    pub fn auth0(issuer: &str) -> Self {
        Self {
            issuers: vec![issuer.to_owned()],
            tenant: Some(ClaimPath::of(["org_id"])),
            scopes: vec![ClaimPath::of(["scope"])],
            ..Self::base(IssuerKind::Auth0)
        }
        .key("token:permissions", ClaimPath::of(["permissions"]), Arity::Many)
    }
}
