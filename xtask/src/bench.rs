//! `cargo xtask bench`: measures all engines in one run, and writes tables and plots of `docs/performance.md` and the
//! table of the README.

mod bars;
mod page;
mod plot;
mod row;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::cargo;
use row::Run;

const HELP: &str = "bench takes numbers of statements, and one of `--ours` and `--render`";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Switches {
    /// Without the peers; prints and writes no page.
    ours: bool,
    /// Nothing is measured: the page of the last run's figures.
    render: bool,
    sizes: Vec<String>,
}

fn switches(arguments: &[String]) -> Result<Switches, String> {
    let mut switches = Switches { ours: false, render: false, sizes: Vec::new() };
    for argument in arguments {
        match argument.as_str() {
            "--ours" => switches.ours = true,
            "--render" => switches.render = true,
            size if size.parse::<usize>().is_ok() => switches.sizes.push(size.to_owned()),
            other => return Err(format!("not understood: `{other}`; {HELP}")),
        }
    }
    if switches.render && (switches.ours || !switches.sizes.is_empty()) {
        return Err(HELP.to_owned());
    }
    Ok(switches)
}

/// Runs the peers' package and writes the page; or without the peers, and prints.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let switches = switches(arguments)?;
    if switches.ours {
        let run = Run::read(&measure(&switches)?)?;
        println!("{}", page::tables(&run, false));
        return Ok(());
    }
    let figures = crate::root().join("target").join("bench").join("peers.tsv");
    if !switches.render {
        write(&figures, &measure(&switches)?)?;
    }
    let text = fs::read_to_string(&figures).map_err(|error| format!("{}: {error}", figures.display()))?;
    let run = Run::read(&text)?;
    let docs = crate::root().join("docs");
    for shape in row::distinct(run.rows.iter().map(|row| row.shape.as_str())) {
        let svg = plot::svg(&shape, &run.rows);
        write(&docs.join("images").join(format!("performance-{shape}.svg")), &svg)?;
    }
    rewrite(&docs.join("performance.md"), |page| page::fill(page, &run))?;
    rewrite(&crate::root().join("README.md"), |page| page::fill_readme(page, &run))
}

fn rewrite(path: &Path, fill: impl Fn(&str) -> Result<String, String>) -> Result<(), String> {
    let page = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    write(path, &fill(&page)?)
}

fn measure(switches: &Switches) -> Result<String, String> {
    let manifest = crate::root().join("benches").join("peers").join("Cargo.toml");
    let mut command: Command = cargo(&["run", "--release", "--locked", "--manifest-path"]);
    command.arg(manifest);
    if switches.ours {
        command.arg("--no-default-features");
    }
    command.arg("--").args(&switches.sizes).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("cargo did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("the run ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("{}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read() {
        let check = |line: &str, expected: Option<(bool, bool, usize)>| {
            let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let read = switches(&arguments).ok().map(|read| (read.ours, read.render, read.sizes.len()));
            assert_eq!(read, expected, "{line}");
        };
        check("", Some((false, false, 0)));
        check("10 100", Some((false, false, 2)));
        check("--ours 10000", Some((true, false, 1)));
        check("--render", Some((false, true, 0)));
        check("--render 10", None);
        check("--fast", None);
    }
}
