//! One file a command.

pub(crate) mod appsync;
mod appsync_report;
pub(crate) mod bench;
mod bench_json;
mod bench_report;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod explain_code;
pub(crate) mod fmt;
pub(crate) mod inspect;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod role;
pub(crate) mod simulate;
mod simulate_json;
mod simulate_table;
pub(crate) mod test;
mod test_report;
mod test_validation;
pub(crate) mod token;
mod token_report;
mod token_saml;
pub(crate) mod version;
pub(crate) mod who_can;

use crate::args::{Cli, Commands};
use crate::failure::{Exit, Failure};

/// Does what was asked.
pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        Commands::Simulate(args) => simulate::run(&args),
        Commands::WhoCan(args) => who_can::run(&args),
        Commands::Build(args) => build::run(&args),
        Commands::New(args) => new::run(&args),
        Commands::Inspect(args) => inspect::run(&args),
        Commands::Bench(args) => bench::run(&args),
        Commands::Token(command) => token::run(&command),
        Commands::Role(command) => role::run(&command),
        Commands::AppSync(command) => appsync::run(&command),
        Commands::Eval(args) => eval::run(&args),
        Commands::Explain(args) => explain::run(&args),
        Commands::Test(args) => test::run(&args),
        Commands::Check(args) => check::run(&args),
        Commands::Fmt(args) => fmt::run(&args),
        Commands::ExplainCode(args) => explain_code::run(&args),
        Commands::Completions(args) => completions::run(&args),
        Commands::Man(args) => man::run(&args),
        Commands::Version(args) => version::run(&args),
    }
}
