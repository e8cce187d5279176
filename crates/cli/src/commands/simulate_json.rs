//! What a principal can do, as data.

use bailiwick::explore::{Can, Row, Rule};
use serde_json::{Value, json};

use super::simulate_table::why;
use crate::diagnostics::span_json;
use crate::output::{self, Format};
use crate::question::{Scene, who};

/// All of it; rows, `except` and `within` speak of `rules` by position.
pub(crate) fn document(scene: &Scene, found: &Can) -> String {
    let cut: Vec<Value> = found
        .cut
        .iter()
        .map(|cut| {
            json!({
                "service": cut.service,
                "actions": cut.actions.iter().map(|action| &action.name).collect::<Vec<_>>(),
                "by": cut.by,
                "why": why(found, cut),
            })
        })
        .collect();
    let value = json!({
        "schema": "bailiwick/simulate/1",
        "principal": principal(scene),
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
        "cut": cut,
        "rules": found.rules.iter().map(rule).collect::<Vec<_>>(),
    });
    output::json(&value, Format::Json)
}

/// One row a line, with its grant, denies and ceilings in full.
pub(crate) fn lines(found: &Can) -> String {
    let mut text = String::new();
    for one in &found.rows {
        let mut value = row(one);
        if let Some(members) = value.as_object_mut() {
            members.shift_insert(0, "schema".to_owned(), "bailiwick/row/1".into());
            members.insert("by".to_owned(), one.by.and_then(|by| found.rules.get(by)).map(rule).into());
            let except: Vec<Value> =
                one.except.iter().filter_map(|at| found.rules.get(*at)).map(rule).collect();
            members.insert("except".to_owned(), except.into());
            let within: Vec<Value> = one
                .within
                .iter()
                .map(|within| {
                    let rules: Vec<Value> =
                        within.rules.iter().filter_map(|at| found.rules.get(*at)).map(rule).collect();
                    json!({
                        "layer": within.layer.name(),
                        "level": within.level,
                        "endpoint": within.endpoint,
                        "rules": rules,
                    })
                })
                .collect();
            members.insert("within".to_owned(), within.into());
        }
        text.push_str(&output::json(&value, Format::Jsonl));
    }
    text
}

/// Who it is.
pub(crate) fn principal(scene: &Scene) -> Value {
    let context: serde_json::Map<String, Value> =
        scene.principal.context.iter().map(|(key, value)| (key.to_owned(), context_value(value))).collect();
    let chain: Vec<Value> = scene
        .identified
        .iter()
        .flat_map(|identified| &identified.chain)
        .map(|step| json!({ "step": step.name, "passed": step.passed, "outcome": step.outcome }))
        .collect();
    json!({
        "name": who::words(&scene.principal),
        "issuer": scene.identified.as_ref().and_then(|identified| identified.issuer.clone()),
        "pool": scene.identified.as_ref().and_then(|identified| identified.pool.clone()),
        "role": scene.principal.role_arn(),
        "groups": scene.principal.groups,
        "groupsKnown": scene.principal.groups_known,
        "sessionPolicies": scene.principal.session_policies,
        "keys": context,
        "chain": chain,
        "profile": scene.profile().name(),
    })
}

pub(crate) fn context_value(value: &bailiwick::request::ContextValue<'_>) -> Value {
    use bailiwick::request::ContextValue;
    match value {
        ContextValue::Text(text) => json!(text),
        ContextValue::List(list) => json!(list),
        ContextValue::Unknown => json!({ "unknown": true }),
        ContextValue::Ambiguous => json!({ "ambiguous": true }),
    }
}

/// A row.
pub(crate) fn row(row: &Row) -> Value {
    let actions: Vec<Value> = row
        .actions
        .iter()
        .map(|action| json!({ "name": action.name, "level": action.level.map(bailiwick::value::AccessLevel::name) }))
        .collect();
    let within: Vec<Value> = row
        .within
        .iter()
        .map(|within| {
            json!({
                "layer": within.layer.name(),
                "level": within.level,
                "endpoint": within.endpoint,
                "rules": within.rules,
            })
        })
        .collect();
    json!({
        "service": row.service,
        "actions": actions,
        "whole": row.whole,
        "resources": { "negated": row.resources.negated, "list": row.resources.list },
        "by": row.by,
        "except": row.except,
        "within": within,
    })
}

/// A rule.
pub(crate) fn rule(rule: &Rule) -> Value {
    let conditions: Vec<Value> = rule
        .conditions
        .iter()
        .map(|one| json!({ "operator": one.operator.to_string(), "key": one.key, "values": one.values }))
        .collect();
    json!({
        "policy": &*rule.source.name,
        "sid": rule.sid,
        "position": rule.position,
        "span": span_json(&rule.source, rule.span),
        "layer": rule.layer.name(),
        "level": rule.level,
        "effect": super::explain::effect(rule.effect),
        "actions": {
            "negated": rule.actions.negated,
            "list": rule.actions.entries.iter().map(|action| &action.text).collect::<Vec<_>>(),
        },
        "resources": { "negated": rule.resources.negated, "list": rule.resource_texts() },
        "conditions": conditions,
    })
}
