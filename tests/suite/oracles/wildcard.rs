//! `glob` against the recursive matcher and against another library's.

use bailiwick::value::{Part, glob, glob_ignoring_case};
use globset::GlobBuilder;
use proptest::prelude::*;

use super::naive::{Sign, chars, covers, exactly, ignoring_case, parts, signs};

/// Every text over the alphabet up to a length.
fn texts(alphabet: &[char], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut from = 0;
    for _ in 0..longest {
        let until = all.len();
        for i in from..until {
            for c in alphabet {
                all.push(format!("{}{c}", all[i]));
            }
        }
        from = until;
    }
    all
}

#[test]
fn all_short_patterns_on_all_short_texts() {
    let texts = texts(&['a', 'b', 'é'], 5);
    for pattern in self::texts(&['a', 'é', '*', '?'], 5) {
        let (signs, parts) = (signs(&pattern), parts(&pattern));
        for text in &texts {
            let expected = covers(&signs, &chars(text), &exactly);
            assert_eq!(glob(parts.iter().copied(), text), expected, "{pattern} {text}");
        }
    }
}

#[test]
fn all_short_patterns_ignoring_case() {
    let texts = texts(&['a', 'A', 'É', 'é'], 4);
    for pattern in self::texts(&['a', 'A', 'é', '*', '?'], 4) {
        let (signs, parts) = (signs(&pattern), parts(&pattern));
        for text in &texts {
            let expected = covers(&signs, &chars(text), &ignoring_case);
            assert_eq!(glob_ignoring_case(parts.iter().copied(), text), expected, "{pattern} {text}");
        }
    }
}

/// A part as a resolved variable may bring it: empty, with plain stars in it, beside another literal.
fn part() -> impl Strategy<Value = Part<'static>> {
    prop_oneof![
        3 => prop::sample::select(vec!["", "a", "ab", "aab", "é", "€a", "*", "?", "a*", "😀"]).prop_map(Part::Literal),
        2 => Just(Part::Any),
        1 => Just(Part::One),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn parts_in_any_order(parts in prop::collection::vec(part(), 0..8), text in "[ab*?é€😀]{0,10}") {
        let signs: Vec<Sign> = parts
            .iter()
            .flat_map(|part| match part {
                Part::Literal(literal) => literal.chars().map(Sign::Plain).collect(),
                Part::Any => vec![Sign::Any],
                Part::One => vec![Sign::One],
            })
            .collect();
        prop_assert_eq!(glob(parts.iter().copied(), &text), covers(&signs, &chars(&text), &exactly));
        prop_assert_eq!(
            glob_ignoring_case(parts.iter().copied(), &text),
            covers(&signs, &chars(&text), &ignoring_case)
        );
    }

    /// The other library has a meaning of its own for `**`, for brackets and for a final `.`, and its `?` is one byte.
    #[test]
    fn as_another_library_matches(
        pattern in r"([ab:/.\[\]{}\\!,-]|\*|\?){0,8}",
        text in r"[ab:/.\[\]{}\\!,-]{0,8}",
    ) {
        let pattern = pattern.trim_end_matches('.');
        let mut theirs = String::new();
        for c in pattern.chars() {
            match c {
                '*' if theirs.ends_with('*') => {}
                '[' | ']' | '{' | '}' => theirs.extend(['[', c, ']']),
                c => theirs.push(c),
            }
        }
        let theirs = GlobBuilder::new(&theirs).literal_separator(false).backslash_escape(false).build().unwrap();
        prop_assert_eq!(
            glob(parts(pattern).iter().copied(), &text),
            theirs.compile_matcher().is_match(&text),
            "{} {}", pattern, text
        );
    }
}

#[test]
fn hostile_patterns_end_soon() {
    // A matcher that backtracks to every star would not come back from these.
    let stars = "*a".repeat(60) + "*b";
    let text = "a".repeat(64 << 10);
    assert!(!glob(parts(&stars).iter().copied(), &text));
    let questions = "*?".repeat(60) + "b";
    assert!(!glob(parts(&questions).iter().copied(), &text));
    let tail = format!("*{}b*c", "a".repeat(300));
    assert!(!glob(parts(&tail).iter().copied(), &text));
}

/// SEMANTICS B4, B10, B11 and the quiz.
#[test]
fn rows_of_the_language_reference() {
    for (pattern, text, expected) in [
        ("b/*/test/*", "b/1/test/2.jpg", true),
        ("b/*/test/*", "b/1///test///object.jpg", true),
        ("b/*/test/*", "b//test/o.jpg", true),
        ("b/*/test/*", "b/1/test/", true),
        ("b/*/test/*", "b/1-test/x.jpg", false),
        ("b/*/test/*", "b/test/x.jpg", false),
        ("b/*/test/*", "b/1/2/test.jpg", false),
        ("b*", "b", true),
        ("b*", "b/k", true),
        ("b/*", "b", false),
        ("b/*", "b/", true),
        ("b", "b/k", false),
        ("b/?", "b/", false),
        ("b/?", "b/k", true),
        ("b/?", "b//", true),
        ("b/?", "b/é", true),
        ("b/?", "b/e\u{301}", false),
        ("b/x", "b/*", false),
        ("b/*", "b/*", true),
        ("a?c", "a/c", true),
        ("a?c", "ac", false),
        ("*", "", true),
        ("?", "\n", true),
        ("a*", "a\nb", true),
        ("a", "a\n", false),
        ("", "", true),
        ("", "a", false),
        ("***", "", true),
    ] {
        assert_eq!(glob(parts(pattern).iter().copied(), text), expected, "{pattern} {text}");
    }
}
