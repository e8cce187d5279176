//! `docs/attacks.md` is held to the tests that it names: they exist, and expect what it says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Fewer rows than this mean that the table was lost.
const AT_LEAST: usize = 80;

/// Checks and their codes, besides `claims` and `keys`, which have several.
const CODES: [(&str, &[&str]); 19] = [
    ("size", &["E300"]),
    ("form", &["E300"]),
    ("header", &["E301"]),
    ("crit", &["E301"]),
    ("alg", &["E302"]),
    ("kid", &["E303"]),
    ("signature", &["E304"]),
    ("typ", &["E306"]),
    ("signer", &["E306"]),
    ("claims", &["E100", "E101"]),
    ("iss", &["E104", "E160"]),
    ("aud", &["E109"]),
    ("token_use", &["E108"]),
    ("org_id", &["E116"]),
    ("azp", &["E306"]),
    ("exp", &["E305"]),
    ("nbf", &["E305"]),
    ("iat", &["E305"]),
    ("keys", &["E190", "E191", "E307", "E308"]),
];

struct Row {
    line: usize,
    function: String,
    file: PathBuf,
    /// The row of the test, where it has rows.
    label: Option<String>,
    check: String,
    code: String,
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn rows(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if !line.starts_with("| ") || line.starts_with("| attack |") {
            continue;
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if let [_, test, _] = cells[..]
            && let Some((name, _)) = test.strip_prefix('`').and_then(|rest| rest.split_once('`'))
        {
            assert!(is_there(name), "line {number}: no `{name}`");
            continue;
        }
        let [_, test, check, code] = cells[..] else {
            // A cell that is empty is the last one.
            let [_, test, check] = cells[..] else { panic!("line {number}: four cells") };
            rows.push(row(number, test, check, ""));
            continue;
        };
        rows.push(row(number, test, check, code));
    }
    rows
}

/// A page of the reference, or a file of tests about SAML.
fn is_there(name: &str) -> bool {
    let root = docs().join("..");
    root.join(name).is_file() || root.join("crates/saml/tests").join(format!("{name}.rs")).is_file()
}

fn row(line: usize, test: &str, check: &str, code: &str) -> Row {
    let (function, rest) = test.strip_prefix('[').unwrap().split_once("](").unwrap();
    let (file, rest) = rest.split_once(')').unwrap();
    let label = rest.strip_prefix(": ").map(str::to_owned);
    assert!(label.is_some() || rest.is_empty(), "line {line}: `{rest}`");
    let check = check.trim_end_matches('|').trim().trim_matches('`').to_owned();
    let code = code.trim_end_matches('|').trim().to_owned();
    Row { line, function: function.to_owned(), file: docs().join(file), label, check, code }
}

/// The text of a function, up to the brace that ends it.
fn body<'a>(text: &'a str, function: &str) -> Option<&'a str> {
    let start = text.find(&format!("fn {function}("))?;
    let rest = &text[start..];
    Some(&rest[..rest.find("\n}\n").unwrap_or(rest.len())])
}

/// The last text of the tuple that begins with a label: what is expected there.
fn expected(body: &str, label: &str) -> Option<String> {
    let start = body.find(&format!("\"{label}\""))? + label.len() + 2;
    let mut at = start;
    loop {
        let from = at + body[at..].find('"')? + 1;
        let to = from + body[from..].find('"')?;
        let after = body[to + 1..].trim_start_matches([',', '\n', ' ']);
        let ends = body[to + 1..].starts_with("),\n")
            || (after.starts_with("),\n") && body[to + 1..].starts_with(",\n"));
        if ends {
            return Some(body[from..to].to_owned());
        }
        at = to + 1;
    }
}

#[test]
fn every_attack_has_its_test() {
    let page = std::fs::read_to_string(docs().join("attacks.md")).unwrap();
    let rows = rows(&page);
    assert!(rows.len() >= AT_LEAST, "only {} rows", rows.len());
    let codes: BTreeMap<&str, &[&str]> = CODES.into_iter().collect();
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in &rows {
        let mut tell = |what: String| wrong.push(format!("docs/attacks.md:{}: {what}", row.line));
        let text = texts
            .entry(row.file.clone())
            .or_insert_with(|| std::fs::read_to_string(&row.file).unwrap_or_default());
        let Some(body) = body(text, &row.function) else {
            tell(format!("no test `{}` in {}", row.function, row.file.display()));
            continue;
        };
        if let Some(label) = &row.label {
            match expected(body, label) {
                None => tell(format!("`{}` has no row `{label}`", row.function)),
                Some(check) if check != row.check => {
                    tell(format!("row `{label}` expects `{check}`, not `{}`", row.check));
                }
                Some(_) => {}
            }
        }
        match codes.get(row.check.as_str()) {
            Some(codes) if !codes.contains(&row.code.as_str()) => {
                tell(format!("`{}` has the codes {codes:?}, not `{}`", row.check, row.code));
            }
            None if !row.code.is_empty() && row.label.is_some() => {
                tell(format!("`{}` is no check", row.check));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_row_expects_is_found() {
    let text = "fn f() {\n    for x in [\n        (\"a\", without(\"iss\"), \"iss\"),\n        (\n            \"b\",\n            \
                sign(&json!({ \"alg\": \"x\" })),\n            \"alg\",\n        ),\n        (\"c\", \"accepted\"),\n    ] {}\n}\n";
    let body = body(text, "f").unwrap();
    for (label, check) in [("a", "iss"), ("b", "alg"), ("c", "accepted")] {
        assert_eq!(expected(body, label).as_deref(), Some(check));
    }
    assert_eq!(expected(body, "d"), None);
}
