//! Microsoft Entra (SEMANTICS G16).

use super::apply::Pass;
use super::{ClaimFate, ClaimPath, Claims, IssuerKind, Mapping};
use crate::source::json::Value;
use crate::source::{said, words};
use crate::value::Arity;

impl Mapping {
    /// A directory by its tenant id: v2 and v1 tokens. The bearer is `oid`, groups are object ids, app roles fill
    /// `token:roles`.
    pub fn entra(tenant: &str) -> Self {
        Self {
            issuers: vec![
                format!("https://login.microsoftonline.com/{tenant}/v2.0"),
                format!("https://sts.windows.net/{tenant}/"),
            ],
            subject: vec![ClaimPath::of(["oid"])],
            groups: vec![ClaimPath::of(["groups"])],
            tenant: Some(ClaimPath::of(["tid"])),
            scopes: vec![ClaimPath::of(["scp"])],
            ..Self::base(IssuerKind::Entra)
        }
        .key("token:roles", ClaimPath::of(["roles"]), Arity::Many)
    }
}

/// `tid` must be the directory that `iss` names.
pub(super) fn check(pass: &mut Pass<'_>) {
    pass.note("tid", ClaimFate::Checked);
    let (issuer, tenant) = (pass.claims.text("iss").unwrap_or_default(), pass.claims.text("tid"));
    let message = match tenant {
        Some(tenant) if !tenant.is_empty() && issuer.split('/').any(|part| part == tenant) => return,
        Some(tenant) => words!("`tid` is `{tenant}`, but the issuer is `{issuer}`"),
        None => said("`tid` is missing"),
    };
    pass.refuse("E114", "tid", message, "refuse the token: its directory is not the one that issued it");
}

/// Whether the groups were too many to be delivered: then their absence does not mean that there are none.
pub(super) fn overage(claims: &Claims) -> bool {
    let named = claims.get(&ClaimPath::of(["_claim_names", "groups"])).is_some();
    let has = claims.named("hasgroups").is_some_and(|node| match &node.value {
        Value::Bool(yes) => *yes,
        Value::String(text) => text != "false",
        _ => true,
    });
    named || has
}
