//! Bad input: each gets a diagnostic with code, place and remedy, status 3, and nothing else happens.
#![allow(clippy::unwrap_used, reason = "a command that cannot be run is a failed test")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{run, status};

/// A document as `check` reads it from a file, and the code that refuses it.
fn documents() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let policy =
        |statement: &str| format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#).into_bytes();
    let big = format!(r#"{{"Version":"2012-10-17","Id":"{}","Statement":[]}}"#, "x".repeat(10 << 20));
    vec![
        ("empty", b"".to_vec(), "E001"),
        ("broken", br#"{"Version": "2012-10-17", "Statement": ["#.to_vec(), "E001"),
        ("trailing comma", br#"{"Version": "2012-10-17",}"#.to_vec(), "E001"),
        ("two values", br"{} {}".to_vec(), "E008"),
        ("byte-order mark", b"\xef\xbb\xbf{}".to_vec(), "E007"),
        (
            "repeated member",
            br#"{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}"#.to_vec(),
            "E012",
        ),
        ("10 MB", big.into_bytes(), "E002"),
        ("10,000 deep", [vec![b'['; 10_000], vec![b']'; 10_000]].concat(), "E003"),
        ("a million deep", vec![b'['; 1_000_000], "E003"),
        ("NUL", b"{\0}".to_vec(), "E001"),
        ("NUL in a string", b"{\"Ver\0sion\": 1}".to_vec(), "E005"),
        ("not UTF-8", b"{\"Id\": \"\xff\xfe\"}".to_vec(), "E251"),
        ("a list", b"[]".to_vec(), ""),
        ("a string", b"\"policy\"".to_vec(), ""),
        ("null", b"null".to_vec(), ""),
        ("statement is a number", policy("1"), ""),
        ("effect is a list", policy(r#"[{"Effect":["Allow"],"Action":"*","Resource":"*"}]"#), ""),
        (
            "unknown operator",
            policy(
                r#"[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEqual":{"a:b":"c"}}}]"#,
            ),
            "E013",
        ),
    ]
}

const SHOP: [&str; 2] = ["--deployment", "../../../../fixtures/shop"];

#[test]
fn refused_documents_say_code_place_and_remedy() {
    let folder = scratch("documents");
    for (name, bytes, code) in documents() {
        let path = folder.join("it.json");
        fs::write(&path, &bytes).unwrap();
        for command in ["check", "fmt"] {
            let output = run(&[command, path.to_str().unwrap()], b"");
            assert_refused(&format!("{command} {name}"), &output, code, "it.json");
            assert_eq!(fs::read(&path).unwrap(), bytes, "{command} changed {name}");
        }
        let claims = [&["simulate"][..], &SHOP, &["--claims", "-"]].concat();
        let output = run(&claims, &bytes);
        assert_refused(&format!("claims {name}"), &output, "E", "<stdin>");
        let output = run(
            &[
                "eval",
                "--policy",
                path.to_str().unwrap(),
                "--principal",
                "anonymous",
                "--request",
                "request.json",
            ],
            b"",
        );
        assert_refused(&format!("policy {name}"), &output, code, "it.json");
        let output = run(&["check", "-"], &bytes);
        assert_refused(&format!("check - {name}"), &output, code, "<stdin>");
    }
}

#[test]
fn arguments_that_are_no_good_are_refused() {
    let ask = ["--policy", "photos.json", "--principal", "arn:aws:iam::111122223333:user/alice"];
    let get = ["--action", "s3:GetObject", "--resource", "*"];
    let rows: Vec<(Vec<&str>, &str, &str)> = vec![
        (vec!["check", "nowhere.json"], "E250", "nowhere.json"),
        (vec!["check", "nowhere/**/*.json"], "E253", "nowhere"),
        (vec!["check", "photos.json/x"], "E250", "photos.json/x"),
        (vec!["fmt", "nowhere.json"], "E250", "nowhere.json"),
        (vec!["explain-code", "E9999"], "E254", "E9999"),
        ([&["eval"][..], &ask, &get, &["--context", "x"]].concat(), "E255", "--context"),
        ([&["eval"][..], &ask, &get, &["--context", "x=[1"]].concat(), "E001", "--context x"),
        ([&["eval"][..], &ask, &get, &["--context", "x=[[]]"]].concat(), "E258", "--context x"),
        ([&["eval"][..], &ask, &["--action", "Get", "--resource", "*"]].concat(), "E256", "--action"),
        ([&["eval"][..], &ask, &["--action", "s3:Get", "--resource", "b"]].concat(), "E256", "--resource"),
        ([&["eval"][..], &ask[..2], &["--principal", "alice"], &get].concat(), "E257", "--principal"),
        ([&["eval", "--policy", "nowhere.json"][..], &ask[2..], &get].concat(), "E250", "nowhere.json"),
        (vec!["simulate", "--deployment", "nowhere", "--claims", "photos.json"], "E", "nowhere"),
        ([&["simulate"][..], &SHOP, &["--claims", "nowhere.json"]].concat(), "E250", "nowhere.json"),
        ([&["simulate"][..], &SHOP, &["--claims", "cases.jsonl"]].concat(), "E", "cases.jsonl"),
        ([&["simulate"][..], &SHOP, &["--claims", "photos.json"]].concat(), "E160", "photos.json"),
        (
            [&["simulate"][..], &SHOP, &["--principal", "arn:aws:iam::1:role/r"]].concat(),
            "E257",
            "--principal",
        ),
        ([&["simulate"][..], &SHOP, &["--guest", "--resource", "bucket"]].concat(), "E256", "--resource"),
        (
            [&["simulate"][..], &SHOP, &["--guest", "--context", "aws:PrincipalTag/org=x"]].concat(),
            "E259",
            "--context",
        ),
        ([&["simulate"][..], &SHOP, &["--guest", "--now", "yesterday"]].concat(), "E263", "--now"),
        (vec!["inspect", "photos.json"], "E200", "photos.json"),
        (vec!["test", "photos.json"], "E162", "photos.json"),
        ([&["eval"][..], &ask, &["--request", "photos.json"]].concat(), "E258", "photos.json"),
        ([&["eval"][..], &ask, &["--request", "nowhere.json"]].concat(), "E250", "nowhere.json"),
    ];
    for (arguments, code, place) in rows {
        assert_refused(&arguments.join(" "), &run(&arguments, b""), code, place);
    }
}

/// Status 3, nothing on standard output, and a diagnostic with the code, the place and a remedy.
fn assert_refused(name: &str, output: &std::process::Output, code: &str, place: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    let head: String = errors.chars().take(600).collect();
    assert_eq!(status(output), 3, "{name}: {head}");
    assert!(output.stdout.is_empty(), "{name}: something on standard output");
    assert!(errors.starts_with("error[E"), "{name}: {head}");
    let code = code.strip_prefix('E').unwrap_or(code);
    assert!(errors.contains(&format!("error[E{code}")), "{name}: not {code}: {head}");
    assert!(errors.contains(place), "{name}: no place: {head}");
    assert!(errors.contains("help: "), "{name}: no remedy: {head}");
    assert!(errors.len() < 20_000, "{name}: {} bytes of diagnostics", errors.len());
}

fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}
