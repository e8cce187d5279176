//! Reading what the user names: files, `-`, directories, globs.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bailiwick::Source;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Span};
use globset::{GlobBuilder, GlobMatcher};

use crate::failure::Failure;

/// More than this of one file is not read: documents are at most 1 MiB, lists of test cases a good deal more.
pub(crate) const MAX_BYTES: u64 = 256 << 20;

/// The name that means standard input.
pub(crate) const STDIN: &str = "-";

/// Reads one text; `-` is standard input.
pub(crate) fn read(path: &str) -> Result<Source, Failure> {
    let name = if path == STDIN { "<stdin>" } else { path };
    let bytes = read_bytes(path)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, &text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes());
            let message =
                format!("`{name}` is not UTF-8: byte {} does not begin or continue a character", at + 1);
            let diagnostic =
                Diagnostic::error(Code("E251"), Span::new(at, at + '\u{fffd}'.len_utf8()), message)
                    .at("not a character")
                    .help("save the file as UTF-8, without byte-order mark");
            Err(Diagnostics { source: Source::new(name, &text), list: vec![diagnostic] }.into())
        }
    }
}

/// Reads one file's bytes; `-` is standard input.
pub(crate) fn read_bytes(path: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if path == STDIN {
        io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| {
            if file.metadata()?.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes)
        })
    };
    match result {
        Ok(_) if bytes.len() as u64 > MAX_BYTES => Err(Failure::refused(
            path,
            "E252",
            format!("`{path}` is larger than {} MiB", MAX_BYTES >> 20),
            "split it into smaller files",
        )),
        Ok(_) => Ok(bytes),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// A file that cannot be read: what is missing or not ours to read is the user's to mend, the rest is the machine's.
pub(crate) fn unreadable(path: &str, error: &io::Error) -> Failure {
    let (what, help) = match error.kind() {
        io::ErrorKind::NotFound => {
            ("there is no such file", "check the spelling, and the directory it is relative to")
        }
        io::ErrorKind::IsADirectory => ("it is a directory", "name a file in it"),
        io::ErrorKind::NotADirectory => ("a part of its path is not a directory", "check the path"),
        io::ErrorKind::PermissionDenied => ("permission is denied", "make it readable for you"),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => {
            ("that is no name of a file", "check the path")
        }
        _ => {
            let message = format!("cannot read `{path}`: {}", plain_error(error));
            return Failure::could_not_run(path, "E271", message, "try again, or read it from another place");
        }
    };
    Failure::refused(path, "E250", format!("cannot read `{path}`: {what}"), help)
}

/// The system's words without its number.
pub(crate) fn plain_error(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The files that arguments name, in order and each once: a file as it is, a directory's files whose name ends in one
/// of `extensions`, whatever a glob matches.
pub(crate) fn expand(arguments: &[String], extensions: &[&str]) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    let mut known = BTreeSet::new();
    for argument in arguments {
        let path = Path::new(argument);
        let found = if argument == STDIN || path.is_file() {
            vec![argument.clone()]
        } else if path.is_dir() {
            let mut found = Vec::new();
            walk(path, &mut found).map_err(|error| unreadable(argument, &error))?;
            found.retain(|file| {
                file.extension().is_some_and(|e| extensions.iter().any(|x| e.eq_ignore_ascii_case(x)))
            });
            none_found(argument, &found, &format!("a file that ends in .{}", extensions.join(" or .")))?;
            names(&found)
        } else if let Some(matcher) = glob(argument)? {
            let mut found = Vec::new();
            let base = base_of(argument);
            if base.is_dir() {
                walk(&base, &mut found).map_err(|error| unreadable(argument, &error))?;
            }
            found.retain(|file| matcher.is_match(file));
            none_found(
                argument,
                &found,
                "a file that it matches; quote it so that the shell leaves it alone",
            )?;
            names(&found)
        } else {
            // A pipe or a device reads like a file; what is not there says so.
            fs::metadata(path).map_err(|error| unreadable(argument, &error))?;
            vec![argument.clone()]
        };
        for name in found {
            if known.insert(name.clone()) {
                all.push(name);
            }
        }
    }
    Ok(all)
}

/// All files below a directory, by name.
pub(crate) fn files_below(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    walk(directory, &mut found).map_err(|error| unreadable(&directory.to_string_lossy(), &error))?;
    Ok(found)
}

fn none_found(argument: &str, found: &[PathBuf], help: &str) -> Result<(), Failure> {
    if found.is_empty() {
        let message = format!("`{argument}` names no files");
        return Err(Failure::refused(argument, "E253", message, &format!("name {help}")));
    }
    Ok(())
}

fn names(found: &[PathBuf]) -> Vec<String> {
    found.iter().map(|file| file.to_string_lossy().into_owned()).collect()
}

/// `Some` if the argument holds a wildcard. Matching is by `/`, `**` crosses directories.
fn glob(argument: &str) -> Result<Option<GlobMatcher>, Failure> {
    if !argument.contains(['*', '?', '[', '{']) {
        return Ok(None);
    }
    let pattern = argument.strip_prefix("./").unwrap_or(argument);
    match GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build() {
        Ok(glob) => Ok(Some(glob.compile_matcher())),
        Err(error) => Err(Failure::refused(
            argument,
            "E253",
            format!("`{argument}` is not a file, and no pattern either: {}", error.kind()),
            "write `*` within one directory, `**` across directories, `{a,b}` for either",
        )),
    }
}

/// The directory above the first wildcard.
fn base_of(pattern: &str) -> PathBuf {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let wild = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    match pattern[..wild].rfind('/') {
        Some(0) => PathBuf::from("/"),
        Some(slash) => PathBuf::from(&pattern[..slash]),
        None => PathBuf::from("."),
    }
}

/// All files below a directory in order of name. Hidden ones and links to directories are left out.
fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut todo = vec![directory.to_owned()];
    while let Some(directory) = todo.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
            let kind = entry.file_type()?;
            if kind.is_dir() {
                todo.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(())
}
