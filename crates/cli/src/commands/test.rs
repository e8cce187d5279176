//! `bailiwick test`: cases with the answers that they expect.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use bailiwick::Explanation;
use bailiwick::ast::Kind;
use bailiwick_deployment::{Answer, Format as SuiteFormat, MANIFEST, Outcome as Ran, Scenario, Suite};
use clap::Args;

use super::test_report::{Coverage, Idle, Outcome, ReportFormat, draw};
use super::test_validation::Validation;
use crate::diagnostics::{self, Shape};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::SinkArgs;
use crate::progress::Progress;

/// Run cases, and compare the answers with what they expect
#[derive(Args, Clone, Debug)]
pub(crate) struct TestArgs {
    /// Files of cases, directories, globs; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<String>,
    /// Only cases whose id, name or tag holds this text; with `*` and `?`, the whole id must fit
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,
    /// Name the statements that no case exercised
    #[arg(long)]
    coverage: bool,
    /// Form of the report [default: human on a terminal, else plain]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<ReportFormat>,
    #[command(flatten)]
    pub(crate) sink: SinkArgs,
}

impl TestArgs {
    fn format(&self) -> ReportFormat {
        let terminal = self.sink.default_format() == crate::output::Format::Human;
        self.format.unwrap_or(if terminal { ReportFormat::Human } else { ReportFormat::Plain })
    }

    /// How diagnostics look beside the report.
    pub(crate) fn shape(&self) -> Shape {
        match self.format {
            Some(ReportFormat::Json | ReportFormat::Jsonl) => Shape::Json,
            Some(ReportFormat::Plain) => Shape::Plain,
            _ => Shape::human(self.sink.color),
        }
    }
}

pub(crate) fn run(args: &TestArgs) -> Result<Exit, Failure> {
    let mut cases = Vec::new();
    let mut seen = Seen::default();
    for file in files(&args.paths)? {
        read(&file, &mut cases, &mut seen)?;
    }
    let all = cases.len();
    cases.retain(|(_, case)| wanted(case, &args.filter));
    if cases.is_empty() {
        let message =
            if all == 0 { "there are no cases".to_owned() } else { format!("none of {all} cases fits") };
        let help = "name a file of cases, one a line, or a suite in YAML or TOML; see `docs/cli.md`";
        return Err(Failure::refused(args.paths.first().map_or("", String::as_str), "E262", message, help));
    }
    let mut progress = Progress::new(cases.len(), "testing");
    let mut outcomes = Vec::with_capacity(cases.len());
    for (file, case) in &cases {
        outcomes.push(match case {
            Case::Decision(case) => {
                let ran = case.run();
                if let Some(explanation) = &ran.explanation {
                    seen.add(explanation);
                }
                outcome(file, case, &ran)
            }
            Case::Document(case) => case.run(file),
            Case::Answered(answer) => {
                if let Some(explanation) = &answer.explanation {
                    seen.add(explanation);
                }
                answered(file, answer)
            }
        });
        progress.step();
    }
    drop(progress);
    let coverage = args.coverage.then(|| seen.coverage());
    args.sink.write(&draw(&outcomes, coverage.as_ref(), args.format()))?;
    Ok(if outcomes.iter().all(|outcome| outcome.ok) { Exit::Yes } else { Exit::No })
}

/// A case of one of the forms. Those of a suite are answered when the suite is read: they share its deployment.
enum Case {
    Decision(Box<Scenario>),
    Document(Validation),
    Answered(Box<Answer>),
}

/// Of a directory the suites and lists of cases; a deployment's own file is neither.
fn files(paths: &[String]) -> Result<Vec<String>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let is_folder = Path::new(path).is_dir();
        let found = input::expand(std::slice::from_ref(path), &["jsonl", "yaml", "yml", "toml"])?;
        files.extend(found.into_iter().filter(|file| !is_folder || !file.ends_with(MANIFEST)));
    }
    Ok(files)
}

/// A file with a case that cannot be read is not a file of passed cases: it is refused as a whole.
fn read(file: &str, cases: &mut Vec<(String, Case)>, seen: &mut Seen) -> Result<(), Failure> {
    if SuiteFormat::of(file).is_some() {
        let report = Suite::run_file(Path::new(file)).map_err(|error| Failure::Refused(error.problems))?;
        // Who may take a role is asked when somebody signs in, not by the cases' requests.
        let trust = report.deployment.policies.iter().filter(|policy| policy.document.kind == Kind::Trust);
        seen.left_out.extend(trust.map(|policy| policy.document.source.text.clone()));
        cases.extend(
            report.answers.into_iter().map(|answer| (file.to_owned(), Case::Answered(Box::new(answer)))),
        );
        return Ok(());
    }
    let mut refused = Vec::new();
    for case in Scenario::parse_all(&input::read(file)?) {
        match case {
            Ok(case) => cases.push((file.to_owned(), Case::Decision(Box::new(case)))),
            Err(diagnostics) => match Validation::parse(&diagnostics.source) {
                Some(case) => cases.push((file.to_owned(), Case::Document(case))),
                None => refused.push(diagnostics),
            },
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::Refused(refused)) }
}

/// Every filter must fit.
fn wanted(case: &Case, filters: &[String]) -> bool {
    let (id, name, tags) = match case {
        Case::Decision(case) => (&case.id, case.name.as_str(), case.tags.as_slice()),
        Case::Document(case) => (&case.id, "", [].as_slice()),
        Case::Answered(answer) => (&answer.id, "", [].as_slice()),
    };
    filters.iter().all(|filter| {
        if filter.contains(['*', '?']) {
            let glob = globset::GlobBuilder::new(&escaped(filter)).build();
            return glob.is_ok_and(|glob| glob.compile_matcher().is_match(id));
        }
        id.contains(filter.as_str())
            || name.contains(filter.as_str())
            || tags.iter().any(|tag| tag.contains(filter.as_str()))
    })
}

/// Only `*` and `?` are special.
fn escaped(filter: &str) -> String {
    filter.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '[' | ']' | '{' | '}' | '\\') {
            out.push('[');
            out.push(c);
            out.push(']');
        } else {
            out.push(c);
        }
        out
    })
}

fn outcome(file: &str, case: &Scenario, ran: &Ran) -> Outcome {
    let mut why = String::new();
    if !ran.ok {
        if let Some(disagreement) = &ran.disagreement {
            why.push_str(disagreement);
            why.push('\n');
        }
        if let Some(explanation) = &ran.explanation {
            why.push_str(&explanation.to_string());
        }
        for refused in &ran.refused {
            why.push_str(&diagnostics::draw(refused, Shape::Plain));
        }
    }
    Outcome {
        id: case.id.clone(),
        file: file.to_owned(),
        expect: case.expect.name().to_owned(),
        got: ran.got.name().to_owned(),
        ok: ran.ok,
        why,
    }
}

fn answered(file: &str, answer: &Answer) -> Outcome {
    let mut why = String::new();
    if !answer.ok {
        why.extend(answer.note.iter().map(|note| format!("{note}\n")));
        why.extend(answer.explanation.iter().map(ToString::to_string));
    }
    Outcome {
        id: answer.id.clone(),
        file: file.to_owned(),
        expect: answer.expect.clone(),
        got: answer.got.clone(),
        ok: answer.ok,
        why,
    }
}

/// Statements that cases came across, by policy text and place, and whether one of them made it apply. Not by the name
/// of the policy: cases bring documents of their own, and many bring the same one.
#[derive(Default)]
struct Seen {
    statements: BTreeMap<(Arc<str>, u32), String>,
    exercised: BTreeSet<(Arc<str>, u32)>,
    /// Texts of documents that no case could exercise.
    left_out: BTreeSet<Arc<str>>,
}

impl Seen {
    fn add(&mut self, explanation: &Explanation) {
        for report in &explanation.statements {
            if self.left_out.contains(&report.source.text) {
                continue;
            }
            let key = (report.source.text.clone(), report.span.start);
            if report.applies {
                self.exercised.insert(key.clone());
            }
            self.statements.entry(key).or_insert_with(|| report.to_string());
        }
    }

    fn coverage(&self) -> Coverage {
        let idle = self.statements.iter().filter(|(key, _)| !self.exercised.contains(*key));
        Coverage {
            statements: self.statements.len(),
            idle: idle.map(|(_, words)| Idle { statement: words.clone() }).collect(),
        }
    }
}
