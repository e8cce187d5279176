//! Models: what a caller may do with their records, by operation and by field.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::source::{Diagnostic, Span};

use super::access::access;
use super::{Access, Allow, Condition, Operation, Rule};
use crate::caller::Caller;
use crate::code;
use crate::schema::{Schema, TypeDef};

/// What `@model` says of the operations that there will be.
#[derive(Clone, Debug, Default)]
pub(crate) struct ModelSettings {
    off: BTreeSet<Operation>,
    /// `level: public`: everybody may listen.
    pub(crate) public_subscriptions: Option<Span>,
}

impl ModelSettings {
    pub(crate) fn set(&mut self, operation: Operation, on: bool) {
        if on {
            self.off.remove(&operation);
        } else {
            self.off.insert(operation);
        }
    }
}

/// A type with `@model`.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Of the model; else the global rule; else none.
    pub(crate) rules: Vec<Rule>,
    /// Whether the rules are the global one.
    pub(crate) is_global: bool,
    pub(crate) fields: BTreeMap<String, Field>,
    pub(crate) settings: ModelSettings,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) is_list: bool,
    /// Its own, which stand in for the model's.
    pub(crate) rules: Option<Vec<Rule>>,
    /// Whether Amplify adds it: the schema does not declare it.
    pub(crate) is_added: bool,
}

/// What a caller may do with a model's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelAccess {
    /// The model.
    pub model: String,
    /// By operation, without those that the model switches off. A record may be removed only by who may remove each of its
    /// fields.
    pub operations: BTreeMap<Operation, Access>,
    /// By field.
    pub fields: Vec<ModelField>,
}

/// What a caller may do with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelField {
    /// The field.
    pub field: String,
    /// Whether it has rules of its own.
    pub has_rules: bool,
    /// By operation.
    pub operations: BTreeMap<Operation, Access>,
}

impl Schema {
    /// What a caller may do with the records of each model, by name of model.
    pub fn models(&self, caller: &Caller<'_>) -> Vec<ModelAccess> {
        self.models.iter().map(|model| model.access(self, caller)).collect()
    }
}

impl Model {
    pub(crate) fn rules_of(&self, field: &str) -> &[Rule] {
        self.fields.get(field).and_then(|field| field.rules.as_deref()).unwrap_or(&self.rules)
    }

    pub(crate) fn has_field_rules(&self, field: &str) -> bool {
        self.fields.get(field).is_some_and(|field| field.rules.is_some())
    }

    pub(crate) fn field_access(
        &self,
        schema: &Schema,
        caller: &Caller<'_>,
        field: &str,
        operation: Operation,
    ) -> Access {
        if operation == Operation::Listen && self.settings.public_subscriptions.is_some() {
            return Access::Open;
        }
        let lists: Vec<&str> =
            self.fields.iter().filter(|(_, field)| field.is_list).map(|(name, _)| name.as_str()).collect();
        access(schema, caller, self.rules_of(field), Some(operation), &lists)
    }

    fn access(&self, schema: &Schema, caller: &Caller<'_>) -> ModelAccess {
        let there = || Operation::ALL.into_iter().filter(|operation| !self.settings.off.contains(operation));
        let fields: Vec<ModelField> = self
            .fields
            .keys()
            .map(|name| ModelField {
                field: name.clone(),
                has_rules: self.has_field_rules(name),
                operations: there()
                    .map(|operation| (operation, self.field_access(schema, caller, name, operation)))
                    .collect(),
            })
            .collect();
        let operations = there()
            .map(|operation| {
                let all = fields.iter().filter_map(|field| field.operations.get(&operation));
                let access = if operation == Operation::Delete { every(all) } else { any(all) };
                (operation, access)
            })
            .collect();
        ModelAccess { model: self.name.clone(), operations, fields }
    }
}

/// Each of them must be open: what is removed is removed with all its fields.
fn every<'a>(all: impl Iterator<Item = &'a Access>) -> Access {
    let mut lists: Vec<Vec<Condition>> = Vec::new();
    let mut some = false;
    for access in all {
        some = true;
        match access {
            Access::Open => {}
            Access::Refused => return Access::Refused,
            Access::Records(more) => {
                for list in more {
                    if !lists.contains(list) {
                        lists.push(list.clone());
                    }
                }
            }
        }
    }
    match (some, lists.is_empty()) {
        (false, _) => Access::Refused,
        (true, true) => Access::Open,
        (true, false) => Access::Records(lists),
    }
}

/// One of them must be open.
fn any<'a>(all: impl Iterator<Item = &'a Access>) -> Access {
    let mut conditions: Vec<Condition> = Vec::new();
    for access in all {
        match access {
            Access::Open => return Access::Open,
            Access::Refused => {}
            Access::Records(lists) => {
                for condition in lists.iter().flatten() {
                    if !conditions.contains(condition) {
                        conditions.push(condition.clone());
                    }
                }
            }
        }
    }
    if conditions.is_empty() { Access::Refused } else { Access::Records(vec![conditions]) }
}

/// Models out of types, the rules of types, what `@model` says, and the global rule.
pub(crate) fn models(
    types: &BTreeMap<String, TypeDef>,
    mut auth: BTreeMap<String, (Vec<Rule>, Span)>,
    settings: BTreeMap<String, ModelSettings>,
    global: Option<&Rule>,
    errors: &mut Vec<Diagnostic>,
) -> Vec<Model> {
    for (name, found) in types {
        if !found.is_model {
            for (field, definition) in &found.fields {
                let rules = definition.rules.as_deref().unwrap_or_default();
                errors.extend(rules.iter().filter_map(|rule| without_records(rule, name, field)));
            }
        }
    }
    let mut models = Vec::new();
    for (name, settings) in settings {
        let Some(found) = types.get(&name) else { continue };
        let own = auth.remove(&name).map(|(rules, _)| rules);
        let is_global = own.is_none() && global.is_some();
        let rules = own.unwrap_or_else(|| global.cloned().into_iter().collect());
        let mut fields: BTreeMap<String, Field> = found
            .fields
            .iter()
            .map(|(name, field)| {
                let field = Field { is_list: field.is_list, rules: field.rules.clone(), is_added: false };
                (name.clone(), field)
            })
            .collect();
        let named: Vec<String> = rules
            .iter()
            .chain(fields.values().filter_map(|field| field.rules.as_ref()).flatten())
            .filter_map(|rule| match &rule.allow {
                Allow::Owner { field, .. } | Allow::GroupsOf { field, .. } => Some(field.clone()),
                _ => None,
            })
            .collect();
        for field in named {
            fields.entry(field).or_insert(Field { is_list: false, rules: None, is_added: true });
        }
        models.push(Model { name, span: found.span, rules, is_global, fields, settings });
    }
    for (name, (_, span)) in auth {
        errors.push(
            Diagnostic::error(code::RULE, span, format!("`{name}` has `@auth`, and is no `@model`"))
                .help("put the rules on its fields, or add `@model`"),
        );
    }
    models
}

/// Outside of a model there are no records, and no operations to choose from.
fn without_records(rule: &Rule, name: &str, field: &str) -> Option<Diagnostic> {
    let (message, help) = if rule.operations.is_some() {
        ("`operations` mean nothing outside of a model", "leave them out: the field is the operation")
    } else if matches!(rule.allow, Allow::Owner { .. } | Allow::GroupsOf { .. }) {
        ("the rule asks for a field of a record, and there is no record", "decide it in the field's resolver")
    } else {
        return None;
    };
    let message = format!("{message}: `{name}.{field}`");
    Some(Diagnostic::error(code::RULE, rule.span, message).help(help))
}
