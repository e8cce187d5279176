//! Is this request inside what this token may do?
#![forbid(unsafe_code)]

pub mod ast;
pub mod compile;
pub mod decide;
pub mod explain;
pub mod identity;
pub mod request;
pub mod source;
pub mod tree;
pub mod value;

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
