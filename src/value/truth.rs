//! Three-valued truth of a condition or clause, and the four-valued result of one comparison.
//!
//! Why two: a comparison knows *why* it could not be decided, a clause only whether it was.
//! What is malformed counts by the profile (SEMANTICS X19), what is unknown never does (SEMANTICS G16).

use super::Profile;

/// How far a clause holds. `not`, `and`, `or` are Kleene's.
///
/// An `Allow` applies only on `Yes`, a `Deny` on `Yes` and `Maybe`: undecided always fails closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    No,
    /// It cannot be decided, or sources disagree and the profile is strict.
    Maybe,
    /// It holds.
    Yes,
}

impl Truth {
    /// `Yes` or `No`.
    pub fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// `Yes` if both readings hold, `Maybe` if one does. The first reading is the narrow one.
    pub fn between(narrow: bool, wide: bool) -> Self {
        match (narrow, wide) {
            (true, true) => Self::Yes,
            (false, false) => Self::No,
            _ => Self::Maybe,
        }
    }

    /// Both must hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// One must hold.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The other way round; `Maybe` stays.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "stands beside and / or, read as a word")]
    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }

    /// At most `Maybe`.
    #[must_use]
    pub fn at_most_maybe(self) -> Self {
        self.min(Self::Maybe)
    }
}

/// The result of comparing one request value with one or more operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    /// Compared, and different.
    No,
    /// Compared, and equal (or in range, or covered).
    Yes,
    /// Could not be compared: not a number, not a date, ambiguous tag ... (SEMANTICS X19).
    Malformed,
    /// The value exists but was not delivered (SEMANTICS G16).
    Unknown,
}

impl Match {
    /// `Yes` or `No`.
    pub fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// One must match. What is unknown outweighs what is malformed.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        use Match::{Malformed, No, Unknown, Yes};
        match (self, other) {
            (Yes, _) | (_, Yes) => Yes,
            (Unknown, _) | (_, Unknown) => Unknown,
            (Malformed, _) | (_, Malformed) => Malformed,
            (No, No) => No,
        }
    }

    /// Both must match. What is unknown outweighs what is malformed.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.not().or(other.not()).not()
    }

    /// The negated comparison: what could not be compared stays so.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "stands beside and / or, read as a word")]
    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
            other => other,
        }
    }

    /// What it means for the clause: malformed is `No` under `aws`, `Maybe` under `strict`; unknown is always `Maybe`.
    pub fn truth(self, profile: Profile) -> Truth {
        match (self, profile) {
            (Self::Yes, _) => Truth::Yes,
            (Self::No, _) | (Self::Malformed, Profile::Aws) => Truth::No,
            (Self::Malformed, Profile::Strict) | (Self::Unknown, _) => Truth::Maybe,
        }
    }
}
