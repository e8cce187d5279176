//! What became of each claim: nothing is lost in silence.

use crate::request::Principal;
use crate::source::Span;

/// A principal and how it came about.
#[derive(Clone, Debug)]
pub struct MappedClaims {
    /// Who asks.
    pub principal: Principal,
    /// One entry for each claim of the first level, in order of writing.
    pub report: Vec<ClaimReport>,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimReport {
    /// Its name.
    pub claim: String,
    /// Where it stands.
    pub span: Span,
    /// What became of it; none means that no rule reads it.
    pub fates: Vec<ClaimFate>,
}

/// One use of a claim, or the loss of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimFate {
    /// It was compared with what the mapping expects.
    Checked,
    /// It names the bearer.
    Subject,
    /// Its values are groups; how many.
    Groups(usize),
    /// It fills a context key.
    Key(String),
    /// It fills a principal tag.
    Tag(String),
    /// It says what the role session is to be: its name, its roles, how long it lasts (SEMANTICS G13).
    Session(&'static str),
    /// A rule reads it but could not use it.
    Dropped {
        /// The key or tag that stays empty.
        target: String,
        /// Why.
        why: Loss,
    },
}

/// Why a claim was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// `null` is as if it were absent (SEMANTICS G19).
    Null,
    /// A list or object cannot be one tag (SEMANTICS G7).
    NotOneValue,
    /// Its values were left out of the token for want of room (SEMANTICS G16).
    Overage,
    /// An earlier source of the same key was there (SEMANTICS G19).
    Shadowed,
    /// Another attribute fills the same key, and nothing says which one counts (SEMANTICS G14).
    Twice,
    /// No attribute is called so; names are compared letter for letter (SEMANTICS G13).
    Misspelt,
}

impl core::fmt::Display for Loss {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Null => "null counts as absent",
            Self::NotOneValue => "a list or an object is not one value",
            Self::Overage => "the issuer left its values out of the token",
            Self::Shadowed => "an earlier source of the same key is present",
            Self::Twice => "another attribute fills the same key, so its value is unknown",
            Self::Misspelt => "no attribute is called so; names are compared letter for letter",
        })
    }
}
impl core::fmt::Display for ClaimFate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Checked => f.write_str("checked"),
            Self::Subject => f.write_str("subject"),
            Self::Groups(1) => f.write_str("1 group"),
            Self::Groups(count) => write!(f, "{count} groups"),
            Self::Key(name) => f.write_str(name),
            Self::Tag(name) => write!(f, "aws:PrincipalTag/{name}"),
            Self::Session(part) => write!(f, "session: {part}"),
            Self::Dropped { target, why } => write!(f, "not {target}: {why}"),
        }
    }
}
