//! `cargo xtask edge`: the verifier of tokens that runs at the edge, held against the native one; the Worker of
//! `examples/cloudflare-worker` under the runtime that serves Workers.

mod deploy;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Outcome, cargo, run as execute, run_in as execute_in};

/// Both steps, or the benches of the Worker with `--bench`, or wrangler's dry run with `--deploy`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => {
            passed(tokens())?;
            passed(worker())
        }
        [only] if only == "--bench" => {
            prepare()?;
            passed(execute(Command::new("node").arg(tests().join("bench.mjs"))))
        }
        [only] if only == "--deploy" => deploy::run(),
        [other, ..] => Err(format!("unknown switch `{other}`; there are --bench and --deploy")),
    }
}

/// Runs the native tests, which write down what they saw, and then those in node, which must see the same.
pub(crate) fn tokens() -> Outcome {
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
    let names = ["token", "jwks", "sessions", "parity"];
    node.args(names.map(|name| format!("crates/wasm/test/token/{name}.test.mjs")));
    execute(node.env("BAILIWICK_TOKEN_VECTORS", &vectors))
}

/// Serves the example and asks it, with tokens of an issuer that the test runs.
pub(crate) fn worker() -> Outcome {
    match prepare() {
        Ok(()) => {
            let mut node = Command::new("node");
            execute(node.args(["--test", "--test-reporter=spec"]).arg(tests().join("worker.test.mjs")))
        }
        Err(why) => Outcome::Failed(why),
    }
}

/// The package, the artifact and the runtime.
fn prepare() -> Result<(), String> {
    let package = crate::root().join("target").join("npm").join("evaluator");
    if !package.join("package.json").exists() {
        return Err("the package is not there: run `cargo xtask wasm`".to_owned());
    }
    passed(execute(&mut cargo(&["build", "--workspace", "--bins", "--locked", "--quiet"])))?;
    // Beside this program: the same profile made both.
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let bailiwick = own.with_file_name(format!("bailiwick{}", std::env::consts::EXE_SUFFIX));
    // As the example's own `npm run build`: decisions name policies as the command line did.
    let build = |more: &[&str]| {
        let mut build = Command::new(&bailiwick);
        passed(execute_in(&example(), build.args(["build", "policies"]).args(more)))
    };
    build(&["-o", "src/app.bwk"])?;
    build(&["--wasm", "--package", "../../target/npm/evaluator", "-o", "../../target/wasm/bundle"])?;
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(tests());
    passed(execute(npm.stdout(Stdio::null())))
}

fn example() -> PathBuf {
    crate::root().join("examples").join("cloudflare-worker")
}

fn tests() -> PathBuf {
    example().join("test")
}

fn passed(outcome: Outcome) -> Result<(), String> {
    match outcome {
        Outcome::Passed => Ok(()),
        Outcome::Failed(why) | Outcome::Skipped(why) => Err(why),
    }
}

/// An empty folder of the checkout, by its full path.
fn empty(folder: &str) -> Result<PathBuf, String> {
    let path = crate::root().join(folder);
    clear(&path).map_err(|error| format!("{}: {error}", path.display()))
}

fn clear(path: &Path) -> std::io::Result<PathBuf> {
    if path.exists() {
        std::fs::remove_dir_all(path)?;
    }
    std::fs::create_dir_all(path)?;
    path.canonicalize()
}
