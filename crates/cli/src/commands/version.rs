//! `bailiwick version`.

use clap::Args;
use serde_json::json;

use crate::failure::{Exit, Failure};
use crate::output::{Format, SinkArgs, json};

/// Print the version
#[derive(Args, Clone, Debug)]
pub(crate) struct VersionArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

pub(crate) fn run(args: &VersionArgs) -> Result<Exit, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let text = if args.json {
        let about = json!({
            "schema": "bailiwick/version/1",
            "version": version,
            "target": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            "codes": crate::pages::PAGES.len(),
        });
        json(&about, Format::Json)
    } else {
        format!("bailiwick {version}\n")
    };
    args.sink.write(&text)?;
    Ok(Exit::Yes)
}
