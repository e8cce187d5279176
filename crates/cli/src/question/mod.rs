//! What is asked: under which policies, by whom, for what. Shared by every command that decides.
//!
//! In: flags, files. Out: `PolicySet`, `Principal`, `Request`.
//! Never here: deciding, printing.

mod clock;
pub(crate) mod context;
pub(crate) mod policies;
pub(crate) mod request;
pub(crate) mod who;

use bailiwick::ast::PolicySet;
use bailiwick::decide::Decision;
use bailiwick::request::ContextValue;
use bailiwick::{Principal, Request, Verdict};
use clap::Args;

use crate::args::ReadingArgs;
use crate::diagnostics::Shape;
use crate::failure::Failure;
use policies::PolicyArgs;
use request::{Asked, RequestArgs};
use who::PrincipalArgs;

/// Everything that `eval` and `explain` take.
#[derive(Args, Clone, Debug)]
pub(crate) struct AskArgs {
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    principal: PrincipalArgs,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// A question that can be decided.
pub(crate) struct Question {
    /// Under which policies.
    pub(crate) set: PolicySet,
    /// By whom.
    pub(crate) principal: Principal,
    /// Whether a value is marked as unknown.
    pub(crate) has_unknown: bool,
    asked: Asked,
}

impl AskArgs {
    /// Reads all that is named.
    pub(crate) fn read(&self) -> Result<Question, Failure> {
        let mut asked = request::read(&self.request)?;
        if !self.policies.is_given() {
            return Err(Failure::Usage("give policies with `--policy FILE`".to_owned()));
        }
        let Some(principal) = who::read(&self.principal, Some(&asked))? else {
            return Err(Failure::Usage("say who asks with `--principal ARN`".to_owned()));
        };
        let set = who::at_home(self.policies.read(self.reading.profile.into())?, &principal);
        let has_unknown = asked.context.iter().any(|(_, value)| matches!(value, ContextValue::Unknown));
        clock::add(&mut asked.context);
        let principal = who::settle(principal, &mut asked, set.key_table(), false)?;
        Ok(Question { set, principal, has_unknown, asked })
    }
}

impl Question {
    /// The request.
    pub(crate) fn request(&self) -> Result<Request<'_>, Failure> {
        self.asked.request()
    }

    /// Says on standard error what newcomers stumble over: a resource whose owner nobody named is another's (SEMANTICS F8).
    pub(crate) fn hint(&self, decision: &Decision, request: &Request<'_>, shape: Shape) {
        let named = request.resource_account().is_some()
            || request.context().iter().any(|(key, _)| key.eq_ignore_ascii_case("aws:ResourceAccount"));
        let fields = request.resource_fields();
        let owner_unknown = !named && request.resource() != "*" && fields.account().is_empty();
        if owner_unknown && decision.verdict == Verdict::ImplicitDeny && matches!(shape, Shape::Human { .. })
        {
            anstream::eprintln!(
                "note: the ARN does not say whose the resource is, so it counts as another account's; \
                 `--resource-account ACCOUNT` says it"
            );
        }
    }
}
