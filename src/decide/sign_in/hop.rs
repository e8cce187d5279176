//! From one role to the next: what a session hands on, and what it cannot set again (SEMANTICS F18).

use super::assume::{
    Assumption, check_session_name, check_source_identity, not_a_role, session_arn, tags_step,
};
use super::{SignedIn, Step, note};
use crate::decide::Decision;
use crate::identity::{Refusal, SessionTags};
use crate::request::{Context, Principal, Request};
use crate::source::{Source, Span, said, words};
use crate::value::{Held, KeyName};

/// What to do if the call is refused.
const HELP: &str = "both sides must allow it: the caller's policies, and the trust policy of the next role, tags and source \
     identity included";

/// A call of `AssumeRole` to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// ARN of the role to take.
    pub role: String,
    /// How the caller names the session.
    pub session_name: String,
    /// Tags that it passes.
    pub tags: Vec<(String, String)>,
    /// Keys of those that are to go on from there.
    pub transitive: Vec<String>,
    /// The source identity that it sets.
    pub source_identity: Option<String>,
}

/// Makes the call. `inherited` are the transitive keys of the caller's session; `decide` answers as for any request,
/// both sides looked at.
pub fn hop(
    caller: &Principal,
    inherited: &[String],
    hop: &Hop,
    now: Option<&str>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
) -> SignedIn {
    let mut chain = Vec::new();
    let outcome = exchange(caller, inherited, hop, now, role_tags, decide, &mut chain);
    SignedIn::of(outcome, chain, Source::new("role chain", ""))
}

fn exchange(
    caller: &Principal,
    inherited: &[String],
    hop: &Hop,
    now: Option<&str>,
    role_tags: impl Fn(&str) -> Vec<(String, String)>,
    decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
    chain: &mut Vec<Step>,
) -> Result<(Principal, Vec<String>), Vec<Refusal>> {
    let one = |refusal| vec![refusal];
    let whole = Span::default();
    note(chain, || Step::of("role", hop.role.clone()));
    check_session_name(&hop.session_name, whole).map_err(one)?;
    if session_arn(&hop.role, &hop.session_name).is_none() {
        return Err(vec![not_a_role(&hop.role, whole)]);
    }

    let (tags, transitive) = tags(caller, inherited, hop).map_err(one)?;
    if !tags.is_empty() {
        note(chain, || tags_step(&tags, transitive.iter().map(|key| words!("{key} goes on"))));
    }
    let identity = source_identity(caller, hop).map_err(one)?;
    if let Some(identity) = &identity {
        note(chain, || Step::of("source identity", identity.clone()));
    }

    let assumption = Assumption {
        action: "sts:AssumeRole",
        caller,
        role: &hop.role,
        session_name: &hop.session_name,
        tags: &tags,
        transitive: &transitive,
        source_identity: identity.as_deref(),
        whole,
        help: HELP,
    };
    assumption.ask(decide, chain).map_err(one)?;
    // Nothing else of the caller carries over: not its policies, not its provider's keys.
    let Some(principal) = assumption.session(&Context::default(), role_tags(&hop.role), now) else {
        return Err(vec![not_a_role(&hop.role, whole)]);
    };
    note(chain, || Step::session(&principal));
    Ok((principal, transitive))
}

/// The tags that the call carries: those that the caller's session hands on, and new ones; and the keys that go on.
fn tags(caller: &Principal, inherited: &[String], hop: &Hop) -> Result<(SessionTags, Vec<String>), Refusal> {
    let mut tags = SessionTags::default();
    let mut add = |key: &str, value: &str| {
        tags.add(key, value)
            .map_err(|message| Refusal::new("E110", Span::default(), message, "pass another tag, or none"))
    };
    for key in inherited {
        let Held::One(value) = caller.context.get(&KeyName::new(&["aws:PrincipalTag/", key].concat())) else {
            let message = words!("the transitive tag `{key}` has not one known value");
            return settled(message, "begin the chain with a session that has the tag");
        };
        add(key, value)?;
    }
    for (key, value) in &hop.tags {
        if inherited.iter().any(|other| other.eq_ignore_ascii_case(key)) {
            let message = words!("tag `{key}` comes from an earlier session of the chain");
            return settled(message, "a transitive tag cannot be set again; leave it out");
        }
        add(key, value)?;
    }
    let mut transitive = inherited.to_vec();
    for key in &hop.transitive {
        if transitive.iter().any(|other| other.eq_ignore_ascii_case(key)) {
            continue;
        }
        if !hop.tags.iter().any(|(tag, _)| tag.eq_ignore_ascii_case(key)) {
            let message = words!("`{key}` is to be transitive but is not passed");
            return settled(message, "pass the tag with the call");
        }
        transitive.push(key.clone());
    }
    Ok((tags, transitive))
}

/// Once set it stays (SEMANTICS E, F18).
fn source_identity(caller: &Principal, hop: &Hop) -> Result<Option<String>, Refusal> {
    match (caller.context.get(&KeyName::new("aws:SourceIdentity")), &hop.source_identity) {
        (Held::Missing, None) => Ok(None),
        (Held::Missing, Some(new)) => check_source_identity(new, Span::default()).map(|()| Some(new.clone())),
        (Held::One(old), new) => match new {
            Some(new) if new != old => {
                let message = words!("the source identity is `{old}` already, and not `{new}`");
                settled(message, "it stays what it was set to first; leave it out")
            }
            _ => Ok(Some(old.to_owned())),
        },
        _ => settled(said("the source identity is not known"), "begin the chain with a session that has one"),
    }
}

/// Refuses what the chain has settled.
fn settled<T>(message: String, help: &str) -> Result<T, Refusal> {
    Err(Refusal::new("E117", Span::default(), message, help))
}
