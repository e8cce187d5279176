//! Login with Amazon.

use super::{ClaimPath, IssuerKind, Mapping};

impl Mapping {
    /// The profile that Amazon's token endpoint tells of an access token; the bearer is `user_id`.
    pub fn amazon() -> Self {
        Self {
            issuers: vec!["https://www.amazon.com".to_owned()],
            subject: vec![ClaimPath::of(["user_id"]), ClaimPath::of(["sub"])],
            ..Self::base(IssuerKind::Amazon)
        }
    }
}
