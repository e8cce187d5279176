//! Keycloak (SEMANTICS G18).

use super::apply::Pass;
use super::{ClaimFate, ClaimPath, IssuerKind, Mapping};
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

/// A realm signs more than ID and access tokens: logout tokens, for example, are for the same client.
pub(super) fn check(pass: &mut Pass<'_>) {
    pass.note("typ", ClaimFate::Checked);
    if pass.claims.named("typ").is_some() && !matches!(pass.claims.text("typ"), Some("Bearer" | "ID")) {
        let message = "`typ` is neither `Bearer` nor `ID`";
        pass.refuse("E108", "typ", message.to_owned(), "give an access token or an ID token of the realm");
    }
}
