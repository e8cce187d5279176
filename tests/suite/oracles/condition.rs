//! The tables of SEMANTICS D3, D4, D6, D7, D17, X9, X18, X19 against `combine`.

use std::borrow::Cow;

use Profile::{Aws, Strict};
use SetOperator::{ForAllValues, ForAnyValue};
use Truth::{Maybe, No, Yes};
use bailiwick::Profile;
use bailiwick::value::{Arity, Base, Held, Match, Operator, SetOperator, Truth, combine, combine_null};

const SETS: [Option<SetOperator>; 3] = [None, Some(ForAllValues), Some(ForAnyValue)];
const NEGATED: [Base; 8] = [
    Base::StringNotEquals,
    Base::StringNotEqualsIgnoreCase,
    Base::StringNotLike,
    Base::NumericNotEquals,
    Base::DateNotEquals,
    Base::NotIpAddress,
    Base::ArnNotEquals,
    Base::ArnNotLike,
];

fn operators() -> impl Iterator<Item = Operator> {
    SETS.into_iter().flat_map(|set| {
        [false, true].into_iter().flat_map(move |if_exists| {
            Base::ALL.iter().filter(|base| **base != Base::Null).map(move |base| Operator {
                set,
                base: *base,
                if_exists,
            })
        })
    })
}

/// SEMANTICS D2.
#[test]
fn which_operators_are_negated() {
    for base in Base::ALL {
        assert_eq!(base.is_negated(), NEGATED.contains(base), "{}", base.name());
    }
}

/// SEMANTICS D3, D4: a missing key, and the empty list, which is none (X9).
#[test]
fn missing_keys() {
    for operator in operators() {
        let expected = match operator {
            Operator { set: Some(ForAnyValue), .. } => No,
            Operator { set: Some(ForAllValues), .. } | Operator { if_exists: true, .. } => Yes,
            Operator { base, .. } if NEGATED.contains(&base) => Yes,
            _ => No,
        };
        for profile in [Aws, Strict] {
            for arity in [None, Some(Arity::One)] {
                for operands in [0, 1, 2] {
                    let never = |_: &str| -> Match { panic!("nothing to compare") };
                    for held in [Held::Missing, Held::Many(&[])] {
                        let found = combine(operator, arity, profile, held, operands, never);
                        assert_eq!(found, expected, "{operator} {profile:?} {held:?}");
                    }
                }
            }
        }
    }
}

/// SEMANTICS D1, D6: every small set against every small list.
#[test]
fn sets_and_lists() {
    let requests: Vec<Vec<Cow<'_, str>>> = (0..64)
        .map(|i| {
            let pick = |n: usize| ["", "a", "b", "c"][n % 4];
            [pick(i), pick(i / 4), pick(i / 16)]
                .into_iter()
                .filter(|text| !text.is_empty())
                .map(Cow::from)
                .collect()
        })
        .collect();
    let lists: [&[&str]; 6] = [&[], &["a"], &["b"], &["a", "b"], &["a", "c"], &["a", "b", "c"]];
    for request in &requests {
        for list in lists {
            for (base, negated) in [(Base::StringEquals, false), (Base::StringNotEquals, true)] {
                let fits = |r: &Cow<'_, str>| list.contains(&r.as_ref());
                let all = if negated { !request.iter().any(fits) } else { request.iter().all(fits) };
                let any = if negated { request.iter().any(|r| !fits(r)) } else { request.iter().any(fits) };
                for if_exists in [false, true] {
                    let check = |set, held: Held<'_>, expected: bool| {
                        let operator = Operator { set, base, if_exists };
                        let found = combine(operator, None, Aws, held, list.len(), |text| {
                            Match::of(list.contains(&text))
                        });
                        assert_eq!(found, Truth::of(expected), "{operator} {request:?} {list:?}");
                    };
                    // An empty list of the policy: "true only if R is empty", and "false".
                    let some_list = !list.is_empty();
                    check(Some(ForAllValues), Held::Many(request), request.is_empty() || some_list && all);
                    check(Some(ForAnyValue), Held::Many(request), some_list && any);
                    if let [one] = request.as_slice() {
                        check(Some(ForAllValues), Held::One(one), some_list && all);
                        check(Some(ForAnyValue), Held::One(one), some_list && any);
                        // "Plain negated with key present: true by NOR; IfExists: true only if missing."
                        check(None, Held::One(one), if some_list { all } else { negated && !if_exists });
                    }
                }
            }
        }
    }
}

/// SEMANTICS D6: nothing but empty strings counts as the empty set for `ForAllValues`.
#[test]
fn only_empty_strings() {
    let empties = [Cow::from(""), Cow::from("")];
    let with_text = [Cow::from(""), Cow::from("x")];
    let check = |set, held: Held<'_>, aws, strict| {
        let operator = Operator { set: Some(set), base: Base::StringEquals, if_exists: false };
        for (profile, expected) in [(Aws, aws), (Strict, strict)] {
            let found = combine(operator, None, profile, held, 1, |text| Match::of(text == "a"));
            assert_eq!(found, expected, "{operator} {held:?} {profile:?}");
        }
    };
    check(ForAllValues, Held::One(""), Yes, Maybe);
    check(ForAllValues, Held::Many(&empties), Yes, Maybe);
    check(ForAllValues, Held::Many(&with_text), No, No);
    check(ForAnyValue, Held::One(""), No, No);
    check(ForAnyValue, Held::Many(&empties), No, No);
}

/// SEMANTICS D7, X18: several values, or a key that is multivalued by definition, want a set prefix.
#[test]
fn multivalued_without_prefix() {
    let one = [Cow::from("a")];
    let two = [Cow::from("a"), Cow::from("b")];
    for operator in operators().filter(|operator| operator.set.is_none()) {
        for (arity, held) in [
            (Some(Arity::Many), Held::One("a")),
            (Some(Arity::Many), Held::Many(&one)),
            (Some(Arity::Many), Held::Many(&two)),
            (Some(Arity::One), Held::Many(&two)),
            (None, Held::Many(&one)),
            (None, Held::Many(&two)),
        ] {
            for matches in [Match::Yes, Match::No] {
                assert_eq!(combine(operator, arity, Aws, held, 1, |_| matches), No, "{operator} {held:?}");
                assert_eq!(
                    combine(operator, arity, Strict, held, 1, |_| matches),
                    Maybe,
                    "{operator} {held:?}"
                );
            }
        }
    }
}

/// SEMANTICS X19, D18, G16: what cannot be compared, negated or not.
#[test]
fn undecidable_values() {
    let list = [Cow::from("bad"), Cow::from("good")];
    let one_bad = |text: &str| if text == "bad" { Match::Malformed } else { Match::Yes };
    for operator in operators() {
        let plain = operator.set.is_none();
        for (held, aws, strict) in [(Held::Unknown, Maybe, Maybe), (Held::Ambiguous, No, Maybe)] {
            assert_eq!(combine(operator, None, Aws, held, 1, |_| Match::Yes), aws, "{operator}");
            assert_eq!(combine(operator, None, Strict, held, 1, |_| Match::Yes), strict, "{operator}");
        }
        let bad = Held::One("bad");
        assert_eq!(combine(operator, None, Aws, bad, 1, one_bad), No, "{operator}");
        assert_eq!(combine(operator, None, Strict, bad, 1, one_bad), Maybe, "{operator}");
        if plain {
            continue;
        }
        let good_counts = !NEGATED.contains(&operator.base);
        // One good value settles "some value fits" and, by not fitting, "every value fits".
        let settled = match (operator.set, good_counts) {
            (Some(ForAnyValue), true) => Some(Yes),
            (Some(ForAllValues), false) => Some(No),
            _ => None,
        };
        for (profile, open) in [(Aws, No), (Strict, Maybe)] {
            let found = combine(operator, None, profile, Held::Many(&list), 1, one_bad);
            assert_eq!(found, settled.unwrap_or(open), "{operator} {profile:?}");
        }
    }
}

/// SEMANTICS D17, X9.
#[test]
fn null() {
    let list = [Cow::from("a")];
    let empty = [Cow::from("")];
    for (held, wants_absent, wants_present) in [
        (Held::Missing, Yes, No),
        (Held::Many(&[]), Yes, No),
        (Held::One(""), No, Yes),
        (Held::One("a"), No, Yes),
        (Held::Many(&list), No, Yes),
        (Held::Many(&empty), No, Yes),
        (Held::Ambiguous, No, Yes),
        (Held::Unknown, Maybe, Maybe),
    ] {
        assert_eq!(combine_null(None, held, true, false), wants_absent, "{held:?} true");
        assert_eq!(combine_null(None, held, false, true), wants_present, "{held:?} false");
        assert_eq!(combine_null(None, held, true, true), Yes, "{held:?} both");
        assert_eq!(combine_null(None, held, false, false), No, "{held:?} neither");
        for (absent, present) in [(true, false), (false, true), (true, true)] {
            assert_eq!(combine_null(Some(ForAllValues), held, absent, present), Yes);
            assert_eq!(combine_null(Some(ForAnyValue), held, absent, present), No);
        }
    }
}
