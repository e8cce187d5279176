//! What is wrong, where, and what to do about it: data, not text for a screen.

use super::{Source, Span, WORDS, said};

/// A stable code: `E...` refuses a document, `L...` is a lint. `bailiwick explain-code` prints its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

/// Access Analyzer's four classes; a refusal is always an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Stylistic or redundant.
    Suggestion,
    /// May not do what the author meant.
    Warning,
    /// May grant more than the author meant.
    SecurityWarning,
    /// Cannot do what the author meant; for an `E` code, the document is refused.
    Error,
}

impl Severity {
    /// Lower case, hyphenated.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
            Self::Warning => "warning",
            Self::SecurityWarning => "security-warning",
            Self::Error => "error",
        }
    }
}

/// A place and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few words, lower case, no full stop; may be empty.
    pub text: String,
}

/// One finding. Messages are lower case without a full stop, user input in back-ticks, the remedy in `help`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; the first is the primary place.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A refusal.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: said(message),
            labels: vec![Label { span, text: String::new() }],
            help: None,
        }
    }

    /// The same with words at its primary place.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>) -> Self {
        if let (true, Some(label)) = (WORDS, self.labels.first_mut()) {
            label.text = text.into();
        }
        self
    }

    /// The same with one more place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        if WORDS {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// The same with a remedy.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        if WORDS {
            self.help = Some(text.into());
        }
        self
    }

    /// The primary place.
    pub fn span(&self) -> Span {
        self.labels.first().map_or(Span::default(), |label| label.span)
    }
}

/// All findings about one source. As an error: why a document, claims set or request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    /// The text they speak of.
    pub source: Source,
    /// At least one, in order of place.
    pub list: Vec<Diagnostic>,
}

impl core::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, diagnostic) in self.list.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            let (line, column) = self.source.position(diagnostic.span().start as usize);
            write!(f, "{}[{}]: {}", diagnostic.severity.name(), diagnostic.code.0, diagnostic.message)?;
            write!(f, " ({}:{line}:{column})", self.source.name)?;
            if let Some(help) = &diagnostic.help {
                write!(f, "; {help}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
