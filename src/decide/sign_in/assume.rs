//! What all ways into a role share: the calls that its trust policy must allow, and the session that they begin
//! (SEMANTICS F13, F18, G12).

use std::borrow::Cow;

use super::{Step, note};
use crate::decide::Decision;
use crate::identity::{Refusal, SessionTags};
use crate::request::{Caller, Context, ContextValue, Principal, Request};
use crate::source::{Span, words};
use crate::value::arn_fields;

/// One call that begins a session.
pub(super) struct Assumption<'a> {
    /// `sts:AssumeRole` and its kin.
    pub(super) action: &'static str,
    pub(super) caller: &'a Principal,
    /// ARN with path.
    pub(super) role: &'a str,
    pub(super) session_name: &'a str,
    /// Passed with the call, the ones that an earlier session hands on among them.
    pub(super) tags: &'a SessionTags,
    /// Keys of those that the session will hand on.
    pub(super) transitive: &'a [String],
    pub(super) source_identity: Option<&'a str>,
    /// Where a refusal points to.
    pub(super) whole: Span,
    /// What to do if a trust policy refuses.
    pub(super) help: &'static str,
}

impl Assumption<'_> {
    /// Asks for the call itself, for its tags and for its source identity; each answer is a step.
    pub(super) fn ask(
        &self,
        mut decide: impl FnMut(&Principal, &Request<'_>) -> Decision,
        chain: &mut Vec<Step>,
    ) -> Result<(), Refusal> {
        let tags = (!self.tags.is_empty()).then_some("sts:TagSession");
        let identity = self.source_identity.map(|_| "sts:SetSourceIdentity");
        for action in [Some(self.action), tags, identity].into_iter().flatten() {
            let decision = self.request(action).map(|request| decide(self.caller, &request));
            let allowed = decision.as_ref().is_ok_and(Decision::is_allowed);
            let answer = decision.as_ref().map_or("not asked", |decision| decision.verdict.name());
            note(chain, || Step {
                name: "trust policy",
                passed: allowed,
                outcome: words!("{action}: {answer}"),
                decision: decision.as_ref().ok().copied(),
            });
            if !allowed {
                let message =
                    words!("the trust policy of `{}` does not allow `{action}` ({answer})", self.role);
                return Err(Refusal::new("E113", self.whole, message, self.help));
            }
        }
        Ok(())
    }

    fn request<'r>(&'r self, action: &'r str) -> Result<Request<'r>, crate::request::RequestError> {
        let mut request = Request::new(action, self.role)?.with("sts:RoleSessionName", self.session_name);
        for (tag, value) in self.tags.iter() {
            request = request.with(["aws:RequestTag/", tag].concat(), value);
        }
        let list = |keys: Vec<&'r str>| ContextValue::List(keys.into_iter().map(Cow::Borrowed).collect());
        if !self.tags.is_empty() {
            request = request.with("aws:TagKeys", list(self.tags.iter().map(|(key, _)| key).collect()));
        }
        if !self.transitive.is_empty() {
            let keys = self.transitive.iter().map(String::as_str).collect();
            request = request.with("sts:TransitiveTagKeys", list(keys));
        }
        if let Some(identity) = self.source_identity {
            request = request.with("sts:SourceIdentity", identity);
        }
        Ok(request)
    }

    /// The session. `None` if the role's ARN is not one.
    ///
    /// `keys` are those that the way into the role gives it. The role's own tags give way to the session's (SEMANTICS F18).
    pub(super) fn session(
        &self,
        keys: &Context<'static>,
        role_tags: Vec<(String, String)>,
        now: Option<&str>,
    ) -> Option<Principal> {
        let mut principal = Principal::new(Caller::RoleSession {
            arn: session_arn(self.role, self.session_name)?,
            role: Some(self.role.to_owned()),
            id: None,
            service_linked: false,
        });
        for (key, value) in keys.iter() {
            principal.context.replace(key.to_owned(), value.clone());
        }
        principal.context.replace("aws:MultiFactorAuthPresent", false);
        let issued = now.map_or(ContextValue::Unknown, |now| ContextValue::from(now.to_owned()));
        principal.context.replace("aws:TokenIssueTime", issued);
        for (key, value) in role_tags {
            principal.context.replace(["aws:PrincipalTag/", &key].concat(), value);
        }
        for (key, value) in self.tags.iter() {
            principal.context.replace(["aws:PrincipalTag/", key].concat(), value.to_owned());
        }
        if let Some(identity) = self.source_identity {
            principal.context.replace("aws:SourceIdentity", identity.to_owned());
        }
        Some(principal)
    }
}

/// The ARN of a session of this role; it has no path (SEMANTICS F19).
pub(super) fn session_arn(role: &str, session_name: &str) -> Option<String> {
    let [partition, service, _, account, resource] = arn_fields(role)?;
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    (service == "iam" && !name.is_empty())
        .then(|| ["arn:", partition, ":sts::", account, ":assumed-role/", name, "/", session_name].concat())
}

/// Refuses what is not the ARN of a role.
pub(super) fn not_a_role(role: &str, whole: Span) -> Refusal {
    Refusal::new("E112", whole, words!("`{role}` is not a role"), "write `arn:aws:iam::ACCOUNT:role/NAME`")
}

/// STS takes 2 to 64 of `[\w+=,.@-]` (SEMANTICS G13).
pub(super) fn check_session_name(name: &str, whole: Span) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if (2..=64).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    let message = words!("`{name}` is not a role session name");
    Err(Refusal::new("E112", whole, message, "use 2 to 64 letters, digits and `_+=,.@-`"))
}

/// A source identity has the form of a session name, and none begins with `aws:`.
pub(super) fn check_source_identity(name: &str, whole: Span) -> Result<(), Refusal> {
    check_session_name(name, whole)
        .map_err(|refusal| Refusal { message: words!("`{name}` is not a source identity"), ..refusal })
}

/// The tags of a session in one line.
pub(super) fn tags_step(tags: &SessionTags, lost: impl Iterator<Item = String>) -> Step {
    let all: Vec<String> = tags.iter().map(|(key, value)| words!("{key}={value}")).chain(lost).collect();
    let outcome = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    Step { name: "tags", passed: true, outcome, decision: None }
}
