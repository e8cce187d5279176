//! Any `OpenID` Connect provider (SEMANTICS G11, G19).

use super::{ClaimPath, IssuerKind, Mapping};

impl Mapping {
    /// A provider by the exact text of its `iss`; groups from `groups`, if it sends them.
    pub fn oidc(issuer: &str) -> Self {
        Self {
            issuers: vec![issuer.to_owned()],
            groups: vec![ClaimPath::of(["groups"])],
            ..Self::base(IssuerKind::Oidc)
        }
    }
}
