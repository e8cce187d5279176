//! Keycloak (SEMANTICS G18).

use super::{ClaimPath, IssuerKind, Mapping};
use crate::value::Arity;

impl Mapping {
    /// A client of a realm. Groups come as full paths with their leading slash; the client's roles fill
    /// `token:client_roles`, the realm's `token:realm_roles`. Name the realm in `issuers`.
    pub fn keycloak(client: &str) -> Self {
        Self { groups: vec![ClaimPath::of(["groups"])], ..Self::base(IssuerKind::Keycloak) }
            .key("token:realm_roles", ClaimPath::of(["realm_access", "roles"]), Arity::Many)
            .key("token:client_roles", ClaimPath::of(["resource_access", client, "roles"]), Arity::Many)
    }
}
