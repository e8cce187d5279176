//! `cargo xtask test`: everything that must hold before a change lands.

use crate::step::{Outcome, Steps, cargo, run as execute};
use crate::{tools, wasm};

/// Version of cargo-deny that the build server uses; a newer one may ask for a newer compiler.
const CARGO_DENY: &str = "0.20.2";

/// Cases for each property test, unless `--cases` says otherwise.
const CASES: &str = "100000";

/// Cases for each property test, and whether apt may add what is missing.
fn switches(arguments: &[String]) -> Result<(String, bool), String> {
    let (mut cases, mut install) = (CASES.to_owned(), false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--install" => install = true,
            "--cases" => cases.clone_from(rest.next().ok_or("`--cases` wants a number")?),
            other => return Err(format!("unknown switch `{other}`; there are --install and --cases N")),
        }
    }
    Ok((cases, install))
}

/// Runs all steps, and fails if one failed.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (cases, install) = switches(arguments)?;
    let mut steps = Steps::new();
    steps.step("format", || execute(&mut cargo(&["fmt", "--all", "--check"])));
    steps.step("lints", || {
        execute(&mut cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    });
    steps.step("tests", || tests(&cases));
    steps.step("tokens at the edge", crate::edge::tokens);
    steps.step("SAML with xmlsec1", || crate::saml::step(install));
    steps.step("live issuers", crate::live::step);
    steps.step("documentation tests", || {
        execute(&mut cargo(&["test", "--workspace", "--doc", "--locked", "--quiet"]))
    });
    steps.step("documentation", || {
        let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
        execute(command.env("RUSTDOCFLAGS", "-D warnings"))
    });
    steps.step("instruction counts", || crate::count::step(install));
    steps.step("wasm", || wasm::step(install));
    steps.step("worker", crate::edge::worker);
    steps.step("playground", || crate::playground::step(install));
    steps.step("licences and sources of dependencies", deny);
    steps.finish()
}

/// Unit, integration, property, corpus and regression tests. Where there is no corpus its tests say so and pass:
/// it is data beside the project, not a part of it.
fn tests(cases: &str) -> Outcome {
    match std::env::var("BAILIWICK_CORPUS") {
        Ok(folder) => println!("corpus: {folder}"),
        Err(_) => println!("corpus: skipped: no corpus (BAILIWICK_CORPUS is not set)"),
    }
    println!("property tests: {cases} cases each");
    let mut command = if tools::has_cargo("nextest") {
        cargo(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--status-level", "fail"])
    } else {
        cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--locked", "--no-fail-fast", "--quiet"])
    };
    execute(command.env("PROPTEST_CASES", cases))
}

fn deny() -> Outcome {
    match tools::built("cargo-deny", CARGO_DENY) {
        Ok(program) => {
            execute(std::process::Command::new(program).args(["check", "licenses", "bans", "sources"]))
        }
        Err(why) => Outcome::Skipped(why),
    }
}
