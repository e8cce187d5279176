//! `bailiwick check`: what is wrong with documents.

use std::fmt::Write as _;

use bailiwick::ast::{Kind, Options};
use bailiwick::source::{Diagnostics, Severity};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::args::{KindArg, ReadingArgs};
use crate::diagnostics::{self, Shape};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::style::{BAD, GOOD, paint};
use crate::output::{Format, OutputArgs, json};
use crate::progress::Progress;

/// Check policy documents: refusals (E...) and lints (L...)
#[derive(Args, Clone, Debug)]
#[command(visible_aliases = ["validate", "lint"])]
pub(crate) struct CheckArgs {
    /// Files, directories, globs; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<String>,
    /// What the documents are used as
    #[arg(short, long, value_enum, default_value = "identity")]
    kind: KindArg,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Findings of this severity and above end with status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "warning")]
    fail_on: SeverityArg,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// Access Analyzer's four, and none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SeverityArg {
    /// Everything
    Suggestion,
    /// May not do what the author meant
    Warning,
    /// May grant more than the author meant
    SecurityWarning,
    /// Cannot do what the author meant
    Error,
    /// Nothing but refused documents
    Never,
}

impl SeverityArg {
    fn reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Suggestion => true,
            Self::Warning => severity >= Severity::Warning,
            Self::SecurityWarning => severity >= Severity::SecurityWarning,
            Self::Error => severity >= Severity::Error,
            Self::Never => false,
        }
    }
}

/// What was found in all documents.
#[derive(Default)]
struct Report {
    documents: usize,
    refused: Vec<Diagnostics>,
    linted: Vec<Diagnostics>,
}

pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let options =
        Options { kind: Kind::from(args.kind), profile: args.reading.profile.into(), ..Options::default() };
    let report = documents(args, &options, ())?;
    let format = args.output.format();
    // In JSON the refusals are among the findings; for people they are diagnostics like every other.
    if matches!(format, Format::Human | Format::Plain) {
        diagnostics::to_stderr(&report.refused, args.output.shape());
    }
    args.output.sink.write(&draw(&report, format, args))?;
    let all = report.linted.iter().flat_map(|diagnostics| &diagnostics.list);
    Ok(if !report.refused.is_empty() {
        Exit::Invalid
    } else if all.into_iter().any(|diagnostic| args.fail_on.reached_by(diagnostic.severity)) {
        Exit::No
    } else {
        Exit::Yes
    })
}

fn documents(args: &CheckArgs, options: &Options, _lints: ()) -> Result<Report, Failure> {
    let files = input::expand(&args.paths, &["json"])?;
    let mut progress = Progress::new(files.len(), "checking");
    let mut report = Report { documents: files.len(), ..Report::default() };
    for file in &files {
        match bailiwick::parse_with(input::read(file)?, options) {
            Err(refused) => report.refused.push(refused),
            Ok(document) => {
                // Lints join here.
                drop(document);
            }
        }
        progress.step();
    }
    Ok(report)
}

fn draw(report: &Report, format: Format, args: &CheckArgs) -> String {
    let all = || report.refused.iter().chain(&report.linted);
    let count = |severity| all().flat_map(|one| &one.list).filter(|one| one.severity == severity).count();
    let findings = || {
        all().flat_map(|one| one.list.iter().map(|diagnostic| diagnostics::to_json(&one.source, diagnostic)))
    };
    let mut text = String::new();
    match format {
        Format::Json => {
            let value = json!({
                "schema": "bailiwick/check/1",
                "documents": report.documents,
                "refused": report.refused.len(),
                "counts": {
                    "error": count(Severity::Error),
                    "security-warning": count(Severity::SecurityWarning),
                    "warning": count(Severity::Warning),
                    "suggestion": count(Severity::Suggestion),
                },
                "findings": findings().collect::<Vec<_>>(),
            });
            return json(&value, format);
        }
        Format::Jsonl => {
            for mut finding in findings() {
                if let Some(members) = finding.as_object_mut() {
                    members.shift_insert(0, "schema".to_owned(), "bailiwick/finding/1".into());
                }
                text.push_str(&json(&finding, format));
            }
            return text;
        }
        Format::Plain => {
            for one in &report.linted {
                text.push_str(&diagnostics::draw(one, Shape::Plain));
            }
        }
        Format::Human => {
            for one in &report.linted {
                // Colours are taken out again where they are not wanted.
                text.push_str(&diagnostics::draw(one, Shape::Human { colored: true }));
            }
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", summary(report, count, args));
        }
    }
    text
}

fn summary(report: &Report, count: impl Fn(Severity) -> usize, args: &CheckArgs) -> String {
    let documents = plural(report.documents, "document");
    let lint_errors: usize =
        report.linted.iter().flat_map(|one| &one.list).filter(|one| one.severity == Severity::Error).count();
    let mut parts = Vec::new();
    if !report.refused.is_empty() {
        parts.push(format!("{} refused", report.refused.len()));
    }
    for (number, name) in [
        (lint_errors, "error"),
        (count(Severity::SecurityWarning), "security warning"),
        (count(Severity::Warning), "warning"),
        (count(Severity::Suggestion), "suggestion"),
    ] {
        if number > 0 {
            parts.push(plural(number, name));
        }
    }
    let failed = !report.refused.is_empty()
        || report.linted.iter().flat_map(|one| &one.list).any(|one| args.fail_on.reached_by(one.severity));
    let style = if failed { BAD } else { GOOD };
    let found = if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") };
    format!("{documents}: {}", paint(style, &found))
}

fn plural(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}
