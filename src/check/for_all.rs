//! Set prefixes that are true of nothing (SEMANTICS D3, D6, D17).

use super::{Lint, Scene};
use crate::ast::{Condition, OperandValue, Statement};
use crate::source::{Diagnostic, Severity};
use crate::value::{Base, Effect, SetOperator};

pub(super) const OPEN_WHEN_MISSING: Lint =
    Lint::new("L031", Severity::SecurityWarning, "Allow with ForAllValues and no presence check");
pub(super) const NULL_WITH_PREFIX: Lint = Lint::new("L032", Severity::Error, "Null with a set prefix");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    for condition in &statement.conditions {
        let operator = condition.operator.value;
        let key = &condition.key.value;
        match (operator.base, operator.set) {
            (Base::Null, Some(set)) => {
                let always = if set == SetOperator::ForAllValues { "true" } else { "false" };
                found.push(
                    NULL_WITH_PREFIX
                        .at(
                            condition.operator.span,
                            format!("`{operator}` is always {always}, whatever the request"),
                        )
                        .help("write `Null`; it takes multivalued keys as they are"),
                );
            }
            (_, Some(SetOperator::ForAllValues))
                if statement.effect.value == Effect::Allow && !demands(statement, condition) =>
            {
                found.push(
                    OPEN_WHEN_MISSING
                        .at(condition.key.span, format!("this is true of every request without `{key}`"))
                        .help(format!("add `\"Null\": {{ \"{key}\": \"false\" }}` to demand a value")),
                );
            }
            _ => {}
        }
    }
}

/// Whether the statement applies only where the key of a condition has a value.
fn demands(statement: &Statement, of: &Condition) -> bool {
    statement.conditions.iter().filter(|condition| condition.key.value == of.key.value).any(|condition| {
        let operator = condition.operator.value;
        match (operator.base, operator.set) {
            (Base::Null, None) => {
                !condition.operands.is_empty()
                    && condition.operands.iter().all(|operand| operand.value == OperandValue::Null(false))
            }
            (Base::Null, Some(_)) | (_, Some(SetOperator::ForAllValues)) => false,
            (_, Some(SetOperator::ForAnyValue)) => true,
            (base, None) => !base.is_negated() && !operator.if_exists,
        }
    })
}
