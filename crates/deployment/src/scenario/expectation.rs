//! What is expected, and what came.

use bailiwick::{Decision, Verdict};

/// The answer that a case wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expectation {
    /// `allowed`
    Allowed,
    /// `explicitDeny`
    ExplicitDeny,
    /// `implicitDeny`
    ImplicitDeny,
    /// `denied`: either.
    Denied,
    /// `error`: a document must be refused.
    Error,
}

/// The answer that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Got {
    /// `allowed`
    Allowed,
    /// `explicitDeny`
    ExplicitDeny,
    /// `implicitDeny`
    ImplicitDeny,
    /// `error`
    Error,
}

impl Expectation {
    /// Every word, for help.
    pub const WORDS: [&'static str; 5] = ["allowed", "explicitDeny", "implicitDeny", "denied", "error"];

    /// From its word; `allow`, `deny`, `implicit-deny` and `explicit-deny` do too.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "allowed" | "allow" => Self::Allowed,
            "explicitDeny" | "explicit-deny" => Self::ExplicitDeny,
            "implicitDeny" | "implicit-deny" => Self::ImplicitDeny,
            "denied" | "deny" => Self::Denied,
            "error" => Self::Error,
            _ => return None,
        })
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
            Self::Denied => "denied",
            Self::Error => "error",
        }
    }

    /// Whether an answer is what was wanted.
    pub fn is_met_by(self, got: Got) -> bool {
        match self {
            Self::Allowed => got == Got::Allowed,
            Self::ExplicitDeny => got == Got::ExplicitDeny,
            Self::ImplicitDeny => got == Got::ImplicitDeny,
            Self::Denied => matches!(got, Got::ExplicitDeny | Got::ImplicitDeny),
            Self::Error => got == Got::Error,
        }
    }
}

impl Got {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
            Self::Error => "error",
        }
    }
}

impl From<Decision> for Got {
    fn from(decision: Decision) -> Self {
        match decision.verdict {
            Verdict::Allow => Self::Allowed,
            Verdict::ExplicitDeny => Self::ExplicitDeny,
            Verdict::ImplicitDeny => Self::ImplicitDeny,
        }
    }
}
