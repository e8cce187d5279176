//! Which language a document speaks (SEMANTICS A5, X1).

use super::Lint;
use crate::ast::{Document, OperandValue, Version};
use crate::source::{Diagnostic, Severity};
use crate::value::ResourcePattern;

pub(super) const MISSING: Lint = Lint::new("L001", Severity::Warning, "no Version");
pub(super) const VARIABLE_BEFORE_2012: Lint =
    Lint::new("L002", Severity::Error, "a policy variable before Version 2012-10-17");

pub(super) fn document(document: &Document, found: &mut Vec<Diagnostic>) {
    if document.version_span.is_none() {
        found.push(
            MISSING
                .at(document.span, "this document has no `Version`, which means 2008-10-17")
                .help("add `\"Version\": \"2012-10-17\"`"),
        );
    }
    if document.version == Version::V2012 {
        return;
    }
    for statement in &document.statements {
        let resources = statement.resource.iter().flat_map(|clause| &clause.entries);
        let resources = resources
            .filter(|entry| !matches!(entry.pattern, ResourcePattern::Any))
            .map(|entry| (entry.span, &entry.text));
        let operands = statement.conditions.iter().flat_map(|condition| &condition.operands);
        let operands = operands
            .filter(|operand| matches!(operand.value, OperandValue::Text(_) | OperandValue::Arn(_)))
            .map(|operand| (operand.span, &operand.text));
        for (span, text) in resources.chain(operands) {
            if text.contains("${") {
                found.push(
                    VARIABLE_BEFORE_2012
                        .at(
                            span,
                            format!(
                                "`{text}` is plain text here: variables exist since `Version` 2012-10-17"
                            ),
                        )
                        .help("write `\"Version\": \"2012-10-17\"`"),
                );
            }
        }
    }
}
