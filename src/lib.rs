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
