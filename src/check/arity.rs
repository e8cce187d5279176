//! Set prefixes and how many values a key has (SEMANTICS D7, D8, X18).

use super::{Lint, Scene};
use crate::ast::Condition;
use crate::source::{Diagnostic, Severity};
use crate::value::{Arity, Base};

pub(super) const PREFIX_MISSING: Lint =
    Lint::new("L028", Severity::Error, "a multivalued key without ForAllValues or ForAnyValue");
pub(super) const PREFIX_ON_SINGLE: Lint =
    Lint::new("L029", Severity::Warning, "ForAllValues or ForAnyValue on a single-valued key");
pub(super) const PREFIX_MISSING_BY_CATALOGUE: Lint =
    Lint::new("L030", Severity::Warning, "a key that its service lists as multivalued, without a set prefix");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    for condition in &scene.statement.conditions {
        let operator = condition.operator.value;
        // `Null` tests presence: it needs no prefix, and takes none (L032).
        if operator.base == Base::Null {
            continue;
        }
        let key = &condition.key;
        let (arity, listed) = arity(scene, condition);
        match (operator.set, arity) {
            (None, Some(Arity::Many)) if listed => found.push(
                PREFIX_MISSING_BY_CATALOGUE
                    .at(
                        key.span,
                        format!("`{}` is listed as multivalued and has no set prefix here", key.value),
                    )
                    .help(format!("write `ForAnyValue:{operator}` or `ForAllValues:{operator}`")),
            ),
            (None, Some(Arity::Many)) => found.push(
                PREFIX_MISSING
                    .at(
                        key.span,
                        format!("`{}` is multivalued: without a set prefix this never matches", key.value),
                    )
                    .help(format!("write `ForAnyValue:{operator}` or `ForAllValues:{operator}`")),
            ),
            (Some(set), Some(Arity::One)) => found.push(
                PREFIX_ON_SINGLE
                    .at(
                        key.span,
                        format!("`{}` has one value; `{}` is for keys with several", key.value, set.name()),
                    )
                    .help(format!("write `{}`", crate::value::Operator { set: None, ..operator })),
            ),
            _ => {}
        }
    }
}

/// What is known, and whether only the catalogue says so.
fn arity(scene: &Scene<'_>, condition: &Condition) -> (Option<Arity>, bool) {
    let name = condition.key.value.as_str();
    if let Some(arity) = scene.options.keys.arity(name) {
        return (Some(arity), false);
    }
    let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
    let service = scene.options.catalogue.and_then(|catalogue| catalogue.service(prefix));
    (service.and_then(|service| service.key(name)).map(|key| key.arity), true)
}
