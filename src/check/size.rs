//! Sizes and characters that a vendor refuses to store (SEMANTICS A1, A8, I).

use super::Lint;
use crate::ast::{Document, Kind, Limits};
use crate::source::{Diagnostic, Severity, Span};

pub(super) const NO_STATEMENTS: Lint = Lint::new("L007", Severity::Warning, "a policy without statements");
pub(super) const TOO_LARGE: Lint = Lint::new("L008", Severity::Warning, "larger than the vendor stores");
pub(super) const CHARACTERS: Lint =
    Lint::new("L009", Severity::Warning, "a character that IAM does not store");
pub(super) const RESOURCE_TEXT: Lint =
    Lint::new("L010", Severity::Warning, "a Resource too long for an authorizer's answer");

pub(super) fn document(document: &Document, found: &mut Vec<Diagnostic>) {
    if document.statements.is_empty() {
        found.push(
            NO_STATEMENTS
                .at(document.span, "this document has no statements: it allows and denies nothing")
                .help("add a statement, or do not attach the document"),
        );
    }
    let text = &document.source.text;
    let limits = Limits::default();
    if let Some((limit, size)) = limits.exceeded(document.kind, text) {
        let unit = limit.measure.unit();
        found.push(
            TOO_LARGE
                .at(document.span, format!("this document has {size} {unit}; {} is the limit", limit.most))
                .help("split it, merge statements, or use wildcards; limits can be raised for some kinds"),
        );
    }
    let stored_by_iam =
        matches!(document.kind, Kind::Identity | Kind::Boundary | Kind::Session | Kind::Trust);
    // Outside strings JSON has ASCII only, so what is found is always in one.
    let odd = |char: &char| !matches!(char, '\t' | '\n' | '\r' | ' '..='\u{ff}');
    if stored_by_iam && let Some((at, char)) = text.char_indices().find(|(_, char)| odd(char)) {
        found.push(
            CHARACTERS
                .at(
                    Span::new(at, at + char.len_utf8()),
                    format!("IAM does not store the character U+{:04X}", char as u32),
                )
                .help("use characters up to U+00FF"),
        );
    }
    if document.kind == Kind::Authorizer {
        let entries = document.statements.iter().filter_map(|statement| statement.resource.as_ref());
        for entry in entries.flat_map(|clause| &clause.entries) {
            let length = entry.text.chars().count();
            if length > limits.authorizer_resource {
                let most = limits.authorizer_resource;
                found.push(
                    RESOURCE_TEXT
                        .at(
                            entry.span,
                            format!("this `Resource` has {length} characters; API Gateway takes {most}"),
                        )
                        .help("end it earlier with `*`"),
                );
            }
        }
    }
}
