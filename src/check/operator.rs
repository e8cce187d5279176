//! Spelling of operators (SEMANTICS A4).

use super::{Lint, Scene};
use crate::source::{Diagnostic, Severity};

pub(super) const LETTER_CASE: Lint =
    Lint::new("L014", Severity::Suggestion, "an operator in other letter case than documented");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let mut last = None;
    for operator in scene.statement.conditions.iter().map(|condition| &condition.operator) {
        // One for each key: the operator is written once.
        if last.replace(operator.span) == Some(operator.span) {
            continue;
        }
        let written = scene.text(operator.span).trim_matches('"');
        let documented = operator.value.to_string();
        if written != documented && written.eq_ignore_ascii_case(&documented) {
            found.push(
                LETTER_CASE
                    .at(operator.span, format!("`{written}` is documented as `{documented}`"))
                    .help(format!("write `{documented}`; other readers may refuse the other spelling")),
            );
        }
    }
}
