//! From a token to a role session without a pool: the client names a role whose trust policy names the token's issuer
//! (SEMANTICS F13, G11, G12).

use super::assume::{
    Assumption, check_session_name, check_source_identity, not_a_role, session_arn, tags_step,
};
use super::{SignedIn, Step, note};
use crate::decide::Decision;
use crate::identity::{Claims, Refusal, TokenTags, WebIdentityProvider};
use crate::request::{Caller, Principal, Request};
use crate::source::{Span, words};

/// What to do if a trust policy refuses.
const HELP: &str = "let its trust policy name the provider, and look at its conditions: `:aud` is `azp` where the token has one";

/// A call of `AssumeRoleWithWebIdentity` to be made.
#[derive(Clone, Copy, Debug)]
pub struct WebSignIn<'a> {
    /// Whose token it is.
    pub provider: &'a WebIdentityProvider,
    /// The verified token's claims.
    pub claims: &'a Claims,
    /// The role that the client names.
    pub role: &'a str,
    /// How the client names the session.
    pub session_name: &'a str,
    /// The instant for `aws:TokenIssueTime`, if the caller has a clock.
    pub now: Option<&'a str>,
}

/// Makes the call. `role_tags` gives a role's own tags; `decide` answers the unsigned calls to STS.
pub fn web_sign_in(
    sign_in: &WebSignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
) -> SignedIn {
    let mut chain = Vec::new();
    let outcome = exchange(sign_in, role_tags, decide, &mut chain);
    SignedIn::of(outcome, chain, sign_in.claims.source().clone())
}

fn exchange(
    sign_in: &WebSignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
    chain: &mut Vec<Step>,
) -> Result<(Principal, Vec<String>), Vec<Refusal>> {
    let WebSignIn { provider, claims, role, session_name, now } = *sign_in;
    let one = |refusal| vec![refusal];
    let whole = Span::new(0, claims.source().text.len());
    let keys = provider.keys(claims).map_err(one)?;
    note(chain, || Step::of("provider", provider.principal()));
    note(chain, || Step::of("role", words!("{role} (named by the client)")));
    check_session_name(session_name, whole).map_err(one)?;
    if session_arn(role, session_name).is_none() {
        return Err(vec![not_a_role(role, whole)]);
    }

    let TokenTags { tags, transitive, source_identity } = TokenTags::read(claims)?;
    if !tags.is_empty() {
        note(chain, || tags_step(&tags, std::iter::empty()));
    }
    if let Some(identity) = &source_identity {
        check_source_identity(identity, whole).map_err(one)?;
        note(chain, || Step::of("source identity", identity.clone()));
    }

    let mut caller = Principal::new(Caller::Federated { provider: provider.principal() });
    for (key, value) in &keys {
        caller.context.replace(key.clone(), value.clone());
    }
    let assumption = Assumption {
        action: "sts:AssumeRoleWithWebIdentity",
        caller: &caller,
        role,
        session_name,
        tags: &tags,
        transitive: &transitive,
        source_identity: source_identity.as_deref(),
        whole,
        help: HELP,
    };
    assumption.ask(decide, chain).map_err(one)?;

    let mut kept = crate::request::Context::default();
    for (key, value) in keys {
        if provider.stays(&key) {
            kept.replace(key, value);
        }
    }
    kept.replace("aws:FederatedProvider", provider.principal());
    let Some(principal) = assumption.session(&kept, role_tags(role), now) else {
        return Err(vec![not_a_role(role, whole)]);
    };
    note(chain, || Step::session(&principal));
    Ok((principal, transitive))
}
