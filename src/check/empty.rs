//! Things with nothing in them (SEMANTICS A11, A17, D6, X10).

use super::{Lint, Scene};
use crate::source::{Diagnostic, Severity};

pub(super) const LIST: Lint =
    Lint::new("L011", Severity::Warning, "an empty list: the statement never applies");
pub(super) const CONDITION: Lint =
    Lint::new("L012", Severity::Suggestion, "an empty condition tests nothing");
pub(super) const VALUES: Lint = Lint::new("L013", Severity::Warning, "a condition key without values");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    let lists = [
        ("Principal", statement.principal.as_ref().map(|clause| (clause.span, clause.entries.is_empty()))),
        ("Action", Some((statement.action.span, statement.action.entries.is_empty()))),
        ("Resource", statement.resource.as_ref().map(|clause| (clause.span, clause.entries.is_empty()))),
    ];
    for (element, clause) in lists {
        if let Some((span, true)) = clause {
            found.push(
                LIST.at(span, format!("`{element}` lists nothing, so this statement never applies"))
                    .help("list what is meant, or remove the statement"),
            );
        }
    }
    for condition in statement.conditions.iter().filter(|condition| condition.operands.is_empty()) {
        found.push(
            VALUES
                .at(condition.span, format!("`{}` is compared with no value", condition.key.value))
                .help("list the values, or use `Null` to test whether the key is there"),
        );
    }
    let nothing = statement.conditions.is_empty() && statement.empty_operators.is_empty();
    let whole = statement.condition_span.filter(|_| nothing);
    for span in whole.into_iter().chain(statement.empty_operators.iter().map(|operator| operator.span)) {
        found.push(
            CONDITION
                .at(span, "this tests nothing: the statement applies without it just as well")
                .help("remove it, or say what is to be tested"),
        );
    }
}
