//! `bailiwick explain`: one decision with its reasons.

use std::fmt::Write as _;

use bailiwick::Explanation;
use bailiwick::explain::{ClauseReport, Found, Lacking, Part, StatementReport};
use bailiwick::value::{Effect, Truth};
use clap::Args;
use serde_json::{Value, json};

use super::eval::{Expect, depends_on_unknown, exit, word};
use crate::diagnostics::span_json;
use crate::failure::{Exit, Failure};
use crate::output::style::{BAD, DIM, GOOD, TITLE, paint};
use crate::output::{Format, OutputArgs, clean, json};
use crate::question::{self, AskArgs};

/// Tell why a request is allowed, or why not and what is missing
#[derive(Args, Clone, Debug)]
#[command(visible_alias = "why")]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    ask: AskArgs,
    /// Show every statement, also those that have nothing to do with it
    #[arg(long, help_heading = "Output")]
    all: bool,
    /// End with status 0 if this is the answer, else 1
    #[arg(long, value_enum, value_name = "ANSWER", help_heading = "Output")]
    expect: Option<Expect>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let question = args.ask.read()?;
    let request = question.request()?;
    let explanation = bailiwick::explain(&question.set, &question.principal, &request);
    let undetermined = question.has_unknown && depends_on_unknown(&explanation);
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Human => human(&explanation, undetermined, args.all, true),
        Format::Plain => human(&explanation, undetermined, args.all, false),
        Format::Json | Format::Jsonl => json(&to_json(&explanation, undetermined, args.all), format),
    })?;
    question::hint(&question, &explanation.decision, &request, args.output.shape());
    Ok(exit(explanation.decision.verdict, undetermined, args.expect))
}

fn human(explanation: &Explanation, undetermined: bool, all: bool, colored: bool) -> String {
    let words = explanation.to_string();
    let mut text = String::new();
    for (i, line) in words.lines().enumerate() {
        let line = clean(line);
        match (i, line.split_once(':')) {
            (0, Some((verdict, rest))) => {
                let verdict = if undetermined { "undetermined" } else { verdict };
                let style = if explanation.decision.is_allowed() { GOOD } else { BAD };
                text.push_str(&if colored { paint(style, verdict) } else { verdict.to_owned() });
                text.push(':');
                text.push_str(rest);
            }
            _ => text.push_str(&line),
        }
        text.push('\n');
    }
    if undetermined {
        text.push_str(
            "  it depends on a key whose value is not known; without it the request is not allowed\n",
        );
    }
    if all {
        let title = "every statement";
        text.push_str(&if colored { paint(TITLE, title) } else { title.to_owned() });
        text.push('\n');
        for statement in &explanation.statements {
            let mark = if statement.applies { "applies" } else { "does not apply" };
            let effect = effect(statement.effect);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {} {effect}: {mark}", clean(&statement.to_string()));
            for clause in statement.failing() {
                let line = format!("    it needs {}", clean(&clause.to_string()));
                text.push_str(&if colored { paint(DIM, &line) } else { line });
                text.push('\n');
            }
        }
    }
    text
}

fn to_json(explanation: &Explanation, undetermined: bool, all: bool) -> Value {
    let decision = &explanation.decision;
    let near: Vec<_> = explanation.lacking.iter().flat_map(|lacking| &lacking.nearest).collect();
    let statements: Vec<Value> = explanation
        .statements
        .iter()
        .filter(|statement| all || statement.applies || near.contains(&&statement.id))
        .map(statement_json)
        .collect();
    let layers: Vec<Value> = explanation
        .layers
        .iter()
        .map(|layer| {
            json!({
                "layer": layer.layer.name(),
                "level": layer.level,
                "allows": layer.allows,
                "denies": layer.denies,
            })
        })
        .collect();
    json!({
        "schema": "bailiwick/explanation/1",
        "decision": if undetermined { "undetermined" } else { word(decision.verdict) },
        "allowed": decision.is_allowed(),
        "verdict": word(decision.verdict),
        "layer": decision.layer.name(),
        "level": decision.level,
        "error": decision.error.map(|error| error.to_string()),
        "profile": explanation.profile.name(),
        "caller": explanation.caller,
        "action": explanation.action,
        "resource": explanation.resource,
        "resourceAccount": explanation.resource_account,
        "sameAccount": explanation.same_account,
        "layers": layers,
        "lacking": explanation.lacking.iter().map(lacking_json).collect::<Vec<_>>(),
        "statements": statements,
        "words": explanation.to_string(),
    })
}

fn lacking_json(lacking: &Lacking) -> Value {
    json!({
        "layer": lacking.layer.name(),
        "level": lacking.level,
        "nearest": lacking.nearest.iter().map(|id| id.0).collect::<Vec<_>>(),
    })
}

fn statement_json(statement: &StatementReport) -> Value {
    json!({
        "id": statement.id.0,
        "policy": &*statement.source.name,
        "sid": statement.sid,
        "position": statement.position,
        "span": span_json(&statement.source, statement.span),
        "layer": statement.layer.name(),
        "level": statement.level,
        "effect": effect(statement.effect),
        "truth": truth(statement.truth),
        "applies": statement.applies,
        "clauses": statement.clauses.iter().map(|clause| clause_json(clause, statement)).collect::<Vec<_>>(),
    })
}

fn clause_json(clause: &ClauseReport, statement: &StatementReport) -> Value {
    let found = match &clause.found {
        Found::Missing => json!({ "is": "missing" }),
        Found::One(text) => json!({ "is": "one", "value": text }),
        Found::Many(list) => json!({ "is": "list", "value": list }),
        Found::Unknown => json!({ "is": "unknown" }),
        Found::Ambiguous => json!({ "is": "ambiguous" }),
    };
    let listed: Vec<Value> = clause
        .listed
        .iter()
        .map(|listed| json!({ "text": listed.text, "fits": truth(listed.truth) }))
        .collect();
    json!({
        "part": part(clause.part),
        "span": span_json(&statement.source, clause.span),
        "truth": truth(clause.truth),
        "test": clause.test,
        "negated": clause.negated,
        "key": clause.key,
        "found": found,
        "listed": listed,
        "missing": clause.missing,
        "unknown": clause.unknown,
        "note": clause.note,
    })
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Attachment => "attachment",
        Part::Principal => "principal",
        Part::Action => "action",
        Part::Resource => "resource",
        Part::Condition => "condition",
    }
}

/// `allow`, `deny`.
pub(crate) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    }
}

fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::No => "no",
        Truth::Maybe => "maybe",
        Truth::Yes => "yes",
    }
}
