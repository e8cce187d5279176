//! Puts tables where the page has a line `<!-- figures -->`, up to the line `<!-- end of figures -->`.

use std::fmt::Write as _;

use super::bars::{self, megabytes};
use super::row::{Row, Run, distinct};

const BEGIN: &str = "<!-- figures -->\n";
const END: &str = "<!-- end of figures -->\n";

/// What the others are compared with.
pub(crate) const OURS: &str = "bailiwick, session";

/// The page with the tables of these figures.
pub(crate) fn fill(page: &str, run: &Run) -> Result<String, String> {
    between(page, &tables(run, true)).ok_or_else(|| missing("docs/performance.md"))
}

/// The README with the factors of `mt`.
pub(crate) fn fill_readme(page: &str, run: &Run) -> Result<String, String> {
    between(page, &readme(run)).ok_or_else(|| missing("README.md"))
}

fn between(page: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{text}{END}{after}"))
}

fn missing(name: &str) -> String {
    format!("{name} has no lines `{}` and `{}`", BEGIN.trim(), END.trim())
}

/// Engines as the README calls them.
const NAMED: [(&str, &str); 5] = [
    ("cedar", "Cedar 4.14"),
    ("cedar, sliced by tenant", "Cedar, a policy set for each tenant"),
    ("regorus", "Rego on regorus 0.14"),
    ("regorus, indexed by hand", "Rego, rewritten over an index by hand"),
    ("casbin", "casbin 2.20"),
];

fn readme(run: &Run) -> String {
    let mut text = String::from("| statements |");
    let mut sizes: Vec<usize> =
        run.rows.iter().filter(|row| row.shape == "mt").map(|row| row.statements).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for size in &sizes {
        let _ = write!(text, " {} |", count(*size));
    }
    let _ = writeln!(text, "\n|---|{}", "---:|".repeat(sizes.len()));
    for (engine, name) in NAMED {
        let _ = write!(text, "| {name} |");
        for size in &sizes {
            let theirs = run.p50("mt", *size, engine).zip(run.p50("mt", *size, OURS));
            let shown =
                theirs.map_or_else(|| "not measured".to_owned(), |(theirs, ours)| factor(theirs / ours));
            let _ = write!(text, " {shown} |");
        }
        text.push('\n');
    }
    text
}

/// All tables; the page has plots too.
pub(crate) fn tables(run: &Run, plots: bool) -> String {
    let mut text = format!("\n## What was promised\n\n{}", bars::table(run));
    for shape in distinct(run.rows.iter().map(|row| row.shape.as_str())) {
        let of_shape: Vec<&Row> = run.rows.iter().filter(|row| row.shape == shape).collect();
        let _ = writeln!(text, "\n## `{shape}`");
        if plots {
            let _ = writeln!(text, "\n![p50 against number of statements](images/performance-{shape}.svg)");
        }
        let timed: Vec<&Row> = of_shape.iter().copied().filter(|row| !row.p50.is_nan()).collect();
        text.push_str("\nTime of a decision, p50 / p99.\n\n");
        text.push_str(&by_size(&timed, |row, _| format!("{} / {}", time(row.p50), time(row.p99))));
        text.push_str("\nHow many times the p50 of a decision with a session.\n\n");
        text.push_str(&by_size(&timed, |row, ours| {
            ours.map_or_else(String::new, |ours| factor(row.p50 / ours.p50))
        }));
        text.push_str(&largest(&of_shape));
    }
    text.push_str(&stages(run));
    text.push('\n');
    text
}

/// What comes before a decision, by workload and size.
fn stages(run: &Run) -> String {
    let mut sets: Vec<(&str, usize)> = Vec::new();
    for figure in &run.figures {
        if !sets.contains(&(&figure.shape, figure.statements)) {
            sets.push((&figure.shape, figure.statements));
        }
    }
    if sets.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\n## Before a decision\n\nReading of the policies, compiling, what the tree takes in memory, its artifact, loading that, \
         and a session for one token (p50); `managed` are the policies that AWS manages, with what a decision takes there.\n\n\
         | | statements | parse | compile | tree | artifact | load | session | decide, session | decide, no session |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (shape, statements) in sets {
        let figure = |name: &str| run.figure(shape, Some(statements), name).unwrap_or(f64::NAN);
        let milliseconds = |name: &str| shown(figure(name) * 1e6, time);
        let both = |how: &str| {
            let (p50, p99) = (figure(&format!("{how}_p50_ns")), figure(&format!("{how}_p99_ns")));
            shown(p50, |p50| format!("{} / {}", time(p50), time(p99)))
        };
        let _ = writeln!(
            text,
            "| `{shape}` | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            count(statements),
            milliseconds("parse_ms"),
            milliseconds("compile_ms"),
            megabytes(figure("live_bytes")),
            megabytes(figure("artifact_bytes")),
            milliseconds("load_ms"),
            shown(figure("session_ns"), time),
            both("decide"),
            both("direct"),
        );
    }
    text
}

/// A line for each engine, a column for each size.
fn by_size(rows: &[&Row], cell: impl Fn(&Row, Option<&Row>) -> String) -> String {
    let mut sizes: Vec<usize> = rows.iter().map(|row| row.statements).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let find = |engine: &str, size: usize| {
        rows.iter().copied().find(|row| row.engine == engine && row.statements == size)
    };
    let mut text = String::from("| engine |");
    for size in &sizes {
        let _ = write!(text, " {} |", count(*size));
    }
    let _ = writeln!(text, "\n|---|{}", "---:|".repeat(sizes.len()));
    for engine in distinct(rows.iter().map(|row| row.engine.as_str())) {
        let _ = write!(text, "| {engine} |");
        for size in &sizes {
            let shown = find(&engine, *size).map_or_else(String::new, |row| cell(row, find(OURS, *size)));
            let _ = write!(text, " {shown} |");
        }
        text.push('\n');
    }
    text
}

/// What else was counted, at the largest size that an engine was asked at.
fn largest(rows: &[&Row]) -> String {
    let mut text = String::from(
        "\nAt the largest size: allocations for one decision, decisions a second one after the other, reading of the \
         policies, and what stays in memory.\n\n| engine | statements | allocations | a second | load | memory |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for engine in distinct(rows.iter().map(|row| row.engine.as_str())) {
        let Some(row) = rows.iter().filter(|row| row.engine == engine).max_by_key(|row| row.statements)
        else {
            continue;
        };
        let allocations = shown(row.allocations, |value| format!("{value:.1}"));
        let load = shown(row.load_milliseconds, |value| format!("{value:.1} ms"));
        let memory = megabytes(row.live_bytes);
        let rate = shown(1e9 / row.mean, thousands);
        let _ = writeln!(
            text,
            "| {engine} | {} | {allocations} | {rate} | {load} | {memory} |",
            count(row.statements)
        );
    }
    text
}

pub(crate) fn shown(value: f64, show: impl Fn(f64) -> String) -> String {
    if value.is_nan() { String::new() } else { show(value) }
}

/// `12 ns`, `3.4 us`, `1.2 ms`.
pub(crate) fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 1e3 => format!("{small:.0} ns"),
        middle if middle < 1e6 => format!("{:.1} us", middle / 1e3),
        large => format!("{:.1} ms", large / 1e6),
    }
}

pub(crate) fn factor(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { thousands(value) }
}

/// A number of statements.
fn count(statements: usize) -> String {
    thousands(u32::try_from(statements).map_or(f64::NAN, f64::from))
}

/// `12,345`
pub(crate) fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_in_their_unit() {
        let check = |value, expected| assert_eq!(time(value), expected);
        check(99.6, "100 ns");
        check(1_500.0, "1.5 us");
        check(22_000_000.0, "22.0 ms");
        assert_eq!(thousands(1_234_567.0), "1,234,567");
        assert_eq!(thousands(999.0), "999");
        assert_eq!(factor(3.26), "3.3");
    }

    #[test]
    fn tables_stand_between_their_marks() {
        let text = "engine\tmt\t10\tfloor\t20\t30\t25\t0\t9\t-\t-\n\
                    engine\tmt\t10\tbailiwick, session\t40\t60\t45\t0\t9\t1.5\t2000000\n\
                    engine\tmt\t10\tcedar\t200\t300\t250\t9\t9\t-\t-\n\
                    figure\tmt\t1000\tcompile_ms\t8.25\nfigure\tmt\t1000\tlive_bytes\t400000\n";
        let run = Run::read(text).unwrap();
        let page = format!("before\n{BEGIN}old\n{END}after\n");
        let filled = fill(&page, &run).unwrap();
        assert!(filled.starts_with("before\n") && filled.ends_with("after\n") && !filled.contains("old"));
        assert!(filled.contains("| floor | 20 ns / 30 ns |"), "{filled}");
        assert!(filled.contains("| floor | 0.5 |"), "{filled}");
        assert!(
            filled.contains("| bailiwick, session | 10 | 0.0 | 22,222,222 | 1.5 ms | 2.0 MB |"),
            "{filled}"
        );
        assert!(filled.contains("| `mt` | 1,000 |  | 8.2 ms | 0.4 MB |"), "{filled}");
        assert!(fill("no marks", &run).is_err());
        let filled = fill_readme(&page, &run).unwrap();
        assert!(filled.contains("| statements | 10 |\n|---|---:|\n| Cedar 4.14 | 5.0 |\n"), "{filled}");
        assert!(filled.contains("| casbin 2.20 | not measured |"), "{filled}");
    }
}
