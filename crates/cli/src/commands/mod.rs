//! One file a command.

pub(crate) mod completions;
pub(crate) mod explain_code;
pub(crate) mod man;
pub(crate) mod version;

use crate::args::{Cli, Commands};
use crate::failure::{Exit, Failure};

/// Does what was asked.
pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        Commands::ExplainCode(args) => explain_code::run(&args),
        Commands::Completions(args) => completions::run(&args),
        Commands::Man(args) => man::run(&args),
        Commands::Version(args) => version::run(&args),
    }
}
