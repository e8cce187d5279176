//! `cargo xtask fuzz`: every fuzz target for a while. Works on the stable toolchain, without sanitizers.

use std::process::Command;

use crate::step::{Outcome, Steps, cargo, run as execute};
use crate::tools;

const CARGO_FUZZ: &str = "0.13.2";

/// Runs the named targets, or all, each for the given seconds.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (seconds, names) = match arguments.split_first() {
        Some((first, rest)) if first.parse::<u32>().is_ok() => (first.as_str(), rest),
        _ => ("60", arguments),
    };
    let all = targets()?;
    if let Some(unknown) = names.iter().find(|name| !all.contains(name)) {
        return Err(format!("no fuzz target `{unknown}`; there are {}", all.join(", ")));
    }
    let chosen = if names.is_empty() { &all[..] } else { names };
    let program = tools::built("cargo-fuzz", CARGO_FUZZ)?;
    if let Outcome::Failed(why) = execute(&mut Command::new(crate::root().join("fuzz").join("seeds"))) {
        return Err(why);
    }
    let limit = format!("-max_total_time={seconds}");
    let mut steps = Steps::new();
    for target in chosen {
        steps.step(target, || {
            let mut command = Command::new(&program);
            command.args(["run", "-s", "none", target, "--", &limit, length(target)]);
            execute(command.env("RUSTC_BOOTSTRAP", "1").env("CARGO", cargo(&[]).get_program()))
        });
    }
    steps.finish()
}

/// Targets that read choices find more in short inputs.
fn length(target: &str) -> &'static str {
    if ["decide_agrees", "load_tree"].contains(&target) { "-max_len=800" } else { "-max_len=4096" }
}

fn targets() -> Result<Vec<String>, String> {
    let folder = crate::root().join("fuzz").join("fuzz_targets");
    let entries =
        std::fs::read_dir(&folder).map_err(|error| format!("`fuzz/fuzz_targets` is not there: {error}"))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            entry.file_name().to_str().and_then(|name| name.strip_suffix(".rs")).map(str::to_owned)
        })
        .collect();
    names.sort();
    Ok(names)
}
