//! `bailiwick bench`: figures differ from run to run, what they are of does not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test tells of a fault by panicking")]

mod common;

use std::fs;

use common::{data, run, status};
use serde_json::Value;

const SHOP: &str = "../../../../fixtures/shop";

/// What is printed for these arguments, measured as briefly as possible.
fn bench(arguments: &str) -> Value {
    let line = format!("bench {arguments} --rounds 1 --format json --now 2026-11-22T23:00:00Z");
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let output = run(&arguments, b"");
    assert_eq!(status(&output), 0, "{line}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Whatever the requests are, this must hold.
fn check(report: &Value) {
    assert_eq!(report["schema"], "bailiwick/bench/1");
    let count = number(&report["requests"]["count"]);
    let answers: f64 = report["answers"].as_object().unwrap().values().map(number).sum();
    assert!((answers - count).abs() < 0.5 && count > 0.0);
    for name in ["session", "noSession", "makingSession"] {
        let timing = &report[name];
        let [p50, p99, max] = ["p50", "p99", "max"].map(|name| number(&timing[name]));
        assert!(0.0 < p50 && p50 <= p99 && p99 <= max, "{name}: {timing}");
        assert!(number(&timing["perSecond"]) > 0.0, "{name}: {timing}");
    }
    for name in ["read", "compile", "load"] {
        assert!(number(&report[name]) > 0.0, "{name}");
    }
    let shape = &report["shape"];
    assert!(number(&shape["bytes"]) > 0.0 && number(&shape["rules"]) <= number(&shape["statements"]));
    assert!(number(&report["rulesMet"]["p50"]) <= number(&report["rulesMet"]["max"]));
    let statements = report["statements"].as_array().unwrap();
    assert!(!statements.is_empty() && !report["leaves"].as_array().unwrap().is_empty());
    for hot in statements {
        let (met, decided) = (number(&hot["met"]), number(&hot["decided"]));
        assert!(decided <= met && met <= count, "{hot}");
        assert!(hot["statement"]["policy"].is_string(), "{hot}");
    }
}

#[test]
fn the_suites_of_a_folder_are_what_is_asked() {
    let report = bench(SHOP);
    check(&report);
    let origin = &report["requests"]["origin"];
    assert_eq!(origin["kind"], "suites");
    assert_eq!(origin["files"], serde_json::json!([format!("{SHOP}/tests.yaml")]));
    // As many as the suite has; those who are refused ask nothing.
    let suite = fs::read_to_string(data().join(SHOP).join("tests.yaml")).unwrap();
    let asked = suite.lines().filter(|line| line.contains("action: \"")).count();
    assert_eq!(report["requests"]["count"], asked);
    assert!(number(&report["answers"]["allow"]) > 10.0 && number(&report["answers"]["explicit-deny"]) > 3.0);
}

#[test]
fn a_seed_draws_the_same_requests() {
    let draw = |seed: u32| {
        let report = bench(&format!("{SHOP} --draw --count 200 --seed {seed}"));
        check(&report);
        assert_eq!(report["requests"]["origin"], serde_json::json!({ "kind": "drawn", "seed": seed }));
        ["answers", "leaves", "statements", "requests"].map(|name| report[name].to_string())
    };
    let (one, again, other) = (draw(7), draw(7), draw(8));
    assert_eq!(one, again);
    assert_ne!(one, other);
    // They are about what the policies say: not all are denied, and not all are allowed.
    let answers = bench(&format!("{SHOP} --draw --count 500"))["answers"].clone();
    for answer in ["allow", "implicit-deny", "explicit-deny"] {
        assert!(number(&answers[answer]) >= 20.0, "{answers}");
    }
}

#[test]
fn requests_come_from_a_file() {
    let folder = std::env::temp_dir().join(format!("bailiwick-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("requests.jsonl");
    let write = |lines: &[&str]| fs::write(&file, lines.join("\n")).unwrap();
    let object = "\"action\": \"s3:GetObject\", \"resource\": \"arn:aws:s3:::shop-media/org-tea/a.jpg\"";
    let claims = fs::read_to_string(data().join(SHOP).join("claims/seller.json")).unwrap().replace('\n', " ");
    let seller = format!("{{\"claims\": \"claims/seller.json\", {object}}}");
    let same = format!("{{\"claims\": {claims}, {object}}}");
    let guest = format!("{{\"guest\": true, {object}, \"context\": {{\"aws:SecureTransport\": false}}}}");
    let user = format!("{{\"principal\": \"arn:aws:iam::111122223333:user/eve\", {object}}}");
    write(&[&seller, "", &same, &guest, &user]);
    let report = bench(&format!("{SHOP} --requests {}", file.display()));
    check(&report);
    assert_eq!(report["requests"]["count"], 4);
    assert_eq!(report["requests"]["principals"], 3, "the same claims make the same principal");
    assert_eq!(report["answers"], serde_json::json!({ "allow": 2, "implicit-deny": 1, "explicit-deny": 1 }));

    for (line, code) in [
        (String::new(), "E272"),
        (format!("{{{object}}}"), "E258"),
        (format!("{{\"claims\": \"claims/seller.json\", \"guest\": true, {object}}}"), "E258"),
        (format!("{{\"guest\": \"yes\", {object}}}"), "E258"),
        (format!("{{\"guest\": true, \"who\": 1, {object}}}"), "E258"),
        (format!("{{\"claims\": \"claims/nobody.json\", {object}}}"), "E250"),
        (format!("{{\"claims\": \"claims/stranger.json\", {object}}}"), "E160"),
        (format!("{{\"principal\": 7, {object}}}"), "E257"),
        ("{\"guest\": true, \"action\": \"Get\", \"resource\": \"*\"}".to_owned(), "E256"),
        ("[]".to_owned(), "E258"),
        (format!("{{\"guest\": true, {object}, \"context\": {{\"aws:PrincipalTag/org\": \"x\"}}}}"), "E259"),
    ] {
        write(&[&line]);
        let path = file.display().to_string();
        let output = run(&["bench", SHOP, "--requests", &path, "--format", "plain"], b"");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(status(&output), 3, "{line}: {told}");
        assert!(told.contains(&format!("[{code}]")), "{line}: {told}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn people_read_it_too() {
    let output = run(&["bench", SHOP, "--rounds", "1", "--format", "human", "--most", "2"], b"");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(status(&output), 0, "{text}");
    for part in ["with a session", "without a session", "decide_many", "compiling", "largest leaf", "rules  "]
    {
        assert!(text.contains(part), "`{part}` in\n{text}");
    }
    let plain = run(&["bench", SHOP, "--rounds", "1", "--most", "2"], b"");
    let text = String::from_utf8_lossy(&plain.stdout).into_owned();
    assert_eq!(text.lines().filter(|line| line.starts_with("leaf\t")).count(), 2, "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("statement\t")).count(), 2, "{text}");
    // What defeats the index, with its code: the same that `check --index` tells.
    let checked = run(&["check", SHOP, "--index", "--format", "plain", "--fail-on", "never"], b"");
    let listed = String::from_utf8_lossy(&checked.stdout).into_owned();
    let index =
        |text: &str| ["L068", "L069", "L070", "L071"].map(|code| text.matches(&format!("[{code}]")).count());
    assert_eq!(index(&text), index(&listed), "{text}\n{listed}");
}
