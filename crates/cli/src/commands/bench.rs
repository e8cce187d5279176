//! `bailiwick bench`: what the decisions of a deployment cost.

use std::path::Path;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::bench_json::to_json;
use super::bench_report::{Told, human, plain};
use crate::bench::{Wanted, measure, read};
use crate::failure::{Exit, Failure};
use crate::output::{Format, OutputArgs, json};
use crate::progress::Progress;
use crate::question::clock::ClockArgs;
use crate::question::deployment::load;

/// Measure what decisions of a deployment cost, and tell what they meet
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchArgs {
    /// Folder with `bailiwick.toml`
    #[arg(value_name = "DIR")]
    directory: String,
    /// File with a request a line: `action`, `resource`, `context` ..., and `claims`, `principal` or `guest`
    /// [default: what the folder's suites ask; without any, requests are drawn]
    #[arg(long, value_name = "FILE")]
    requests: Option<String>,
    /// Draw requests from the policies and the catalogue, whatever the suites ask
    #[arg(long, conflicts_with = "requests")]
    draw: bool,
    /// Which requests are drawn
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many are drawn
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    count: usize,
    /// Rounds; every figure is the median of them
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000))]
    rounds: usize,
    /// Leaves and statements that are listed
    #[arg(long, value_name = "N", default_value_t = 10)]
    most: usize,
    #[command(flatten)]
    clock: ClockArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &BenchArgs) -> Result<Exit, Failure> {
    let folder = Path::new(&args.directory);
    let deployment = load(folder)?;
    let waiting = Progress::waiting("measuring");
    let wanted = Wanted {
        file: args.requests.as_deref(),
        draw: args.draw,
        seed: args.seed,
        count: args.count,
        now: args.clock.seconds()?,
    };
    let requests = read(folder, &deployment, &wanted)?;
    let report = measure(folder, &deployment, &requests, args.rounds, args.most)?;
    drop(waiting);
    let told = Told {
        directory: &args.directory,
        set: &deployment.set,
        origin: &requests.origin,
        rounds: args.rounds,
        report: &report,
    };
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Human => human(&told),
        Format::Plain => plain(&told),
        Format::Json | Format::Jsonl => json(&to_json(&told), format),
    })?;
    Ok(Exit::Yes)
}
