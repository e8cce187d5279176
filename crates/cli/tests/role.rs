//! `bailiwick role chain`, and roles by OIDC providers, from the command line.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage may fail loudly")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{run, status};
use serde_json::{Value, json};

const MANIFEST: &str = r#"
account = "111122223333"
[[issuer]]
name = "staff"
kind = "oidc"
issuer = "https://id.example"
[[oidc_provider]]
issuer = "staff"
client_ids = ["web"]
[[role]]
arn = "arn:aws:iam::111122223333:role/one"
trust = "one.json"
policies = "all.json"
[[role]]
arn = "arn:aws:iam::111122223333:role/two"
trust = "two.json"
"#;

const FILES: [(&str, &str); 4] = [
    ("bailiwick.toml", MANIFEST),
    (
        "one.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/id.example"},
            "Condition": {"StringEquals": {"id.example:aud": "web"}}}}"#,
    ),
    (
        "two.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Principal": {"AWS": "arn:aws:iam::111122223333:role/one"}}}"#,
    ),
    (
        "all.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}"#,
    ),
];

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("role-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in FILES {
        fs::write(folder.join(name), text).unwrap();
    }
    let claims = json!({ "iss": "https://id.example", "sub": "maria", "aud": "web", "exp": 1_800_003_600,
        "https://aws.amazon.com/tags": { "principal_tags": { "Project": ["a"] }, "transitive_tag_keys": ["Project"] } });
    fs::write(folder.join("claims.json"), claims.to_string()).unwrap();
    folder
}

/// Status and document of a chain that begins with `claims.json` and role `one`.
fn chain(folder: &std::path::Path, more: &[&str], input: &str) -> (i32, Value) {
    let (directory, claims) =
        (folder.display().to_string(), folder.join("claims.json").display().to_string());
    let role = "arn:aws:iam::111122223333:role/one";
    let mut line = vec!["role", "chain", "-d", &directory, "--claims", &claims, "--role", role];
    line.extend(["--now", "2027-01-15T08:00:00Z", "--format", "json"]);
    line.extend(more);
    let output = run(&line, input.as_bytes());
    let document = serde_json::from_slice(&output.stdout);
    (
        status(&output),
        document.unwrap_or_else(|_| String::from_utf8_lossy(&output.stderr).into_owned().into()),
    )
}

#[test]
fn a_chain_shows_what_each_session_carries() {
    let folder = folder("carries");
    let two = "arn:aws:iam::111122223333:role/two";
    let (status, document) = chain(&folder, &["--hop", two], "");
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["complete"], true);
    assert_eq!(document["first"]["transitiveTagKeys"], json!(["Project"]));
    assert_eq!(document["first"]["keys"]["id.example:sub"], "maria");
    let session = &document["hops"][0]["session"];
    assert_eq!((&session["role"], &session["tags"]), (&json!(two), &json!({ "Project": "a" })));
    assert_eq!(session["keys"]["id.example:sub"], Value::Null);
}

#[test]
fn a_chain_that_breaks_says_where_and_why() {
    let folder = folder("breaks");
    let two = "arn:aws:iam::111122223333:role/two";
    let again = json!([{ "role": two }, { "role": two, "tags": { "project": "b" } }]).to_string();
    for (hops, status, links, code) in [
        (json!([{ "role": two, "tags": { "project": "b" } }]).to_string(), 1, 1, Some("E117")),
        // The second hop is refused: `two` may not take itself.
        (again, 1, 2, Some("E117")),
        (json!([{ "role": two }, { "role": two }]).to_string(), 1, 2, Some("E113")),
        ("[]".to_owned(), 3, 0, None),
        ("{".to_owned(), 3, 0, None),
        (json!([{ "role": two, "tag": {} }]).to_string(), 3, 0, None),
        (json!([{ "tags": {} }]).to_string(), 3, 0, None),
    ] {
        let (found, document) = chain(&folder, &["--hops", "-"], &hops);
        assert_eq!(found, status, "{hops}: {document}");
        let list = document["hops"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(list.len(), links, "{hops}: {document}");
        let refused = list.last().and_then(|link| link["refused"][0]["code"].as_str());
        assert_eq!(refused, code, "{hops}: {document}");
        if code.is_none() {
            assert!(document.as_str().is_some_and(|text| text.contains("E258")), "{document}");
        }
    }
}

#[test]
fn a_token_is_mapped_to_the_role_that_is_asked_for() {
    let folder = folder("mapped");
    let (settings, claims) = (
        folder.join("bailiwick.toml").display().to_string(),
        folder.join("claims.json").display().to_string(),
    );
    let directory = folder.display().to_string();
    let ask = |role: &[&str]| {
        let mut line = vec!["token", "map", "-d", &directory, "--claims", &claims];
        line.extend(["--now", "2027-01-15T08:00:00Z", "--format", "json"]);
        line.extend(role);
        let output = run(&line, b"");
        (status(&output), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let (status, document) = ask(&["--role", "arn:aws:iam::111122223333:role/one"]);
    assert_eq!((status, &document["tags"]), (0, &json!({ "Project": "a" })), "{document} {settings}");
    let (status, document) = ask(&[]);
    assert_eq!((status, &document["role"]), (0, &Value::Null), "{document}");
    let (status, document) = ask(&["--role", "arn:aws:iam::111122223333:role/two"]);
    assert_eq!((status, document["refused"]["check"].as_str()), (3, Some("trust")), "{document}");
}
