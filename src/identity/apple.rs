//! Sign in with Apple.

use super::{IssuerKind, Mapping};

impl Mapping {
    /// ID tokens of Apple.
    pub fn apple() -> Self {
        Self { issuers: vec!["https://appleid.apple.com".to_owned()], ..Self::base(IssuerKind::Apple) }
    }
}
