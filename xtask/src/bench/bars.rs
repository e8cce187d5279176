//! What was promised, and what was measured.

use std::fmt::Write as _;

use super::page::{OURS, factor, shown, thousands, time};
use super::row::Run;

const DIRECT: &str = "bailiwick, no session";
const SCANNING: &str = "bailiwick, scanning";
const LARGE: usize = 10_000;

/// A promise: what is measured, in which direction, and how far.
struct Bar {
    what: String,
    measured: Option<f64>,
    limit: Limit,
    show: fn(f64) -> String,
}

enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

/// A table of all bars that the run can tell something of.
pub(crate) fn table(run: &Run) -> String {
    let mut text = String::from("| | bar | measured | |\n|---|---:|---:|---|\n");
    for bar in bars(run) {
        let Some(measured) = bar.measured.filter(|value| !value.is_nan()) else { continue };
        let (sign, limit, met) = match bar.limit {
            Limit::AtMost(limit) => ("at most", limit, measured <= limit),
            Limit::AtLeast(limit) => ("at least", limit, measured >= limit),
        };
        let _ = writeln!(
            text,
            "| {} | {sign} {} | {} | {} |",
            bar.what,
            (bar.show)(limit),
            (bar.show)(measured),
            if met { "met" } else { "missed" }
        );
    }
    text
}

fn bars(run: &Run) -> Vec<Bar> {
    let mut bars = Vec::new();
    decisions(run, &mut bars);
    peers(run, &mut bars);
    stages(run, &mut bars);
    bars
}

fn decisions(run: &Run, bars: &mut Vec<Bar>) {
    let mut add = |what: &str, measured: Option<f64>, limit: Limit, show: fn(f64) -> String| {
        bars.push(Bar { what: what.to_owned(), measured, limit, show });
    };
    let p50 = |shape: &str, statements: usize, engine: &str| run.p50(shape, statements, engine);
    let over = |shape: &str, of: (usize, &str), by: (usize, &str)| {
        Some(p50(shape, of.0, of.1)? / p50(shape, by.0, by.1)?)
    };
    let floor = (LARGE, "floor");
    add("`mt` 10,000, session: p50 / floor", over("mt", (LARGE, OURS), floor), Limit::AtMost(4.0), factor);
    add(
        "`mt`, session: p50 at 10,000 / at 100",
        over("mt", (LARGE, OURS), (100, OURS)),
        Limit::AtMost(1.3),
        fine,
    );
    add("`mt` 10,000, no session: p50", p50("mt", LARGE, DIRECT), Limit::AtMost(250.0), time);
    add(
        "`mt`, no session: p50 at 10,000 / at 100",
        over("mt", (LARGE, DIRECT), (100, DIRECT)),
        Limit::AtMost(1.5),
        fine,
    );
    add(
        "`flat` 10,000, session: p50 / floor",
        over("flat", (LARGE, OURS), floor),
        Limit::AtMost(8.0),
        factor,
    );
    let sizes = run.rows.iter().filter(|row| row.shape == "adv" && row.engine == OURS);
    let worst = sizes
        .filter_map(|row| over("adv", (row.statements, OURS), (row.statements, SCANNING)))
        .max_by(f64::total_cmp);
    add("`adv`, session: p50 / scanning, at the worst size", worst, Limit::AtMost(1.1), fine);
    add(
        "`adv` 10,000: scanning / session",
        over("adv", (LARGE, SCANNING), (LARGE, OURS)),
        Limit::AtLeast(10.0),
        factor,
    );
    let ours = run.rows.iter().filter(|row| [OURS, DIRECT, SCANNING].contains(&row.engine.as_str()));
    let allocations = ours.map(|row| row.allocations).max_by(f64::total_cmp);
    add("allocations of a decision", allocations, Limit::AtMost(0.0), |value| format!("{value:.0}"));
    let many = run.row("mt", LARGE, "bailiwick, decide_many").map(|row| 1e9 / row.mean);
    add("`mt` 10,000, `decide_many`: decisions a second", many, Limit::AtLeast(8e6), thousands);
}

fn peers(run: &Run, bars: &mut Vec<Bar>) {
    for (engine, statements, least) in [
        ("cedar", 10, 100.0),
        ("cedar", 1000, 4000.0),
        ("cedar", LARGE, 80_000.0),
        ("cedar, sliced by tenant", LARGE, 400.0),
        ("regorus", 10, 30.0),
        ("regorus", 1000, 1000.0),
        ("regorus, indexed by hand", LARGE, 150.0),
        ("casbin", 10, 100.0),
    ] {
        let theirs = run.p50("mt", statements, engine);
        let ours = run.p50("mt", statements, OURS);
        bars.push(Bar {
            what: format!(
                "`mt` {}: {engine} / bailiwick, session",
                thousands(f64::from(u32::try_from(statements).unwrap_or(0)))
            ),
            measured: theirs.and_then(|theirs| Some(theirs / ours?)),
            limit: Limit::AtLeast(least),
            show: factor,
        });
    }
}

fn stages(run: &Run, bars: &mut Vec<Bar>) {
    let mut add = |what: &str, measured: Option<f64>, most: f64, show: fn(f64) -> String| {
        bars.push(Bar { what: what.to_owned(), measured, limit: Limit::AtMost(most), show });
    };
    let at = |name: &str, statements: usize| run.figure("mt", Some(statements), name);
    let nanoseconds = |milliseconds: f64| milliseconds * 1e6;
    add("`mt` 10,000: compile", at("compile_ms", LARGE).map(nanoseconds), 100e6, time);
    add("`mt` 10,000: tree in memory", at("live_bytes", LARGE), 5e6, megabytes);
    let growth = |name: &str| Some(at(name, 10 * LARGE)? / at(name, LARGE)?);
    add("`mt` 100,000: compile / at 10,000, near linear", growth("compile_ms"), 15.0, factor);
    add("`mt` 100,000: memory / at 10,000, near linear", growth("live_bytes"), 15.0, factor);
    add("`mt` 10,000: load an artifact", at("load_ms", LARGE).map(nanoseconds), 2e6, time);
    add("`mt` 10,000: a session", at("session_ns", LARGE), 20e3, time);
    let managed = |name: &str| run.figure("managed", None, name);
    let both = managed("parse_ms").and_then(|parse| Some(nanoseconds(parse + managed("compile_ms")?)));
    add("AWS's managed policies: parse and compile", both, 300e6, time);
    add("AWS's managed policies, session: p50", managed("decide_p50_ns"), 300.0, time);
}

fn fine(value: f64) -> String {
    format!("{value:.2}")
}

pub(crate) fn megabytes(bytes: f64) -> String {
    shown(bytes, |value| format!("{:.1} MB", value / 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_met_or_missed() {
        let engine = |statements: usize, engine: &str, p50: f64, allocations: f64| {
            format!("engine\tmt\t{statements}\t{engine}\t{p50}\t99\t50\t{allocations}\t9\t-\t-\n")
        };
        let text = [
            engine(LARGE, "floor", 25.0, 0.0),
            engine(LARGE, OURS, 110.0, 0.0),
            engine(10, OURS, 50.0, 1.0),
            engine(10, "cedar", 6000.0, 9.0),
            "figure\tmt\t10000\tcompile_ms\t90.0\n".to_owned(),
            "figure\tmanaged\t8000\tparse_ms\t150.0\nfigure\tmanaged\t8000\tcompile_ms\t250.0\n".to_owned(),
        ]
        .concat();
        let table = table(&Run::read(&text).unwrap());
        for line in [
            "| `mt` 10,000, session: p50 / floor | at most 4.0 | 4.4 | missed |",
            "| allocations of a decision | at most 0 | 1 | missed |",
            "| `mt` 10: cedar / bailiwick, session | at least 100 | 120 | met |",
            "| `mt` 10,000: compile | at most 100.0 ms | 90.0 ms | met |",
            "| AWS's managed policies: parse and compile | at most 300.0 ms | 400.0 ms | missed |",
        ] {
            assert!(table.contains(line), "{line} in\n{table}");
        }
        assert!(!table.contains("regorus"), "what was not measured is left out\n{table}");
    }
}
