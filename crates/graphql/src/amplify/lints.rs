//! What a model's rules open that their author may not have meant.

use std::collections::BTreeSet;

use bailiwick::source::{Diagnostic, Severity};

use super::{Allow, Model, Operation, Rule};
use crate::code;
use crate::schema::Schema;
use crate::text::lint;

pub(crate) fn lints(schema: &Schema, found: &mut Vec<Diagnostic>) {
    let own = schema.models.iter().filter(|model| !model.is_global).flat_map(|model| &model.rules);
    let fields = schema
        .types
        .values()
        .flat_map(|found| found.fields.values())
        .filter_map(|field| field.rules.as_ref());
    for rule in own.chain(fields.flatten()) {
        no_such_mode(schema, rule, found);
    }
    for model in &schema.models {
        public(model, found);
        owner_moves(model, found);
    }
}

/// L081: the rule is for a mode that the API does not take.
fn no_such_mode(schema: &Schema, rule: &Rule, lints: &mut Vec<Diagnostic>) {
    if !schema.api.has(rule.mode) {
        let message = format!("the API does not take {}, so the rule opens to nobody", rule.mode.name());
        lints.push(
            lint(code::NO_SUCH_MODE, Severity::Warning, rule.span, message)
                .help("add the mode to the API, or write another `provider`"),
        );
    }
}

/// L089: records are open to everybody by a switch, not by a rule.
fn public(model: &Model, lints: &mut Vec<Diagnostic>) {
    if let Some(span) = model.settings.public_subscriptions {
        let message = format!("everybody may listen to `{}`, whatever its rules say", model.name);
        lints.push(
            lint(code::PUBLIC_SWITCH, Severity::SecurityWarning, span, message)
                .help("write `level: on`: then the rules count for subscriptions too"),
        );
    }
    if model.is_global {
        let message =
            format!("`{}` has no rules of its own, so the global rule opens it to everybody", model.name);
        lints.push(
            lint(code::PUBLIC_SWITCH, Severity::SecurityWarning, model.span, message)
                .help("write `@auth` on it, and remove `globalAuthRule` before others use the API"),
        );
    }
}

/// L088: who owns a record may give it to somebody else, or take others in.
fn owner_moves(model: &Model, lints: &mut Vec<Diagnostic>) {
    let updates = |rule: &Rule| rule.operations.as_ref().is_none_or(|list| list.contains(&Operation::Update));
    let mut told = BTreeSet::new();
    for rule in model.rules.iter().filter(|rule| updates(rule)) {
        let Allow::Owner { field, .. } = &rule.allow else { continue };
        let may = model.rules_of(field).iter().any(|other| {
            matches!(&other.allow, Allow::Owner { field: of, .. } if of == field) && updates(other)
        });
        if may && told.insert(field) {
            let message =
                format!("the owner of a `{}` may change `{field}`, and so give it away", model.name);
            let declared = model.fields.get(field).is_some_and(|field| !field.is_added);
            let help = if declared {
                format!(
                    "add to `{field}`: `@auth(rules: [{{ allow: owner, operations: [create, read, delete] }}])`"
                )
            } else {
                format!(
                    "declare it: `{field}: String @auth(rules: [{{ allow: owner, operations: [create, read, delete] }}])`"
                )
            };
            lints.push(lint(code::OWNER_MOVES, Severity::Warning, rule.span, message).help(help));
        }
    }
}
