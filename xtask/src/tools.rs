//! Programs that steps need: built tools live under `target/tools`.

use std::path::PathBuf;
use std::process::Stdio;

use crate::step::Outcome;
use crate::step::{cargo, run};

/// A tool of crates.io, built once under `target/tools` with its own lock file; the error says what would help.
pub(crate) fn built(package: &str, version: &str) -> Result<PathBuf, String> {
    let folder = crate::root().join("target").join("tools");
    let program = folder.join("bin").join(package);
    if program.exists() {
        return Ok(program);
    }
    println!("{package} is missing; building it takes some minutes, once");
    let folder = folder.to_string_lossy().into_owned();
    match run(&mut cargo(&["install", package, "--version", version, "--locked", "--root", &folder])) {
        Outcome::Passed => Ok(program),
        _ => Err(format!(
            "`cargo install {package} --version {version} --locked --root target/tools` is needed and failed"
        )),
    }
}

/// Whether cargo has a subcommand of this name.
pub(crate) fn has_cargo(subcommand: &str) -> bool {
    let quiet = cargo(&[subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}
