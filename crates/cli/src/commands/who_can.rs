//! `bailiwick who-can`: which of a deployment's principals may do something.

use std::fmt::Write as _;

use bailiwick::Verdict;
use bailiwick::explore::{Row, Rule, Who, who_can};
use bailiwick_deployment::Deployment;
use clap::Args;
use serde_json::{Value, json};

use super::eval::{statement_json, statement_words, word};
use super::{simulate_json, simulate_table};
use crate::failure::{Exit, Failure};
use crate::output::style::{BAD, DIM, GOOD, TITLE, paint};
use crate::output::{Format, OutputArgs, clean, json};
use crate::progress::Progress;
use crate::question::deployment::DeploymentArgs;
use crate::question::everybody::{Candidate, everybody};
use crate::question::{clock, context, request, who};

/// Show which roles, groups and users of a deployment may do something
#[derive(Args, Clone, Debug)]
pub(crate) struct WhoCanArgs {
    /// Action, as `service:Name`
    action: String,
    /// Full ARN, or `*` for an action that takes no resource
    resource: String,
    /// Account that owns the resource, where its ARN does not say
    #[arg(long, value_name = "ACCOUNT")]
    resource_account: Option<String>,
    /// Condition key and value; `key=["a","b"]` for a list
    #[arg(short, long, value_name = "KEY=VALUE")]
    context: Vec<String>,
    #[command(flatten)]
    deployment: DeploymentArgs,
    /// Claims of a token to ask for as well
    #[arg(long, value_name = "FILE")]
    claims: Vec<String>,
    #[command(flatten)]
    clock: clock::ClockArgs,
    /// Show those too who cannot
    #[arg(long, help_heading = "Output")]
    all: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &WhoCanArgs) -> Result<Exit, Failure> {
    let mut asked = request::Asked::of_context(context::entries(&args.context)?);
    asked.action.clone_from(&args.action);
    asked.resource.clone_from(&args.resource);
    asked.resource_account.clone_from(&args.resource_account);
    let deployment = args.deployment.require()?;
    who::refuse_principal_keys(&asked, &deployment.keys)?;
    let now = args.clock.seconds()?;
    let request = {
        clock::add(&mut asked.context, now);
        asked.request()?
    };
    let candidates = everybody(&deployment, &args.claims, now)?;
    let catalogue = bailiwick_catalog::aws().with(deployment.services.iter().cloned());
    let waiting = Progress::waiting("asking for everybody");
    let principals = candidates.iter().map(|candidate| &candidate.principal);
    let answers = who_can(&deployment.set, principals, &request, &catalogue);
    drop(waiting);
    let shown: Vec<(&Candidate, &Who)> = answers
        .iter()
        .filter(|answer| args.all || can(answer) || !answer.perhaps.is_empty())
        .filter_map(|answer| Some((candidates.get(answer.position)?, answer)))
        .collect();
    let format = args.output.format();
    let text = match format {
        Format::Human | Format::Plain => human(&deployment, &shown, args, answers.len()),
        Format::Json => {
            let who: Vec<Value> =
                shown.iter().map(|(candidate, answer)| to_json(&deployment, candidate, answer)).collect();
            let value = json!({
                "schema": "bailiwick/who-can/1",
                "action": args.action,
                "resource": args.resource,
                "asked": answers.len(),
                "who": who,
            });
            json(&value, format)
        }
        Format::Jsonl => shown
            .iter()
            .map(|(candidate, answer)| json(&to_json(&deployment, candidate, answer), format))
            .collect(),
    };
    args.output.sink.write(&text)?;
    Ok(if answers.iter().any(can) { Exit::Yes } else { Exit::No })
}

fn can(answer: &Who) -> bool {
    answer.decision.is_allowed()
}

// Writing to a string cannot fail; the results below are dropped for that.
fn human(deployment: &Deployment, shown: &[(&Candidate, &Who)], args: &WhoCanArgs, asked: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} on {}", paint(TITLE, &clean(&args.action)), clean(&args.resource));
    for (candidate, answer) in shown {
        let (mark, style) = match (answer.decision.verdict, answer.perhaps.is_empty()) {
            (Verdict::Allow, _) => ("can", GOOD),
            (_, false) => ("perhaps", TITLE),
            (_, true) => ("cannot", BAD),
        };
        let _ = writeln!(text, "  {} {}", paint(style, &format!("{mark:<8}")), clean(&candidate.name));
        if let Some(words) = by(deployment, answer) {
            let _ = writeln!(text, "           {} {}", paint(DIM, "by"), clean(&words));
        }
        for row in &answer.perhaps {
            perhaps(&mut text, row, &answer.rules);
        }
    }
    let can = shown.iter().filter(|(_, answer)| can(answer)).count();
    let summary = format!("{can} of {asked} can");
    let _ = writeln!(text, "{}", if can > 0 { paint(GOOD, &summary) } else { paint(BAD, &summary) });
    let hint = "roles and groups are asked for without the tags of a token; `--claims FILE` asks for one";
    let _ = writeln!(text, "{}", paint(DIM, hint));
    text
}

fn by(deployment: &Deployment, answer: &Who) -> Option<String> {
    let id = answer.decision.statement?;
    deployment.set.statements().nth(id.0 as usize).map(|attached| statement_words(&attached))
}

/// What would have to hold.
fn perhaps(text: &mut String, row: &Row, rules: &[Rule]) {
    let rule = row.by.and_then(|by| rules.get(by));
    let conditions: Vec<String> =
        rule.iter().flat_map(|rule| rule.conditions.iter().map(ToString::to_string)).collect();
    let by = rule.map(simulate_table::rule_words).unwrap_or_default();
    if conditions.is_empty() {
        let _ = writeln!(text, "           on {}, by {}", clean(&row.resources.list.join(", ")), clean(&by));
    } else {
        let _ = writeln!(text, "           if {}, by {}", clean(&conditions.join(" and ")), clean(&by));
    }
}

fn to_json(deployment: &Deployment, candidate: &Candidate, answer: &Who) -> Value {
    let statement = answer.decision.statement.and_then(|id| deployment.set.statements().nth(id.0 as usize));
    json!({
        "schema": "bailiwick/who/1",
        "who": candidate.name,
        "principal": who::words(&candidate.principal),
        "decision": word(answer.decision.verdict),
        "allowed": answer.decision.is_allowed(),
        "layer": answer.decision.layer.name(),
        "statement": statement.map(|attached| statement_json(&attached)),
        "perhaps": answer.perhaps.iter().map(simulate_json::row).collect::<Vec<_>>(),
        "rules": answer.rules.iter().map(simulate_json::rule).collect::<Vec<_>>(),
    })
}
