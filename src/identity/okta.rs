//! Okta custom authorization servers (SEMANTICS G17).

use super::{ClaimPath, IssuerKind, Mapping};

impl Mapping {
    /// An authorization server by the exact text of its `iss`. The bearer is `uid`, which stays when a login name
    /// changes; ID tokens have it in `sub`.
    pub fn okta(issuer: &str) -> Self {
        Self {
            issuers: vec![issuer.to_owned()],
            subject: vec![ClaimPath::of(["uid"]), ClaimPath::of(["sub"])],
            groups: vec![ClaimPath::of(["groups"])],
            scopes: vec![ClaimPath::of(["scp"])],
            ..Self::base(IssuerKind::Okta)
        }
    }
}
