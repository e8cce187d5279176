//! `cargo xtask bench`: measures all engines in one run, and writes tables and plots of `docs/performance.md`.

mod page;
mod plot;
mod row;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::cargo;

/// Runs the peers' package (sizes may be given), or with `--render` only writes the page of the last run's figures.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let figures = crate::root().join("target").join("bench").join("peers.tsv");
    if arguments != ["--render"] {
        let text = measure(arguments)?;
        let folder = figures.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        write(&figures, &text)?;
    }
    let text = fs::read_to_string(&figures).map_err(|error| format!("{}: {error}", figures.display()))?;
    let rows = row::read(&text)?;
    let docs = crate::root().join("docs");
    for shape in row::distinct(rows.iter().map(|row| row.shape.as_str())) {
        let svg = plot::svg(&shape, &rows);
        write(&docs.join("images").join(format!("performance-{shape}.svg")), &svg)?;
    }
    let path = docs.join("performance.md");
    let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    write(&path, &page::fill(&page, &rows)?)
}

fn measure(sizes: &[String]) -> Result<String, String> {
    let manifest = crate::root().join("benches").join("peers").join("Cargo.toml");
    let mut command: Command = cargo(&["run", "--release", "--locked", "--manifest-path"]);
    command.arg(manifest).arg("--").args(sizes).stdout(Stdio::piped()).stderr(Stdio::inherit());
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
