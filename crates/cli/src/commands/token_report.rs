//! What `bailiwick token` prints.

use bailiwick::identity::ClaimFate;
use bailiwick::request::ContextValue;
use serde_json::{Map, Value, json};

use super::simulate_json::context_value;
use super::token::Outcome;
use crate::output::style::{BAD, NAME, paint};
use crate::output::{self, Format, clean};
use crate::question::{clock, who};

/// In the form that was asked for.
pub(crate) fn text(outcome: &Outcome, inspect: bool, format: Format) -> String {
    match format {
        Format::Json | Format::Jsonl => output::json(&document(outcome, inspect), format),
        Format::Human | Format::Plain => lines(outcome, inspect, format == Format::Human),
    }
}

const TAG: &str = "aws:PrincipalTag/";

/// Nine members that other suites rely on, always there; `inspect` adds its own.
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
        let first = refused.reasons.first();
        let mut value = json!({ "code": first.map(|one| one.code), "check": first.map(|one| one.check) });
        if let (true, Some(members)) = (inspect, value.as_object_mut()) {
            let reasons: Vec<Value> = refused
                .reasons
                .iter()
                .map(|one| json!({ "code": one.code, "check": one.check, "message": one.message, "help": one.help }))
                .collect();
            members.insert("message".to_owned(), json!(first.map(|one| &one.message)));
            members.insert("reasons".to_owned(), reasons.into());
        }
        value
    });
    let mut members = Map::new();
    if inspect {
        members.insert("schema".to_owned(), json!("bailiwick/token/1"));
    }
    for (name, value) in [
        ("accepted", json!(principal.is_some())),
        ("principal", json!(principal.map(who::words))),
        ("groups", json!(principal.map(|principal| principal.groups.clone()).unwrap_or_default())),
        ("groupsKnown", json!(principal.map(|principal| principal.groups_known))),
        ("tags", tags.into()),
        ("role", json!(principal.and_then(bailiwick::Principal::role_arn))),
        ("keys", keys.into()),
        ("dropped", dropped(outcome).into()),
        ("refused", json!(refused)),
    ] {
        members.insert(name.to_owned(), value);
    }
    if inspect {
        let chain = outcome.result.iter().flat_map(|identified| &identified.chain);
        let chain: Vec<Value> = chain
            .map(|step| json!({ "step": step.name, "passed": step.passed, "outcome": step.outcome }))
            .collect();
        for (name, value) in [
            ("issuer", json!(outcome.issuer)),
            ("verified", json!(outcome.verified)),
            ("kid", json!(outcome.kid)),
            ("until", json!(outcome.until)),
            ("claims", claims(outcome)),
            ("chain", chain.into()),
        ] {
            members.insert(name.to_owned(), value);
        }
    }
    members.into()
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

/// Names are at most so wide before their values.
const NAMES: usize = 28;

/// Rows of two columns: aligned for people, parted by a tab for programs.
fn lines(outcome: &Outcome, inspect: bool, human: bool) -> String {
    let rows = rows(outcome, inspect);
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(NAMES);
    let mut text = String::new();
    for (name, value) in rows {
        if human {
            let gap = " ".repeat(width.saturating_sub(name.chars().count()));
            let name = if name == "refused" { paint(BAD, &name) } else { paint(NAME, &name) };
            text.push_str(&format!("{name}{gap}  {value}\n"));
        } else {
            text.push_str(&format!("{name}\t{value}\n"));
        }
    }
    text
}

fn rows(outcome: &Outcome, inspect: bool) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    // Whoever wrote the token chose its names and values.
    let mut row = |name: &str, value: &str| rows.push((clean(name), clean(value)));
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
            return rows;
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
    rows
}
