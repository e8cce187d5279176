//! Exact decimals (SEMANTICS D11).

use core::cmp::Ordering;

/// An exact decimal number of any length; its canonical text is all that it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    text: Box<str>,
}

impl Decimal {
    /// Optional sign, digits, optional fraction; nothing else. `None` for exponents, blanks, `.5`, `5.`, `NaN`.
    pub fn parse(text: &str) -> Option<Self> {
        let Digits { negative, whole, fraction } = Digits::cut(text)?;
        let sign = if negative { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Some(Self { text: [sign, whole, point, fraction].concat().into() })
    }

    /// The canonical text: no `+`, no `-0`, no needless zeros. [`parse`](Self::parse) reads it back.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn digits(&self) -> Digits<'_> {
        // The canonical text is a decimal.
        Digits::cut(&self.text).unwrap_or(Digits { negative: false, whole: "", fraction: "" })
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.digits().cmp(&other.digits())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl core::fmt::Display for Decimal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Compares two decimal texts without allocation; `None` if either is not one.
pub(super) fn compare_decimal_texts(left: &str, right: &str) -> Option<Ordering> {
    Some(Digits::cut(left)?.cmp(&Digits::cut(right)?))
}

/// A decimal text cut up: no leading zeros before, no trailing zeros behind the point. Zero is not negative.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Digits<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Digits<'a> {
    fn cut(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(cut) => cut,
            None => (digits, ""),
        };
        let only_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !only_digits(whole) || !only_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        Some(Self { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction })
    }

    fn cmp(&self, other: &Self) -> Ordering {
        // Without leading zeros the longer one is larger; without trailing zeros fractions order like words.
        let size = || {
            (self.whole.len(), self.whole, self.fraction).cmp(&(
                other.whole.len(),
                other.whole,
                other.fraction,
            ))
        };
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(),
            (true, true) => size().reverse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_a_decimal() {
        for (text, canonical) in [
            ("0", "0"),
            ("-0", "0"),
            ("+0.00", "0"),
            ("010", "10"),
            ("10.0", "10"),
            ("+7", "7"),
            ("-7.50", "-7.5"),
            ("0.5", "0.5"),
            ("00.05", "0.05"),
            ("9007199254740993", "9007199254740993"),
        ] {
            let decimal = Decimal::parse(text).unwrap();
            assert_eq!(decimal.as_str(), canonical);
            assert_eq!(Decimal::parse(canonical), Some(decimal));
        }
    }

    #[test]
    fn what_is_not() {
        for text in [
            "", "-", "+", ".", "5.", ".5", "-.5", "1e3", " 1", "1 ", "1_000", "0x10", "NaN", "inf", "--1",
            "+-1", "1.2.3", "10abc", "1,5", "٣", "1.-5", "1-", "−1",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn order_is_exact() {
        let ascending = [
            "-100",
            "-99.5",
            "-99.49",
            "-1",
            "-0.001",
            "0",
            "0.001",
            "0.01",
            "0.011",
            "1",
            "9.9",
            "10",
            "9007199254740992",
            "9007199254740993",
            "123456789012345678901234567890.1",
        ];
        for (i, left) in ascending.iter().enumerate() {
            for (j, right) in ascending.iter().enumerate() {
                assert_eq!(compare_decimal_texts(left, right), Some(i.cmp(&j)), "{left} {right}");
                assert_eq!(Decimal::parse(left).unwrap().cmp(&Decimal::parse(right).unwrap()), i.cmp(&j));
            }
        }
        assert_eq!(compare_decimal_texts("10", "ten"), None);
    }

    proptest! {
        #[test]
        fn orders_like_scaled_integers(a in -9_999i64..9_999, b in -9_999i64..9_999, zeros in 0usize..3) {
            let text = |n: i64| {
                let sign = if n < 0 { "-" } else { "" };
                format!("{sign}{}{}.{:02}{}", "0".repeat(zeros), n.abs() / 100, n.abs() % 100, "0".repeat(zeros))
            };
            prop_assert_eq!(compare_decimal_texts(&text(a), &text(b)), Some(a.cmp(&b)));
        }
    }
}
