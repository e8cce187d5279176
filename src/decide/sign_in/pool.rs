//! From a token to a role session through an identity pool (SEMANTICS G4..G10): role, trust policy, tags, scope-down.

use super::assume::{Assumption, not_a_role, session_arn, tags_step};
use super::{Flow, SignIn, Step, note};
use crate::decide::Decision;
use crate::identity::cognito_identity_pool::{PROVIDER, PoolProvider, UNAUTHENTICATED_POLICY};
use crate::identity::{Refusal, SessionTags};
use crate::request::{Caller, ContextValue, Principal, Request};
use crate::source::{Span, words};

/// Name of every role session that Cognito begins.
const SESSION_NAME: &str = "CognitoIdentityCredentials";

/// What to do if a trust policy refuses.
const HELP: &str =
    "let its trust policy allow the identity pool, with `cognito-identity.amazonaws.com:aud` and `:amr`";

pub(super) fn exchange(
    sign_in: &SignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
    chain: &mut Vec<Step>,
) -> Result<Principal, Vec<Refusal>> {
    let one = |refusal| vec![refusal];
    let provider = provider(sign_in).map_err(one)?;
    note(chain, || Step::of("provider", provider.map_or("guest".to_owned(), |it| it.name().to_owned())));

    let (role, reason) = role(sign_in, provider).map_err(one)?;
    note(chain, || Step::of("role", words!("{role} ({reason})")));
    if session_arn(&role, SESSION_NAME).is_none() {
        return Err(vec![not_a_role(&role, whole(sign_in))]);
    }

    let (tags, lost) = match (provider, sign_in.claims) {
        (Some(provider), Some(claims)) => provider.session_tags(claims, sign_in.profile)?,
        _ => (SessionTags::default(), Vec::new()),
    };
    if provider.is_some_and(|provider| !provider.tags.is_empty()) {
        note(chain, || {
            tags_step(&tags, lost.iter().map(|lost| words!("{} not built: {}", lost.tag, lost.why)))
        });
    }

    let caller = federated(sign_in, provider);
    let assumption = Assumption {
        action: "sts:AssumeRoleWithWebIdentity",
        caller: &caller,
        role: &role,
        session_name: SESSION_NAME,
        tags: &tags,
        transitive: &[],
        source_identity: None,
        whole: whole(sign_in),
        help: HELP,
    };
    assumption.ask(decide, chain).map_err(one)?;

    let mut keys = caller.context.clone();
    keys.replace("aws:FederatedProvider", PROVIDER);
    let Some(mut principal) = assumption.session(&keys, role_tags(&role), sign_in.now) else {
        return Err(vec![not_a_role(&role, whole(sign_in))]);
    };
    if provider.is_none() && sign_in.flow == Flow::Enhanced {
        principal.session_policies.push(UNAUTHENTICATED_POLICY.to_owned());
        note(chain, || Step::of("scope-down", "limited as an unauthenticated identity".to_owned()));
    }
    note(chain, || Step::session(&principal));
    Ok(principal)
}

/// The pool's provider of the token; `None` for a guest.
fn provider<'a>(sign_in: &SignIn<'a>) -> Result<Option<&'a PoolProvider>, Refusal> {
    let Some(claims) = sign_in.claims else { return Ok(None) };
    let issuer = claims.text("iss").unwrap_or_default();
    let Some(provider) = sign_in.pool.provider(issuer) else {
        let message = words!("pool `{}` takes no tokens of issuer `{issuer}`", sign_in.pool.id);
        return Err(Refusal::new("E115", whole(sign_in), message, "add the issuer to the pool's providers"));
    };
    if provider.is_user_pool() && claims.text("token_use") != Some("id") {
        let message = "an identity pool takes the ID token of a user pool, and this is not one";
        return Err(Refusal::new(
            "E108",
            whole(sign_in),
            message,
            "give the token whose `token_use` is `id`",
        ));
    }
    Ok(Some(provider))
}

fn role(sign_in: &SignIn<'_>, provider: Option<&PoolProvider>) -> Result<(String, String), Refusal> {
    let refuse = |message: &str, help: &str| Err(Refusal::new("E112", whole(sign_in), message, help));
    match (sign_in.flow, provider, sign_in.claims) {
        (Flow::Basic, ..) => match sign_in.role {
            Some(role) => Ok((role.to_owned(), "named by the client".to_owned())),
            None => refuse("in the basic flow the client names the role", "name one"),
        },
        (Flow::Enhanced, Some(provider), Some(claims)) => {
            let choice = sign_in.pool.choose(provider, claims, sign_in.role)?;
            Ok((choice.role, choice.reason))
        }
        (Flow::Enhanced, ..) => match (&sign_in.pool.unauthenticated_role, sign_in.role) {
            (Some(role), None) => Ok((role.clone(), "the pool's unauthenticated role".to_owned())),
            (_, Some(_)) => refuse("a guest cannot name a role", "name none"),
            (None, None) => {
                refuse("the pool takes no guests", "sign in, or give the pool an `unauthenticated_role`")
            }
        },
    }
}

/// The caller of the unsigned STS call, with the provider keys of SEMANTICS G9.
fn federated(sign_in: &SignIn<'_>, provider: Option<&PoolProvider>) -> Principal {
    let mut caller = Principal::new(Caller::Federated { provider: PROVIDER.to_owned() });
    let key = |name: &str| [PROVIDER, ":", name].concat();
    let identity = sign_in.identity_id.map_or(ContextValue::Unknown, |id| ContextValue::from(id.to_owned()));
    caller.context.replace(key("aud"), sign_in.pool.id.clone());
    caller.context.replace(key("sub"), identity);
    let amr = match (provider, sign_in.claims) {
        (Some(provider), Some(claims)) => {
            let name = provider.name();
            let subject = claims.text("sub").unwrap_or_default();
            let detail = if provider.is_user_pool() { ":CognitoSignIn" } else { "" };
            vec!["authenticated".to_owned(), name.to_owned(), [name, detail, ":", subject].concat()]
        }
        _ => vec!["unauthenticated".to_owned()],
    };
    caller.context.replace(key("amr"), amr);
    caller
}

fn whole(sign_in: &SignIn<'_>) -> Span {
    Span::new(0, sign_in.claims.map_or(0, |claims| claims.source().text.len()))
}
