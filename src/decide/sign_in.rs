//! From a token to a role session through an identity pool (SEMANTICS G4..G10, F13): role, trust policy, tags, scope-down.
//!
//! Who may take the role is a decision like any other; it is asked of the caller's tree (or of explain).

use std::borrow::Cow;

use super::Decision;
use crate::identity::cognito_identity_pool::{IdentityPool, PROVIDER, PoolProvider, UNAUTHENTICATED_POLICY};
use crate::identity::{Claims, Refusal, Refused, SessionTags};
use crate::request::{Caller, ContextValue, Principal, Request};
use crate::source::{Source, Span};
use crate::value::{Profile, arn_fields};

/// Name of every role session that Cognito begins.
const SESSION_NAME: &str = "CognitoIdentityCredentials";

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

/// What came of an exchange.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The steps in order; the last one failed if there is no session.
    pub chain: Vec<Step>,
    /// The role session, or why there is none.
    pub outcome: Result<Principal, Refused>,
}

/// Makes the exchange. `role_tags` gives a role's own tags; `decide` answers the unsigned calls to STS.
pub fn sign_in(
    sign_in: &SignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
) -> SignedIn {
    let mut chain = Vec::new();
    let outcome = exchange(sign_in, role_tags, decide, &mut chain).map_err(|reasons| {
        if let Some(first) = reasons.first() {
            let outcome = first.message.clone();
            // A refused decision is a step of its own already.
            if chain.last().is_none_or(|step: &Step| step.passed) {
                chain.push(Step { name: "refused", passed: false, outcome, decision: None });
            }
        }
        let source =
            sign_in.claims.map_or_else(|| Source::new("guest", ""), |claims| claims.source().clone());
        Refused { source, reasons }
    });
    SignedIn { chain, outcome }
}

fn exchange(
    sign_in: &SignIn<'_>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    mut decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
    chain: &mut Vec<Step>,
) -> Result<Principal, Vec<Refusal>> {
    let mut step = |name, outcome, decision: Option<Decision>| {
        let passed = decision.is_none_or(|decision| decision.is_allowed());
        chain.push(Step { name, passed, outcome, decision });
    };
    let provider = provider(sign_in).map_err(|refusal| vec![refusal])?;
    step("provider", provider.map_or("guest".to_owned(), |provider| provider.name().to_owned()), None);

    let (role, reason) = role(sign_in, provider).map_err(|refusal| vec![refusal])?;
    step("role", format!("{role} ({reason})"), None);
    let Some(session_arn) = session_arn(&role) else {
        let help = "write `arn:aws:iam::ACCOUNT:role/NAME`";
        return Err(vec![Refusal::new("E112", whole(sign_in), format!("`{role}` is not a role"), help)]);
    };

    let (tags, lost) = match (provider, sign_in.claims) {
        (Some(provider), Some(claims)) => provider.session_tags(claims, sign_in.profile)?,
        _ => (SessionTags::default(), Vec::new()),
    };
    if provider.is_some_and(|provider| !provider.tags.is_empty()) {
        let built = tags.iter().map(|(key, value)| format!("{key}={value}"));
        let lost = lost.iter().map(|lost| format!("{} not built: {}", lost.tag, lost.why));
        let all: Vec<String> = built.chain(lost).collect();
        step("tags", if all.is_empty() { "none".to_owned() } else { all.join(", ") }, None);
    }

    let caller = federated(sign_in, provider);
    let actions: &[&str] = if tags.is_empty() {
        &["sts:AssumeRoleWithWebIdentity"]
    } else {
        &["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
    };
    for action in actions {
        let request = trust_request(action, &role, &tags);
        let decision = request.as_ref().map(|request| decide(&caller, request));
        let allowed = decision.is_ok_and(|decision| decision.is_allowed());
        let answer = decision.map_or("not asked", |decision| decision.verdict.name());
        step("trust policy", format!("{action}: {answer}"), decision.ok());
        if !allowed {
            let message = format!("the trust policy of `{role}` does not allow `{action}` ({answer})");
            let help = "let its trust policy allow the identity pool, with `cognito-identity.amazonaws.com:aud` and `:amr`";
            return Err(vec![Refusal::new("E113", whole(sign_in), message, help)]);
        }
    }

    let mut principal = Principal::new(Caller::RoleSession {
        arn: session_arn,
        role: Some(role.clone()),
        id: None,
        service_linked: false,
    });
    for (key, value) in caller.context.iter() {
        principal.context.replace(key.to_owned(), value.clone());
    }
    principal.context.replace("aws:FederatedProvider", PROVIDER);
    principal.context.replace("aws:MultiFactorAuthPresent", false);
    let issued = sign_in.now.map_or(ContextValue::Unknown, |now| ContextValue::from(now.to_owned()));
    principal.context.replace("aws:TokenIssueTime", issued);
    // The session's tags win over the role's of the same key (SEMANTICS F18).
    for (key, value) in role_tags(&role) {
        principal.context.replace(format!("aws:PrincipalTag/{key}"), value);
    }
    for (key, value) in tags.iter() {
        principal.context.replace(format!("aws:PrincipalTag/{key}"), value.to_owned());
    }
    if provider.is_none() && sign_in.flow == Flow::Enhanced {
        principal.session_policies.push(UNAUTHENTICATED_POLICY.to_owned());
        step("scope-down", "limited as an unauthenticated identity".to_owned(), None);
    }
    step("session", principal_name(&principal), None);
    Ok(principal)
}

/// The pool's provider of the token; `None` for a guest.
fn provider<'a>(sign_in: &SignIn<'a>) -> Result<Option<&'a PoolProvider>, Refusal> {
    let Some(claims) = sign_in.claims else { return Ok(None) };
    let issuer = claims.text("iss").unwrap_or_default();
    let Some(provider) = sign_in.pool.provider(issuer) else {
        let message = format!("pool `{}` takes no tokens of issuer `{issuer}`", sign_in.pool.id);
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
    let key = |name: &str| format!("{PROVIDER}:{name}");
    let identity = sign_in.identity_id.map_or(ContextValue::Unknown, |id| ContextValue::from(id.to_owned()));
    caller.context.replace(key("aud"), sign_in.pool.id.clone());
    caller.context.replace(key("sub"), identity);
    let amr = match (provider, sign_in.claims) {
        (Some(provider), Some(claims)) => {
            let name = provider.name();
            let subject = claims.text("sub").unwrap_or_default();
            let detail = if provider.is_user_pool() { ":CognitoSignIn" } else { "" };
            vec!["authenticated".to_owned(), name.to_owned(), format!("{name}{detail}:{subject}")]
        }
        _ => vec!["unauthenticated".to_owned()],
    };
    caller.context.replace(key("amr"), amr);
    caller
}

fn trust_request<'a>(
    action: &'a str,
    role: &'a str,
    tags: &'a SessionTags,
) -> Result<Request<'a>, crate::request::RequestError> {
    let mut request = Request::new(action, role)?.with("sts:RoleSessionName", SESSION_NAME);
    for (tag, value) in tags.iter() {
        request = request.with(format!("aws:RequestTag/{tag}"), value);
    }
    if !tags.is_empty() {
        let keys = tags.iter().map(|(key, _)| Cow::Borrowed(key)).collect();
        request = request.with("aws:TagKeys", ContextValue::List(keys));
    }
    Ok(request)
}

/// The ARN of a session of this role; it has no path (SEMANTICS F19).
fn session_arn(role: &str) -> Option<String> {
    let [partition, service, _, account, resource] = arn_fields(role)?;
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    (service == "iam" && !name.is_empty())
        .then(|| format!("arn:{partition}:sts::{account}:assumed-role/{name}/{SESSION_NAME}"))
}

fn principal_name(principal: &Principal) -> String {
    match &principal.caller {
        Caller::RoleSession { arn, .. } => arn.clone(),
        _ => String::new(),
    }
}

fn whole(sign_in: &SignIn<'_>) -> Span {
    Span::new(0, sign_in.claims.map_or(0, |claims| claims.source().text.len()))
}
