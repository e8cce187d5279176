//! What `bailiwick test` prints of its cases.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::json;

use crate::output::style::{BAD, DIM, GOOD, paint};
use crate::output::{Format, clean, json};

/// Form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Failing cases with reasons, and a summary
    Human,
    /// One case a line; columns are parted by a tab
    Plain,
    /// One JSON document
    Json,
    /// `{id, expect, got, ok}` for each case
    Jsonl,
    /// XML as CI systems read it
    Junit,
}

/// A case that was run.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Its name, unique in its file.
    pub(crate) id: String,
    /// Where it stands.
    pub(crate) file: String,
    /// What it expects.
    pub(crate) expect: String,
    /// What came out.
    pub(crate) got: String,
    /// Whether that fits.
    pub(crate) ok: bool,
    /// Why it came out, for a case that failed.
    pub(crate) why: String,
}

/// A statement that no case exercised.
#[derive(Clone, Debug)]
pub(crate) struct Idle {
    /// `` `Sid` of policies/a.json:5:7 ``
    pub(crate) statement: String,
}

/// How many statements cases exercised.
#[derive(Clone, Debug)]
pub(crate) struct Coverage {
    /// Of so many.
    pub(crate) statements: usize,
    /// These never.
    pub(crate) idle: Vec<Idle>,
}

/// The report as text.
pub(crate) fn draw(cases: &[Outcome], coverage: Option<&Coverage>, format: ReportFormat) -> String {
    match format {
        ReportFormat::Human => human(cases, coverage),
        ReportFormat::Plain => plain(cases, coverage),
        ReportFormat::Json => document(cases, coverage),
        ReportFormat::Jsonl => cases
            .iter()
            .map(|case| {
                let line = json!({ "id": case.id, "expect": case.expect, "got": case.got, "ok": case.ok });
                json(&line, Format::Jsonl)
            })
            .collect(),
        ReportFormat::Junit => junit(cases),
    }
}

fn failed(cases: &[Outcome]) -> usize {
    cases.iter().filter(|case| !case.ok).count()
}

// Writing to a string cannot fail; the results below are dropped for that.
fn human(cases: &[Outcome], coverage: Option<&Coverage>) -> String {
    let mut text = String::new();
    for case in cases.iter().filter(|case| !case.ok) {
        let _ = writeln!(text, "{} {} ({})", paint(BAD, "FAILED"), clean(&case.id), clean(&case.file));
        let _ = writeln!(text, "  expected {}, got {}", clean(&case.expect), clean(&case.got));
        for line in case.why.lines() {
            let _ = writeln!(text, "  {}", paint(DIM, &clean(line)));
        }
    }
    if let Some(coverage) = coverage {
        let _ = writeln!(text, "{}", covered(coverage));
        for idle in &coverage.idle {
            let _ = writeln!(text, "  never exercised: {}", clean(&idle.statement));
        }
    }
    let failed = failed(cases);
    let passed = cases.len() - failed;
    let summary = if failed == 0 {
        paint(GOOD, &format!("{passed} passed"))
    } else {
        format!("{passed} passed, {}", paint(BAD, &format!("{failed} failed")))
    };
    let _ = writeln!(
        text,
        "{}: {summary}",
        if cases.len() == 1 { "1 case".to_owned() } else { format!("{} cases", cases.len()) }
    );
    text
}

fn covered(coverage: &Coverage) -> String {
    let exercised = coverage.statements.saturating_sub(coverage.idle.len());
    format!("{exercised} of {} statements exercised", coverage.statements)
}

fn plain(cases: &[Outcome], coverage: Option<&Coverage>) -> String {
    let mut text = String::new();
    for case in cases {
        let word = if case.ok { "ok" } else { "FAILED" };
        let fields = [word, &case.file, &case.id, &case.expect, &case.got].map(clean);
        let _ = writeln!(text, "{}", fields.join("\t"));
    }
    for idle in coverage.iter().flat_map(|coverage| &coverage.idle) {
        let _ = writeln!(text, "idle\t{}", clean(&idle.statement));
    }
    text
}

fn document(cases: &[Outcome], coverage: Option<&Coverage>) -> String {
    let failed = failed(cases);
    let list: Vec<_> = cases
        .iter()
        .map(|case| {
            json!({
                "id": case.id,
                "file": case.file,
                "expect": case.expect,
                "got": case.got,
                "ok": case.ok,
                "why": (!case.ok).then_some(&case.why),
            })
        })
        .collect();
    let coverage = coverage.map(|coverage| {
        let idle: Vec<_> = coverage.idle.iter().map(|idle| &idle.statement).collect();
        json!({ "statements": coverage.statements, "idle": idle })
    });
    let value = json!({
        "schema": "bailiwick/test/1",
        "total": cases.len(),
        "passed": cases.len() - failed,
        "failed": failed,
        "coverage": coverage,
        "cases": list,
    });
    json(&value, Format::Json)
}

fn junit(cases: &[Outcome]) -> String {
    let mut files: Vec<&str> = Vec::new();
    for case in cases {
        if files.last() != Some(&case.file.as_str()) && !files.contains(&case.file.as_str()) {
            files.push(&case.file);
        }
    }
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites name=\"bailiwick\" tests=\"{}\" failures=\"{}\">",
        cases.len(),
        failed(cases)
    );
    for file in files {
        let own: Vec<&Outcome> = cases.iter().filter(|case| case.file == file).collect();
        let failures = own.iter().filter(|case| !case.ok).count();
        let name = xml(file);
        let _ =
            writeln!(text, "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\">", own.len());
        for case in own {
            let _ = write!(text, "    <testcase classname=\"{name}\" name=\"{}\"", xml(&case.id));
            if case.ok {
                text.push_str("/>\n");
            } else {
                let message = xml(&format!("expected {}, got {}", case.expect, case.got));
                let _ =
                    writeln!(text, ">\n      <failure message=\"{message}\">{}</failure>", xml(&case.why));
                text.push_str("    </testcase>\n");
            }
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// Text as XML. Characters that XML 1.0 cannot hold become U+FFFD.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_well_formed_whatever_the_names_are() {
        let case = Outcome {
            id: "a<b>&\"\u{1b}".to_owned(),
            file: "x.jsonl".to_owned(),
            expect: "allowed".to_owned(),
            got: "implicitDeny".to_owned(),
            ok: false,
            why: "first\nsecond".to_owned(),
        };
        let text = draw(&[case], None, ReportFormat::Junit);
        assert!(text.contains("name=\"a&lt;b&gt;&amp;&quot;\u{fffd}\""), "{text}");
        assert!(text.contains(">first&#10;second</failure>"), "{text}");
    }
}
