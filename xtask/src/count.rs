//! `cargo xtask count`: instructions of load, session and decide, compared with the committed `benches/counts.toml`.
//!
//! Instructions do not depend on what else the machine does, so a rise means that the code does more. They do depend on
//! the compiler, which the table names, and on the C library's variants for newer processors, which are switched off.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Outcome, cargo, run as execute};
use crate::tools;

const SHAPES: [&str; 3] = ["mt", "flat", "adv"];
const SIZES: [&str; 2] = ["100", "10000"];

/// More than so many percent above the table is a failure, more than so many below it a hint.
const TOLERANCE: u64 = 5;

/// One variant of `memcmp` and its like for every machine.
const PLAIN_PROCESSOR: &str = "glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-AVX_Fast_Unaligned_Load,-AVX512F,-AVX512VL,\
-AVX512BW,-ERMS,-FSRM,-SSSE3,-SSE4_1,-SSE4_2,-MOVBE,-BMI2";

/// Instructions for one operation, by workload (`mt.100`) and operation (`decide`).
type Counts = BTreeMap<String, BTreeMap<String, u64>>;

/// Counts and compares; with `--record` writes the table.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let record = match arguments {
        [] => false,
        [one] if one == "--record" => true,
        _ => return Err("count takes `--record` or nothing".to_owned()),
    };
    let counts = count()?;
    if record {
        let text = write(&counts, &compiler()?);
        fs::write(table(), text).map_err(|error| format!("{}: {error}", table().display()))?;
        println!("{}", table().display());
        return Ok(());
    }
    let text = fs::read_to_string(table()).map_err(|error| format!("{}: {error}", table().display()))?;
    let (recorded_by, recorded) = read(&text)?;
    let compiler = compiler()?;
    if compiler != recorded_by {
        println!("note: the table was made with {recorded_by}, this is {compiler}");
    }
    compare(&recorded, &counts)
}

/// The step of `cargo xtask test`. `install` lets apt add what is missing.
pub(crate) fn step(install: bool) -> Outcome {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Outcome::Skipped("instructions are counted on Linux on x86-64".to_owned());
    }
    if !has_valgrind() {
        if !install {
            return Outcome::Skipped("valgrind is missing; `--install` lets apt add it".to_owned());
        }
        if let Err(why) = tools::apt_install(&["valgrind"]) {
            return Outcome::Skipped(format!("valgrind is missing and could not be installed: {why}"));
        }
    }
    match run(&[]) {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

fn table() -> PathBuf {
    crate::root().join("benches").join("counts.toml")
}

fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn compiler() -> Result<String, String> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("--version")
        .output()
        .map_err(|error| format!("rustc did not start: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn count() -> Result<Counts, String> {
    if !has_valgrind() {
        return Err("valgrind is missing; install it, `apt-get install valgrind`".to_owned());
    }
    let build =
        ["build", "--release", "--locked", "--quiet", "--package", "bailiwick-workload", "--bin", "count"];
    if let Outcome::Failed(why) = execute(&mut cargo(&build)) {
        return Err(why);
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::root().join("target"), PathBuf::from);
    let (program, folder) = (target.join("release").join("count"), target.join("count"));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut counts = Counts::new();
    for shape in SHAPES {
        for size in SIZES {
            counts.insert(format!("{shape}.{size}"), workload(&program, &folder, shape, size)?);
        }
    }
    Ok(counts)
}

fn workload(program: &Path, folder: &Path, shape: &str, size: &str) -> Result<BTreeMap<String, u64>, String> {
    finish(Command::new(program).arg(folder).args([shape, size, "--prepare"]))?;
    let out = folder.join("callgrind");
    let said = finish(
        Command::new("valgrind")
            .args(["--tool=callgrind", "--quiet", "--dump-before=*measured_*"])
            .arg(format!("--callgrind-out-file={}", out.display()))
            .arg(program)
            .arg(folder)
            .args([shape, size])
            .env("GLIBC_TUNABLES", PLAIN_PROCESSOR),
    )?;
    let mut counts = BTreeMap::new();
    // Part 1 ends where the first operation begins.
    for (part, line) in (2..).zip(said.lines()) {
        let (name, times) = line.split_once(' ').ok_or_else(|| format!("not a count: `{line}`"))?;
        let times: u64 = times.parse().map_err(|_| format!("not a count: `{line}`"))?;
        let path = out.with_extension(part.to_string());
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let instructions = summary(&text).ok_or_else(|| format!("{} has no summary", path.display()))?;
        counts.insert(name.to_owned(), instructions / times.max(1));
    }
    Ok(counts)
}

fn finish(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{name} ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn summary(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("summary: "))?.trim().parse().ok()
}

fn write(counts: &Counts, compiler: &str) -> String {
    let mut text = format!(
        "# Instructions for one operation on the reference workloads, made by `cargo xtask count --record`.\n\
         # `cargo xtask count` fails where one is more than 5 % higher. `direct` is deciding without a session.\n\
         compiler = \"{compiler}\"\n"
    );
    for (workload, row) in counts {
        let _ = writeln!(text, "\n[{workload}]");
        for (name, number) in row {
            let _ = writeln!(text, "{name} = {number}");
        }
    }
    text
}

/// The compiler, and the table that `write` wrote.
fn read(text: &str) -> Result<(String, Counts), String> {
    let (mut compiler, mut counts, mut section) = (String::new(), Counts::new(), String::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let strange = || format!("benches/counts.toml: not understood: `{line}`");
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let (name, value) = line.split_once(" = ").ok_or_else(strange)?;
        if section.is_empty() {
            value.trim_matches('"').clone_into(&mut compiler);
        } else {
            let number = value.parse().map_err(|_| strange())?;
            counts.entry(section.clone()).or_default().insert(name.to_owned(), number);
        }
    }
    Ok((compiler, counts))
}

/// Prints both side by side; an error names what rose.
fn compare(recorded: &Counts, counts: &Counts) -> Result<(), String> {
    let mut wrong = Vec::new();
    let mut fell = false;
    println!("{:10} {:8} {:>12} {:>12}", "workload", "", "recorded", "now");
    for (workload, row) in counts {
        for (name, now) in row {
            let Some(before) = recorded.get(workload).and_then(|row| row.get(name)) else {
                wrong.push(format!("{workload} {name} is not in the table"));
                continue;
            };
            println!("{workload:10} {name:8} {before:12} {now:12} {:+7.1} %", percent(*now, *before));
            if now * 100 > before * (100 + TOLERANCE) {
                wrong.push(format!("{workload} {name} rose from {before} to {now}"));
            }
            fell |= now * 100 < before * (100 - TOLERANCE);
        }
    }
    let size = |counts: &Counts| counts.values().map(BTreeMap::len).sum::<usize>();
    if size(recorded) > size(counts) {
        wrong.push("the table has rows that are not counted any more".to_owned());
    }
    if fell {
        println!("note: some counts fell by more than 5 %; `cargo xtask count --record` keeps that");
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{}; if that is meant, `cargo xtask count --record`", wrong.join("; ")))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn percent(now: u64, before: u64) -> f64 {
    (now as f64 / before.max(1) as f64 - 1.0) * 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(&str, &str, u64)]) -> Counts {
        let mut counts = Counts::new();
        for (workload, name, number) in rows {
            counts.entry((*workload).to_owned()).or_default().insert((*name).to_owned(), *number);
        }
        counts
    }

    #[test]
    fn a_rise_fails_and_a_fall_does_not() {
        let recorded = counts(&[("mt.100", "decide", 1000), ("mt.100", "load", 200)]);
        let check = |decide: u64, wanted: bool| {
            let now = counts(&[("mt.100", "decide", decide), ("mt.100", "load", 200)]);
            assert_eq!(compare(&recorded, &now).is_ok(), wanted, "{decide}");
        };
        check(1000, true);
        check(1050, true);
        check(1051, false);
        check(10, true);
        assert!(compare(&recorded, &counts(&[("mt.100", "decide", 1000)])).is_err(), "a row is gone");
        assert!(compare(&counts(&[]), &recorded).is_err(), "a row is new");
    }

    #[test]
    fn the_table_is_read_as_it_was_written() {
        let table = counts(&[("mt.100", "decide", 1000), ("flat.10000", "load", 200)]);
        assert_eq!(read(&write(&table, "rustc 1.95.0")), Ok(("rustc 1.95.0".to_owned(), table)));
        assert!(read("[mt.100]\ndecide = many\n").is_err());
    }

    #[test]
    fn the_committed_table_has_every_row() {
        let (compiler, counts) = read(&fs::read_to_string(table()).unwrap()).unwrap();
        assert!(compiler.starts_with("rustc "));
        let names: Vec<String> =
            SHAPES.iter().flat_map(|shape| SIZES.map(|size| format!("{shape}.{size}"))).collect();
        assert_eq!(counts.len(), names.len());
        for name in names {
            let row: Vec<&str> = counts[&name].keys().map(String::as_str).collect();
            assert_eq!(row, ["decide", "direct", "load", "session"], "{name}");
        }
    }
}
