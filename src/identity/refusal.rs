//! Why a token makes no principal.

use crate::source::{Code, Diagnostic, Diagnostics, Source, Span, said};

/// One reason. Its place is that of the claim, or of the whole set where a claim is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `E100`..`E149`.
    pub code: Code,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    pub(crate) fn new(
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { code: Code(code), span, message: said(message), help: said(help) }
    }
}

/// All the reasons at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The claims' text.
    pub source: Source,
    /// At least one.
    pub reasons: Vec<Refusal>,
}

impl From<Refused> for Diagnostics {
    fn from(refused: Refused) -> Self {
        let mut list: Vec<Diagnostic> = refused
            .reasons
            .into_iter()
            .map(|reason| Diagnostic::error(reason.code, reason.span, reason.message).help(reason.help))
            .collect();
        list.sort_by_key(Diagnostic::span);
        Self { source: refused.source, list }
    }
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, reason) in self.reasons.iter().enumerate() {
            let separator = if i > 0 { "; " } else { "" };
            write!(f, "{separator}{} [{}]", reason.message, reason.code.0)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}
