//! SAML responses from the command line: signature, role, trust, session, and what it can do.

#![cfg(feature = "saml")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;
#[path = "../../saml/tests/common/mod.rs"]
mod idp;

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{run, status};
use idp::{IDP, STRANGER, assertion, attribute, honest, response};
use serde_json::{Value, json};

const NOW: &str = "2027-01-15T08:00:00Z";
const DEV: &str = "arn:aws:iam::111122223333:role/dev";

const MANIFEST: &str = r#"
account = "111122223333"

[[saml_provider]]
name = "corp"
issuer = "https://idp.example/saml"
metadata = "idp.xml"

[[role]]
arn = "arn:aws:iam::111122223333:role/dev"
trust = "trust.json"
policies = "dev.json"

[[role]]
arn = "arn:aws:iam::111122223333:role/next"
trust = "next.json"

[[owned]]
pattern = "arn:aws:s3:::notes/*"
account = "111122223333"
"#;

/// A deployment of this test's own, with a response beside it.
fn folder(name: &str, manifest: &str, response: &str) -> (String, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("saml").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let statement = |text: &str| format!("{{\"Version\": \"2012-10-17\", \"Statement\": {text}}}");
    let files = [
        ("bailiwick.toml", manifest.to_owned()),
        ("idp.xml", IDP.metadata.clone()),
        (
            "trust.json",
            statement(
                r#"{"Effect": "Allow", "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"], "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"}, "Condition": {"StringEquals": {"saml:aud": "https://signin.aws.amazon.com/saml"}}}"#,
            ),
        ),
        (
            "next.json",
            statement(
                r#"{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": {"AWS": "arn:aws:iam::111122223333:role/dev"}}"#,
            ),
        ),
        (
            "dev.json",
            statement(
                r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::notes/${aws:PrincipalTag/team}/*"}"#,
            ),
        ),
        ("response.xml", response.to_owned()),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    let response = folder.join("response.xml");
    (folder.to_string_lossy().into_owned(), response.to_string_lossy().into_owned())
}

/// A signed response of a bearer with the tag `team`, which goes on.
fn tagged() -> String {
    let more = attribute("https://aws.amazon.com/SAML/Attributes/PrincipalTag:team", &["red"])
        + &attribute("https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys", &["team"])
        + &attribute("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", &["staff"])
        + &attribute("https://aws.amazon.com/SAML/Attributes/principalTag:plan", &["free"])
        + &attribute("department", &["sales"]);
    let plain =
        assertion().replace("</saml:AttributeStatement>", &format!("{more}</saml:AttributeStatement>"));
    response(&IDP.sign(&plain, "_a1"))
}

fn ask(line: &[&str], deployment: &str, token: &str) -> (i32, Value, String) {
    let more = ["--deployment", deployment, "--token", token, "--now", NOW, "--format", "json"];
    let output = run(&[line, &more].concat(), b"");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    (status(&output), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null), error)
}

#[test]
fn a_response_becomes_a_session() {
    let (folder, token) = folder("session", MANIFEST, &tagged());
    let (status, found, error) = ask(&["token", "inspect"], &folder, &token);
    assert_eq!(status, 0, "{found} {error}");
    assert_eq!(found["verified"], true);
    assert_eq!(found["issuer"], "corp");
    assert_eq!(found["role"], DEV);
    assert_eq!(found["principal"], "arn:aws:sts::111122223333:assumed-role/dev/maria@example.com");
    assert_eq!(found["tags"], json!({ "team": "red" }));
    assert_eq!(found["keys"]["saml:sub"], "maria");
    assert_eq!(found["keys"]["aws:FederatedProvider"], "arn:aws:iam::111122223333:saml-provider/corp");
    assert_eq!(found["until"], 1_800_000_300);
    assert!(found["kid"].as_str().is_some_and(|kid| kid.starts_with("sha256:")), "{found}");
    let became = |name: &str| -> Value {
        let claims = found["claims"].as_array().unwrap();
        claims.iter().find(|claim| claim["claim"] == name).unwrap()["became"].clone()
    };
    assert_eq!(
        became("https://aws.amazon.com/SAML/Attributes/Role"),
        json!(["session: roles to choose from"])
    );
    assert_eq!(became("urn:oid:1.3.6.1.4.1.5923.1.1.1.1"), json!(["saml:edupersonaffiliation"]));
    assert_eq!(became("department"), json!([]), "told: no rule reads it");
    assert_eq!(found["dropped"].as_array().unwrap().len(), 1, "the misspelt tag is told");
    let steps: Vec<&str> =
        found["chain"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["provider", "role", "tags", "trust policy", "trust policy", "session"]);
}

#[test]
fn what_it_can_do_is_shown_and_decided() {
    let (folder, token) = folder("can", MANIFEST, &STANDARD.encode(tagged()));
    let (status, found, error) = ask(&["simulate"], &folder, &token);
    assert_eq!(status, 0, "{error}");
    let text = found.to_string();
    assert!(text.contains("s3:GetObject") && text.contains("arn:aws:s3:::notes/red/*"), "{text}");
    for (object, expected) in [("red", "allow"), ("blue", "implicit-deny")] {
        let resource = format!("arn:aws:s3:::notes/{object}/1");
        let line = ["eval", "--action", "s3:GetObject", "--resource", &resource];
        assert_eq!(ask(&line, &folder, &token).1["decision"], expected, "{object}");
    }
    let (status, found, error) =
        ask(&["role", "chain", "--hop", "arn:aws:iam::111122223333:role/next"], &folder, &token);
    assert_eq!(status, 0, "{found} {error}");
    assert_eq!(found["hops"][0]["session"]["tags"], json!({ "team": "red" }), "the tag goes on");
}

#[test]
fn every_refusal_names_its_check() {
    let unsigned = response(&assertion());
    let strange = response(&STRANGER.sign(&assertion(), "_a1"));
    let without = MANIFEST.replace("metadata = \"idp.xml\"\n", "");
    let other = MANIFEST.replace("https://idp.example/saml", "https://other.example");
    let second =
        format!("{MANIFEST}\n[[saml_provider]]\nname = \"second\"\nissuer = \"https://second.example\"\n");
    let none = "account = \"111122223333\"\n".to_owned();
    let rows = [
        ("unsigned", MANIFEST, &unsigned, "E173", "unsigned"),
        ("stranger", MANIFEST, &strange, "E175", "signature"),
        ("changed", MANIFEST, &honest().replace("role/dev", "role/next"), "E175", "digest"),
        ("metadata-of-another", &other, &honest(), "E179", "keys"),
        ("second", &second, &unsigned, "E173", "unsigned"),
        ("nobody", &none, &honest(), "E160", "iss"),
        (
            "no-role",
            MANIFEST,
            &response(&IDP.sign(&assertion().replace("role/dev", "role/gone"), "_a1")),
            "E113",
            "trust",
        ),
    ];
    for (name, manifest, document, code, check) in rows {
        let (folder, token) = folder(name, manifest, document);
        let (status, found, error) = ask(&["token", "map"], &folder, &token);
        assert_eq!(status, 3, "{name}: {found} {error}");
        assert_eq!(found["refused"]["code"], code, "{name}: {found}");
        assert_eq!(found["refused"]["check"], check, "{name}: {found}");
        // Everybody else who takes tokens refuses for the same reason.
        let (status, _, error) = ask(&["simulate"], &folder, &token);
        assert!(status == 3 && error.contains(code), "{name}: {status} {error}");
    }
    let (folder, token) = folder("no-metadata", &without, &honest());
    let (status, _, error) = ask(&["token", "map"], &folder, &token);
    assert!(status == 3 && error.contains("E180"), "{status} {error}");
}

#[test]
fn settings_can_stand_alone() {
    let (folder, token) = folder("settings", MANIFEST, &honest());
    let settings = format!("{folder}/bailiwick-saml.toml");
    let text = "account = \"111122223333\"\n[[saml_provider]]\nname = \"corp\"\nissuer = \"https://idp.example/saml\"\nmetadata = \"idp.xml\"\n";
    fs::write(&settings, text).unwrap();
    let line = ["token", "map", "--issuer", &settings, "--token", &token, "--now", NOW, "--format", "json"];
    let output = run(&line, b"");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    // There are no roles here: the signature holds, and nobody trusts the provider.
    let refused = (&found["refused"]["code"], &found["refused"]["check"]);
    assert_eq!(refused, (&json!("E113"), &json!("trust")), "{found}");
    let named = run(&[&line[..], &["--issuer-name", "other"]].concat(), b"");
    assert_eq!(status(&named), 2, "no such provider");
}
