//! Cognito identity pools (SEMANTICS G4..G10): which role a token gets, and with which tags. Data and pure choice; the
//! trust policy's part is in `decide::sign_in`.

mod choice;
mod tags;

pub use choice::Choice;
pub use tags::LostTag;

/// What trust policies and context keys call Cognito identities.
pub const PROVIDER: &str = "cognito-identity.amazonaws.com";

/// Under this name the scope-down policy is attached as a session policy.
pub const UNAUTHENTICATED_POLICY: &str = "cognito-identity-unauthenticated";

/// What an unauthenticated identity can be given at most in the enhanced flow (SEMANTICS G10; read on 2026-11-22).
pub const UNAUTHENTICATED_POLICY_TEXT: &str = include_str!("unauthenticated.json");

/// Rules of one provider, at most (SEMANTICS G5, I).
pub const MAX_RULES: usize = 25;

/// Providers with a role mapping in one pool, at most (SEMANTICS G5, I).
pub const MAX_PROVIDERS: usize = 10;

/// An identity pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityPool {
    /// `eu-central-1:2f5b...`: the value of `cognito-identity.amazonaws.com:aud` (SEMANTICS X13).
    pub id: String,
    /// Role of signed-in identities where nothing else is chosen.
    pub authenticated_role: Option<String>,
    /// Role of guests; none means that the pool takes no guests.
    pub unauthenticated_role: Option<String>,
    /// Whose tokens it takes.
    pub providers: Vec<PoolProvider>,
}

/// An issuer that the pool trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolProvider {
    /// The exact text of `iss`.
    pub issuer: String,
    /// How the role is chosen.
    pub roles: RoleMapping,
    /// Attributes for access control: tag key and claim name (SEMANTICS G7); empty is off.
    pub tags: Vec<(String, String)>,
}

/// How a role is chosen (SEMANTICS G5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RoleMapping {
    /// Always the authenticated role.
    #[default]
    Default,
    /// `cognito:preferred_role`, or one of `cognito:roles` that the client names.
    Token {
        /// Where the token does not settle it.
        ambiguous: Ambiguous,
    },
    /// The first rule that matches.
    Rules {
        /// In order.
        rules: Vec<Rule>,
        /// Where none matches.
        ambiguous: Ambiguous,
    },
}

/// What happens where no role is settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ambiguous {
    /// The default authenticated role.
    AuthenticatedRole,
    /// Refusal.
    #[default]
    Deny,
}

/// A rule of a role mapping (SEMANTICS G6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Claim name, with `custom:` where it has one.
    pub claim: String,
    /// How.
    pub matching: Matching,
    /// With what.
    pub value: String,
    /// ARN of the role.
    pub role: String,
}

/// How a rule compares, letter for letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// The same text.
    Equals,
    /// Part of the claim.
    Contains,
    /// Beginning of the claim.
    StartsWith,
    /// Another text.
    NotEqual,
}

impl IdentityPool {
    /// The provider of a token.
    pub fn provider(&self, issuer: &str) -> Option<&PoolProvider> {
        self.providers.iter().find(|provider| provider.issuer == issuer)
    }
}

impl PoolProvider {
    /// The provider's name in `amr`: the issuer without scheme and final slash.
    pub fn name(&self) -> &str {
        let bare = self.issuer.strip_prefix("https://").unwrap_or(&self.issuer);
        bare.strip_suffix('/').unwrap_or(bare)
    }

    /// Whether it is a Cognito user pool, whose ID token alone is taken.
    pub fn is_user_pool(&self) -> bool {
        self.name().starts_with("cognito-idp.")
    }
}
