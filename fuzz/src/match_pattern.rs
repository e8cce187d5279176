//! The matcher against the recursive one, on parts as resolved variables bring them.

use bailiwick::Profile;
use bailiwick::value::{Match, Part, compare_ignoring_case, glob, glob_ignoring_case, same_text};

use super::choices::Choices;
use super::naive::{Sign, chars, covers, exactly, ignoring_case};

const LITERALS: &[&str] =
    &["a", "b", "aa", "ab", "aab", "A", "é", "É", "€", "😀", "*", "?", ":", "/", "", "a*", "K", "\u{212a}"];

/// The bytes choose up to ten parts, then a text of the same alphabet.
pub fn run(data: &[u8]) {
    let mut choices = Choices(data);
    let mut stars = 0;
    let parts: Vec<Part<'_>> = (0..choices.below(11))
        .map(|_| match choices.below(5) {
            // The recursive matcher takes exponential time in the number of stars.
            0 if stars < 5 => {
                stars += 1;
                Part::Any
            }
            1 => Part::One,
            _ => Part::Literal(choices.pick(LITERALS)),
        })
        .collect();
    let text: String = (0..choices.below(16)).map(|_| choices.pick(LITERALS)).collect();
    let signs: Vec<Sign> = parts.iter().flat_map(sign).collect();
    let characters = chars(&text);
    let all = || parts.iter().copied();
    assert_eq!(glob(all(), &text), covers(&signs, &characters, &exactly), "{parts:?} {text}");
    assert_eq!(
        glob_ignoring_case(all(), &text),
        covers(&signs, &characters, &ignoring_case),
        "{parts:?} {text}"
    );
    let plain: String = parts.iter().map(plain).collect();
    assert_eq!(same_text(all(), &text), plain == text, "{parts:?} {text}");
    let found = compare_ignoring_case(Profile::Aws, &text, all());
    assert_eq!(found, Match::of(plain.eq_ignore_ascii_case(&text)), "{parts:?} {text}");
    // `strict` may be undecided where `aws` says no, and nothing else.
    let strict = compare_ignoring_case(Profile::Strict, &text, all());
    assert!(strict == found || found == Match::No && strict == Match::Malformed, "{parts:?} {text}");
}

fn sign(part: &Part<'_>) -> Vec<Sign> {
    match part {
        Part::Literal(literal) => literal.chars().map(Sign::Plain).collect(),
        Part::Any => vec![Sign::Any],
        Part::One => vec![Sign::One],
    }
}

fn plain<'a>(part: &Part<'a>) -> &'a str {
    match part {
        Part::Literal(literal) => literal,
        Part::Any => "*",
        Part::One => "?",
    }
}
