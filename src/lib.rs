#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod ast;
pub mod check;
pub mod compile;
pub mod decide;
pub mod explain;
pub mod explore;
pub mod identity;
pub mod request;
pub mod source;
pub mod tree;
pub mod value;

pub use ast::Document;
pub use ast::parse as parse_with;
pub use check::{CheckOptions, check};
pub use compile::compile;
pub use decide::{Decision, Verdict};
pub use explain::Explanation;
pub use request::{Caller, Principal, Request};
pub use source::{Diagnostics, Source};
pub use tree::Tree;
pub use value::Profile;

/// Decides a request and tells why, statement by statement, clause by clause.
///
/// The decision is the one that the compiled tree gives; this is the slow and spoken way to it.
///
/// ```
/// use bailiwick::{Caller, Principal, Request};
///
/// let policy = bailiwick::parse(
///     r#"{"Statement": {"Sid": "Team", "Effect": "Allow", "Action": "photos:*", "Resource": "*",
///         "Condition": {"StringEquals": {"aws:PrincipalTag/team": "photos"}}}}"#,
/// )?;
/// let account = "000000000000".to_owned();
/// let caller = Caller::Subject { account, issuer: "https://id.example".into(), subject: "bob".into() };
/// let bob = Principal::new(caller).with_tag("team", "video");
/// let request = Request::new("photos:Delete", "arn:acme:photos:eu:1:album/summer")?;
/// let explanation = bailiwick::explain([&policy], &bob, &request);
/// assert!(!explanation.decision.is_allowed());
/// assert_eq!(
///     explanation.to_string(),
///     "implicit deny: photos:Delete on arn:acme:photos:eu:1:album/summer for bob of https://id.example
///   no statement of the identity layer allows it
///     nearest is `Team` of policy:1:15 (identity layer)
///       it needs StringEquals aws:PrincipalTag/team `photos`; the request has `video`"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(set: impl Into<ast::PolicySet>, principal: &Principal, request: &Request<'_>) -> Explanation {
    explain::explain(&set.into(), principal, request)
}

/// Reads an identity policy under the `aws` profile: [`parse_with`] without options.
///
/// Errors: everything that is wrong with it, with codes, places and remedies.
///
/// ```
/// let policy = bailiwick::parse(r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#)?;
/// assert_eq!(policy.statements.len(), 1);
/// # Ok::<(), bailiwick::Diagnostics>(())
/// ```
pub fn parse(text: impl Into<Source>) -> Result<Document, Diagnostics> {
    ast::parse(text, &ast::Options::default())
}
