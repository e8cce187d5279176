//! Okta custom authorization servers (SEMANTICS G17).

use super::apply::Pass;
use super::claims::holds;
use super::{ClaimPath, IssuerKind, Mapping};
use crate::source::words;

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

/// Access tokens of the organization's own server are for Okta itself, in a form that is nobody else's business; its ID
/// tokens carry no `cid`.
pub(super) fn check(pass: &mut Pass<'_>) {
    let issuer = pass.claims.text("iss").unwrap_or_default();
    if !holds(issuer, "/oauth2/") && pass.claims.named("cid").is_some() {
        let message =
            words!("`{issuer}` is Okta's own authorization server, whose access tokens are for Okta alone");
        let help = "use a custom authorization server: `https://<org>/oauth2/<id>`";
        pass.refuse("E104", "iss", message, help);
    }
}
