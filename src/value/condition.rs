//! How one condition is decided from the values under its key (SEMANTICS D3, D4, D6, D7, D17).
//!
//! Shared by the tree and the explainer; the tables of SEMANTICS D, written out as rows in `fixtures/spec`, are its oracle.

use std::borrow::Cow;

use super::{Arity, Match, Operator, Profile, SetOperator, Truth};

/// What a request or principal holds under a key.
#[derive(Clone, Copy, Debug)]
pub enum Held<'a> {
    /// Nothing.
    Missing,
    /// One text.
    One(&'a str),
    /// A list.
    Many(&'a [Cow<'a, str>]),
    /// A value that was not delivered (SEMANTICS G16).
    Unknown,
    /// Two values under names that differ only by case (SEMANTICS D18).
    Ambiguous,
}

impl<'a> Held<'a> {
    /// Whether there is a value. An empty list is none (SEMANTICS X9).
    pub fn is_present(self) -> bool {
        !matches!(self, Self::Missing | Self::Many([]))
    }

    fn texts(&self) -> impl Iterator<Item = &'a str> {
        let (one, many): (Option<&'a str>, &'a [Cow<'a, str>]) = match *self {
            Self::One(text) => (Some(text), &[]),
            Self::Many(list) => (None, list),
            _ => (None, &[]),
        };
        one.into_iter().chain(many.iter().map(AsRef::as_ref))
    }
}

/// Decides a condition other than `Null`.
///
/// `operands` is how many values the policy lists; `matches` compares one request value with all of them by the
/// *positive* form of the operator. `arity` is what the key's definition says, if it is known.
pub fn combine(
    operator: Operator,
    arity: Option<Arity>,
    profile: Profile,
    held: Held<'_>,
    operands: usize,
    mut matches: impl FnMut(&str) -> Match,
) -> Truth {
    match held {
        Held::Unknown => return Truth::Maybe,
        Held::Ambiguous => return Match::Malformed.truth(profile),
        Held::Missing | Held::Many([]) => return missing(operator),
        Held::One(_) | Held::Many(_) => {}
    }
    let negated = operator.base.is_negated();
    let mut satisfied = |text: &str| if negated { matches(text).not() } else { matches(text) };
    let Some(set) = operator.set else {
        // SEMANTICS D7: a multivalued key without a set prefix never matches, negated or not.
        return match held {
            Held::One(text) if arity != Some(Arity::Many) => {
                if operands == 0 {
                    // SEMANTICS D6, empty list: nothing to be unequal to.
                    return Truth::of(negated && !operator.if_exists);
                }
                satisfied(text).truth(profile)
            }
            _ => Match::Malformed.truth(profile),
        };
    };
    let only_empty = held.texts().all(str::is_empty);
    match set {
        SetOperator::ForAllValues if only_empty => match profile {
            Profile::Aws => Truth::Yes,
            Profile::Strict => Truth::Maybe,
        },
        _ if operands == 0 => Truth::No,
        SetOperator::ForAllValues => {
            held.texts().fold(Match::Yes, |all, text| all.and(satisfied(text))).truth(profile)
        }
        SetOperator::ForAnyValue => {
            held.texts().fold(Match::No, |any, text| any.or(satisfied(text))).truth(profile)
        }
    }
}

/// SEMANTICS D3.
fn missing(operator: Operator) -> Truth {
    match operator.set {
        Some(SetOperator::ForAllValues) => Truth::Yes,
        Some(SetOperator::ForAnyValue) => Truth::No,
        None => Truth::of(operator.if_exists || operator.base.is_negated()),
    }
}

/// Decides `Null` (SEMANTICS D17, X9): `wants_absent` and `wants_present` tell whether `true` and `false` are listed.
pub fn combine_null(
    set: Option<SetOperator>,
    held: Held<'_>,
    wants_absent: bool,
    wants_present: bool,
) -> Truth {
    match (set, held) {
        (Some(SetOperator::ForAllValues), _) => Truth::Yes,
        (Some(SetOperator::ForAnyValue), _) => Truth::No,
        // Both listed is true of every key, neither of none.
        (None, Held::Unknown) if wants_absent != wants_present => Truth::Maybe,
        (None, held) => Truth::of(if held.is_present() { wants_present } else { wants_absent }),
    }
}
