//! Google.

use super::{ClaimPath, IssuerKind, Mapping};

impl Mapping {
    /// ID tokens of Google; the hosted domain is the tenant. There are no groups in them.
    pub fn google() -> Self {
        Self {
            issuers: vec!["https://accounts.google.com".to_owned(), "accounts.google.com".to_owned()],
            tenant: Some(ClaimPath::of(["hd"])),
            ..Self::base(IssuerKind::Google)
        }
    }
}
