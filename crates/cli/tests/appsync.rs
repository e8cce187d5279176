//! `bailiwick appsync`: the pages of the language reference through the command, and the example of the documentation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_spec::{AppSyncCase, Asks, Profile, appsync_cases};
use common::{bailiwick, run, status};
use serde_json::{Value, json};

/// Fewer rows than this mean that pages were lost.
const AT_LEAST: usize = 400;

#[test]
fn every_row_about_appsync_holds() {
    let cases = appsync_cases().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    let (mut report, mut failed, mut asked) = (String::new(), 0, 0);
    for (number, case) in cases.iter().enumerate() {
        // Lints are printed beside an answer, and for that somebody must ask; the key is for everybody.
        if case.asks == Asks::Schema && !case.result.starts_with("refused") && !case.api.contains("API_KEY") {
            continue;
        }
        asked += 1;
        let found = answer(number, case);
        if found != each_once(&case.result) {
            failed += 1;
            let _ = writeln!(
                report,
                "\nfixtures/spec/{} ({})\n  expected {}\n  found    {found}",
                case.id, case.why, case.result
            );
        }
    }
    assert!(asked >= AT_LEAST, "only {asked} rows");
    assert!(failed == 0, "{failed} of {asked} rows failed{report}");
}

fn each_once(result: &str) -> String {
    let mut words: Vec<&str> = result.split(' ').collect();
    words.dedup_by(|a, b| a == b && (a.starts_with('E') || a.starts_with("L0")));
    words.join(" ")
}

/// Puts the row's files into a folder of its own.
fn stage(number: usize, case: &AppSyncCase) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("appsync").join(number.to_string());
    fs::create_dir_all(&folder).unwrap();
    // Claims that somebody verified must still hold; the pages leave that out.
    let mut claims: Value = serde_json::from_str(&case.claims).unwrap();
    claims.as_object_mut().unwrap().entry("exp").or_insert(json!(1_800_003_600));
    let query = if let Asks::Query(query) = &case.asks { query } else { "" };
    let policy = match case.policy.as_str() {
        "" => r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
        policy => policy,
    };
    for (name, text) in [
        ("api.json", case.api.as_str()),
        ("schema.graphql", &case.schema),
        ("claims.json", &claims.to_string()),
        ("function.json", &case.function),
        ("policy.json", policy),
        ("query.graphql", query),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

fn answer(number: usize, case: &AppSyncCase) -> String {
    let folder = stage(number, case);
    let file = |name: &str| folder.join(name).display().to_string();
    let verb = if matches!(case.asks, Asks::Query(_)) { "check" } else { "fields" };
    let mut line: Vec<String> =
        ["appsync", verb, "--format", "json", "--now", &case.now].map(str::to_owned).to_vec();
    line.extend(["--schema".to_owned(), file("schema.graphql"), "--api".to_owned(), file("api.json")]);
    if case.profile == Profile::Strict {
        line.extend(["--profile", "strict"].map(str::to_owned));
    }
    if verb == "check" {
        line.extend(["--query".to_owned(), file("query.graphql")]);
    }
    let signer = "arn:aws:sts::111122223333:assumed-role/app/s1".to_owned();
    match case.caller.as_str() {
        "token" => line.extend(["--claims".to_owned(), file("claims.json")]),
        "function" => line.extend(["--function".to_owned(), file("function.json")]),
        "" | "key" => line.extend(["--mode", "api-key"].map(str::to_owned)),
        who => {
            line.extend(["--mode".to_owned(), "iam".to_owned(), "--principal".to_owned(), signer]);
            line.extend(["--policy".to_owned(), file("policy.json")]);
            if who != "signed" {
                line.extend(["--identity".to_owned(), who.to_owned()]);
            }
        }
    }
    let output = run(&line.iter().map(String::as_str).collect::<Vec<_>>(), b"");
    let _ = fs::remove_dir_all(&folder);
    let told = String::from_utf8_lossy(&output.stderr);
    let codes: BTreeSet<String> = told
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["code"].as_str().map(str::to_owned))
        .collect();
    let list = codes.iter().cloned().collect::<Vec<_>>().join(" ");
    match (status(&output), &case.asks) {
        (3, _) => format!("refused {list}"),
        (0 | 1, Asks::Schema) if codes.is_empty() => "accepted".to_owned(),
        (0 | 1, Asks::Schema) => format!("lints {list}"),
        (code @ (0 | 1), asks) => {
            let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
            let found = match asks {
                Asks::Field(name) => field(&answer, name),
                Asks::Model(asked) => model(&answer, asked),
                Asks::Query(_) | Asks::Schema => query(&answer),
            };
            assert!(verb == "fields" || (code == 0) == (found == "allowed"), "{}: status {code}", case.id);
            found
        }
        (code, _) => format!("status {code}: {told}"),
    }
}

fn field(answer: &Value, name: &str) -> String {
    let (parent, field) = name.split_once('.').unwrap();
    let rows = answer["fields"].as_array().unwrap();
    let row = rows.iter().find(|row| row["type"] == parent && row["field"] == field).unwrap();
    let state = row["state"].as_str().unwrap();
    if state == "refused" { format!("refused {}", row["reason"].as_str().unwrap()) } else { state.to_owned() }
}

fn query(answer: &Value) -> String {
    let fields = answer["fields"].as_array().unwrap();
    let refused: Vec<&str> = fields
        .iter()
        .filter(|one| one["allowed"] == false)
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(answer["allowed"], refused.is_empty());
    if refused.is_empty() { "allowed".to_owned() } else { format!("refused {}", refused.join(", ")) }
}

fn model(answer: &Value, asked: &str) -> String {
    let (place, operation) = asked.split_once(' ').unwrap();
    let (name, field) = place.split_once('.').map_or((place, None), |(name, field)| (name, Some(field)));
    let models = answer["models"].as_array().unwrap();
    let model = models.iter().find(|model| model["model"] == name).unwrap();
    let operations = field.map_or(&model["operations"], |field| &model["fields"][field]);
    match operations[operation]["access"].as_str() {
        None => "none".to_owned(),
        Some("records") => operations[operation]["why"].as_str().unwrap().to_owned(),
        Some(access) => access.to_owned(),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every `console` block of the page's section: a command, and what it prints.
#[test]
fn the_examples_of_the_documentation_hold() {
    let page = fs::read_to_string(root().join("docs/authorizers.md")).unwrap();
    let section = page.split("\n## ").find(|section| section.starts_with("AppSync")).unwrap();
    let blocks: Vec<&str> =
        section.split("\n```console\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert!(blocks.len() >= 3, "{} examples", blocks.len());
    for block in blocks {
        let (command, expected) = block.split_once('\n').unwrap();
        let arguments: Vec<&str> = command.strip_prefix("$ bailiwick ").unwrap().split(' ').collect();
        let output = bailiwick(&arguments).current_dir(root()).output().unwrap();
        let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
        // What is said beside the answer is shown once, and left out elsewhere.
        if expected.contains("\nwarning[") {
            printed.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(printed.trim_end(), expected.trim_end(), "{command}");
    }
}

#[test]
fn usage_is_refused_as_usage() {
    let blog = root().join("fixtures/appsync/blog");
    let schema = blog.join("schema.graphql").display().to_string();
    let api = blog.join("api.json").display().to_string();
    let claims = blog.join("reader.json").display().to_string();
    for (expected, line) in [
        (2, vec!["fields", "--schema", &schema]),
        (2, vec!["fields", "--schema", &schema, "--api", &api]),
        (2, vec!["fields", "--schema", &schema, "--api", &api, "--default-mode", "iam", "--mode", "iam"]),
        (2, vec!["fields", "--schema", &schema, "--api", &api, "--mode", "lambda"]),
        (2, vec!["fields", "--schema", &schema, "--api", &api, "--mode", "cognito"]),
        (2, vec!["check", "--schema", &schema, "--api", &api, "--mode", "api-key"]),
        (3, vec!["fields", "--schema", "nowhere.graphql", "--api", &api, "--mode", "api-key"]),
        (3, vec!["fields", "--schema", &schema, "--default-mode", "iam", "--mode", "api-key"]),
        (
            3,
            vec![
                "fields",
                "--schema",
                &schema,
                "--default-mode",
                "api-key",
                "--api-arn",
                "arn:aws:s3:::b",
                "--mode",
                "api-key",
            ],
        ),
        // The token has expired since.
        (
            3,
            vec![
                "fields",
                "--schema",
                &schema,
                "--api",
                &api,
                "--claims",
                &claims,
                "--now",
                "2030-01-01T00:00:00Z",
            ],
        ),
        (
            0,
            vec![
                "fields",
                "--schema",
                &schema,
                "--api",
                &api,
                "--claims",
                &claims,
                "--now",
                "2027-01-15T08:00:00Z",
            ],
        ),
        (0, vec!["fields", "--schema", &schema, "--default-mode", "api-key", "--mode", "api-key"]),
    ] {
        let line: Vec<&str> = std::iter::once("appsync").chain(line).collect();
        let output = run(&line, b"");
        assert_eq!(status(&output), expected, "{line:?}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}
