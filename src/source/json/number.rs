//! Numbers as one text per value (SEMANTICS A17, D10).

use super::words;
use super::{Code, Diagnostic, Span, shown};

/// More digits than any real policy writes; an exponent that needs more is refused instead of printed.
const MOST_DIGITS: usize = 1_000;

/// The canonical text of a JSON number: no exponent, no needless zeros, no `-0`: `1e3` is `1000`, `10.0` is `10`.
///
/// `text` is a number as [`read`](super::read) keeps it. E009 if its exponent stands for more than 1,000 digits.
pub fn canonical_number(text: &str, span: Span) -> Result<String, Box<Diagnostic>> {
    write_out(text).ok_or_else(|| {
        Box::new(
            Diagnostic::error(
                Code("E009"),
                span,
                words!("number `{}` is too long to be written out", shown(text)),
            )
            .at(words!("stands for more than {MOST_DIGITS} digits"))
            .help("write the number without an exponent"),
        )
    })
}

fn write_out(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let digits = all.trim_start_matches('0');
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    // The point stands behind this many of `digits`; before all of them if negative.
    let point = i64::try_from(whole.len()).ok()? - i64::try_from(all.len() - digits.len()).ok()?;
    let point = point.checked_add(small(exponent)?)?;
    let digits = digits.trim_end_matches('0');
    let count = i64::try_from(digits.len()).ok()?;
    let needed = if point <= 0 { count - point } else { count.max(point) };
    if usize::try_from(needed).ok()? > MOST_DIGITS.max(all.len()) {
        return None;
    }
    let mut out = sign.to_owned();
    match usize::try_from(point) {
        Ok(point) if point > 0 => {
            let (before, after) = digits.split_at_checked(point).unwrap_or((digits, ""));
            out.push_str(before);
            out.extend(core::iter::repeat_n('0', point - before.len()));
            if !after.is_empty() {
                out.push('.');
                out.push_str(after);
            }
        }
        _ => {
            out.push_str("0.");
            out.extend((point..0).map(|_| '0'));
            out.push_str(digits);
        }
    }
    Some(out)
}

/// An exponent of at most six digits, leading zeros aside.
fn small(exponent: &str) -> Option<i64> {
    let (negative, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let digits = digits.trim_start_matches('0');
    if digits.len() > 6 {
        return None;
    }
    let value: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(canonical_number(text, Span::default()).as_deref(), Ok(expected), "{text}");
    }

    #[test]
    fn one_text_per_value() {
        check("0", "0");
        check("-0", "0");
        check("-0.0e-5", "0");
        check("0e999999999999999999999", "0");
        check("10", "10");
        check("10.0", "10");
        check("1.50", "1.5");
        check("-1.5", "-1.5");
        check("1e3", "1000");
        check("1E+3", "1000");
        check("1e003", "1000");
        check("12.5e1", "125");
        check("12.5e2", "1250");
        check("12.5e0", "12.5");
        check("12.5e-1", "1.25");
        check("12.5e-2", "0.125");
        check("12.5e-4", "0.00125");
        check("0.001e3", "1");
        check("0.0015e3", "1.5");
        check("100e-2", "1");
        check("9007199254740993", "9007199254740993");
        check("1e999", &format!("1{}", "0".repeat(999)));
        check("1e-1000", &format!("0.{}1", "0".repeat(999)));
        check(&"7".repeat(5_000), &"7".repeat(5_000));
    }

    #[test]
    fn absurd_exponents_are_refused() {
        for text in [
            "1e1000",
            "1e-1001",
            "1e99999",
            "1e-99999",
            "1e1000000",
            "1e99999999999999999999",
            "-1e-99999999999",
        ] {
            let refusal = canonical_number(text, Span::new(3, 9)).unwrap_err();
            assert_eq!((refusal.code, refusal.span()), (Code("E009"), Span::new(3, 9)), "{text}");
        }
    }
}
