//! Puts tables where the page has a line `<!-- figures -->`, up to the line `<!-- end of figures -->`.

use std::fmt::Write as _;

use super::row::{Row, distinct};

const BEGIN: &str = "<!-- figures -->\n";
const END: &str = "<!-- end of figures -->\n";

/// What the others are compared with.
const OURS: &str = "bailiwick, session";

/// The page with the tables of these rows.
pub(crate) fn fill(page: &str, rows: &[Row]) -> Result<String, String> {
    let missing = || format!("docs/performance.md has no lines `{}` and `{}`", BEGIN.trim(), END.trim());
    let (before, rest) = page.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", tables(rows)))
}

fn tables(rows: &[Row]) -> String {
    let mut text = String::new();
    for shape in distinct(rows.iter().map(|row| row.shape.as_str())) {
        let of_shape: Vec<&Row> = rows.iter().filter(|row| row.shape == shape).collect();
        let _ = writeln!(
            text,
            "\n## `{shape}`\n\n![p50 against number of statements](images/performance-{shape}.svg)"
        );
        let timed: Vec<&Row> = of_shape.iter().copied().filter(|row| !row.p50.is_nan()).collect();
        text.push_str("\nTime of a decision, p50 / p99.\n\n");
        text.push_str(&by_size(&timed, |row, _| format!("{} / {}", time(row.p50), time(row.p99))));
        text.push_str("\nHow many times the p50 of a decision with a session.\n\n");
        text.push_str(&by_size(&timed, |row, ours| {
            ours.map_or_else(String::new, |ours| factor(row.p50 / ours.p50))
        }));
        text.push_str(&largest(&of_shape));
        text.push('\n');
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
        let _ = write!(text, " {size} |");
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
        let memory = shown(row.live_bytes, |value| format!("{:.1} MB", value / 1e6));
        let rate = shown(1e9 / row.mean, thousands);
        let _ =
            writeln!(text, "| {engine} | {} | {allocations} | {rate} | {load} | {memory} |", row.statements);
    }
    text
}

fn shown(value: f64, show: impl Fn(f64) -> String) -> String {
    if value.is_nan() { String::new() } else { show(value) }
}

/// `12 ns`, `3.4 us`, `1.2 ms`.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 1e3 => format!("{small:.0} ns"),
        middle if middle < 1e6 => format!("{:.1} us", middle / 1e3),
        large => format!("{:.1} ms", large / 1e6),
    }
}

fn factor(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { thousands(value) }
}

/// `12,345`
fn thousands(value: f64) -> String {
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
        let text = "shape\nmt\t10\tfloor\t20\t30\t25\t0\t9\t-\t-\nmt\t10\tbailiwick, session\t40\t60\t45\t0\t9\t1.5\t2000000\n";
        let rows = super::super::row::read(text).unwrap();
        let page = format!("before\n{BEGIN}old\n{END}after\n");
        let filled = fill(&page, &rows).unwrap();
        assert!(filled.starts_with("before\n") && filled.ends_with("after\n") && !filled.contains("old"));
        assert!(filled.contains("| floor | 20 ns / 30 ns |"), "{filled}");
        assert!(filled.contains("| floor | 0.5 |"), "{filled}");
        assert!(
            filled.contains("| bailiwick, session | 10 | 0.0 | 22,222,222 | 1.5 ms | 2.0 MB |"),
            "{filled}"
        );
        assert!(fill("no marks", &rows).is_err());
    }
}
