//! `cargo xtask wasm --bench`: the evaluator beside its peers in node, in one run.

use std::process::{Command, Stdio};

use super::{folder, npm_ci, package, passed};
use crate::step::cargo;

/// Statements of the workloads.
const SIZES: [&str; 2] = ["10", "1000"];

/// Measures the package that is there; the peers' versions are those of `bench/package-lock.json`.
pub(super) fn run() -> Result<(), String> {
    let workloads = crate::root().join("target").join("wasm").join("bench");
    let mut example =
        cargo(&["run", "--locked", "--quiet", "--package", "bailiwick-wasm", "--example", "workload", "--"]);
    passed(example.arg(&workloads).args(SIZES))?;
    let bench = folder().join("bench");
    npm_ci(&bench)?;
    let mut node = Command::new("node");
    node.arg("--expose-gc").arg(bench.join("bench.mjs")).arg(package::of("evaluator")).arg(&workloads);
    passed(node.stdin(Stdio::null()))
}
