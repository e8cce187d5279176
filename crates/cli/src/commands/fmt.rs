//! `bailiwick fmt`: documents in one form.

use std::fs;
use std::path::Path;

use bailiwick::Source;
use bailiwick::ast::{self, Document, Kind, Options};
use bailiwick::source::Diagnostics;
use clap::Args;
use serde_json::json;

use crate::args::{KindArg, ReadingArgs};
use crate::diagnostics;
use crate::failure::{Exit, Failure};
use crate::input::{self, STDIN};
use crate::output::{Format, OutputArgs, json, unwritable};

/// Write documents in one form: in place, or standard input to standard output
#[derive(Args, Clone, Debug)]
pub(crate) struct FmtArgs {
    /// Files, directories, globs; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<String>,
    /// Change nothing; name the files that would change, and end with status 1 if there are any
    #[arg(long)]
    check: bool,
    /// What the documents are used as [default: the first that fits]
    #[arg(short, long, value_enum)]
    kind: Option<KindArg>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &FmtArgs) -> Result<Exit, Failure> {
    let mut refused = Vec::new();
    let mut changed = Vec::new();
    for path in input::expand(&args.paths, &["json"])? {
        let source = input::read(&path)?;
        let before = source.text.clone();
        match parse(&source, args) {
            Err(diagnostics) => refused.push(diagnostics),
            Ok(document) => {
                let mut after = ast::print(&document);
                if !after.ends_with('\n') {
                    after.push('\n');
                }
                if path == STDIN && !args.check {
                    args.output.sink.write_bytes(after.as_bytes())?;
                } else if *after != *before {
                    changed.push((path, after));
                }
            }
        }
    }
    // A document that is refused says that the others may not be what was meant either.
    if !refused.is_empty() {
        diagnostics::to_stderr(&refused, args.output.shape());
        return Ok(Exit::Invalid);
    }
    if !args.check {
        for (path, after) in &changed {
            replace(Path::new(path), after).map_err(|error| unwritable(path, &error))?;
        }
    }
    let names: Vec<&str> = changed.iter().map(|(path, _)| path.as_str()).collect();
    if !args.paths.iter().any(|path| path == STDIN) || args.check {
        args.output.sink.write(&report(&names, args.output.format()))?;
    }
    Ok(if args.check && !changed.is_empty() { Exit::No } else { Exit::Yes })
}

/// The form does not depend on the kind; so without one the document may be of any. What is wrong with a document that
/// is of none is told by its reading as an identity policy.
fn parse(source: &Source, args: &FmtArgs) -> Result<Document, Diagnostics> {
    let read = |kind| {
        let options = Options { kind, profile: args.reading.profile.into(), ..Options::default() };
        bailiwick::parse_with(source.clone(), &options)
    };
    let Some(kind) = args.kind else {
        let first = read(Kind::Identity);
        if first.is_ok() {
            return first;
        }
        let others =
            [Kind::Resource, Kind::Trust, Kind::KmsKey, Kind::Endpoint, Kind::Api, Kind::ServiceControl];
        return others.into_iter().find_map(|kind| read(kind).ok()).map_or(first, Ok);
    };
    read(kind.into())
}

fn report(names: &[&str], format: Format) -> String {
    match format {
        Format::Human | Format::Plain => [names, &[""]].concat().join("\n"),
        Format::Json => json(&json!({ "schema": "bailiwick/fmt/1", "changed": names }), format),
        Format::Jsonl => names
            .iter()
            .map(|name| json(&json!({ "schema": "bailiwick/changed/1", "file": name }), format))
            .collect(),
    }
}

/// Writes beside the file and renames, so that a full disk does not leave half a policy.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // A link stays a link: what it points to is replaced.
    let path = &path.canonicalize()?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".bailiwick-fmt");
    let beside = path.with_file_name(name);
    let written = fs::write(&beside, text)
        .and_then(|()| fs::set_permissions(&beside, fs::metadata(path)?.permissions()))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written
}
