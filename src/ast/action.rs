//! Entries of `Action` and `NotAction` (SEMANTICS A13, C2): `grammar/pattern.ebnf`.

use nom::Parser;
use nom::bytes::complete::take_while1;
use nom::character::complete::char;
use nom::combinator::all_consuming;
use nom::sequence::separated_pair;

use super::ActionPattern;
use super::code::{BAD_ACTION, FORBIDDEN_ACTION, MISPLACED_VARIABLE};
use super::parse::{Read, Reader, error, quote};
use super::resource::{count_stars, wildcards_only};
use super::template::Parsed;
use super::{Kind, parse::Refused};
use crate::source::json::Node;
use crate::value::Template;

pub(super) fn entry(reader: &mut Reader<'_>, node: &Node, text: &str) -> Read<ActionPattern> {
    let span = node.span;
    let pattern = |service, name| ActionPattern { span, text: text.to_owned(), service, name };
    if text == "*" {
        return Ok(pattern(None, Template::any()));
    }
    if let Some(at) = text.find("${") {
        let span = reader.inside(span, text, at..at + 2);
        let message = format!("variable in action {}", quote(text));
        let help = "actions take no variables; name the actions, or put the test into a condition";
        return Err(reader.refuse(error(MISPLACED_VARIABLE, span, message, help)));
    }
    count_stars(reader, span, text)?;
    let Ok((_, (service, name))) = all_consuming(action).parse(text) else {
        return Err(refuse(reader, node, text));
    };
    if reader.is_strict() && reader.options.kind == Kind::Trust && !service.eq_ignore_ascii_case("sts") {
        let message = format!("action {} in a role trust policy", quote(text));
        return Err(reader.refuse(error(
            FORBIDDEN_ACTION,
            span,
            message,
            "only actions of `sts` hand out a role",
        )));
    }
    Ok(pattern(Some(wildcards_only(service)), wildcards_only(name)))
}

/// `service:name`.
fn action(input: &str) -> Parsed<'_, (&str, &str)> {
    separated_pair(service, char(':'), name).parse(input)
}

fn service(input: &str) -> Parsed<'_, &str> {
    take_while1(|char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | '*' | '?'))
        .parse(input)
}

/// Anything without a colon: odd names match no action, which a lint tells (SEMANTICS A13).
fn name(input: &str) -> Parsed<'_, &str> {
    nom::bytes::complete::take_while(|char| char != ':').parse(input)
}

fn refuse(reader: &mut Reader<'_>, node: &Node, text: &str) -> Refused {
    let (message, help) = match text.matches(':').count() {
        0 => ("has no service", "write `service:Name`, `s3:GetObject` for example, or `*`"),
        1 => ("has no proper service", "a service is letters, digits and hyphens: `s3:GetObject`"),
        _ => ("has more than one colon", "write `service:Name` with exactly one colon"),
    };
    reader.refuse(error(BAD_ACTION, node.span, format!("action {} {message}", quote(text)), help))
}
