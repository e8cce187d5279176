//! Why there is no answer.

use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};

/// Why a function has no document to return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The caller is nobody: the function fails with the message `Unauthorized`, and the gateway answers 401.
    Unauthorized(Diagnostics),
    /// The question cannot be answered: the function fails with any other message, and the gateway answers 500.
    Refused(Diagnostics),
}

impl Failed {
    /// What is wrong.
    pub fn diagnostics(&self) -> &Diagnostics {
        match self {
            Self::Unauthorized(diagnostics) | Self::Refused(diagnostics) => diagnostics,
        }
    }
}

impl core::fmt::Display for Failed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.diagnostics().fmt(f)
    }
}

impl std::error::Error for Failed {}

/// One finding in a text.
pub(crate) fn about(source: &Source, diagnostic: Diagnostic) -> Diagnostics {
    Diagnostics { source: source.clone(), list: vec![diagnostic] }
}

/// One finding about something that has a name and no text.
pub(crate) fn nameless(place: &str, code: &'static str, message: String, help: &str) -> Diagnostics {
    let diagnostic = Diagnostic::error(Code(code), Span::default(), message).help(help);
    about(&Source::new(place, ""), diagnostic)
}
