//! From a SAML assertion to a role session: the assertion offers roles, one is named, its trust policy decides
//! (SEMANTICS F13, G13, G14).

use super::assume::{
    Assumption, check_session_name, check_source_identity, not_a_role, session_arn, tags_step,
};
use super::{SignedIn, Step};
use crate::decide::Decision;
use crate::identity::{Assertion, Claims, Refusal, SamlProvider};
use crate::request::{Caller, Context, Principal, Request};
use crate::source::Span;

/// What to do if a trust policy refuses.
const HELP: &str = "let its trust policy name the provider, and look at its conditions: `saml:aud` is the Recipient, not the Audience";

/// A call of `AssumeRoleWithSAML` to be made.
#[derive(Clone, Copy, Debug)]
pub struct SamlSignIn<'a> {
    /// Whose assertion it is.
    pub provider: &'a SamlProvider,
    /// What it says, as [`Assertion::read`] has read it.
    pub assertion: &'a Assertion,
    /// The claims that it was read from: where refusals point to.
    pub claims: &'a Claims,
    /// The role that the bearer chooses; none where the assertion offers only one.
    pub role: Option<&'a str>,
    /// The instant for `aws:TokenIssueTime`, if the caller has a clock.
    pub now: Option<&'a str>,
}

/// Makes the call. `role_tags` gives a role's own tags; `decide` answers the unsigned calls to STS.
pub fn saml_sign_in(
    sign_in: &SamlSignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
) -> SignedIn {
    let mut chain = Vec::new();
    let outcome = exchange(sign_in, role_tags, decide, &mut chain);
    SignedIn::of(outcome.map_err(|refusal| vec![refusal]), chain, sign_in.claims.source().clone())
}

fn exchange(
    sign_in: &SamlSignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
    chain: &mut Vec<Step>,
) -> Result<(Principal, Vec<String>), Refusal> {
    let SamlSignIn { provider, assertion, now, .. } = *sign_in;
    let whole = Span::new(0, sign_in.claims.source().text.len());
    chain.push(Step::of("provider", provider.principal()));
    let (role, reason) = choose(sign_in, whole)?;
    chain.push(Step::of("role", format!("{role} ({reason})")));
    check_session_name(&assertion.session_name, whole)?;
    if session_arn(role, &assertion.session_name).is_none() {
        return Err(not_a_role(role, whole));
    }
    if !assertion.tags.is_empty() {
        let goes_on = assertion.transitive.iter().map(|key| format!("{key} goes on"));
        chain.push(tags_step(&assertion.tags, goes_on));
    }
    if let Some(identity) = &assertion.source_identity {
        check_source_identity(identity, whole)?;
        chain.push(Step::of("source identity", identity.clone()));
    }
    if let Some(seconds) = assertion.duration {
        chain.push(Step::of("duration", format!("{seconds} seconds at most")));
    }

    let keys = provider.keys(assertion);
    let mut caller = Principal::new(Caller::Federated { provider: provider.principal() });
    for (key, value) in &keys {
        caller.context.replace(key.clone(), value.clone());
    }
    let assumption = Assumption {
        action: "sts:AssumeRoleWithSAML",
        caller: &caller,
        role,
        session_name: &assertion.session_name,
        tags: &assertion.tags,
        transitive: &assertion.transitive,
        source_identity: assertion.source_identity.as_deref(),
        whole,
        help: HELP,
    };
    assumption.ask(decide, chain)?;

    let mut kept = Context::default();
    for (key, value) in keys {
        if SamlProvider::stays(&key) {
            kept.replace(key, value);
        }
    }
    kept.replace("aws:FederatedProvider", provider.principal());
    let Some(principal) = assumption.session(&kept, role_tags(role), now) else {
        return Err(not_a_role(role, whole));
    };
    chain.push(Step::session(&principal));
    Ok((principal, assertion.transitive.clone()))
}

/// The role that was named, if the assertion offers it by this provider; else the only one.
fn choose<'a>(sign_in: &SamlSignIn<'a>, whole: Span) -> Result<(&'a str, &'static str), Refusal> {
    let roles = &sign_in.assertion.roles;
    let refuse = |message: String, help: String| Err(Refusal::new("E183", whole, message, help));
    match (sign_in.role, roles.as_slice()) {
        (_, []) => {
            let message = format!("the assertion offers no role by `{}`", sign_in.provider.principal());
            refuse(message, "have the identity provider send a pair of role and provider".to_owned())
        }
        (Some(role), roles) if roles.iter().any(|offered| offered == role) => {
            Ok((role, "offered, and named by the bearer"))
        }
        (Some(role), roles) => {
            let message = format!("the assertion does not offer role `{role}`");
            refuse(message, format!("it offers `{}`", roles.join("`, `")))
        }
        (None, [only]) => Ok((only, "the only one that the assertion offers")),
        (None, roles) => {
            let message = format!("the assertion offers {} roles, and none is named", roles.len());
            refuse(message, format!("name one of `{}`", roles.join("`, `")))
        }
    }
}
