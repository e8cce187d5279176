//! Blanks, numbers and strings.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{digit0, digit1, one_of};
use nom::combinator::{opt, recognize};
use nom::{IResult, Parser};

use super::grammar::{Reader, Step};
use super::words;
use super::{Code, Diagnostic, Span, shown};

/// A run of bytes that pass. Never fails.
fn run(input: &[u8], passes: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let taken: IResult<_, _, ()> = take_while(passes).parse(input);
    taken.unwrap_or((input, &[]))
}

/// What stands behind any blanks.
pub(super) fn blanks(input: &[u8]) -> &[u8] {
    run(input, |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).0
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, without a look at what follows.
fn number_text(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let whole = alt((tag("0"), recognize((one_of("123456789"), digit0))));
    let fraction = (tag("."), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    recognize((opt(tag("-")), whole, opt(fraction), opt(exponent))).parse(input)
}

/// A number; the input begins with `-` or a digit.
pub(super) fn number<'t>(reader: &Reader<'t>, input: &'t [u8]) -> Step<'t, &'t str> {
    let at = reader.offset(input);
    let (_, written) = run(input, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-'));
    match number_text(input) {
        Ok((rest, text)) if text.len() == written.len() => Ok((rest, reader.slice(input, text.len()))),
        _ => {
            let text = reader.slice(input, written.len());
            let digits = text.strip_prefix('-').unwrap_or(text);
            let help = if digits.len() > 1
                && digits.starts_with('0')
                && digits.bytes().all(|b| b.is_ascii_digit())
            {
                "a number has no leading zeros; quote it if it is an identifier, such as an account"
            } else {
                "a number is digits, with a fraction as in `1.5` or an exponent as in `1e3`; anything else is quoted"
            };
            Err(Box::new(
                Diagnostic::error(
                    Code("E006"),
                    Span::new(at, at + text.len()),
                    words!("`{}` is not a number", shown(text)),
                )
                .help(help),
            ))
        }
    }
}

/// A string; the input begins with its opening quote.
pub(super) fn string<'t>(reader: &Reader<'t>, input: &'t [u8]) -> Step<'t, String> {
    let open = reader.offset(input);
    let start = input.get(1..).unwrap_or_default();
    let (mut rest, first) = plain(start);
    let mut out = reader.slice(start, first.len()).to_owned();
    loop {
        match rest {
            [b'"', after @ ..] => return Ok((after, out)),
            [b'\\', ..] => {
                let (after, c) = escape(reader, rest)?;
                out.push(c);
                let (after_run, run) = plain(after);
                out.push_str(reader.slice(after, run.len()));
                rest = after_run;
            }
            _ => return Err(Box::new(broken(open, reader.offset(rest), rest.first().copied()))),
        }
    }
}

/// A run of bytes that stand for themselves.
fn plain(input: &[u8]) -> (&[u8], &[u8]) {
    run(input, |byte| byte != b'"' && byte != b'\\' && byte >= 0x20)
}

/// Why a string ends before its closing quote.
fn broken(open: usize, at: usize, found: Option<u8>) -> Diagnostic {
    let error = |span, message| Diagnostic::error(Code("E005"), span, message);
    match found {
        None => error(Span::new(open, at), "the string does not end".to_owned()).help("close it with `\"`"),
        Some(b'\n' | b'\r') => error(Span::new(open, at), "the string does not end on its line".to_owned())
            .help("close it with `\"`; a line break inside a string is written `\\n`"),
        Some(control) => {
            error(Span::new(at, at + 1), words!("control character U+{control:04X} in a string"))
                .help(words!("write it as `\\u{control:04x}`"))
        }
    }
}

/// The character that an escape stands for; the input begins with its backslash.
fn escape<'t>(reader: &Reader<'t>, input: &'t [u8]) -> Step<'t, char> {
    let c = match input.get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(reader, input),
        _ => {
            let at = reader.offset(input);
            let shown: String = reader.rest(input).chars().take(2).collect();
            let span = Span::new(at, at + shown.len());
            let message = words!("unknown escape `\\{}`", shown.get(1..).unwrap_or_default().escape_debug());
            return Err(Box::new(
                Diagnostic::error(Code("E005"), span, message)
                    .help(r#"the escapes are `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t` and `\uXXXX`"#),
            ));
        }
    };
    Ok((input.get(2..).unwrap_or_default(), c))
}

/// `\uXXXX`, or two of them for a character beyond U+FFFF.
fn unicode<'t>(reader: &Reader<'t>, input: &'t [u8]) -> Step<'t, char> {
    let at = reader.offset(input);
    let error =
        |length, message: String| Diagnostic::error(Code("E005"), Span::new(at, at + length), message);
    let Some((unit, rest)) = code_unit(input) else {
        let digits = input.iter().skip(2).take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
        return Err(Box::new(error(2 + digits, "`\\u` wants four hexadecimal digits".to_owned())));
    };
    let (c, rest) = match (unit, code_unit(rest)) {
        (0xd800..=0xdbff, Some((low @ 0xdc00..=0xdfff, rest))) => {
            (char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)), rest)
        }
        // `None` for half of a pair.
        _ => (char::from_u32(unit), rest),
    };
    c.map(|c| (rest, c)).ok_or_else(|| {
        Box::new(error(6, words!("`\\u{unit:04x}` is half of a surrogate pair")).help(
            "a character beyond U+FFFF is two escapes, as in `\\ud83d\\ude00`, or is written as itself",
        ))
    })
}

fn code_unit(input: &[u8]) -> Option<(u32, &[u8])> {
    let (escape, rest) = input.split_at_checked(6)?;
    let mut unit = 0;
    for digit in escape.strip_prefix(b"\\u")? {
        unit = unit << 4 | char::from(*digit).to_digit(16)?;
    }
    Some((unit, rest))
}
