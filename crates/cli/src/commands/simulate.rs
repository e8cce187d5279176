//! `bailiwick simulate`: everything that a token can do.

use bailiwick::explore::{Can, Narrow, can};
use clap::Args;

use super::simulate_json;
use super::simulate_table;
use crate::failure::{Exit, Failure};
use crate::output::{Format, OutputArgs};
use crate::progress::Progress;
use crate::question::{SceneArgs, context, request};

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
        Format::Human => simulate_table::human(&scene, &found, args.full, args.output.sink.width()),
        Format::Plain => simulate_table::plain(&found),
        Format::Json => simulate_json::document(&scene, &found),
        Format::Jsonl => simulate_json::lines(&found),
    })?;
    Ok(if nothing(&found) { Exit::No } else { Exit::Yes })
}

fn nothing(found: &Can) -> bool {
    found.rows.is_empty()
}
