//! An answer about a field, and its reason in words.

use core::fmt;

use bailiwick::source::Span;

use crate::amplify::Condition;
use crate::api::Mode;

/// Whether a field may be queried, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it may, for some record at least: see [`Why::Records`].
    pub allowed: bool,
    /// The reason.
    pub why: Why,
    /// What decided, in the schema; nothing where no directive did.
    pub span: Option<Span>,
}

/// The reason of an answer. `place` is a type, or `Type.field`: where the directive stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of a variant and the names of its fields say it all")]
pub enum Why {
    /// Marked for the caller's mode.
    Marked { place: String, mode: Mode },
    /// Marked for a group that the token names.
    Group { place: String, group: String },
    /// Unmarked, and the caller comes by the default mode.
    Default { mode: Mode },
    /// A policy allows it.
    Policy { said: String },
    /// Policies are asked about root fields; none denies this one.
    BelowRoot,
    /// The function let the caller in, and does not deny this field.
    Function,
    /// A rule of `@auth` opens it.
    Rule { place: String },
    /// A rule of `@auth` opens it for the records that fit one of these.
    Records { place: String, conditions: Vec<Condition> },
    /// `__typename` of a type of which the caller may see something.
    TypeName,
    /// The API answers questions about its schema.
    Introspection,

    /// Marked, for other modes.
    NotMarked { place: String, mode: Mode, modes: Vec<Mode> },
    /// Unmarked, and the caller comes by an additional mode.
    Unmarked { mode: Mode, default: Mode },
    /// Marked for groups of which the token names none.
    NotInGroup { place: String, groups: Vec<String> },
    /// Names no groups, and the default action is `DENY`.
    DefaultDeny,
    /// No policy allows it.
    NoPolicy { said: String },
    /// A policy denies it.
    PolicyDenies { said: String },
    /// Nothing says what policies hold.
    NoPolicyGiven,
    /// The function denies this field.
    FunctionDenies { named: String },
    /// The function did not let the caller in.
    FunctionRefused,
    /// Refused on a type that the value may have.
    Implementer { object: String, why: Box<Why> },
    /// No object type implements the interface.
    NoImplementer { interface: String },
    /// No rule of `@auth` is for the caller.
    NoRule { place: String },
    /// The field above it is refused, so that it is not reached.
    Above { field: String },
    /// Nothing of the type is open to the caller.
    NothingOpen { parent: String },
    /// The API does not answer questions about its schema, or it is not known whether it does.
    NoIntrospection,
    /// The schema has no such field; it was refused when it was read.
    NoField,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Marked { place, mode } => write!(f, "`{place}` is marked for {}", mode.name()),
            Self::Group { place, group } => write!(f, "`{place}` is open to group `{group}`"),
            Self::Default { mode } => write!(f, "unmarked, and {} is the default mode", mode.name()),
            Self::Policy { said } | Self::NoPolicy { said } | Self::PolicyDenies { said } => {
                f.write_str(said)
            }
            Self::BelowRoot => f.write_str("policies are asked about root fields, and none denies this one"),
            Self::Function => f.write_str("the function let the caller in"),
            Self::Rule { place } => write!(f, "a rule of `@auth` on `{place}`"),
            Self::Records { place, conditions } => {
                let words: Vec<String> = conditions.iter().map(ToString::to_string).collect();
                write!(f, "by `@auth` on `{place}`, if {}", words.join(", or "))
            }
            Self::TypeName => f.write_str("the type's name, where something of it is open"),
            Self::Introspection => f.write_str("introspection is on"),
            Self::NotMarked { place, mode, modes } => {
                let names: Vec<&str> = modes.iter().map(|mode| mode.name()).collect();
                write!(f, "`{place}` is marked for {}, not for {}", names.join(", "), mode.name())
            }
            Self::Unmarked { mode, default } => {
                write!(f, "unmarked, so only {} gets in, not {}", default.name(), mode.name())
            }
            Self::NotInGroup { place, groups } => {
                let names: Vec<String> = groups.iter().map(|group| format!("`{group}`")).collect();
                match names.len() {
                    0 => write!(f, "`{place}` is open to no group at all"),
                    1 => {
                        write!(f, "`{place}` is open to group {}, and the token is not of it", names.concat())
                    }
                    _ => write!(
                        f,
                        "`{place}` is open to groups {}, and the token is of none",
                        names.join(", ")
                    ),
                }
            }
            Self::DefaultDeny => f.write_str("no groups are named, and the pool's default action is DENY"),
            Self::NoPolicyGiven => f.write_str("no policies are given that could allow it"),
            Self::FunctionDenies { named } => write!(f, "the function denies `{named}`"),
            Self::FunctionRefused => f.write_str("the function did not let the caller in"),
            Self::Implementer { object, why } => write!(f, "the value may be of type `{object}`: {why}"),
            Self::NoImplementer { interface } => write!(f, "no object type is a `{interface}`"),
            Self::NoRule { place } => write!(f, "no rule of `@auth` on `{place}` is for this caller"),
            Self::Above { field } => write!(f, "`{field}` above it is refused"),
            Self::NothingOpen { parent } => write!(f, "nothing of `{parent}` is open"),
            Self::NoIntrospection => f.write_str("the API's settings do not say that introspection is on"),
            Self::NoField => f.write_str("the schema has no such field"),
        }
    }
}

impl Why {
    /// A short stable name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Marked { .. } => "marked",
            Self::Group { .. } => "group",
            Self::Default { .. } => "default-mode",
            Self::Policy { .. } => "policy",
            Self::BelowRoot => "below-root",
            Self::Function => "function",
            Self::Rule { .. } => "rule",
            Self::Records { .. } => "records",
            Self::TypeName => "type-name",
            Self::Introspection => "introspection",
            Self::NotMarked { .. } => "not-marked",
            Self::Unmarked { .. } => "unmarked",
            Self::NotInGroup { .. } => "not-in-group",
            Self::DefaultDeny => "default-deny",
            Self::NoPolicy { .. } => "no-policy",
            Self::PolicyDenies { .. } => "policy-denies",
            Self::NoPolicyGiven => "no-policy-given",
            Self::FunctionDenies { .. } => "function-denies",
            Self::FunctionRefused => "function-refused",
            Self::Implementer { .. } => "implementer",
            Self::NoImplementer { .. } => "no-implementer",
            Self::NoRule { .. } => "no-rule",
            Self::Above { .. } => "above",
            Self::NothingOpen { .. } => "nothing-open",
            Self::NoIntrospection => "no-introspection",
            Self::NoField => "no-field",
        }
    }
}

impl Answer {
    pub(crate) fn open(why: Why, span: Option<Span>) -> Self {
        Self { allowed: true, why, span }
    }

    pub(crate) fn refused(why: Why, span: Option<Span>) -> Self {
        Self { allowed: false, why, span }
    }
}
