//! What `@model` and `input AMPLIFY` switch on and off.

use apollo_compiler::ast::{Directive, InputValueDefinition, Value};
use apollo_compiler::{Name, Node};
use bailiwick::source::Diagnostic;

use super::read::rule;
use super::{Allow, ModelSettings, Operation, Rule};
use crate::code;
use crate::text::span;

/// `input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }`: for models without rules. Amplify takes no other.
pub(crate) fn global_rule(
    inputs: &[Node<InputValueDefinition>],
    errors: &mut Vec<Diagnostic>,
) -> Option<Rule> {
    let input = inputs.iter().find(|input| input.name == "globalAuthRule")?;
    let rule = rule(input.default_value.as_ref()?, errors).ok()?;
    if rule.allow == Allow::Public {
        return Some(rule);
    }
    errors.push(
        Diagnostic::error(code::RULE, rule.span, "the global rule can only be `{ allow: public }`")
            .help("write rules on the models instead"),
    );
    None
}

/// `@model(queries: ..., mutations: ..., subscriptions: ...)`: which operations there will be.
pub(crate) fn model_settings(directive: &Node<Directive>, errors: &mut Vec<Diagnostic>) -> ModelSettings {
    let mut settings = ModelSettings::default();
    let off = |value: &Node<Value>, name: &str| {
        value.is_null()
            || value
                .as_object()
                .is_some_and(|members| members.iter().any(|(key, value)| key == name && value.is_null()))
    };
    for argument in &directive.arguments {
        let value = &argument.value;
        match argument.name.as_str() {
            "queries" => {
                for operation in [Operation::Get, Operation::List, Operation::Sync] {
                    settings.set(operation, !off(value, operation.name()));
                }
                // Without any query there is none of DataStore's either.
                settings.set(Operation::Search, !value.is_null());
            }
            "mutations" => {
                for operation in [Operation::Create, Operation::Update, Operation::Delete] {
                    settings.set(operation, !off(value, operation.name()));
                }
            }
            "subscriptions" => {
                let level =
                    value.as_object().and_then(|members| members.iter().find(|(key, _)| key == "level"));
                match level.and_then(|(_, level)| level.as_enum()).map(Name::as_str) {
                    Some("off") => settings.set(Operation::Listen, false),
                    Some("public") => settings.public_subscriptions = Some(span(argument.location())),
                    Some("on") => {}
                    _ if value.is_null() => settings.set(Operation::Listen, false),
                    _ if level.is_none() && value.as_object().is_some() => {}
                    _ => errors.push(
                        Diagnostic::error(
                            code::RULE,
                            span(argument.location()),
                            "this is no `subscriptions` of `@model`",
                        )
                        .help("write `subscriptions: { level: off }`, `on` or `public`, or `null`"),
                    ),
                }
            }
            "timestamps" => {}
            other => errors.push(
                Diagnostic::error(
                    code::RULE,
                    span(argument.location()),
                    format!("`@model` has no `{other}`"),
                )
                .help("it has `queries`, `mutations`, `subscriptions`, `timestamps`"),
            ),
        }
    }
    settings
}
