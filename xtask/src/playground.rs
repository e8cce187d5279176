//! `cargo xtask playground`: the page of `playground/`, built into `target/playground` and tested in a browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Outcome, run as execute};
use crate::{tools, wasm};

/// Debian's browser, unless `CHROMIUM` names another.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Builds the page, of the package that `cargo xtask wasm full` made; `--test` opens it in a browser too.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (mut install, mut test) = (false, false);
    for argument in arguments {
        match argument.as_str() {
            "--install" => install = true,
            "--test" => test = true,
            other => return Err(format!("unknown switch `{other}`; there are --install, --test")),
        }
    }
    if !crate::root().join("target/npm/full/package.json").exists() {
        let mut full = vec!["full".to_owned()];
        full.extend(install.then(|| "--install".to_owned()));
        wasm::run(&full)?;
    }
    build()?;
    if test { passed(in_browser(install)) } else { Ok(()) }
}

/// The step of `cargo xtask test`; the packages are there by then.
pub(crate) fn step(install: bool) -> Outcome {
    match build() {
        Ok(()) => in_browser(install),
        Err(why) => Outcome::Failed(why),
    }
}

fn build() -> Result<(), String> {
    let folder = folder();
    wasm::npm_ci(&folder)?;
    let node = |script: &str, arguments: &[&str]| {
        let mut node = Command::new("node");
        node.arg(folder.join("node_modules").join(script)).args(arguments);
        node
    };
    passed(execute(node("typescript/bin/tsc", &["--project"]).arg(&folder)))?;
    passed(execute(node("vite/bin/vite.js", &["build", "--logLevel", "warn"]).arg(&folder)))?;
    println!("{}", crate::root().join("target").join("playground").display());
    Ok(())
}

fn in_browser(install: bool) -> Outcome {
    if std::env::var_os("CHROMIUM").is_none() && !Path::new(CHROMIUM).exists() {
        if !install {
            return Outcome::Skipped(format!(
                "`{CHROMIUM}` is not there: run `apt-get install --no-install-recommends chromium`, or set CHROMIUM"
            ));
        }
        if let Err(why) = tools::apt_install(&["chromium"]) {
            return Outcome::Failed(why);
        }
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).arg(folder().join("test").join("playground.test.mjs"));
    execute(node.stdin(Stdio::null()))
}

fn folder() -> PathBuf {
    crate::root().join("playground")
}

fn passed(outcome: Outcome) -> Result<(), String> {
    match outcome {
        Outcome::Passed => Ok(()),
        Outcome::Failed(why) | Outcome::Skipped(why) => Err(why),
    }
}
