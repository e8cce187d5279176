//! Tasks of the house: `cargo xtask` lists them.
//!
//! In: a task and its switches. Out: what the task prints; exit status 0 only if all of it went well.
//! Never here: anything that users of the engine need.

mod bench;
mod catalog;
mod count;
mod edge;
mod fuzz;
#[cfg(test)]
mod house;
mod live;
mod playground;
mod saml;
mod step;
mod test;
mod tools;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask TASK

test [--install] [--cases N]   everything that must hold before a change lands; --install lets apt add what is missing
bench [SIZE...] [--render]     measures all engines side by side, writes the tables and plots of docs/performance.md
count [--record]               instructions of load, session and decide, compared with benches/counts.toml
catalog [--check]              writes the compact service catalogue from $BAILIWICK_CORPUS
edge [--bench|--deploy]        the verifier of tokens in JavaScript against the native one; the Worker under its runtime
fuzz [SECONDS] [TARGET...]     runs the fuzz targets, each for so long (60 unless told)
live                           tokens of real issuers, which run on the loopback while they are tested
playground [--test]            builds the page of playground/ into target/playground; --test opens it in Chromium
wasm [evaluator|full] [--test] [--bench]
                               builds the npm packages under target/npm and prints their sizes; --test tests them,
                               --bench measures the evaluator beside its peers
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let done = match task.as_str() {
        "test" => test::run(&rest),
        "bench" => bench::run(&rest),
        "catalog" => catalog::run(&rest),
        "count" => count::run(&rest),
        "edge" => edge::run(&rest),
        "fuzz" => fuzz::run(&rest),
        "live" => live::run(&rest),
        "playground" => playground::run(&rest),
        "wasm" => wasm::run(&rest),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("no task `{other}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The top of the checkout.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
