//! From claims to the principal that a set of identities makes of them, through an identity pool where one takes them.

use super::Decision;
use super::sign_in::{Flow, Hop, SignIn, SignedIn, Step, WebSignIn, hop, sign_in, web_sign_in};
use crate::identity::cognito_identity_pool::IdentityPool;
use crate::identity::{ClaimReport, Claims, Identities, Issuer};
use crate::request::{Caller, Principal, Request};
use crate::source::{Code, Diagnostic, Diagnostics, Source, Span, WORDS, nearest, words};
use crate::tree::Tree;

/// What a session is called if the client does not say.
const SESSION_NAME: &str = "bailiwick";

/// How a token is to be taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdentityOptions<'a> {
    /// With an identity pool: as usual, or not at all.
    pub exchange: Exchange,
    /// Who calls STS (SEMANTICS G4).
    pub flow: Flow,
    /// The role that the client names (SEMANTICS G5). Without a pool it must, to get one (SEMANTICS G11).
    pub role: Option<&'a str>,
    /// The identity's id in the pool, if it is known.
    pub identity_id: Option<&'a str>,
    /// How the client names the session, where it calls STS itself; `bailiwick` if it does not say.
    pub session_name: Option<&'a str>,
    /// An instant for `aws:TokenIssueTime`.
    pub now: Option<&'a str>,
}

/// Whether a token is exchanged for a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exchange {
    /// If a pool takes tokens of its issuer.
    #[default]
    WherePossible,
    /// Never: the bearer acts as a subject with its groups.
    Never,
}

/// A principal and what led to it.
#[derive(Clone, Debug)]
pub struct Identified {
    /// Who asks.
    pub principal: Principal,
    /// The issuer's name; none for a guest.
    pub issuer: Option<String>,
    /// The pool that made the exchange, if one did.
    pub pool: Option<String>,
    /// What became of each claim; empty for a guest.
    pub report: Vec<ClaimReport>,
    /// The steps of the exchange; empty without one.
    pub chain: Vec<Step>,
    /// Keys of tags that go on into the next role (SEMANTICS F18).
    pub transitive: Vec<String>,
}

/// Why there is no principal, and how far it came.
#[derive(Clone, Debug)]
pub struct NotIdentified {
    /// The reasons.
    pub diagnostics: Diagnostics,
    /// The steps of the exchange, if there was one.
    pub chain: Vec<Step>,
}

impl core::fmt::Display for NotIdentified {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.diagnostics.fmt(f)
    }
}

impl std::error::Error for NotIdentified {}

impl Tree {
    /// The principal that verified claims make, by the identities that the artifact carries; its own policies answer
    /// whether a role may be taken.
    ///
    /// Errors: the claims are of no issuer here, a rule of its mapping refuses them, or the exchange for a role fails.
    ///
    /// ```
    /// use bailiwick::decide::IdentityOptions;
    /// use bailiwick::identity::{Claims, Identities, Issuer, Mapping, TokenSettings};
    /// use bailiwick::Request;
    ///
    /// let policy = bailiwick::parse(
    ///     r#"{"Statement": {"Effect": "Allow", "Action": "photos:Get", "Resource": "*"}}"#,
    /// )?;
    /// let mapping = Mapping::oidc("https://id.example");
    /// let issuer = Issuer { name: "staff".into(), mapping, token: TokenSettings::default() };
    /// let identities = Identities { issuers: vec![issuer], ..Identities::default() };
    /// let tree = bailiwick::compile([&policy]).with_identities(identities);
    ///
    /// let claims = Claims::parse(r#"{"iss": "https://id.example", "sub": "u-1"}"#)?;
    /// let bearer = tree.identify(&claims, IdentityOptions::default())?.principal;
    /// assert!(tree.session(&bearer).decide(&Request::new("photos:Get", "arn:acme:photos:eu:1:album/summer")?).is_allowed());
    ///
    /// let stranger = Claims::parse(r#"{"iss": "https://id.example.evil", "sub": "u-1"}"#)?;
    /// assert!(tree.identify(&stranger, IdentityOptions::default()).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn identify(
        &self,
        claims: &Claims,
        options: IdentityOptions<'_>,
    ) -> Result<Identified, NotIdentified> {
        self.identities().identify(claims, options, |caller, request| self.decide(caller, request))
    }

    /// The principal of a guest: [`Identities::guest`] with its own policies.
    ///
    /// Errors: no pool takes guests, or the role may not be taken.
    pub fn guest(&self, options: IdentityOptions<'_>) -> Result<Identified, NotIdentified> {
        self.identities().guest(options, |caller, request| self.decide(caller, request))
    }
}

impl Identities {
    /// The principal that verified claims make: through the identity pool that takes them, else as a subject. `trust`
    /// decides the unsigned calls to STS.
    ///
    /// Errors: as [`Tree::identify`].
    pub fn identify(
        &self,
        claims: &Claims,
        options: IdentityOptions<'_>,
        trust: impl FnMut(&Principal, &Request<'_>) -> Decision,
    ) -> Result<Identified, NotIdentified> {
        let text = claims.text("iss").unwrap_or_default();
        if let Some(provider) = self.saml_provider(text) {
            return self.identify_by_saml(provider, claims, options, trust);
        }
        let issuer = self.issuer_of(claims).map_err(NotIdentified::of)?;
        let mapped = issuer.mapping.map(claims).map_err(|refused| NotIdentified::of(refused.into()))?;
        let found = Identified {
            principal: mapped.principal,
            issuer: Some(issuer.name.clone()),
            pool: None,
            report: mapped.report,
            chain: Vec::new(),
            transitive: Vec::new(),
        };
        let pool = self.pools.iter().find(|pool| pool.provider(text).is_some());
        let provider = self.providers.iter().find(|provider| provider.issuer == text);
        let (signed_in, pool) = match (options.exchange, pool, provider, options.role) {
            (Exchange::Never, ..) | (Exchange::WherePossible, None, _, None) => {
                return Ok(self.belonging(found));
            }
            (Exchange::WherePossible, Some(pool), ..) => {
                (self.sign_in(pool, Some(claims), options, trust), Some(pool.id.clone()))
            }
            (Exchange::WherePossible, None, Some(provider), Some(role)) => {
                let session_name = options.session_name.unwrap_or(SESSION_NAME);
                let wish = WebSignIn { provider, claims, role, session_name, now: options.now };
                (web_sign_in(&wish, |arn| self.role_tags(arn), trust), None)
            }
            (Exchange::WherePossible, None, None, Some(role)) => {
                let span = claims.named("iss").map_or_else(Span::default, |node| node.span);
                let message = words!("no role can be had for tokens of `{text}`, and `{role}` is asked for");
                let diagnostic = Diagnostic::error(Code("E115"), span, message)
                    .help("add the issuer to an identity pool or as `[[oidc_provider]]`, or ask for no role");
                let source = claims.source().clone();
                return Err(NotIdentified::of(Diagnostics { source, list: vec![diagnostic] }));
            }
        };
        let SignedIn { chain, outcome, transitive } = signed_in;
        match outcome {
            Ok(principal) => Ok(self.belonging(Identified { principal, pool, chain, transitive, ..found })),
            Err(refused) => Err(NotIdentified { diagnostics: refused.into(), chain }),
        }
    }

    /// The principal of a guest: an unauthenticated identity of the first pool that takes guests.
    ///
    /// Errors: as [`Tree::guest`].
    pub fn guest(
        &self,
        options: IdentityOptions<'_>,
        trust: impl FnMut(&Principal, &Request<'_>) -> Decision,
    ) -> Result<Identified, NotIdentified> {
        let Some(pool) = self.pools.iter().find(|pool| pool.unauthenticated_role.is_some()) else {
            let message = "no identity pool of this deployment takes guests";
            let diagnostic = Diagnostic::error(Code("E112"), Span::default(), message)
                .help("give a pool an `unauthenticated_role`, or sign in");
            let source = Source::new("guest", "");
            return Err(NotIdentified::of(Diagnostics { source, list: vec![diagnostic] }));
        };
        let signed_in = self.sign_in(pool, None, options, trust);
        match signed_in.outcome {
            Ok(principal) => Ok(Identified {
                principal: self.with_organization(principal),
                issuer: None,
                pool: Some(pool.id.clone()),
                report: Vec::new(),
                chain: signed_in.chain,
                transitive: Vec::new(),
            }),
            Err(refused) => Err(NotIdentified { diagnostics: refused.into(), chain: signed_in.chain }),
        }
    }

    /// The next session of a chain of roles (SEMANTICS F18). `decide` answers as for any request of `session`'s principal.
    ///
    /// Errors: a policy of either side refuses, or the hop sets again what the chain has settled (`E117`).
    pub fn hop(
        &self,
        session: &Identified,
        to: &Hop,
        now: Option<&str>,
        decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
    ) -> Result<Identified, NotIdentified> {
        let next = hop(&session.principal, &session.transitive, to, now, |arn| self.role_tags(arn), decide);
        match next.outcome {
            Ok(principal) => Ok(self.belonging(Identified {
                principal,
                issuer: session.issuer.clone(),
                pool: None,
                report: Vec::new(),
                chain: next.chain,
                transitive: next.transitive,
            })),
            Err(refused) => Err(NotIdentified { diagnostics: refused.into(), chain: next.chain }),
        }
    }

    /// The issuer whose token the claims are: `iss` letter for letter.
    ///
    /// Errors: it is none of them (`E160`).
    pub fn issuer_of(&self, claims: &Claims) -> Result<&Issuer, Diagnostics> {
        let text = claims.text("iss").unwrap_or_default();
        let found =
            self.issuers.iter().find(|issuer| issuer.mapping.issuers.iter().any(|known| known == text));
        found.ok_or_else(|| {
            let span = claims.named("iss").map_or_else(Span::default, |node| node.span);
            let help = if WORDS { self.known_issuers(text) } else { String::new() };
            let message = words!("no issuer of this deployment is `{text}`");
            let diagnostic = Diagnostic::error(Code("E160"), span, message).help(help);
            Diagnostics { source: claims.source().clone(), list: vec![diagnostic] }
        })
    }

    /// What to say to somebody who names none of them.
    fn known_issuers(&self, text: &str) -> String {
        let issuers = self.issuers.iter().flat_map(|issuer| &issuer.mapping.issuers);
        let providers = self.saml_providers.iter().map(|provider| provider.issuer.as_str());
        let known: Vec<&str> = issuers.map(String::as_str).chain(providers).collect();
        match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? it must be the same letter for letter"),
            None => format!("this deployment takes tokens of `{}`", known.join("`, `")),
        }
    }

    /// Principals of the organization's accounts carry its id (SEMANTICS E).
    pub fn with_organization(&self, principal: Principal) -> Principal {
        match &self.organization {
            Some((id, accounts))
                if principal.account().is_some_and(|account| accounts.iter().any(|own| own == account)) =>
            {
                principal.with("aws:PrincipalOrgID", id.clone())
            }
            _ => principal,
        }
    }

    /// What an assumed role's ARN stands for: the role it belongs to, with that role's tags.
    pub fn with_role(&self, principal: Principal) -> Principal {
        let bare = principal.role_arn();
        let role = bare.and_then(|bare| self.roles.iter().find(|role| same_role(&role.arn, &bare)));
        let (Some(role), Caller::RoleSession { arn, .. }) = (role, &principal.caller) else {
            return principal;
        };
        let mut principal = Principal::new(Caller::RoleSession {
            arn: arn.clone(),
            role: Some(role.arn.clone()),
            id: None,
            service_linked: role.service_linked,
        });
        for (key, value) in &role.tags {
            principal = principal.with_tag(key, value);
        }
        principal
    }

    fn sign_in(
        &self,
        pool: &IdentityPool,
        claims: Option<&Claims>,
        options: IdentityOptions<'_>,
        trust: impl FnMut(&Principal, &Request<'_>) -> Decision,
    ) -> SignedIn {
        let IdentityOptions { flow, role, identity_id, now, .. } = options;
        let wish = SignIn { pool, flow, claims, role, identity_id, now, profile: self.profile };
        sign_in(&wish, |arn| self.role_tags(arn), trust)
    }

    pub(super) fn role_tags(&self, arn: &str) -> Vec<(String, String)> {
        self.role(arn).map(|role| role.tags.clone()).unwrap_or_default()
    }

    pub(super) fn belonging(&self, found: Identified) -> Identified {
        Identified { principal: self.with_organization(found.principal), ..found }
    }
}

impl NotIdentified {
    pub(super) fn of(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, chain: Vec::new() }
    }
}

/// By account and last part of the path, ignoring case: a session's ARN has no path (SEMANTICS F19).
fn same_role(full: &str, bare: &str) -> bool {
    let account = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_ascii_lowercase);
    account(full) == account(bare) && name(full) == name(bare)
}
