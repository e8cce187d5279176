//! Policy text with wildcards, variables and escapes (SEMANTICS B4, B11, C1, C7): `grammar/variable.ebnf`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{cut, map, opt, value};
use nom::error::{ErrorKind, ParseError};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

use crate::value::{KeyName, Piece, Template, Variable};

/// What a grammar's function gives.
pub(super) type Parsed<'a, T> = IResult<&'a str, T, Fault<'a>>;

/// What is alive in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alive {
    /// `*` and `?`.
    pub(super) wildcards: bool,
    /// Variables and escapes; never before version 2012-10-17 (SEMANTICS A5).
    pub(super) variables: bool,
}

/// Why a text is no template, and where it stops being one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault<'a> {
    /// What is left from there.
    pub(super) rest: &'a str,
    /// What is wrong.
    pub(super) flaw: Flaw,
}

/// What is wrong with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// `${` without `}`.
    Unclosed,
    /// `${}`.
    Empty,
    /// A blank, or another `${`, in the name.
    Name,
    /// Not `, 'text'`.
    Default,
    /// Another alternative may fit.
    Other,
}

impl<'a> ParseError<&'a str> for Fault<'a> {
    fn from_error_kind(rest: &'a str, _: ErrorKind) -> Self {
        Self { rest, flaw: Flaw::Other }
    }

    fn append(_: &'a str, _: ErrorKind, other: Self) -> Self {
        other
    }
}

fn fail<T>(rest: &str, flaw: Flaw) -> Parsed<'_, T> {
    Err(nom::Err::Failure(Fault { rest, flaw }))
}

/// Reads the whole text.
pub(super) fn read(text: &str, alive: Alive) -> Result<Template, Fault<'_>> {
    match template(text, alive) {
        Ok((_, template)) => Ok(template),
        Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => Err(fault),
        Err(nom::Err::Incomplete(_)) => Err(Fault { rest: text, flaw: Flaw::Other }),
    }
}

fn template(text: &str, alive: Alive) -> Parsed<'_, Template> {
    let mut template = Template::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (after, piece) = piece(rest, alive)?;
        template.push(piece);
        rest = after;
    }
    Ok((rest, template))
}

fn piece(input: &str, alive: Alive) -> Parsed<'_, Piece> {
    let literal = |text: &str| Piece::Literal(text.to_owned());
    if alive.variables && input.starts_with("${") {
        return alt((escape, variable)).parse(input);
    }
    if alive.wildcards {
        return alt((wildcard, map(plain, literal))).parse(input);
    }
    let stray = |input| map(one_of("*?"), |char: char| Piece::Literal(char.to_string())).parse(input);
    alt((stray, map(plain, literal))).parse(input)
}

/// Neither wildcard nor the start of a variable.
fn plain(input: &str) -> Parsed<'_, &str> {
    alt((take_while1(|char| !matches!(char, '$' | '*' | '?')), tag("$"))).parse(input)
}

fn wildcard(input: &str) -> Parsed<'_, Piece> {
    alt((value(Piece::Any, char('*')), value(Piece::One, char('?')))).parse(input)
}

/// Stands for a plain character and never opens anything again (SEMANTICS B11).
fn escape(input: &str) -> Parsed<'_, Piece> {
    map(delimited(tag("${"), one_of("*?$"), char('}')), |char| Piece::Literal(char.to_string())).parse(input)
}

pub(super) fn variable(input: &str) -> Parsed<'_, Piece> {
    let (after, (key, text)) =
        preceded(tag("${"), cut((name, opt(default)))).parse(input).map_err(|error| {
            // The whole variable is to blame, not the end of the text.
            error.map(|fault| match fault.flaw {
                Flaw::Unclosed => Fault { rest: input, ..fault },
                _ => fault,
            })
        })?;
    let Some(after_brace) = after.strip_prefix('}') else {
        return if after.is_empty() && text.is_none() {
            fail(input, Flaw::Unclosed)
        } else {
            fail(after, Flaw::Default)
        };
    };
    Ok((after_brace, Piece::Variable(Variable { key: KeyName::new(key), default: text.map(str::to_owned) })))
}

/// A key, up to the comma or brace. Blanks may stand in a tag key only: after the first slash.
fn name(input: &str) -> Parsed<'_, &str> {
    let (after, name) = take_till(|char| matches!(char, ',' | '}')).parse(input)?;
    let before_slash = name.split('/').next().unwrap_or(name);
    if after.is_empty() {
        fail(input, Flaw::Unclosed)
    } else if name.is_empty() {
        fail(input, Flaw::Empty)
    } else if name.contains("${") || before_slash.contains(char::is_whitespace) {
        fail(input, Flaw::Name)
    } else {
        Ok((after, name))
    }
}

/// Literal text in single quotes, no quote inside (SEMANTICS C7).
fn default(input: &str) -> Parsed<'_, &str> {
    let quoted = terminated(take_till(|char| char == '\''), char('\''));
    match preceded((char(','), cut(tag(" '"))), cut(quoted)).parse(input) {
        Err(nom::Err::Failure(_)) => fail(input, Flaw::Default),
        other => other,
    }
}
