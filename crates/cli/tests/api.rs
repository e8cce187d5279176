//! The pages about APIs of the language reference, row by row, through `bailiwick authorizer` and `bailiwick gateway`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_spec::{ApiCase, ApiExpected, api_cases};
use common::{run, status};
use serde_json::{Value, json};

/// Fewer cases than this mean that pages were lost.
const AT_LEAST: usize = 220;

fn cases() -> Vec<ApiCase> {
    api_cases().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn every_row_about_apis_holds() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let (mut report, mut failed) = (String::new(), 0);
    for case in &cases {
        let folder = folder(case);
        if let Err(why) = check(case, &folder) {
            failed += 1;
            let _ = writeln!(report, "\nfixtures/spec/{} ({}), {}\n{why}", case.id, case.why, case.name);
        }
        let _ = fs::remove_dir_all(&folder);
    }
    assert!(failed == 0, "{failed} of {} cases failed{report}", cases.len());
}

/// Items 130 to 133 are about API Gateway.
#[test]
fn every_item_about_api_gateway_is_asked() {
    let asked: BTreeSet<u16> = cases().iter().flat_map(|case| case.items.clone()).collect();
    let open: Vec<u16> = (130..=133).filter(|item| !asked.contains(item)).collect();
    assert!(open.is_empty(), "no row is tagged with {open:?}");
}

/// The example of `docs/authorizers.md`: what the page shows is what the command takes and gives.
#[test]
fn the_example_of_the_page_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let (page, event, answer) =
        (read("docs/authorizers.md"), read("fixtures/pets/event.json"), read("fixtures/pets/answer.json"));
    for text in [&event, &answer] {
        assert!(page.contains(&format!("```json\n{text}```\n")), "the page does not show\n{text}");
    }
    let path = |name: &str| root.join("fixtures/pets").join(name).display().to_string();
    let folder = path("");
    let (event, claims) = (path("event.json"), path("claims.json"));
    let now = ["--now", "2027-01-15T08:00:00Z"];
    let line =
        ["authorizer", "--deployment", &folder, "--event", &event, "--claims", &claims, "--format", "json"];
    let output = run(&[line.as_slice(), &now].concat(), b"");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        answer,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!((status(&output), output.stderr.len()), (0, 0));
    let kept = path("answer.json");
    let arn = |path: &str| format!("arn:aws:execute-api:eu-central-1:111122223333:a1b2c3/prod/{path}");
    for (method, address, expected) in [
        ("GET/pets/7", "198.51.100.9", 0),
        ("GET/pets/8", "198.51.100.9", 0),
        ("GET/pets/secret", "198.51.100.9", 1),
        ("DELETE/orgs/acme/7", "203.0.113.9", 0),
        ("DELETE/orgs/acme/7", "198.51.100.9", 1),
        ("GET/orgs/other/7", "203.0.113.9", 1),
    ] {
        let (method, address) = (arn(method), format!("aws:SourceIp={address}"));
        let line = [
            "gateway",
            "--deployment",
            &folder,
            "--response",
            &kept,
            "--method-arn",
            &method,
            "--context",
            &address,
        ];
        let output = run(&[line.as_slice(), &now].concat(), b"");
        assert_eq!(
            status(&output),
            expected,
            "{method} {address}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

fn folder(case: &ApiCase) -> PathBuf {
    let name: String = case.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("api").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("deployment")).unwrap();
    for (name, text) in &case.files {
        fs::write(folder.join("deployment").join(name), text).unwrap();
    }
    let texts = [("claims", &case.claims), ("event", &case.event), ("response", &case.response)];
    for (name, text) in texts {
        if let Some(text) = text {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    folder
}

/// Runs the command with the flags that every row has; a document, or the code of what was refused.
fn ask(case: &ApiCase, folder: &Path, command: &str, more: &[&str]) -> Result<(i32, Value, String), String> {
    let path = |name: &str| folder.join(name).display().to_string();
    let deployment = path("deployment");
    let mut line = vec![command, "--deployment", &deployment, "--now", &case.now, "--format", "json"];
    line.extend(more);
    let output = run(&line, b"");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = error.lines().find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        line["code"].as_str().map(str::to_owned)
    });
    match serde_json::from_slice(&output.stdout) {
        Ok(document) => Ok((status(&output), document, code.unwrap_or_default())),
        Err(_) if status(&output) == 3 => Ok((3, Value::Null, code.unwrap_or_default())),
        Err(_) => Err(format!("status {}: {error}", status(&output))),
    }
}

fn check(case: &ApiCase, folder: &Path) -> Result<(), String> {
    let path = |name: &str| folder.join(name).display().to_string();
    let (claims, event, response) = (path("claims"), path("event"), path("response"));
    let decides = matches!(case.expected, ApiExpected::Decision(_)) || case.event.is_none();
    let mut more: Vec<&str> = Vec::new();
    if case.claims.is_some() {
        more.extend(["--claims", &claims]);
    }
    let as_gateway = decides && (case.method.is_some() || case.event.is_some());
    if case.event.is_some() {
        more.extend(["--event", &event]);
    }
    if as_gateway {
        more.extend(case.method.iter().flat_map(|method| ["--method-arn", method]));
        more.extend(case.principal.iter().flat_map(|arn| ["--principal", arn.as_str()]));
        more.extend(case.context.iter().flat_map(|pair| ["--context", pair.as_str()]));
        if case.response.is_some() {
            more.extend(["--response", &response]);
        }
    }
    let command = if as_gateway { "gateway" } else { "authorizer" };
    let (status, answer, code) = ask(case, folder, command, &more)?;
    let fits = match &case.expected {
        ApiExpected::Answer => status == 0 && answer.get("errorMessage").is_none(),
        ApiExpected::Unauthorized(expected) => {
            status == 1 && answer == json!({ "errorMessage": "Unauthorized" }) && code == *expected
        }
        ApiExpected::Refused(expected) => status == 3 && code == *expected,
        ApiExpected::Decision(decision) => {
            answer["decision"] == json!(decision) && status == i32::from(decision != "allow")
        }
    };
    if !fits {
        return Err(format!("expected {:?}: status {status}, {code}, {answer}", case.expected));
    }
    let missing: Vec<_> = case.with.iter().filter(|(name, value)| !holds(&answer[*name], value)).collect();
    if !missing.is_empty() {
        return Err(format!("not found: {missing:?} in {answer}"));
    }
    fs::write(folder.join("answer"), answer.to_string()).unwrap();
    let kept = path("answer");
    for (method, open) in &case.opens {
        let pairs = case.context.iter().flat_map(|pair| ["--context", pair.as_str()]);
        let line: Vec<&str> =
            ["--response", &kept, "--method-arn", method].into_iter().chain(pairs).collect();
        let (_, decided, _) = ask(case, folder, "gateway", &line)?;
        if decided["allowed"] != json!(open) {
            return Err(format!("{method}: {decided}\n{answer}"));
        }
    }
    Ok(())
}

/// Whether an answer has what is expected: all members of an object, and otherwise the same; `null` is nothing.
fn holds(answer: &Value, expected: &Value) -> bool {
    match (answer, expected) {
        (Value::Object(answer), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| holds(answer.get(name).unwrap_or(&Value::Null), value))
        }
        _ => answer == expected,
    }
}
