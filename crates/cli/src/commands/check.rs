//! `bailiwick check`: what is wrong with documents.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bailiwick::CheckOptions;
use bailiwick::ast::{Document, Kind, Options};
use bailiwick::compile::{unserved, unserved_in};
use bailiwick::source::{Diagnostic, Diagnostics, Severity};
use bailiwick_deployment::{Deployment, MANIFEST, Policy};
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
    /// Files, directories, globs, folders with `bailiwick.toml`; `-` for standard input
    #[arg(required_unless_present = "deployment", value_name = "FILE")]
    paths: Vec<String>,
    /// Folder with `bailiwick.toml`: its documents, each as what it is used as
    #[arg(short, long, value_name = "DIR")]
    deployment: Vec<String>,
    /// What the documents are used as
    #[arg(short, long, value_enum, default_value = "identity")]
    kind: KindArg,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Findings of this severity and above end with status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "warning")]
    fail_on: SeverityArg,
    /// Leave out lints that need the catalogue of AWS's services
    #[arg(long)]
    no_catalog: bool,
    /// Also tell which statements no index of the tree serves, so that requests try them in vain
    #[arg(long)]
    index: bool,
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
    let lints = CheckOptions {
        catalogue: (!args.no_catalog).then(bailiwick_catalog::aws),
        ..CheckOptions::default()
    };
    let report = documents(args, &options, &lints)?;
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

fn documents(args: &CheckArgs, options: &Options, lints: &CheckOptions<'_>) -> Result<Report, Failure> {
    let mut folders = args.deployment.clone();
    for path in &args.paths {
        folders.extend(deployments_below(Path::new(path))?);
    }
    // Below a deployment there are claims and tests too; what its policies are, it says itself.
    let is_own = |path: &Path| folders.iter().any(|folder| folder == "." || path.starts_with(folder));
    let paths: Vec<String> = args.paths.iter().filter(|path| !is_own(Path::new(path))).cloned().collect();
    let mut files = input::expand(&paths, &["json"])?;
    files.retain(|file| !is_own(Path::new(file)));
    let mut progress = Progress::new(files.len() + folders.len(), "checking");
    let mut report = Report { documents: files.len(), ..Report::default() };
    for folder in &folders {
        deployment(Path::new(folder), lints, args.index, &mut report);
        progress.step();
    }
    for file in &files {
        match bailiwick::parse_with(input::read(file)?, options) {
            Err(refused) => report.refused.push(refused),
            Ok(document) => {
                let index = if args.index { unserved_in(&document, &lints.keys) } else { Vec::new() };
                report.lint(&document, lints, index);
            }
        }
        progress.step();
    }
    Ok(report)
}

/// The folders at or below a path that hold `bailiwick.toml`.
fn deployments_below(path: &Path) -> Result<Vec<String>, Failure> {
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let parent = |file: &PathBuf| {
        let folder = file.parent()?.to_string_lossy().into_owned();
        Some(if folder.is_empty() { ".".to_owned() } else { folder })
    };
    Ok(input::files_below(path)?.iter().filter(|file| file.ends_with(MANIFEST)).filter_map(parent).collect())
}

/// A deployment says what each of its documents is used as, and what its own services and keys are.
fn deployment(folder: &Path, lints: &CheckOptions<'_>, index: bool, report: &mut Report) {
    let deployment = match Deployment::load(folder) {
        Ok(deployment) => deployment,
        Err(error) => {
            report.documents += error.problems.len();
            return report.refused.extend(error.problems);
        }
    };
    let catalogue = lints.catalogue.map(|aws| aws.with(deployment.services.iter().cloned()));
    let lints = CheckOptions {
        catalogue: catalogue.as_ref(),
        keys: Arc::clone(&deployment.keys),
        writable: lints.writable.clone(),
    };
    // What an identity pool attaches of itself is nobody's to mend.
    let own = |policy: &&Policy| folder.join(&policy.file).is_file();
    // What defeats an index depends on what a document is attached to.
    let unserved = if index { unserved(&deployment.set) } else { Vec::new() };
    for policy in deployment.policies.iter().filter(own) {
        report.documents += 1;
        let mut index: Vec<_> = unserved
            .iter()
            .filter(|one| std::ptr::eq(one.attached.document, &raw const *policy.document))
            .map(|one| one.finding.clone())
            .collect();
        index.dedup();
        report.lint(&policy.document, &lints, index);
    }
}

impl Report {
    fn lint(&mut self, document: &Document, lints: &CheckOptions<'_>, index: Vec<Diagnostic>) {
        let mut list = bailiwick::check(document, lints);
        list.extend(index);
        list.sort_by_key(|diagnostic| (diagnostic.span().start, diagnostic.code));
        if !list.is_empty() {
            self.linted.push(Diagnostics { source: document.source.clone(), list });
        }
    }
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
