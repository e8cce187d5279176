//! `bailiwick simulate`: everything that a token can do.

use bailiwick::explore::{Can, Lost, Narrow, as_policy, can};
use clap::Args;
use serde_json::{Value, json};

use super::eval::statement_words;
use super::{simulate_json, simulate_table};
use crate::failure::{Exit, Failure};
use crate::output::{Format, OutputArgs, json, width};
use crate::progress::Progress;
use crate::question::{Scene, SceneArgs, context, request};

/// Show everything that a token or principal can do
#[derive(Args, Clone, Debug)]
#[command(visible_alias = "what-can")]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) scene: SceneArgs,
    /// Only these actions: `service:Name`, with `*` and `?`
    #[arg(short, long, value_name = "PATTERN", help_heading = "Narrower")]
    action: Option<String>,
    /// Only what may meet this resource: an ARN, with `*` and `?`
    #[arg(short = 'R', long, value_name = "ARN", help_heading = "Narrower")]
    resource: Option<String>,
    /// Condition key and value that requests will have; `key=["a","b"]` for a list
    #[arg(short, long, value_name = "KEY=VALUE", help_heading = "Narrower")]
    context: Vec<String>,
    /// Print one IAM policy that allows no more than it may, instead of the table
    #[arg(long, conflicts_with_all = ["action", "resource", "context"], help_heading = "Output")]
    as_policy: bool,
    /// Name every action, also where there are hundreds
    #[arg(long, help_heading = "Output")]
    full: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &SimulateArgs) -> Result<Exit, Failure> {
    let mut asked = request::Asked::of_context(context::entries(&args.context)?);
    if let Some(resource) = &args.resource {
        request::check_resource(resource)?;
    }
    let scene = args.scene.read(&mut asked)?;
    if args.as_policy {
        return policy(args, &scene);
    }
    let catalogue = scene.catalogue();
    let mut narrow =
        Narrow { action: args.action.clone(), resource: args.resource.clone(), ..Narrow::default() };
    for (key, value) in asked.context {
        narrow.context.insert(key, value);
    }
    let progress = Progress::waiting("working out what it can do");
    let found = can(&scene.set, &scene.principal, &catalogue, &narrow);
    drop(progress);
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Human => simulate_table::human(&scene, &found, args.full, width()),
        // The same facts, each on a line of its own however long, without colour.
        Format::Plain => {
            anstream::adapter::strip_str(&simulate_table::human(&scene, &found, args.full, usize::MAX))
                .to_string()
        }
        Format::Json => simulate_json::document(&scene, &found),
        Format::Jsonl => simulate_json::lines(&found),
    })?;
    Ok(if nothing(&found) { Exit::No } else { Exit::Yes })
}

fn nothing(found: &Can) -> bool {
    found.rows.is_empty()
}

/// The policy on standard output, what it could not say on standard error.
fn policy(args: &SimulateArgs, scene: &Scene) -> Result<Exit, Failure> {
    let written = as_policy(&scene.set, &scene.principal);
    let format = args.output.format();
    let lost: Vec<(String, &str)> =
        written.lost.iter().map(|lost| (statement_of(scene, lost), lost.why)).collect();
    args.output.sink.write(&match format {
        Format::Human | Format::Plain => format!("{}\n", written.json.trim_end()),
        Format::Json | Format::Jsonl => {
            let policy: Value = serde_json::from_str(&written.json).unwrap_or(Value::Null);
            let lost: Vec<Value> =
                lost.iter().map(|(statement, why)| json!({ "statement": statement, "why": why })).collect();
            json(&json!({ "schema": "bailiwick/as-policy/1", "policy": policy, "lost": lost }), format)
        }
    })?;
    if matches!(format, Format::Human | Format::Plain) {
        for (statement, why) in &lost {
            anstream::eprintln!("note: it allows less than the principal may: {why}{statement}");
        }
    }
    Ok(if lost.is_empty() { Exit::Yes } else { Exit::Undetermined })
}

fn statement_of(scene: &Scene, lost: &Lost) -> String {
    let attached = lost.statement.and_then(|id| scene.set.statements().nth(id.0 as usize));
    attached.map(|attached| format!(" ({})", statement_words(&attached))).unwrap_or_default()
}
