//! `bailiwick build`: one file to ship.

use std::path::Path;

use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::identity::Identities;
use clap::Args;

use crate::args::ReadingArgs;
use crate::bundle;
use crate::failure::{Exit, Failure};
use crate::output::SinkArgs;
use crate::question::deployment::load;
use crate::question::policies::PolicyArgs;

/// Compile a deployment, or policies, to an artifact
#[derive(Args, Clone, Debug)]
pub(crate) struct BuildArgs {
    /// Folder with `bailiwick.toml`
    #[arg(value_name = "DIR", required_unless_present = "policy")]
    directory: Option<String>,
    /// Make a folder for a worker: artifact, evaluator and scripts
    #[arg(long, requires = "output")]
    wasm: bool,
    /// The npm package whose evaluator goes into it [default: the one installed here or above]
    #[arg(long, value_name = "DIR", requires = "wasm")]
    package: Option<String>,
    /// Carry the policies' texts, so that decisions can be explained where the artifact is loaded
    #[arg(long)]
    with_sources: bool,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

pub(crate) fn run(args: &BuildArgs) -> Result<Exit, Failure> {
    let (set, identities) = match (&args.directory, args.policies.is_given()) {
        (Some(_), true) => return Err(Failure::Usage("give a folder or policies, not both".to_owned())),
        (Some(directory), false) => {
            let deployment = load(Path::new(directory))?;
            (deployment.set, deployment.identities)
        }
        (None, _) => (args.policies.read(args.reading.profile.into())?, Identities::default()),
    };
    if args.sink.output.is_none() && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        return Err(Failure::Usage("name the artifact with `-o FILE`: it is no text".to_owned()));
    }
    let tree = compile_with(&set, CompileOptions { sources: args.with_sources, ..CompileOptions::default() });
    let bytes = tree.with_identities(identities).to_bytes();
    match &args.sink.output {
        Some(folder) if args.wasm => bundle::write(folder, &bytes, args.package.as_deref())?,
        _ => args.sink.write_bytes(&bytes)?,
    }
    Ok(Exit::Yes)
}
