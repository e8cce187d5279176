//! `bailiwick completions`: a script that teaches a shell our commands.

use clap::Args;
use clap_complete::Shell;

use crate::args;
use crate::failure::{Exit, Failure};
use crate::output::SinkArgs;

/// Print a completion script for a shell
#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    shell: Shell,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "bailiwick", &mut script);
    args.sink.write_bytes(&script)?;
    Ok(Exit::Yes)
}
