//! One request value with one operand, by the positive form of an operator (SEMANTICS D.2).
//!
//! Both are as the tree and the explainer have them: texts, parts, and scalars already read. Nothing is allocated.
//! A request value that is not what the operator needs is malformed, never just unequal (SEMANTICS X19).

use core::cmp::Ordering;

use super::decimal::compare_decimal_texts;
use super::encoding::is_base64;
use super::{Base, Cidr, Instant, Match, Part, Profile, arn_fields, match_arn, parse_address};

/// `Numeric` operators (SEMANTICS D11). `operand` is the text of a [`Decimal`](super::Decimal).
pub fn compare_number(base: Base, text: &str, operand: &str) -> Match {
    compare_decimal_texts(text, operand).map_or(Match::Malformed, |ordering| Match::of(fits(base, ordering)))
}

/// `Date` operators (SEMANTICS D12).
pub fn compare_date(base: Base, text: &str, operand: Instant) -> Match {
    Instant::parse(text).map_or(Match::Malformed, |instant| Match::of(fits(base, instant.cmp(&operand))))
}

/// `Bool` (SEMANTICS D13): `true` and `false` in any letter case; other text on either side cannot be compared.
pub fn compare_bool<'a, P>(text: &str, operand: P) -> Match
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    let value = if text.eq_ignore_ascii_case("true") {
        true
    } else if text.eq_ignore_ascii_case("false") {
        false
    } else {
        return Match::Malformed;
    };
    match (spells(operand.clone(), "true"), spells(operand, "false")) {
        (false, false) => Match::Malformed,
        (is_true, _) => Match::of(is_true == value),
    }
}

/// `IpAddress` (SEMANTICS D15): an address of the other family is outside, not malformed.
pub fn compare_ip(text: &str, operand: &Cidr) -> Match {
    parse_address(text).map_or(Match::Malformed, |address| Match::of(operand.contains(address)))
}

/// `BinaryEquals` (SEMANTICS D14) on two base64 texts; `operand` is canonical.
pub fn compare_base64(text: &str, operand: &str) -> Match {
    // Equal bytes have one canonical text.
    if is_base64(text) { Match::of(text == operand) } else { Match::Malformed }
}

/// `ArnEquals` and `ArnLike` (SEMANTICS D16): `parts(i)` gives the parts of field `i` after `arn`.
pub fn compare_arn<'a, P>(text: &str, parts: impl Fn(usize) -> P) -> Match
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    if arn_fields(text).is_some() { Match::of(match_arn(parts, text)) } else { Match::Malformed }
}

/// `StringEqualsIgnoreCase` (SEMANTICS D.2, X21): equal ignoring ASCII case. Under `strict`, what is equal only by
/// Unicode's simple case folding cannot be decided.
pub fn compare_ignoring_case<'a>(
    profile: Profile,
    text: &str,
    operand: impl Iterator<Item = Part<'a>> + Clone,
) -> Match {
    if spells(operand.clone(), text) {
        return Match::Yes;
    }
    let wide = profile == Profile::Strict
        && operand.flat_map(|part| plain(part).chars()).map(fold).eq(text.chars().map(fold));
    if wide { Match::Malformed } else { Match::No }
}

fn fits(base: Base, ordering: Ordering) -> bool {
    match base.positive() {
        Base::NumericLessThan | Base::DateLessThan => ordering.is_lt(),
        Base::NumericLessThanEquals | Base::DateLessThanEquals => ordering.is_le(),
        Base::NumericGreaterThan | Base::DateGreaterThan => ordering.is_gt(),
        Base::NumericGreaterThanEquals | Base::DateGreaterThanEquals => ordering.is_ge(),
        _ => ordering.is_eq(),
    }
}

/// Whether the parts, wildcards as plain characters, are the text ignoring ASCII case.
fn spells<'a>(parts: impl Iterator<Item = Part<'a>>, text: &str) -> bool {
    let mut rest = text.as_bytes();
    for part in parts {
        match rest.split_at_checked(plain(part).len()) {
            Some((start, after)) if start.eq_ignore_ascii_case(plain(part).as_bytes()) => rest = after,
            _ => return false,
        }
    }
    rest.is_empty()
}

fn plain(part: Part<'_>) -> &str {
    match part {
        Part::Literal(literal) => literal,
        Part::Any => "*",
        Part::One => "?",
    }
}

/// Unicode's simple case folding: what maps to one character, and only that.
fn fold(c: char) -> char {
    // The dotless i has no folding, though its capital is the common I.
    if c == 'ı' {
        return c;
    }
    let upper = single(c, c.to_uppercase());
    single(upper, upper.to_lowercase())
}

fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Match::{Malformed, No, Yes};

    fn literal(text: &str) -> impl Iterator<Item = Part<'_>> + Clone {
        core::iter::once(Part::Literal(text))
    }

    #[test]
    fn numbers() {
        for (base, text, operand, expected) in [
            (Base::NumericEquals, "10.0", "10", Yes),
            (Base::NumericNotEquals, "10.0", "10", Yes),
            (Base::NumericEquals, "10abc", "10", Malformed),
            (Base::NumericNotEquals, "abc", "10", Malformed),
            (Base::NumericEquals, "9007199254740993", "9007199254740992", No),
            (Base::NumericLessThan, "9", "10", Yes),
            (Base::NumericLessThan, "10", "10", No),
            (Base::NumericLessThanEquals, "10", "10", Yes),
            (Base::NumericGreaterThan, "10", "10", No),
            (Base::NumericGreaterThan, "-1", "-2", Yes),
            (Base::NumericGreaterThanEquals, "10", "10", Yes),
            (Base::NumericGreaterThanEquals, "9.99", "10", No),
        ] {
            assert_eq!(compare_number(base, text, operand), expected, "{text} {} {operand}", base.name());
        }
    }

    #[test]
    fn dates() {
        let ten = Instant::parse("2024-05-01T10:00:00Z").unwrap();
        for (base, text, expected) in [
            (Base::DateEquals, "2024-05-01T12:00:00+02:00", Yes),
            (Base::DateEquals, "2024-05-01T10:00:00.1Z", No),
            (Base::DateNotEquals, "2024-05-01T10:00:00", Malformed),
            (Base::DateLessThan, "1714557599", Yes),
            (Base::DateLessThan, "1714557600", No),
            (Base::DateLessThanEquals, "1714557600", Yes),
            (Base::DateGreaterThan, "2025", Yes),
            (Base::DateGreaterThanEquals, "2024", No),
        ] {
            assert_eq!(compare_date(base, text, ten), expected, "{text} {}", base.name());
        }
    }

    #[test]
    fn booleans() {
        for (text, operand, expected) in [
            ("true", "true", Yes),
            ("TRUE", "true", Yes),
            ("false", "False", Yes),
            ("true", "false", No),
            ("false", "true", No),
            ("yes", "true", Malformed),
            ("", "true", Malformed),
            ("true", "1", Malformed),
            ("true", "", Malformed),
            ("true ", "true", Malformed),
        ] {
            assert_eq!(compare_bool(text, literal(operand)), expected, "{text} {operand}");
        }
        let cut = [Part::Literal("tr"), Part::Literal("UE")];
        assert_eq!(compare_bool("true", cut.into_iter()), Yes);
    }

    #[test]
    fn addresses() {
        let range = Cidr::parse("203.0.113.0/24").unwrap();
        for (text, expected) in [
            ("203.0.113.9", Yes),
            ("::ffff:203.0.113.9", Yes),
            ("203.0.114.9", No),
            ("2001:db8::1", No),
            ("203.0.113.09", Malformed),
            ("203.0.113.9:80", Malformed),
        ] {
            assert_eq!(compare_ip(text, &range), expected, "{text}");
        }
    }

    #[test]
    fn bytes() {
        for (text, expected) in
            [("QQ==", Yes), ("Qg==", No), ("", No), ("QQ", Malformed), ("QR==", Malformed), ("A", Malformed)]
        {
            assert_eq!(compare_base64(text, "QQ=="), expected, "{text}");
        }
    }

    #[test]
    fn letter_case() {
        for (operand, text, aws, strict) in [
            ("Team", "tEAM", Yes, Yes),
            ("Team", "Teams", No, No),
            ("Teams", "Team", No, No),
            ("é", "é", Yes, Yes),
            ("É", "é", No, Malformed),
            ("K", "\u{212a}", No, Malformed),
            ("s", "\u{17f}", No, Malformed),
            ("i", "ı", No, No),
            ("I", "ı", No, No),
            ("i", "İ", No, No),
            ("σ", "ς", No, Malformed),
            ("ß", "ẞ", No, Malformed),
            ("ß", "ss", No, No),
            ("µ", "μ", No, Malformed),
            ("*", "x", No, No),
        ] {
            assert_eq!(compare_ignoring_case(Profile::Aws, text, literal(operand)), aws, "{operand} {text}");
            assert_eq!(
                compare_ignoring_case(Profile::Strict, text, literal(operand)),
                strict,
                "{operand} {text}"
            );
        }
    }
}
