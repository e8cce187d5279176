//! The rules of the house that a listing or a text search can hold.

use std::path::{Path, PathBuf};

/// The folders of `src/` in the order in which they may import each other: each only what stands before it.
const ORDER: &[&str] = &[
    "value", "source", "request", "identity", "tree", "ast", "check", "compile", "decide", "explain",
    "explore",
];

/// What the engine never touches: files, clocks, threads, the environment, the terminal.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::io",
    "std::env",
    "std::time",
    "std::thread",
    "std::process",
    "std::path",
    "async fn",
    "println!",
    "eprintln!",
    "unsafe ",
];

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    for (folder, file, text) in engine_files() {
        for name in imported(&text) {
            let known = ORDER.iter().position(|other| *other == name);
            let own = ORDER.iter().position(|other| *other == folder);
            let why = match (own, known) {
                (None, _) => "is in a folder that the order does not know",
                (_, None) => "is no folder of src: import it from where it is defined",
                (Some(own), Some(other)) if other > own => "stands later in the order",
                _ if folder == "decide" && ["ast", "compile"].contains(&name.as_str()) => {
                    "is not there at run time: an artifact is decided without the compiler"
                }
                _ => continue,
            };
            wrong.push(format!("{}: `crate::{name}` {why}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_touches_nothing_outside() {
    let mut wrong = Vec::new();
    for (_, file, text) in engine_files() {
        let code = without_comments(&text);
        let found = OUTSIDE.iter().filter(|word| code.contains(*word));
        wrong.extend(found.map(|word| format!("{}: `{word}`", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_folder_says_what_comes_in_what_goes_out_and_what_never_happens() {
    for folder in folders() {
        let text = read(&engine().join(&folder).join("mod.rs"));
        let head: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
        for word in ["In:", "Out:", "Never here:"] {
            assert!(head.contains(word), "src/{folder}/mod.rs does not open with a line `{word} ...`");
        }
    }
}

#[test]
fn the_architecture_page_names_each_folder_and_stays_short() {
    let text = read(&crate::root().join("ARCHITECTURE.md"));
    assert!(text.lines().count() <= 150, "ARCHITECTURE.md is longer than 150 lines");
    for folder in folders() {
        assert!(text.contains(&format!("`{folder}/`")), "ARCHITECTURE.md does not name `{folder}/`");
    }
}

#[test]
fn imports_are_seen_in_every_form() {
    let check = |text: &str, expected: &[&str]| assert_eq!(imported(text), expected, "{text}");
    check("use crate::value::Arn;", &["value"]);
    check("use crate::{ast, tree::{Tree, Node}, value::Arn};", &["ast", "tree", "value"]);
    check("fn f() { crate::explain::run(); crate::check::x() }", &["explain", "check"]);
    check("// crate::tree is not an import\n//! nor crate::ast\nlet a = 1; // crate::ast", &[]);
    check("pub(crate) fn f() {}", &[]);
}

/// First segments of all paths from the crate's top, comments left out.
fn imported(text: &str) -> Vec<String> {
    let code = without_comments(text);
    let mut names = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        let rest = &code[at + word.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(group(list)),
            None => names.push(first_word(rest)),
        }
    }
    names
}

fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// First segments of the entries of a `{...}` list, up to its closing brace.
fn group(list: &str) -> Vec<String> {
    let (mut depth, mut names, mut fresh) = (0, Vec::new(), true);
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && !letter.is_whitespace() => {
                names.push(first_word(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// Folder, path and text without tests of every file of the engine.
fn engine_files() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    for folder in folders() {
        for file in rust_files(&engine().join(&folder)) {
            let text = without_tests(&file, &read(&file));
            files.push((folder.clone(), file, text));
        }
    }
    assert!(!files.is_empty());
    files
}

/// Tests may use what they like: their own files count as empty, and so does what follows `#[cfg(test)]` and `mod`.
fn without_tests(file: &Path, text: &str) -> String {
    if file.components().any(|part| part.as_os_str() == "tests.rs" || part.as_os_str() == "tests") {
        return String::new();
    }
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

fn engine() -> PathBuf {
    crate::root().join("src")
}

fn folders() -> Vec<String> {
    let entries = std::fs::read_dir(engine()).unwrap();
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
