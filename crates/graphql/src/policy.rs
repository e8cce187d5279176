//! Mode `AWS_IAM`: policies are asked about each field by its ARN (SEMANTICS H9).

use bailiwick::decide::Session;
use bailiwick::request::ContextValue;
use bailiwick::{Request, Verdict};

/// What policies say of a field's ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyAnswer {
    /// Allowed, and by what.
    Allowed(String),
    /// Nothing allows it.
    Silent(String),
    /// Something denies it.
    Denied(String),
}

/// Whatever decides `appsync:GraphQL` on a field.
pub trait FieldPolicy {
    /// What holds for the field with this ARN.
    fn decide(&self, arn: &str) -> PolicyAnswer;
}

/// The policies of a session, with the context that requests will have.
#[derive(Clone, Copy)]
pub struct SessionPolicy<'a> {
    session: &'a Session,
    context: &'a [(String, ContextValue<'static>)],
}

/// The action of every GraphQL request.
const ACTION: &str = "appsync:GraphQL";

impl<'a> SessionPolicy<'a> {
    /// What the session's principal may do, in requests with this context.
    pub fn new(session: &'a Session, context: &'a [(String, ContextValue<'static>)]) -> Self {
        Self { session, context }
    }
}

impl FieldPolicy for SessionPolicy<'_> {
    fn decide(&self, arn: &str) -> PolicyAnswer {
        let Ok(mut request) = Request::new(ACTION, arn) else {
            return PolicyAnswer::Denied(format!("`{arn}` is no ARN"));
        };
        for (key, value) in self.context {
            request = request.with(key.as_str(), value.clone());
        }
        let decision = self.session.decide(&request);
        let layer = decision.layer.name();
        match decision.verdict {
            Verdict::Allow => PolicyAnswer::Allowed(format!("{ACTION} is allowed by the {layer} layer")),
            Verdict::ImplicitDeny => {
                PolicyAnswer::Silent(format!("no policy of the {layer} layer allows {ACTION}"))
            }
            Verdict::ExplicitDeny => PolicyAnswer::Denied(format!("the {layer} layer denies {ACTION}")),
        }
    }
}
