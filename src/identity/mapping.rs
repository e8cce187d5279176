//! How the claims of one issuer become a principal: data, made by a preset and changed at will.

use super::{ClaimPath, Claims, MappedClaims, Refused, apply, guard};
use crate::request::Principal;
use crate::value::{Arity, KeyTable, Owner, Profile};

/// The kind of issuer: what its tokens are known to need besides the paths below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IssuerKind {
    /// Cognito user pool (SEMANTICS G1..G3).
    Cognito,
    /// Any `OpenID` Connect provider (SEMANTICS G11, G19).
    Oidc,
    /// Auth0 (SEMANTICS G15).
    Auth0,
    /// Microsoft Entra (SEMANTICS G16).
    Entra,
    /// Okta (SEMANTICS G17).
    Okta,
    /// Keycloak (SEMANTICS G18).
    Keycloak,
    /// Google.
    Google,
    /// Sign in with Apple.
    Apple,
    /// Facebook.
    Facebook,
    /// Login with Amazon.
    Amazon,
    /// `x-amzn-oidc-data` of an Application Load Balancer.
    Alb,
    /// Service accounts of a Kubernetes cluster.
    Kubernetes,
    /// Jobs of GitHub Actions.
    Github,
}

/// Where each part of a principal stands in the claims of one issuer. The token's signature, times and kind are the
/// verifier's business; a mapping looks at claims that somebody has verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// What kind of issuer.
    pub kind: IssuerKind,
    /// The exact texts that `iss` may be; none means any.
    pub issuers: Vec<String>,
    /// Client ids or audiences that a token may be for; none means any (then the verifier must look).
    pub audiences: Vec<String>,
    /// The deployment's home account.
    pub account: String,
    /// `strict` refuses a token whose list would have to be one tag (SEMANTICS G7).
    pub profile: Profile,
    /// The issuer's name for the bearer; the first that is present.
    pub subject: Vec<ClaimPath>,
    /// Groups; the first that is present (SEMANTICS G19: configuration order, no merging).
    pub groups: Vec<ClaimPath>,
    /// The tenant. Only a claim that the bearer cannot edit will do (SEMANTICS G19).
    pub tenant: Option<ClaimPath>,
    /// Scopes; the first that is present. Strings are split on single spaces.
    pub scopes: Vec<ClaimPath>,
    /// Principal tags.
    pub tags: Vec<TagRule>,
    /// Further context keys.
    pub keys: Vec<KeyRule>,
}

/// A claim that becomes `aws:PrincipalTag/<tag>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRule {
    /// The tag's key.
    pub tag: String,
    /// The claim.
    pub claim: ClaimPath,
    /// Whether a token without it is refused.
    pub required: bool,
}

/// A claim that becomes a context key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRule {
    /// The key's name; not one of the reserved (SEMANTICS E3).
    pub name: String,
    /// The claim.
    pub claim: ClaimPath,
    /// How many values it has; a claim of the other shape is refused (SEMANTICS E4).
    pub arity: Arity,
    /// What to do without it.
    pub presence: Presence,
}

/// What to do where a claim is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The key is missing.
    Optional,
    /// The token is refused.
    Required,
    /// The key holds these.
    Default(Vec<String>),
}

impl Mapping {
    /// The principal that the claims speak of: a bearer without a role.
    ///
    /// ```
    /// # use bailiwick::identity::{Claims, Mapping};
    /// let claims = Claims::parse(r#"{"iss": "https://id.example", "sub": "u-1", "groups": ["editors"]}"#)?;
    /// let alice = Mapping::oidc("https://id.example").principal(&claims)?;
    /// assert_eq!(alice.groups, ["editors"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn principal(&self, claims: &Claims) -> Result<Principal, Refused> {
        self.map(claims).map(|mapped| mapped.principal)
    }

    /// The same with what became of each claim.
    pub fn map(&self, claims: &Claims) -> Result<MappedClaims, Refused> {
        apply::apply(self, claims)
    }

    /// Declares the keys that it fills beyond the global ones, so that policies and requests know them.
    pub fn declare(&self, table: &mut KeyTable) {
        for rule in &self.keys {
            table.declare(&rule.name, rule.arity, Owner::Principal);
        }
    }

    /// Whether a key of this name may not be filled from a claim (SEMANTICS E3).
    pub fn is_reserved(name: &str) -> bool {
        guard::is_reserved(name)
    }

    /// What most issuers share; presets change what differs.
    pub(super) fn base(kind: IssuerKind) -> Self {
        Self {
            kind,
            issuers: Vec::new(),
            audiences: Vec::new(),
            account: "000000000000".to_owned(),
            profile: Profile::default(),
            subject: vec![ClaimPath::of(["sub"])],
            groups: Vec::new(),
            tenant: None,
            scopes: vec![ClaimPath::of(["scope"]), ClaimPath::of(["scp"])],
            tags: Vec::new(),
            keys: Vec::new(),
        }
    }

    pub(super) fn key(mut self, name: &str, claim: ClaimPath, arity: Arity) -> Self {
        self.keys.push(KeyRule { name: name.to_owned(), claim, arity, presence: Presence::Optional });
        self
    }
}
