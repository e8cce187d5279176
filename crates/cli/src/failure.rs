//! How a command ends: one table of exit codes for all of them, and the failures that lead there.

use std::process::ExitCode;

use bailiwick::Source;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Span};

use crate::diagnostics::{self, Shape};

/// Exit codes, the same for every command; `docs/cli.md` has the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Allowed, clean, passed.
    Yes,
    /// Denied, findings, a failing test.
    No,
    /// The command line makes no sense; clap reports most of it.
    Usage,
    /// A document, claims file, request or artifact was refused.
    Invalid,
    /// The answer depends on something that was not given.
    Undetermined,
    /// Input or output failed.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
            Exit::Undetermined => 4,
            Exit::CouldNotRun => 5,
        })
    }
}

/// Why a command could not answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that was given is no good: exit 3.
    Refused(Vec<Diagnostics>),
    /// The flags do not make a question: exit 2, as clap does it.
    Usage(String),
    /// Input or output failed: exit 5.
    CouldNotRun(Box<Diagnostics>),
}

impl Failure {
    /// A refusal that has no place in a text: the name of a file, an argument.
    pub(crate) fn refused(place: &str, code: &'static str, message: String, help: &str) -> Self {
        Self::Refused(vec![about(place, code, message, help)])
    }

    /// Input or output that failed.
    pub(crate) fn could_not_run(place: &str, code: &'static str, message: String, help: &str) -> Self {
        Self::CouldNotRun(Box::new(about(place, code, message, help)))
    }

    /// Puts it on standard error.
    pub(crate) fn report(&self, shape: Shape) -> Exit {
        match self {
            Self::Refused(all) => {
                diagnostics::to_stderr(all, shape);
                Exit::Invalid
            }
            Self::Usage(message) => {
                let error =
                    crate::args::command().error(clap::error::ErrorKind::MissingRequiredArgument, message);
                // Nobody is left to tell if that fails.
                let _ = error.print();
                Exit::Usage
            }
            Self::CouldNotRun(one) => {
                diagnostics::to_stderr(std::slice::from_ref(one), shape);
                Exit::CouldNotRun
            }
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Refused(vec![diagnostics])
    }
}

/// One diagnostic about a thing that has a name and no text.
pub(crate) fn about(place: &str, code: &'static str, message: String, help: &str) -> Diagnostics {
    let diagnostic = Diagnostic::error(Code(code), Span::default(), message);
    Diagnostics { source: Source::new(place, ""), list: vec![diagnostic.help(help)] }
}
