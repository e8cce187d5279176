//! Everything that is wrong with a folder, at once.

use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};

/// Why a folder is no deployment: the findings of each file, `bailiwick.toml` first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeploymentError {
    /// At least one; each holds at least one finding.
    pub problems: Vec<Diagnostics>,
}

impl core::fmt::Display for DeploymentError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, diagnostics) in self.problems.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostics}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DeploymentError {}

impl From<Diagnostics> for DeploymentError {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { problems: vec![diagnostics] }
    }
}

/// One finding about a whole file.
pub(crate) fn about_file(code: &'static str, file: &str, message: String, help: &str) -> Diagnostics {
    let diagnostic = Diagnostic::error(Code(code), Span::default(), message).help(help);
    Diagnostics { source: Source::new(file, ""), list: vec![diagnostic] }
}

/// Findings while `bailiwick.toml` is read.
#[derive(Debug)]
pub(crate) struct Problems {
    source: Source,
    list: Vec<Diagnostic>,
    documents: Vec<Diagnostics>,
}

impl Problems {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, list: Vec::new(), documents: Vec::new() }
    }

    /// Something is wrong in `bailiwick.toml`.
    pub(crate) fn add(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.list.push(Diagnostic::error(Code(code), span, message).help(help));
    }

    /// A finding with more than one place.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// A policy document was refused.
    pub(crate) fn document(&mut self, diagnostics: Diagnostics) {
        self.documents.push(diagnostics);
    }

    pub(crate) fn finish(mut self) -> Result<(), DeploymentError> {
        let mut problems = Vec::new();
        if !self.list.is_empty() {
            self.list.sort_by_key(Diagnostic::span);
            problems.push(Diagnostics { source: self.source, list: self.list });
        }
        problems.extend(self.documents);
        if problems.is_empty() { Ok(()) } else { Err(DeploymentError { problems }) }
    }
}
