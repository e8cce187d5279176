//! What a schema as a whole may do that its author did not mean.

use std::collections::BTreeSet;

use bailiwick::source::{Diagnostic, Severity};

use super::{FieldDef, Mark, Schema, TypeDef};
use crate::amplify;
use crate::api::Mode;
use crate::code;
use crate::text::lint;

pub(super) fn lints(schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let modes: BTreeSet<Mode> = schema.api.providers().map(crate::api::Provider::mode).collect();
    for mode in modes {
        yields_nothing(schema, mode, &mut found);
    }
    subscriptions(schema, &mut found);
    amplify::lints(schema, &mut found);
    found
}

/// The marks that count for a field: its own, else its type's.
fn marks<'s>(found: &'s TypeDef, field: &'s FieldDef) -> &'s [Mark] {
    if field.marks.is_empty() { &found.marks } else { &field.marks }
}

/// Whether some caller of a mode gets in.
fn opens(schema: &Schema, found: &TypeDef, field: &FieldDef, mode: Mode) -> bool {
    if found.is_model || field.rules.is_some() {
        return true;
    }
    match marks(found, field) {
        [] => schema.api.default_mode() == mode,
        marks => {
            marks.iter().any(|mark| mark.mode == mode && mark.groups.as_ref().is_none_or(|it| !it.is_empty()))
        }
    }
}

/// L082: a field is marked for a mode, and nothing of what it returns is open to that mode.
fn yields_nothing(schema: &Schema, mode: Mode, lints: &mut Vec<Diagnostic>) {
    let open = |parent: &str, name: &str| {
        let found = schema.types.get(parent);
        found.is_some_and(|found| {
            found.fields.get(name).is_some_and(|field| opens(schema, found, field, mode))
        })
    };
    let yields = schema.yielding(&open);
    for (parent, found) in &schema.types {
        for (name, field) in &found.fields {
            let Some(mark) = field.marks.iter().find(|mark| mark.mode == mode) else { continue };
            let result = field.result.as_str();
            if schema.kind(result).is_composite() && !yields.contains(result) && open(parent, name) {
                let message = format!(
                    "`{parent}.{name}` is open to {}, and nothing of `{result}` is: a query gets null",
                    mode.name()
                );
                let place = schema.types.get(result).map(|result| result.span).unwrap_or_default();
                lints.push(
                    lint(code::YIELDS_NOTHING, Severity::Warning, mark.span, message)
                        .label(place, "not marked for it")
                        .help(format!(
                            "mark `{result}`, or some of its fields, with `@{}`",
                            mode.directive()
                        )),
                );
            }
        }
    }
}

/// L083: a subscription without a rule of its own hears of a mutation that has one.
fn subscriptions(schema: &Schema, lints: &mut Vec<Diagnostic>) {
    let types = |name: &Option<String>| name.as_ref().and_then(|name| schema.types.get(name));
    let (Some(subscription), Some(mutation)) =
        (types(&schema.roots.subscription), types(&schema.roots.mutation))
    else {
        return;
    };
    for (name, field) in &subscription.fields {
        if field.rules.is_some() || !marks(subscription, field).is_empty() {
            continue;
        }
        for (heard, span) in &field.subscribes {
            let Some(source) = mutation.fields.get(heard) else { continue };
            if let Some(mark) = marks(mutation, source).first() {
                let message = format!(
                    "every token of {} may hear what `{heard}` publishes: `{name}` has no rule of its own",
                    schema.api.default_mode().name()
                );
                lints.push(
                    lint(code::SUBSCRIPTION, Severity::Suggestion, *span, message)
                        .label(mark.span, "the mutation's rule, which does not reach the subscription")
                        .help("mark the subscription for those who may listen"),
                );
            }
        }
    }
}
