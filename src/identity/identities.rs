//! Everybody whose word is taken: issuers of tokens, identity pools, roles. Data, which an artifact can carry.

use super::cognito_identity_pool::IdentityPool;
use super::{Mapping, SamlProvider, WebIdentityProvider};
use crate::source::Source;
use crate::value::Profile;

/// Whose tokens are taken, and what can be had for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identities {
    /// Which reading of disputed points holds.
    pub profile: Profile,
    /// Whose tokens are taken, in order of writing.
    pub issuers: Vec<Issuer>,
    /// The identity pools.
    pub pools: Vec<IdentityPool>,
    /// Issuers that roles trust directly.
    pub providers: Vec<WebIdentityProvider>,
    /// Whose SAML assertions roles trust; no issuer is there twice, nor among the issuers of tokens.
    pub saml_providers: Vec<SamlProvider>,
    /// The roles.
    pub roles: Vec<Role>,
    /// The organization's id and its accounts, where there is one.
    pub organization: Option<(String, Vec<String>)>,
}

/// Somebody who issues tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Issuer {
    /// Its name among the issuers.
    pub name: String,
    /// What its claims become.
    pub mapping: Mapping,
    /// How its tokens are verified: for whoever does.
    pub token: TokenSettings,
}

/// What is said of an issuer's tokens beyond their claims. The engine carries it; nothing here is checked by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenSettings {
    /// The JWK set, where it is at hand.
    pub jwks: Option<Source>,
    /// Where the issuer publishes its keys, otherwise.
    pub published: Option<Published>,
    /// The algorithms it signs with; none means those that its keys allow.
    pub algorithms: Vec<String>,
    /// The header's `typ`.
    pub typ: Option<String>,
    /// The load balancer that must have signed (`x-amzn-oidc-data`).
    pub signer: Option<String>,
    /// What `token_use` must be (SEMANTICS G2).
    pub token_use: Option<String>,
    /// The organization that bearers must have signed in to, or `none` (SEMANTICS G15).
    pub organization: Option<String>,
    /// The applications that tokens may have been given to (`azp`).
    pub parties: Vec<String>,
    /// Seconds that clocks may differ, 0 to 60.
    pub leeway: u64,
}

/// Where an issuer publishes its keys. Whoever verifies asks there, and nowhere else (SEMANTICS G20.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The address of the JWK set; none means that the issuer says it (`OpenID` Connect Discovery).
    pub jwks_uri: Option<String>,
    /// Whether `http` will do on the loopback: for tests and development.
    pub loopback_http: bool,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its ARN with the path.
    pub arn: String,
    /// Its own tags.
    pub tags: Vec<(String, String)>,
    /// Whether it is service-linked (SEMANTICS F2).
    pub service_linked: bool,
}

impl Identities {
    /// A role by its ARN.
    pub fn role(&self, arn: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.arn == arn)
    }
}
