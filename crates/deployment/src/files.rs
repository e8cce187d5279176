//! The files of a folder, as a map from name to text.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use bailiwick::source::Diagnostics;

use crate::pattern;
use crate::problems::{DeploymentError, about_file};

/// Name of the file that makes a folder a deployment.
pub const MANIFEST: &str = "bailiwick.toml";

/// Files by name relative to the folder, with `/` between parts on every system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    texts: BTreeMap<String, String>,
    /// What diagnostics put before a name: the folder as the user gave it.
    root: String,
}

impl Files {
    /// From names and texts.
    pub fn new<N: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        let texts = files.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        Self { texts, root: String::new() }
    }

    /// Reads every `.json`, `.toml` and `.xml` file below a folder. Links to folders are not followed.
    pub fn read(folder: &Path) -> Result<Self, DeploymentError> {
        let mut files = Self { texts: BTreeMap::new(), root: folder.display().to_string() };
        let mut problems = Vec::new();
        files.read_folder(folder, "", &mut problems);
        if problems.is_empty() { Ok(files) } else { Err(DeploymentError { problems }) }
    }

    /// The text of a file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// What diagnostics call a file.
    pub fn label(&self, name: &str) -> String {
        if self.root.is_empty() || self.root == "." {
            return name.to_owned();
        }
        format!("{}/{name}", self.root.trim_end_matches('/'))
    }

    /// The files that a name or pattern means.
    pub(crate) fn choose(&self, pattern: &str) -> Vec<&str> {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        if let Some((name, _)) = self.texts.get_key_value(pattern) {
            return vec![name];
        }
        self.names().filter(|name| pattern::fits(pattern, name)).collect()
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str, problems: &mut Vec<Diagnostics>) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(unreadable(&folder.display().to_string(), &error));
                return;
            }
        };
        for entry in entries {
            let (entry, kind) = match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => (entry, kind),
                Err(error) => {
                    problems.push(unreadable(&folder.display().to_string(), &error));
                    continue;
                }
            };
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let path = format!("{prefix}{name}");
            if kind.is_dir() && !name.starts_with('.') {
                self.read_folder(&entry.path(), &format!("{path}/"), problems);
            } else if !kind.is_dir() && is_text(&name) {
                match fs::read_to_string(entry.path()) {
                    Ok(text) => {
                        self.texts.insert(path, text);
                    }
                    Err(error) => problems.push(unreadable(&self.label(&path), &error)),
                }
            }
        }
    }
}

fn is_text(name: &str) -> bool {
    let end = Path::new(name).extension();
    end.is_some_and(|end| ["json", "toml", "xml"].iter().any(|known| end.eq_ignore_ascii_case(known)))
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> Diagnostics {
    let (what, help) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such folder or file", "check the spelling"),
        io::ErrorKind::NotADirectory => ("it is not a folder", "name the folder that holds `bailiwick.toml`"),
        io::ErrorKind::PermissionDenied => ("permission is denied", "make it readable for you"),
        io::ErrorKind::InvalidData => ("it is not UTF-8", "save it as UTF-8, without byte-order mark"),
        _ => ("the system could not read it", "try again, or copy the folder to another place"),
    };
    about_file("E161", name, format!("cannot read `{name}`: {what}"), help)
}
