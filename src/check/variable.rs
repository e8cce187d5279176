//! Variables where they are doubtful (SEMANTICS C4, D18, X5).

use super::{Lint, Scene};
use crate::ast::{OperandValue, Version};
use crate::source::{Diagnostic, Severity};
use crate::value::{Base, Piece, ResourcePattern, Template};

pub(super) const IN_BOOL: Lint = Lint::new("L025", Severity::Warning, "a policy variable under Bool");
pub(super) const IN_KEY: Lint =
    Lint::new("L026", Severity::Error, "a policy variable in the name of a condition key");
pub(super) const WRITABLE: Lint =
    Lint::new("L027", Severity::SecurityWarning, "a path built from a value that the token's bearer chooses");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    for condition in &scene.statement.conditions {
        let key = &condition.key;
        if key.value.as_str().contains("${") && scene.document.version == Version::V2012 {
            found.push(
                IN_KEY
                    .at(key.span, format!("keys take no variables: `{}` is read as it stands", key.value))
                    .help("name the key; a variable may stand in the value: compare the two keys that way round"),
            );
        }
        for operand in condition.operands.iter().filter(|_| condition.operator.value.base == Base::Bool) {
            if let OperandValue::Text(template) = &operand.value
                && template.variables().next().is_some()
            {
                found.push(
                    IN_BOOL
                        .at(
                            operand.span,
                            format!("documents disagree on whether `{}` is substituted here", operand.text),
                        )
                        .help("write `true` or `false`; the strict profile refuses this document"),
                );
            }
        }
    }
    let Some(clause) = scene.statement.resource.as_ref().filter(|_| !scene.options.writable.is_empty())
    else {
        return;
    };
    for entry in &clause.entries {
        let template = match &entry.pattern {
            ResourcePattern::Arn { pattern, .. } => &pattern.fields[4],
            ResourcePattern::Api(template) => template,
            ResourcePattern::Any | ResourcePattern::Attached => continue,
        };
        for key in beside_slash(template).filter(|key| scene.options.writable.iter().any(|name| name == *key))
        {
            found.push(
                WRITABLE
                    .at(
                        entry.span,
                        format!("the bearer of a token chooses `{key}`, and may put a `/` into it"),
                    )
                    .help("build paths from values that only an administrator sets"),
            );
        }
    }
}

/// The keys of variables with a slash right before or after them.
fn beside_slash(template: &Template) -> impl Iterator<Item = &crate::value::KeyName> {
    let pieces = &template.pieces;
    pieces.iter().enumerate().filter_map(move |(at, piece)| {
        let Piece::Variable(variable) = piece else { return None };
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        let near = matches!(before, Some(Piece::Literal(text)) if text.ends_with('/'))
            || matches!(pieces.get(at + 1), Some(Piece::Literal(text)) if text.starts_with('/'));
        near.then_some(&variable.key)
    })
}
