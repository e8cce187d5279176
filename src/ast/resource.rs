//! Entries of `Resource` and `NotResource` (SEMANTICS A14, B3..B6, C2, H3, X3, X4), and the reading of templates.

use super::arn;
use super::code::{
    BAD_DEFAULT, BAD_RESOURCE, BAD_VARIABLE_NAME, EMPTY_VARIABLE, INCOMPLETE_ARN, MISPLACED_VARIABLE,
    MULTIVALUED_VARIABLE, OWN_GUARD, TOO_LARGE, UNCLOSED_VARIABLE, VARIABLE_BEFORE_2012,
};
use super::parse::{Read, Reader, error, quote};
use super::shape::Incomplete;
use super::template::{self, Alive, Fault, Flaw};
use super::{Kind, ResourceEntry, Version};
use crate::source::Span;
use crate::source::json::Node;
use crate::value::{Arity, ArnPattern, Piece, ResourcePattern, Template, has_resource_type};

pub(super) fn entry(reader: &mut Reader<'_>, node: &Node, text: &str) -> Read<ResourceEntry> {
    let span = node.span;
    let most = reader.options.limits.authorizer_resource;
    if reader.is_strict() && reader.options.kind == Kind::Authorizer && text.chars().count() > most {
        let message = format!("a resource of more than {most} characters");
        return Err(reader.refuse(error(
            TOO_LARGE,
            span,
            message,
            "shorten it: API Gateway refuses longer ones",
        )));
    }
    let pattern = resource(reader, span, text)?;
    Ok(ResourceEntry { span, text: text.to_owned(), pattern })
}

fn resource(reader: &mut Reader<'_>, span: Span, text: &str) -> Read<ResourcePattern> {
    if text == "*" {
        return Ok(ResourcePattern::Any);
    }
    count_stars(reader, span, text)?;
    if let Some(path) = text.strip_prefix("execute-api:").filter(|path| path.starts_with('/')) {
        if reader.options.kind == Kind::Api {
            return template(reader, span, text, path, true).map(ResourcePattern::Api);
        }
        let message = format!("short form {} outside of an API's own resource policy", quote(text));
        let help = "write the whole ARN: `arn:aws:execute-api:region:account:api-id/stage/METHOD/path`";
        return Err(reader.refuse(error(BAD_RESOURCE, span, message, help)));
    }
    let Some(fields) = arn::cut(text, reader.version == Version::V2012) else {
        let message = format!("resource {} is neither `*` nor an ARN", quote(text));
        let help = "write `*`, or `arn:partition:service:region:account:resource`";
        return Err(reader.refuse(error(BAD_RESOURCE, span, message, help)));
    };
    let mut capped = false;
    if fields.len() < 5 {
        capped = incomplete(reader, span, text)?;
    }
    let mut patterns: [Template; 5] = core::array::from_fn(|_| Template::any());
    let mut whole = Ok(());
    for (i, (pattern, field)) in patterns.iter_mut().zip(&fields).enumerate() {
        match template(reader, span, text, field, true) {
            Ok(read) => *pattern = read,
            Err(refused) => {
                whole = Err(refused);
                continue;
            }
        }
        if i < 4 && pattern.variables().next().is_some() && (i != 3 || reader.is_strict()) {
            let message = format!("variable in the {} of an ARN", FIELDS.get(i).copied().unwrap_or("field"));
            let help = "variables stand after the fifth colon only; write the field out, or `*`";
            whole =
                Err(reader.refuse(error(MISPLACED_VARIABLE, part(reader, span, text, field), message, help)));
        }
    }
    whole?;
    capped |= confine(reader, &mut patterns);
    Ok(ResourcePattern::Arn { pattern: ArnPattern { fields: patterns }, capped })
}

const FIELDS: [&str; 5] = ["partition", "service", "region", "account", "resource"];

/// What is disputed about wildcards (SEMANTICS B5, X3): true if an Allow must not match.
fn confine(reader: &Reader<'_>, fields: &mut [Template; 5]) -> bool {
    let [partition, service, _, _, resource] = fields;
    let mut capped = service.has_wildcard() || (partition.has_wildcard() && !partition.is_any());
    let of_aws = match partition.as_literal() {
        Some(name) => name == "aws" || name.starts_with("aws-"),
        None => true,
    };
    if of_aws && service.as_literal().is_some_and(has_resource_type) {
        match type_word(resource) {
            TypeWord::Whole => {}
            TypeWord::Cut if reader.is_strict() => capped = true,
            TypeWord::Cut => *resource = plain_type_word(resource),
            TypeWord::Open => capped = true,
        }
    }
    capped && reader.is_strict()
}

/// The first word of a resource field, up to `/` or `:`.
enum TypeWord {
    /// Without wildcard, or just `*`.
    Whole,
    /// With a wildcard, and a separator after it.
    Cut,
    /// With a wildcard, and nothing after it.
    Open,
}

fn separator(text: &str) -> Option<usize> {
    text.find(['/', ':'])
}

fn type_word(resource: &Template) -> TypeWord {
    let mut wildcards = 0;
    let mut others = 0;
    for piece in &resource.pieces {
        match piece {
            Piece::Any | Piece::One => wildcards += 1,
            Piece::Variable(_) => others += 1,
            Piece::Literal(text) => match separator(text) {
                None => others += 1,
                Some(at) => {
                    others += at.min(1);
                    let star = resource.pieces.first() == Some(&Piece::Any) && wildcards == 1 && others == 0;
                    return if wildcards == 0 || star { TypeWord::Whole } else { TypeWord::Cut };
                }
            },
        }
    }
    if wildcards == 0 || resource.is_any() { TypeWord::Whole } else { TypeWord::Open }
}

/// The same with the wildcards of its first word as plain characters.
fn plain_type_word(resource: &Template) -> Template {
    let mut plain = Template::default();
    let mut in_word = true;
    for piece in &resource.pieces {
        in_word &= !matches!(piece, Piece::Literal(text) if separator(text).is_some());
        plain.push(match piece {
            Piece::Any if in_word => Piece::Literal("*".to_owned()),
            Piece::One if in_word => Piece::Literal("?".to_owned()),
            other => other.clone(),
        });
    }
    plain
}

/// Fewer than six fields (SEMANTICS B6, X4): whether an Allow must not match.
fn incomplete(reader: &mut Reader<'_>, span: Span, text: &str) -> Read<bool> {
    match reader.shape.incomplete {
        Incomplete::Fill => return Ok(false),
        Incomplete::FillOrRefuse if !reader.is_strict() => return Ok(false),
        Incomplete::CapOrRefuse if !reader.is_strict() => return Ok(true),
        Incomplete::Refuse | Incomplete::FillOrRefuse | Incomplete::CapOrRefuse => {}
    }
    let filled = format!("{text}{}", ":*".repeat(5_usize.saturating_sub(text.matches(':').count())));
    let message = format!("ARN {} has fewer than six fields", quote(text));
    let help = format!("write all six, {} for example", quote(&filled));
    Err(reader.refuse(error(INCOMPLETE_ARN, span, message, help)))
}

/// SEMANTICS I2.
pub(super) fn count_stars(reader: &mut Reader<'_>, span: Span, text: &str) -> Read<()> {
    let most = reader.options.limits.stars;
    let stars = text.bytes().filter(|byte| *byte == b'*').count();
    if stars <= most {
        return Ok(());
    }
    let help = format!("simplify the pattern: at most {most} are read");
    Err(reader.refuse(error(OWN_GUARD, span, format!("a pattern with {stars} `*`"), help)))
}

/// Wildcards, no variables.
pub(super) fn wildcards_only(text: &str) -> Template {
    // Without variables nothing can be wrong.
    template::read(text, Alive { wildcards: true, variables: false })
        .unwrap_or_else(|_| Template::literal(text))
}

/// Reads a part of a string as far as the document's version has variables.
pub(super) fn template(
    reader: &mut Reader<'_>,
    span: Span,
    text: &str,
    field: &str,
    wildcards: bool,
) -> Read<Template> {
    let variables = reader.version == Version::V2012;
    if !variables && reader.is_strict() && field.contains("${") {
        let message = format!("{} would be plain text in this version", quote(field));
        let help = "add `\"Version\": \"2012-10-17\"`, the version that has variables";
        return Err(reader.refuse(error(
            VARIABLE_BEFORE_2012,
            part(reader, span, text, field),
            message,
            help,
        )));
    }
    let template = match template::read(field, Alive { wildcards, variables }) {
        Ok(template) => template,
        Err(fault) => return Err(flaw(reader, span, text, &fault)),
    };
    let keys = &reader.options.keys;
    let many = template.variables().find(|variable| keys.arity(variable.key.as_str()) == Some(Arity::Many));
    if let Some(variable) = many {
        let message = format!("variable of the multivalued key {}", quote(variable.key.as_str()));
        let help =
            "a variable stands for one text; compare the key itself with `ForAnyValue:` or `ForAllValues:`";
        return Err(reader.refuse(error(
            MULTIVALUED_VARIABLE,
            part(reader, span, text, field),
            message,
            help,
        )));
    }
    Ok(template)
}

fn flaw(reader: &mut Reader<'_>, span: Span, text: &str, fault: &Fault<'_>) -> super::parse::Refused {
    let (code, message, help) = match fault.flaw {
        Flaw::Unclosed | Flaw::Other => (
            UNCLOSED_VARIABLE,
            "`${` without `}`",
            "close the variable, or write `${$}{` for the plain characters",
        ),
        Flaw::Empty => (EMPTY_VARIABLE, "variable without a name", "write `${aws:username}` for example"),
        Flaw::Name => (
            BAD_VARIABLE_NAME,
            "blank or `${` in the name of a variable",
            "write `${key}`; blanks may stand in a tag key only, variables do not nest",
        ),
        Flaw::Default => (
            BAD_DEFAULT,
            "malformed default of a variable",
            "write `${key, 'text'}`: comma, one blank, single quotes, no quote inside",
        ),
    };
    let span = part(reader, span, text, fault.rest);
    reader.refuse(error(code, span, message, help))
}

/// The place of a slice of the text.
fn part(reader: &Reader<'_>, span: Span, text: &str, slice: &str) -> Span {
    let start = (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
    let end = (start + slice.len()).min(text.len());
    reader.inside(span, text, start..end)
}
