//! Programs that steps need: built tools live under `target/tools`.

use std::path::PathBuf;
use std::process::{Command, Stdio};

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
    let install = ["install", package, "--version", version, "--root", &folder];
    // A mirror may lag behind the lock file of the tool: then what the mirror has will do.
    for locked in [&["--locked"][..], &[]] {
        if run(cargo(&install).args(locked)) == Outcome::Passed {
            return Ok(program);
        }
    }
    Err(format!("`cargo install {package} --version {version} --root target/tools` is needed and failed"))
}

/// Adds Debian packages, without what they only recommend.
pub(crate) fn apt_install(packages: &[&str]) -> Result<(), String> {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    };
    let mut install = vec!["install", "-y", "--no-install-recommends"];
    install.extend(packages);
    match (apt(&["update"]), apt(&install)) {
        (Outcome::Passed, Outcome::Passed) => Ok(()),
        (Outcome::Failed(why) | Outcome::Skipped(why), _)
        | (_, Outcome::Failed(why) | Outcome::Skipped(why)) => Err(why),
    }
}

/// Whether cargo has a subcommand of this name.
pub(crate) fn has_cargo(subcommand: &str) -> bool {
    let quiet = cargo(&[subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}
