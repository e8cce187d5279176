//! `cargo xtask wasm`: the two npm packages, under `target/npm`, and what is measured and tested of them.

mod bench;
mod check;
mod package;
mod size;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::step::{Outcome, cargo, run as execute};

/// The two builds: their names are also the crate's features and the folders under `target/npm`.
pub(crate) const BUILDS: [&str; 2] = ["evaluator", "full"];

/// Builds both packages, or the named one, and prints their sizes; `--test` tests both as well, `--bench` measures the
/// evaluator.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (mut install, mut test, mut bench, mut names) = (false, false, false, Vec::new());
    for argument in arguments {
        match argument.as_str() {
            "--install" => install = true,
            "--test" => test = true,
            "--bench" => bench = true,
            name if BUILDS.contains(&name) => names.push(name),
            other => {
                return Err(format!(
                    "unknown switch `{other}`; there are --install, --test, --bench, {}",
                    BUILDS.join(", ")
                ));
            }
        }
    }
    if names.is_empty() {
        names.extend(BUILDS);
    }
    let tools = Tools::find(install)?;
    for name in names {
        build(name, &tools)?;
    }
    size::print()?;
    if test {
        check::run()?;
    }
    if bench { bench::run() } else { Ok(()) }
}

/// The step of `cargo xtask test`.
pub(crate) fn step(install: bool) -> Outcome {
    let mut arguments = vec!["--test".to_owned()];
    arguments.extend(install.then(|| "--install".to_owned()));
    match run(&arguments) {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

/// All programs that a build needs.
struct Tools {
    toolchain: toolchain::Toolchain,
    bindgen: PathBuf,
    optimizer: PathBuf,
}

impl Tools {
    fn find(install: bool) -> Result<Self, String> {
        let toolchain = toolchain::find(install)?;
        let bindgen = bindgen()?;
        npm_ci(&folder())?;
        let optimizer = folder().join("node_modules").join("binaryen").join("bin").join("wasm-opt");
        Ok(Self { toolchain, bindgen, optimizer })
    }
}

/// Our door to wasm-bindgen's library, `xtask/bindgen`; it refuses modules of another version than its own.
fn bindgen() -> Result<PathBuf, String> {
    let target = crate::root().join("target").join("tools").join("bindgen");
    let manifest = crate::root().join("xtask").join("bindgen").join("Cargo.toml");
    let mut build = cargo(&["build", "--locked", "--quiet", "--manifest-path"]);
    passed(build.arg(manifest).arg("--target-dir").arg(&target))?;
    Ok(target.join("debug").join(format!("bailiwick-bindgen{}", std::env::consts::EXE_SUFFIX)))
}

/// Compiler, wasm-bindgen, wasm-opt, package.
fn build(name: &str, tools: &Tools) -> Result<(), String> {
    println!("\n--- {name}");
    let work = crate::root().join("target").join("wasm").join(name);
    let module = tools.toolchain.build(name)?;
    passed(Command::new(&tools.bindgen).arg(&module).arg(&work))?;
    let small = work.join("bailiwick.wasm");
    let mut optimizer = Command::new("node");
    optimizer.arg(&tools.optimizer).args(OPTIMIZE).arg(work.join("glue_bg.wasm")).arg("-o").arg(&small);
    passed(&mut optimizer)?;
    package::make(name, &work)
}

/// What every engine of the last years has; never `--all-features`. What the compiler has not made one function stays
/// apart: inlining makes the module shorter, and longer once it is compressed.
const OPTIMIZE: &[&str] = &[
    "-O3",
    "--one-caller-inline-max-function-size=1",
    "--always-inline-max-function-size=1",
    "--flexible-inline-max-function-size=1",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The node tools of a folder, as its `package-lock.json` has them.
pub(crate) fn npm_ci(folder: &Path) -> Result<(), String> {
    let lock = folder.join("package-lock.json");
    let done = folder.join("node_modules").join(".package-lock.json");
    let time = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    if time(&done).is_some_and(|done| time(&lock).is_some_and(|lock| lock <= done)) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
    passed(npm.stdout(Stdio::null()))
}

/// The crate.
fn folder() -> PathBuf {
    crate::root().join("crates").join("wasm")
}

fn passed(command: &mut Command) -> Result<(), String> {
    match execute(command) {
        Outcome::Passed => Ok(()),
        Outcome::Failed(why) | Outcome::Skipped(why) => Err(why),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
