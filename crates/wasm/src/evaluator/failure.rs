//! Why a call gave nothing, in words.

use bailiwick::Diagnostics;
use bailiwick::request::RequestError;
use bailiwick::tree::ArtifactError;

/// A refusal: what `BailiwickError` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `E...`
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Failure {
    /// From its parts.
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }

    /// A handle that nothing stands behind.
    pub(crate) fn gone(what: &str) -> Self {
        Self::new(
            "E264",
            [what, " is not there any more"].concat(),
            "make a new one; what is freed cannot be used",
        )
    }
}

/// The first finding; where there are more, the message tells how many.
impl From<Diagnostics> for Failure {
    fn from(refused: Diagnostics) -> Self {
        let more = refused.list.len().saturating_sub(1);
        let Some(first) = refused.list.into_iter().next() else {
            return Self::new("E257", "refused", "");
        };
        let mut message = first.message;
        if more > 0 {
            message = [message.as_str(), " (and ", &more.to_string(), " more)"].concat();
        }
        Self::new(first.code.0, message, first.help.unwrap_or_default())
    }
}

impl From<ArtifactError> for Failure {
    fn from(error: ArtifactError) -> Self {
        let code = error.code();
        let text = error.to_string();
        let (message, help) =
            text.split_once("; ").unwrap_or((&text, "build it again with `bailiwick build`"));
        Self::new(code, message, help)
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        let (text, what, help) = match error {
            RequestError::Action(text) => (text, "` is not an action", "write it as `service:Name`"),
            RequestError::Resource(text) => {
                (text, "` is not a resource", "give a full ARN, or `*` for an action that takes no resource")
            }
        };
        Self::new("E256", ["`", &text, what].concat(), help)
    }
}
