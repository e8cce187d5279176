//! What `bailiwick token` prints.

use bailiwick::identity::ClaimFate;
use bailiwick::request::ContextValue;
use serde_json::{Map, Value, json};

use super::simulate_json::context_value;
use super::token::Outcome;
use crate::output::{self, Format};
use crate::question::{clock, who};

/// In the form that was asked for.
pub(crate) fn text(outcome: &Outcome, inspect: bool, format: Format) -> String {
    match format {
        Format::Json | Format::Jsonl => output::json(&document(outcome, inspect), format),
        Format::Human | Format::Plain => lines(outcome, inspect),
    }
}

const TAG: &str = "aws:PrincipalTag/";

/// The members that other suites rely on come first and are always there.
fn document(outcome: &Outcome, inspect: bool) -> Value {
    let principal = outcome.result.as_ref().ok().map(|identified| &identified.principal);
    let mut tags = Map::new();
    let mut keys = Map::new();
    for (key, value) in principal.iter().flat_map(|principal| principal.context.iter()) {
        match key.get(..TAG.len()).filter(|start| start.eq_ignore_ascii_case(TAG)) {
            Some(_) => tags.insert(key.get(TAG.len()..).unwrap_or_default().to_owned(), context_value(value)),
            None => keys.insert(key.to_owned(), context_value(value)),
        };
    }
    let refused = outcome.result.as_ref().err().map(|refused| {
        let reasons: Vec<Value> = refused
            .reasons
            .iter()
            .map(|one| json!({ "code": one.code, "check": one.check, "message": one.message, "help": one.help }))
            .collect();
        let first = refused.reasons.first();
        json!({
            "code": first.map(|one| one.code),
            "check": first.map(|one| one.check),
            "message": first.map(|one| &one.message),
            "reasons": reasons,
        })
    });
    let mut value = json!({
        "schema": "bailiwick/token/1",
        "accepted": principal.is_some(),
        "principal": principal.map(who::words),
        "groups": principal.map(|principal| principal.groups.clone()).unwrap_or_default(),
        "groupsKnown": principal.map(|principal| principal.groups_known),
        "tags": tags,
        "role": principal.and_then(bailiwick::Principal::role_arn),
        "keys": keys,
        "dropped": dropped(outcome),
        "refused": refused,
        "issuer": outcome.issuer,
        "verified": outcome.verified,
    });
    if let (true, Some(members)) = (inspect, value.as_object_mut()) {
        members.insert("kid".to_owned(), json!(outcome.kid));
        members.insert("until".to_owned(), json!(outcome.until));
        members.insert("claims".to_owned(), claims(outcome));
        let chain = outcome.result.iter().flat_map(|identified| &identified.chain);
        let chain: Vec<Value> = chain
            .map(|step| json!({ "step": step.name, "passed": step.passed, "outcome": step.outcome }))
            .collect();
        members.insert("chain".to_owned(), chain.into());
    }
    value
}

fn dropped(outcome: &Outcome) -> Vec<Value> {
    let report = outcome.result.iter().flat_map(|identified| &identified.report);
    let fates = report.flat_map(|entry| entry.fates.iter().map(move |fate| (&entry.claim, fate)));
    fates
        .filter_map(|(claim, fate)| match fate {
            ClaimFate::Dropped { target, why } => {
                Some(json!({ "claim": claim, "target": target, "why": why.to_string() }))
            }
            _ => None,
        })
        .collect()
}

fn claims(outcome: &Outcome) -> Value {
    let report = outcome.result.iter().flat_map(|identified| &identified.report);
    let list: Vec<Value> = report
        .map(|entry| {
            let became: Vec<String> = entry.fates.iter().map(ToString::to_string).collect();
            json!({ "claim": entry.claim, "became": became })
        })
        .collect();
    list.into()
}

/// Rows of two columns, parted by a tab.
fn lines(outcome: &Outcome, inspect: bool) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| text.push_str(&format!("{name}\t{value}\n"));
    if let Some(issuer) = &outcome.issuer {
        row("issuer", issuer);
    }
    row(
        "signature",
        match (outcome.verified, &outcome.kid) {
            (true, Some(kid)) => format!("verified by key {kid}"),
            (true, None) => "verified".to_owned(),
            (false, _) => "not verified here".to_owned(),
        }
        .as_str(),
    );
    if let Some(until) = outcome.until.and_then(|until| u64::try_from(until).ok()) {
        row("until", &clock::written(until));
    }
    let identified = match &outcome.result {
        Ok(identified) => identified,
        Err(refused) => {
            for one in &refused.reasons {
                row("refused", &format!("{} [{}, check {}]; {}", one.message, one.code, one.check, one.help));
            }
            return text;
        }
    };
    for step in &identified.chain {
        row(step.name, &step.outcome);
    }
    let principal = &identified.principal;
    row("principal", &who::words(principal));
    if let Some(role) = principal.role_arn() {
        row("role", &role);
    }
    let groups = if principal.groups_known { principal.groups.join(", ") } else { "unknown".to_owned() };
    row("groups", &groups);
    for (key, value) in principal.context.iter() {
        row(
            key,
            &match value {
                ContextValue::Text(text) => text.to_string(),
                ContextValue::List(list) => list.join(", "),
                ContextValue::Unknown => "unknown".to_owned(),
                ContextValue::Ambiguous => "ambiguous".to_owned(),
            },
        );
    }
    for entry in &identified.report {
        let fates: Vec<String> = entry.fates.iter().map(ToString::to_string).collect();
        let lost = entry.fates.iter().any(|fate| matches!(fate, ClaimFate::Dropped { .. }));
        if inspect || lost {
            let became =
                if fates.is_empty() { "nothing: no rule reads it".to_owned() } else { fates.join("; ") };
            row(&format!("claim {}", entry.claim), &became);
        }
    }
    text
}
