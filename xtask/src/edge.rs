//! `cargo xtask edge`: the verifier of tokens that runs at the edge, held against the native one.

use std::process::Command;

use crate::step::{Outcome, cargo, run as execute};

/// The tests in `crates/wasm/test` that need neither the module nor anything of npm.
const TESTS: &[&str] =
    &["token.test.mjs", "token-jwks.test.mjs", "token-sessions.test.mjs", "token-parity.test.mjs"];

/// Runs the native tests, which write down what they saw, and then those in node, which must see the same.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    if let Some(other) = arguments.first() {
        return Err(format!("unknown switch `{other}`; there is none"));
    }
    match step() {
        Outcome::Passed => Ok(()),
        Outcome::Failed(why) | Outcome::Skipped(why) => Err(why),
    }
}

/// The same, as a step of `cargo xtask test`.
pub(crate) fn step() -> Outcome {
    let vectors = match empty("target/token-vectors") {
        Ok(folder) => folder,
        Err(why) => return Outcome::Failed(why),
    };
    // The whole workspace's features, so that nothing is built a second time.
    let mut native =
        cargo(&["test", "--workspace", "--locked", "--quiet", "--test", "attacks", "--test", "texts"]);
    let native = execute(native.env("BAILIWICK_TOKEN_VECTORS", &vectors));
    if native != Outcome::Passed {
        return native;
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]);
    node.args(TESTS.iter().map(|name| format!("crates/wasm/test/{name}")));
    execute(node.env("BAILIWICK_TOKEN_VECTORS", &vectors))
}

/// An empty folder of the checkout, by its full path.
fn empty(folder: &str) -> Result<std::path::PathBuf, String> {
    let path = crate::root().join(folder);
    let failed = |error| format!("{}: {error}", path.display());
    if path.exists() {
        std::fs::remove_dir_all(&path).map_err(failed)?;
    }
    std::fs::create_dir_all(&path).map_err(failed)?;
    path.canonicalize().map_err(failed)
}
