//! `cargo xtask live`: real issuers of tokens on the loopback, and the tests that sign in to them.

use std::process::{Command, Stdio};

use crate::step::{Outcome, cargo, run as execute};

/// The step alone.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    if let [other, ..] = arguments {
        return Err(format!("unknown switch `{other}`; there is none"));
    }
    match step() {
        Outcome::Passed => Ok(()),
        Outcome::Failed(why) | Outcome::Skipped(why) => Err(why),
    }
}

/// Installs the issuers by their lock file, and runs the tests; each starts issuers of its own and ends them.
pub(crate) fn step() -> Outcome {
    let folder = crate::root().join("crates").join("cli").join("tests").join("live");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(folder);
    let installed = execute(npm.stdout(Stdio::null()));
    if installed != Outcome::Passed {
        return installed;
    }
    // The whole workspace's features, so that nothing is built a second time.
    let mut tests = cargo(&["test", "--workspace", "--locked", "--quiet", "--test", "live"]);
    execute(tests.env("BAILIWICK_LIVE", "1"))
}
