//! What a lint is, apart from its finding.

use crate::source::{Code, Diagnostic, Label, Severity, Span};

/// A lint: its code has a page, `docs/codes/L0NN.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lint {
    /// `L001`, ...
    pub code: Code,
    /// One of Access Analyzer's four classes.
    pub severity: Severity,
    /// One line, the page's title.
    pub title: &'static str,
}

impl Lint {
    pub(super) const fn new(code: &'static str, severity: Severity, title: &'static str) -> Self {
        Self { code: Code(code), severity, title }
    }

    /// A finding of it.
    pub(crate) fn at(self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: self.code,
            severity: self.severity,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
        }
    }
}
