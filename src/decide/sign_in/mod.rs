//! From a token to a role session: through an identity pool, directly by an OIDC or SAML provider, and from one role to
//! the next.
//!
//! Who may take a role is a decision like any other; it is asked of the caller's tree (or of explain).

mod assume;
mod hop;
mod pool;
mod saml;
mod web;

pub use hop::{Hop, hop};
pub use saml::{SamlSignIn, saml_sign_in};
pub use web::{WebSignIn, web_sign_in};

use super::Decision;
use crate::identity::cognito_identity_pool::IdentityPool;
use crate::identity::{Claims, Refusal, Refused};
use crate::request::{Caller, Principal, Request};
use crate::source::{Source, WORDS};
use crate::value::Profile;

/// Who calls STS (SEMANTICS G4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Flow {
    /// Cognito picks the role and calls; guests are scoped down.
    #[default]
    Enhanced,
    /// The client names the role and calls itself; no role mapping, no scope-down.
    Basic,
}

/// An exchange to be made.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// With which pool.
    pub pool: &'a IdentityPool,
    /// How.
    pub flow: Flow,
    /// The verified token's claims; none for a guest.
    pub claims: Option<&'a Claims>,
    /// The role that the client names, if it does (`CustomRoleArn`; in the basic flow it must).
    pub role: Option<&'a str>,
    /// The identity's id, if it is known; keys that hold it are *unknown* otherwise, not missing.
    pub identity_id: Option<&'a str>,
    /// The instant for `aws:TokenIssueTime`, if the caller has a clock.
    pub now: Option<&'a str>,
    /// `strict` refuses a list that would have to be one tag (SEMANTICS G7).
    pub profile: Profile,
}

/// One step of the exchange, passed or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was looked at: `role`, `trust policy`, ...
    pub name: &'static str,
    /// Whether it went on from here.
    pub passed: bool,
    /// What came of it, a few words.
    pub outcome: String,
    /// The decision that was asked for, if one was.
    pub decision: Option<Decision>,
}

impl Step {
    /// One that passed without a decision.
    fn of(name: &'static str, outcome: String) -> Self {
        Self { name, passed: true, outcome, decision: None }
    }

    /// The last one.
    fn session(principal: &Principal) -> Self {
        let name = match &principal.caller {
            Caller::RoleSession { arn, .. } => arn.clone(),
            _ => String::new(),
        };
        Self::of("session", name)
    }
}

/// Adds a step; the chain is for people.
fn note(chain: &mut Vec<Step>, step: impl FnOnce() -> Step) {
    if WORDS {
        chain.push(step());
    }
}

/// What came of an exchange.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The steps in order; the last one failed if there is no session.
    pub chain: Vec<Step>,
    /// The role session, or why there is none.
    pub outcome: Result<Principal, Refused>,
    /// Keys of the session's tags that go with it into the next role (SEMANTICS F18).
    pub transitive: Vec<String>,
}

/// Makes the exchange. `role_tags` gives a role's own tags; `decide` answers the unsigned calls to STS.
pub fn sign_in(
    sign_in: &SignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
) -> SignedIn {
    let mut chain = Vec::new();
    let outcome = pool::exchange(sign_in, role_tags, decide, &mut chain);
    let source = sign_in.claims.map_or_else(|| Source::new("guest", ""), |claims| claims.source().clone());
    SignedIn::of(outcome.map(|principal| (principal, Vec::new())), chain, source)
}

impl SignedIn {
    /// With a last step for what was refused, unless a refused decision is one already.
    fn of(
        outcome: Result<(Principal, Vec<String>), Vec<Refusal>>,
        mut chain: Vec<Step>,
        source: Source,
    ) -> Self {
        match outcome {
            Ok((principal, transitive)) => Self { chain, outcome: Ok(principal), transitive },
            Err(reasons) => {
                if let (Some(first), true) = (reasons.first(), chain.last().is_none_or(|step| step.passed)) {
                    let outcome = || first.message.clone();
                    note(&mut chain, || Step {
                        name: "refused",
                        passed: false,
                        outcome: outcome(),
                        decision: None,
                    });
                }
                Self { chain, outcome: Err(Refused { source, reasons }), transitive: Vec::new() }
            }
        }
    }
}
