//! Is this request inside what this token may do?
#![forbid(unsafe_code)]

pub mod ast;
pub mod decide;
pub mod request;
pub mod source;
pub mod value;

pub use decide::{Decision, Verdict};
pub use request::{Caller, Principal, Request};
pub use source::{Diagnostics, Source};
pub use value::Profile;
