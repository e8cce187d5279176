//! GraphQL text to apollo-compiler's syntax, within limits.

use apollo_compiler::ast;
use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::{Parser, SourceSpan};
use bailiwick::source::{Code, Diagnostic, Diagnostics, Severity, Source, Span};

use crate::code;

/// Bounds on hostile text (SEMANTICS I2).
pub(crate) struct Bounds {
    pub(crate) bytes: usize,
    pub(crate) tokens: usize,
    /// Nesting of selections and of values.
    pub(crate) depth: usize,
}

pub(crate) const SCHEMA: Bounds = Bounds { bytes: 1 << 20, tokens: 300_000, depth: 64 };
pub(crate) const QUERY: Bounds = Bounds { bytes: 256 << 10, tokens: 50_000, depth: 160 };

/// All definitions of a text. No part of it may have been skipped: a definition that is lost takes its directives along.
pub(crate) fn read(source: &Source, bounds: &Bounds) -> Result<ast::Document, Diagnostics> {
    let length = source.text.len();
    if length > bounds.bytes {
        let message = format!("the text is longer than {} bytes", bounds.bytes);
        let diagnostic = Diagnostic::error(code::TOO_LARGE, Span::new(0, 0), message)
            .at(format!("{length} bytes in all"))
            .help("leave out what is not asked about");
        return Err(Diagnostics { source: source.clone(), list: vec![diagnostic] });
    }
    let mut parser = Parser::new().recursion_limit(bounds.depth).token_limit(bounds.tokens);
    match parser.parse_ast(&*source.text, &*source.name) {
        Ok(document) => Ok(document),
        Err(with_errors) => {
            let list = with_errors.errors.iter().map(|error| {
                let message = error.error.to_string();
                let span = span(error.error.location());
                if message.contains("limit reached") {
                    let message = format!(
                        "the text has more than {} tokens, or is nested deeper than {}",
                        bounds.tokens, bounds.depth
                    );
                    Diagnostic::error(code::TOO_LARGE, span, message).help("write it flatter, or in parts")
                } else {
                    Diagnostic::error(code::SYNTAX, span, message.replace('"', "`"))
                        .help("write it as the GraphQL specification has it")
                }
            });
            Err(Diagnostics { source: source.clone(), list: list.take(MOST).collect() })
        }
    }
}

/// So many errors of one text are told.
const MOST: usize = 100;

/// A place of apollo-compiler's.
pub(crate) fn span(span: Option<SourceSpan>) -> Span {
    span.map_or(Span::default(), |span| Span::new(span.offset(), span.end_offset()))
}

/// How many `@` stand in a text outside strings and comments: so many directives must have been read.
pub(crate) fn directives(text: &str) -> usize {
    let mut rest = text;
    let mut count = 0;
    while let Some(at) = rest.find(['@', '#', '"']) {
        let (found, after) = (&rest[at..], &rest[at + 1..]);
        rest = if found.starts_with('@') {
            count += 1;
            after
        } else if found.starts_with('#') {
            after.find(['\n', '\r']).map_or("", |end| &after[end..])
        } else if let Some(block) = found.strip_prefix("\"\"\"") {
            past(block, "\"\"\"", "\\\"\"\"")
        } else {
            past_string(after)
        };
    }
    count
}

/// What follows the end of a block string.
fn past<'a>(mut text: &'a str, end: &str, escaped: &str) -> &'a str {
    loop {
        let Some(at) = text.find(['"', '\\']) else { return "" };
        text = &text[at..];
        if let Some(rest) = text.strip_prefix(escaped) {
            text = rest;
        } else if let Some(rest) = text.strip_prefix(end) {
            return rest;
        } else {
            text = &text[1..];
        }
    }
}

fn past_string(text: &str) -> &str {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return &text[at + 1..],
            '\\' => drop(letters.next()),
            _ => {}
        }
    }
    ""
}

/// A lint.
pub(crate) fn lint(code: Code, severity: Severity, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic { severity, ..Diagnostic::error(code, span, message) }
}

/// Names in back-ticks, parted by commas.
pub(crate) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::directives;

    #[test]
    fn directives_are_counted_outside_strings_and_comments() {
        for (text, count) in [
            ("", 0),
            ("type A @a { b: C @d @e }", 3),
            ("# @a\n@b", 1),
            ("\"@a \\\" @b\" @c", 1),
            ("\"\"\" @a \\\"\"\" @b \" \"\" \"\"\" @c", 1),
            ("\"\" @a \"\"\"\"\"\" @b", 2),
            ("\"\"\" @a", 0),
            ("\" @a", 0),
            ("# @a\r@b", 1),
        ] {
            assert_eq!(directives(text), count, "{text}");
        }
    }
}
