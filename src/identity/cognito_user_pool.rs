//! Cognito user pools (SEMANTICS G1..G3): ID and access tokens.

use super::apply::Pass;
use super::{ClaimFate, ClaimPath, IssuerKind, Mapping};
use crate::source::{said, words};

impl Mapping {
    /// A Cognito user pool: groups from `cognito:groups`. Name the pool in `issuers` and its app clients in
    /// `audiences`.
    pub fn cognito() -> Self {
        let base = Self::base(IssuerKind::Cognito);
        Self {
            groups: vec![ClaimPath::of(["cognito:groups"])],
            scopes: vec![ClaimPath::of(["scope"])],
            ..base
        }
    }
}

/// ID and access tokens are never swapped in silence: `token_use` must say which it is (SEMANTICS G2).
pub(super) fn check(pass: &mut Pass<'_>) {
    pass.note("token_use", ClaimFate::Checked);
    let message = match pass.claims.text("token_use") {
        Some("id" | "access") => return,
        Some(other) => words!("`token_use` is `{other}`"),
        None => said("`token_use` is missing"),
    };
    pass.refuse(
        "E108",
        "token_use",
        message,
        "give an ID token (`id`) or an access token (`access`) of a user pool",
    );
}
