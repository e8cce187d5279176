//! Patterns back to policy text of version 2012-10-17: what a reader sees and what `as_policy` writes.

use crate::value::{ArnPattern, Piece, ResourcePattern, Template};

/// A template as policy text; plain wildcards and `${` are escaped (SEMANTICS B11).
pub(super) fn template(template: &Template) -> String {
    template.pieces.iter().map(piece).collect()
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Literal(text) => escape(text),
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
        Piece::Variable(variable) => match &variable.default {
            Some(default) => format!("${{{}, '{default}'}}", variable.key),
            None => format!("${{{}}}", variable.key),
        },
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            // A `$` that begins nothing is plain (SEMANTICS C1).
            '$' if rest.clone().next().is_some_and(|next| next.is_ascii_alphanumeric()) => out.push('$'),
            '*' | '?' | '$' => out.extend(['$', '{', character, '}']),
            other => out.push(other),
        }
    }
    out
}

/// An ARN pattern as policy text.
pub(super) fn arn(pattern: &ArnPattern) -> String {
    let fields: Vec<String> = pattern.fields.iter().map(template).collect();
    format!("arn:{}", fields.join(":"))
}

/// A resource as policy text; what only an attachment can say stands as `*`.
pub(super) fn resource(pattern: &ResourcePattern) -> String {
    match pattern {
        ResourcePattern::Any | ResourcePattern::Attached => "*".to_owned(),
        ResourcePattern::Arn { pattern, .. } => arn(pattern),
        ResourcePattern::Api(path) => format!("arn:*:execute-api:*:*:*{}", template(path)),
    }
}

/// Appends a JSON string.
pub(super) fn json(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if u32::from(control) < 0x20 => {
                let code = u32::from(control);
                let digit = |shift: u32| char::from_digit(code >> shift & 15, 16).unwrap_or('0');
                out.extend(['\\', 'u', '0', '0', digit(4), digit(0)]);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
