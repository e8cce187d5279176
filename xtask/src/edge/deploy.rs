//! `cargo xtask edge --deploy`: wrangler puts the example together as it would for a deployment, and sends nothing.
//!
//! A step of its own and not of `cargo xtask test`: wrangler and the node that it needs are a quarter of a gigabyte.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{empty, example, passed, prepare};
use crate::step::{run as execute, run_in as execute_in};

pub(super) fn run() -> Result<(), String> {
    prepare()?;
    let tools = example().join("deploy");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(&tools);
    passed(execute(npm.stdout(Stdio::null())))?;
    let modules = tools.join("node_modules");
    let node =
        ["x64", "arm64"].map(|kind| modules.join(format!("node-linux-{kind}")).join("bin").join("node"));
    let node = node.into_iter().find(|program| program.exists());

    // The example as somebody has it who ran `npm install` in it.
    let project = empty("target/wasm/deploy")?;
    copy(&example().join("src"), &project.join("src"))?;
    for file in ["wrangler.jsonc", "package.json"] {
        let from = example().join(file);
        std::fs::copy(&from, project.join(file)).map_err(|error| format!("{}: {error}", from.display()))?;
    }
    let package = crate::root().join("target").join("npm").join("evaluator");
    copy(&package, &project.join("node_modules").join("bailiwick"))?;

    let mut wrangler = Command::new(node.unwrap_or_else(|| PathBuf::from("node")));
    wrangler.arg(modules.join("wrangler").join("bin").join("wrangler.js")).args(["deploy", "--dry-run"]);
    wrangler.arg("--outdir").arg(project.join("out"));
    passed(execute_in(&project, wrangler.env("WRANGLER_SEND_METRICS", "false").env("CI", "true")))
}

/// A folder and all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    std::fs::create_dir_all(to).map_err(failed)?;
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to).map_err(failed)?;
        }
    }
    Ok(())
}
