//! Cutting an ARN at its first five colons, those inside variables aside (SEMANTICS B3): `grammar/arn.ebnf`.

use nom::Parser;
use nom::bytes::complete::tag;

use super::template::{Parsed, variable};

/// The fields after `arn`: one to five.
pub(super) type Fields<'a> = smallvec::SmallVec<[&'a str; 5]>;

/// Cuts an ARN; `None` if the text does not start with `arn:`.
pub(super) fn cut(text: &str, variables: bool) -> Option<Fields<'_>> {
    arn(text, variables).ok().map(|(_, fields)| fields)
}

fn arn(input: &str, variables: bool) -> Parsed<'_, Fields<'_>> {
    let (mut rest, _) = tag("arn:").parse(input)?;
    let mut fields = Fields::new();
    while fields.len() < 4 {
        let (after, text) = field(rest, variables);
        fields.push(text);
        match after.strip_prefix(':') {
            Some(next) => rest = next,
            None => return Ok((after, fields)),
        }
    }
    let (rest, text) = resource(rest);
    fields.push(text);
    Ok((rest, fields))
}

/// Partition, service, region or account: up to a colon that no variable holds. Gives what is left, like every parser.
fn field(input: &str, variables: bool) -> (&str, &str) {
    let mut end = 0;
    let mut rest = input;
    while !rest.is_empty() && !rest.starts_with(':') {
        let closed =
            if variables { variable(rest).ok().map(|(after, _)| rest.len() - after.len()) } else { None };
        let step = closed.or_else(|| rest.chars().next().map(char::len_utf8)).unwrap_or(rest.len());
        end += step;
        rest = rest.get(step..).unwrap_or_default();
    }
    (rest, input.get(..end).unwrap_or(input))
}

/// All the rest, its colons included.
fn resource(input: &str) -> (&str, &str) {
    ("", input)
}
