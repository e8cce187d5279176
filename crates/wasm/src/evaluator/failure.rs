//! Why a call gave nothing: a code, and words where the build has them. `js/base.js` says something for each code.

use bailiwick::Diagnostics;
use bailiwick::request::RequestError;
use bailiwick::source::{Diagnostic, WORDS};
use bailiwick::tree::ArtifactError;

/// A refusal: what `BailiwickError` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `E...`
    pub code: &'static str,
    /// What is wrong; empty in a build without words.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Failure {
    /// From its parts; those of the message follow each other.
    pub fn new(code: &'static str, message: &[&str], help: &str) -> Self {
        if WORDS {
            Self { code, message: message.concat(), help: help.to_owned() }
        } else {
            Self { code, message: String::new(), help: String::new() }
        }
    }

    /// A handle that nothing stands behind.
    pub(crate) fn gone(what: &str) -> Self {
        Self::new("E264", &[what, " is not there any more"], "make a new one; what is freed cannot be used")
    }
}

impl From<Diagnostic> for Failure {
    fn from(found: Diagnostic) -> Self {
        Self { code: found.code.0, message: found.message, help: found.help.unwrap_or_default() }
    }
}

/// The first finding; where there are more, the message tells how many.
impl From<Diagnostics> for Failure {
    fn from(refused: Diagnostics) -> Self {
        let more = refused.list.len().saturating_sub(1);
        let Some(first) = refused.list.into_iter().next() else {
            return Self::new("E257", &["refused"], "");
        };
        let mut failure = Self::from(first);
        if WORDS && more > 0 {
            failure.message = format!("{} (and {more} more)", failure.message);
        }
        failure
    }
}

impl From<ArtifactError> for Failure {
    fn from(error: ArtifactError) -> Self {
        if !WORDS {
            return Self::new(error.code(), &[], "");
        }
        let text = error.to_string();
        let (message, help) =
            text.split_once("; ").unwrap_or((&text, "build it again with `bailiwick build`"));
        Self::new(error.code(), &[message], help)
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        let (text, what, help) = match &error {
            RequestError::Action(text) => (text, "` is not an action", "write it as `service:Name`"),
            RequestError::Resource(text) => {
                (text, "` is not a resource", "give a full ARN, or `*` for an action that takes no resource")
            }
        };
        Self::new("E256", &["`", text, what], help)
    }
}
