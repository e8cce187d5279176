//! Facebook.

use super::{IssuerKind, Mapping};

impl Mapping {
    /// OIDC tokens of Facebook (limited login).
    pub fn facebook() -> Self {
        Self { issuers: vec!["https://www.facebook.com".to_owned()], ..Self::base(IssuerKind::Facebook) }
    }
}
