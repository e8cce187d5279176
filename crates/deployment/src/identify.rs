//! From claims to the principal that the deployment makes of them.

use bailiwick::decide::sign_in::{Flow, SignIn, SignedIn, Step, sign_in};
use bailiwick::identity::{ClaimReport, Claims};
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use bailiwick::{Caller, Decision, Principal, Request};

use crate::folder::{Deployment, Issuer};

/// How a token is to be taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdentityOptions<'a> {
    /// With an identity pool: as usual, or not at all.
    pub exchange: Exchange,
    /// Who calls STS (SEMANTICS G4).
    pub flow: Flow,
    /// The role that the client names (SEMANTICS G5).
    pub role: Option<&'a str>,
    /// The identity's id in the pool, if it is known.
    pub identity_id: Option<&'a str>,
    /// An instant for `aws:TokenIssueTime`.
    pub now: Option<&'a str>,
}

/// Whether a token is exchanged for a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exchange {
    /// If a pool of the deployment takes tokens of its issuer.
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
    /// The issuer's name in the folder; none for a guest.
    pub issuer: Option<String>,
    /// The pool that made the exchange, if one did.
    pub pool: Option<String>,
    /// What became of each claim; empty for a guest.
    pub report: Vec<ClaimReport>,
    /// The steps of the exchange; empty without one.
    pub chain: Vec<Step>,
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

impl Deployment {
    /// The principal that verified claims make: through the identity pool that takes them, else as a subject.
    pub fn principal_from_claims(
        &self,
        claims: &Claims,
        options: IdentityOptions<'_>,
    ) -> Result<Identified, NotIdentified> {
        let issuer = self.issuer_of(claims).map_err(NotIdentified::of)?;
        let mapped = issuer.mapping.map(claims).map_err(|refused| NotIdentified::of(refused.into()))?;
        let text = claims.text("iss").unwrap_or_default();
        let pool = self.pools.iter().find(|pool| pool.provider(text).is_some());
        let (principal, pool, chain) = match pool {
            Some(pool) if options.exchange == Exchange::WherePossible => {
                let wish = self.wish(pool, Some(claims), options);
                let signed_in = self.sign_in(&wish);
                let principal = signed_in.outcome;
                let chain = signed_in.chain;
                let principal = principal
                    .map_err(|refused| NotIdentified { diagnostics: refused.into(), chain: chain.clone() })?;
                (principal, Some(pool.id.clone()), chain)
            }
            _ => (mapped.principal, None, Vec::new()),
        };
        let principal = self.with_organization(principal);
        Ok(Identified { principal, issuer: Some(issuer.name.clone()), pool, report: mapped.report, chain })
    }

    /// The principal of a guest: an unauthenticated identity of the first pool that takes guests.
    pub fn guest(&self, options: IdentityOptions<'_>) -> Result<Identified, NotIdentified> {
        let Some(pool) = self.pools.iter().find(|pool| pool.unauthenticated_role.is_some()) else {
            let message = "no identity pool of this deployment takes guests";
            let diagnostic = Diagnostic::error(Code("E112"), Span::default(), message)
                .help("give a pool an `unauthenticated_role`, or sign in");
            let source = Source::new("guest", "");
            return Err(NotIdentified::of(Diagnostics { source, list: vec![diagnostic] }));
        };
        let signed_in = self.sign_in(&self.wish(pool, None, options));
        match signed_in.outcome {
            Ok(principal) => Ok(Identified {
                principal: self.with_organization(principal),
                issuer: None,
                pool: Some(pool.id.clone()),
                report: Vec::new(),
                chain: signed_in.chain,
            }),
            Err(refused) => Err(NotIdentified { diagnostics: refused.into(), chain: signed_in.chain }),
        }
    }

    /// A principal by ARN, with what the folder knows of it: tags, groups, path.
    pub fn principal_from_arn(&self, arn: &str) -> Option<Principal> {
        let mut principal = Principal::from_arn(arn)?;
        if let Some(user) = self.users.iter().find(|user| user.arn == arn) {
            principal.groups.clone_from(&user.groups);
            for (key, value) in &user.tags {
                principal = principal.with_tag(key, value);
            }
        }
        let role = principal.role_arn();
        let role = role.and_then(|bare| self.roles.iter().find(|role| same_role(&role.arn, &bare)));
        if let (Some(role), Caller::RoleSession { arn, .. }) = (role, &principal.caller) {
            principal = Principal::new(Caller::RoleSession {
                arn: arn.clone(),
                role: Some(role.arn.clone()),
                id: None,
                service_linked: role.service_linked,
            });
            for (key, value) in &role.tags {
                principal = principal.with_tag(key, value);
            }
        }
        Some(self.with_organization(principal))
    }

    /// The issuer whose token the claims are.
    pub fn issuer_of(&self, claims: &Claims) -> Result<&Issuer, Diagnostics> {
        let text = claims.text("iss").unwrap_or_default();
        let found =
            self.issuers.iter().find(|issuer| issuer.mapping.issuers.iter().any(|known| known == text));
        found.ok_or_else(|| {
            let span = claims.named("iss").map_or_else(Span::default, |node| node.span);
            let known: Vec<&str> = self
                .issuers
                .iter()
                .flat_map(|issuer| issuer.mapping.issuers.iter().map(String::as_str))
                .collect();
            let help = match bailiwick::source::nearest(text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? it must be the same letter for letter"),
                None => format!("this deployment takes tokens of `{}`", known.join("`, `")),
            };
            let message = format!("no issuer of this deployment is `{text}`");
            let diagnostic = Diagnostic::error(Code("E160"), span, message).help(help);
            Diagnostics { source: claims.source().clone(), list: vec![diagnostic] }
        })
    }

    fn wish<'a>(
        &self,
        pool: &'a bailiwick::identity::cognito_identity_pool::IdentityPool,
        claims: Option<&'a Claims>,
        options: IdentityOptions<'a>,
    ) -> SignIn<'a> {
        let IdentityOptions { flow, role, identity_id, now, .. } = options;
        SignIn { pool, flow, claims, role, identity_id, now, profile: self.profile }
    }

    fn sign_in(&self, wish: &SignIn<'_>) -> SignedIn {
        let tags = |arn: &str| self.role(arn).map(|role| role.tags.clone()).unwrap_or_default();
        sign_in(wish, tags, |caller, request| self.trust_decision(caller, request))
    }

    fn trust_decision(&self, caller: &Principal, request: &Request<'_>) -> Decision {
        bailiwick::explain(&self.trust, caller, request).decision
    }

    /// Principals of the organization's accounts carry its id (SEMANTICS E).
    fn with_organization(&self, principal: Principal) -> Principal {
        match &self.organization {
            Some((id, accounts))
                if principal.account().is_some_and(|account| accounts.iter().any(|own| own == account)) =>
            {
                principal.with("aws:PrincipalOrgID", id.clone())
            }
            _ => principal,
        }
    }
}

impl NotIdentified {
    fn of(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, chain: Vec::new() }
    }
}

/// By account and last part of the path, ignoring case: a session's ARN has no path (SEMANTICS F19).
fn same_role(full: &str, bare: &str) -> bool {
    let account = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    let name = |arn: &str| arn.rsplit('/').next().map(str::to_ascii_lowercase);
    account(full) == account(bare) && name(full) == name(bare)
}
