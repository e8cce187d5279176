//! Real issuers on the loopback: a browser's sign-in, real ID and access tokens, keys that rotate, an issuer that goes
//! away, clocks that differ. `cargo xtask live` installs the issuers and sets `BAILIWICK_LIVE`; without it the tests say
//! that they were skipped.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "../common/mod.rs"]
mod common;
mod issuers;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick_token::{Expectations, Http, Location, Plain, RemoteVerifier, Verified};
use common::{run, status};
use issuers::Issuers;
use serde_json::{Value, json};

/// The real time: the issuers have no other.
fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("live").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Settings of one issuer, with what is said of it.
fn settings(issuer: &str, more: &str) -> String {
    format!("name = \"live\"\nkind = \"oidc\"\nissuer = \"{issuer}\"\nloopback_http = true\n{more}\n")
}

/// Status, document and diagnostics of `token inspect` by these settings.
fn inspect(name: &str, settings: &str, token: &str, now: Option<i64>) -> (i32, Value, String) {
    let file = folder(name).join("issuer.toml");
    fs::write(&file, settings).unwrap();
    let (file, now) = (file.to_string_lossy().into_owned(), now.map(|now| now.to_string()));
    let mut line = vec!["token", "inspect", "--issuer", &file, "--token", "-", "--format", "json"];
    line.extend(now.iter().flat_map(|now| ["--now", now]));
    let output = run(&line, token.as_bytes());
    let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (status(&output), document, String::from_utf8_lossy(&output.stderr).into_owned())
}

type Verifier = RemoteVerifier<Http>;

fn verifier(issuer: &str) -> Verifier {
    let location = Location::discovery(issuer, Plain::Loopback).unwrap();
    let expectations = Expectations {
        issuers: vec![issuer.to_owned()],
        audiences: vec!["web".to_owned()],
        // The tests set the time, the issuer has its own.
        leeway: 60,
        ..Expectations::default()
    };
    RemoteVerifier::new(location, Http::new(), expectations)
}

fn outcome(verifier: &Verifier, token: &str, now: i64) -> String {
    verifier.verify(token, now).map_or_else(
        |refusal| format!("{} {}", refusal.code.0, refusal.check.name()),
        |verified: Arc<Verified>| verified.claims.text("sub").unwrap().to_owned(),
    )
}

#[test]
fn somebody_signs_in_and_is_known() {
    let Some(mut issuers) = Issuers::start() else { return };
    let issuer = issuers.issuer();
    let alice = issuers.sign_in("alice");
    let web = "discovery = true\naudiences = [\"web\"]\ntenant = \"/tenant\"";
    let (code, document, error) = inspect("id", &settings(&issuer, web), &alice.id, None);
    assert_eq!(code, 0, "{document} {error}");
    assert_eq!(document["groups"], json!(["editors", "a,b"]));
    assert_eq!(document["keys"]["token:tenant"], "acme");
    assert_eq!(document["principal"], format!("alice of {issuer}"));
    assert_eq!((&document["verified"], &document["kid"]), (&json!(true), &json!("key-1")));

    let api = "discovery = true\naudiences = [\"https://api.example\"]\ntyp = \"at+jwt\"";
    let by_address = format!("jwks_uri = \"{issuer}/jwks\"\naudiences = [\"https://api.example\"]");
    for (what, more, token, expected) in [
        ("an access token", api, &alice.access, None),
        ("by the address of the set", &by_address, &alice.access, None),
        ("an access token where an ID token is asked for", web, &alice.access, Some(("E109", "aud"))),
        ("an ID token where an access token is asked for", api, &alice.id, Some(("E306", "typ"))),
    ] {
        let (code, document, error) = inspect("kinds", &settings(&issuer, more), token, None);
        let refused = &document["refused"];
        let found = refused["code"].as_str().zip(refused["check"].as_str());
        assert_eq!(
            (code, found),
            (if expected.is_some() { 3 } else { 0 }, expected),
            "{what}: {document} {error}"
        );
        assert!(
            expected.is_some() || document["keys"]["token:scopes"] == json!(["openid", "photos.read"]),
            "{what}"
        );
    }
    // The issuer is on the loopback, unencrypted: without saying so it is not asked.
    let strict = settings(&issuer, web).replace("loopback_http = true\n", "");
    let (code, _, error) = inspect("plain", &strict, &alice.id, None);
    assert!(code == 3 && error.contains("E190"), "{error}");
}

#[test]
fn a_token_goes_all_the_way_to_what_it_can_do() {
    let Some(mut issuers) = Issuers::start() else { return };
    let issuer = issuers.issuer();
    let alice = issuers.sign_in("alice");
    let folder = folder("deployment");
    let more = "discovery = true\naudiences = [\"web\"]\ntenant = \"/tenant\"";
    let manifest = format!(
        "[[issuer]]\n{}\n[[group]]\nname = \"editors\"\npolicies = \"editors.json\"\n",
        settings(&issuer, more)
    );
    fs::write(folder.join("bailiwick.toml"), manifest).unwrap();
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "photos:Get",
        "Resource": "arn:acme:photos:::album/${token:tenant}/*"}}"#;
    fs::write(folder.join("editors.json"), policy).unwrap();
    fs::write(folder.join("alice.jwt"), &alice.id).unwrap();
    let (directory, token) =
        (folder.to_string_lossy(), folder.join("alice.jwt").to_string_lossy().into_owned());
    let ask = |command: &[&str]| {
        let line = [command, &["--deployment", &directory, "--token", &token, "--format", "json"]].concat();
        let output = run(&line, b"");
        (status(&output), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for (resource, code) in [("arn:acme:photos:::album/acme/1", 0), ("arn:acme:photos:::album/other/1", 1)] {
        let (found, text) = ask(&["eval", "--action", "photos:Get", "--resource", resource]);
        assert_eq!(found, code, "{resource}: {text}");
    }
    let (code, text) = ask(&["simulate"]);
    assert!(code == 0 && text.contains("album/acme/*"), "{text}");
}

#[test]
fn certificates_are_looked_at() {
    let Some(mut issuers) = Issuers::start() else { return };
    let (issuer, alice) = (issuers.issuer(), issuers.sign_in("alice").id);
    let folder = folder("certificates");
    for (what, name, trusted, path, good) in [
        ("trusted", "localhost", true, "jwks", true),
        ("nobody's", "localhost", false, "jwks", false),
        ("of another host", "id.example", true, "jwks", false),
        ("trusted, and sent elsewhere", "localhost", true, "moved", false),
    ] {
        let (at, certificate) = issuers.encrypted(name);
        let (_, others) = issuers.encrypted(name);
        let file = folder.join("trusted.pem");
        fs::write(&file, if trusted { certificate } else { others }).unwrap();
        let settings = format!(
            "name = \"live\"\nkind = \"oidc\"\nissuer = \"{issuer}\"\njwks_uri = \"{at}/{path}\"\naudiences = [\"web\"]\n"
        );
        fs::write(folder.join("issuer.toml"), settings).unwrap();
        fs::write(folder.join("alice.jwt"), &alice).unwrap();
        let in_folder = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let (settings, token) = (in_folder("issuer.toml"), in_folder("alice.jwt"));
        let mut command = common::bailiwick(&["token", "map", "--issuer", &settings, "--token", &token]);
        let output = command.env("SSL_CERT_FILE", &file).env_remove("SSL_CERT_DIR").output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(status(&output), if good { 0 } else { 5 }, "{what}: {error}");
        assert!(good || error.contains("E308"), "{what}: {error}");
    }
}

#[test]
fn keys_rotate_while_tokens_are_taken() {
    let Some(mut issuers) = Issuers::start() else { return };
    let issuer = issuers.issuer();
    let verifier = verifier(&issuer);
    let alice = issuers.sign_in("alice").id;
    let at = now();
    assert_eq!(outcome(&verifier, &alice, at), "alice");
    assert_eq!(outcome(&verifier, &alice, at), "alice");
    assert_eq!(issuers.asked(), (1, 1));

    // A new key arrives and signs: one question more, and both are good.
    issuers.rotate("key-2");
    let bob = issuers.sign_in("bob").id;
    assert_eq!(outcome(&verifier, &bob, at + 40), "bob");
    assert_eq!(outcome(&verifier, &alice, at + 40), "alice");
    assert_eq!(issuers.asked(), (2, 2));

    // A flood of tokens by keys that nobody knows asks once more, after the cooldown.
    for number in 0..50 {
        let forged = issuers::with_header(&bob, &json!({ "alg": "RS256", "kid": format!("../{number}") }));
        assert_eq!(outcome(&verifier, &forged, at + 80), "E303 kid");
    }
    assert_eq!(issuers.asked(), (3, 3));

    // The old key is retired: as soon as the set is due, its tokens are refused, remembered or not.
    issuers.retire();
    assert_eq!(outcome(&verifier, &alice, at + 90), "alice");
    assert_eq!(outcome(&verifier, &alice, at + 80 + 600), "E303 kid");
    assert_eq!(outcome(&verifier, &bob, at + 80 + 600), "bob");
    assert_eq!(issuers.asked(), (4, 4));
}

#[test]
fn an_issuer_goes_away_and_comes_back() {
    let Some(mut issuers) = Issuers::start() else { return };
    let issuer = issuers.issuer();
    let verifier = verifier(&issuer);
    let (alice, bob) = (issuers.sign_in("alice").id, issuers.sign_in("bob").id);
    let at = now();
    assert_eq!(outcome(&verifier, &alice, at), "alice");
    issuers.down();
    assert_eq!(outcome(&verifier, &alice, at + 500), "alice", "the set is not due");
    assert_eq!(outcome(&verifier, &alice, at + 600), "alice", "due, and the issuer is away: grace");
    assert_eq!(outcome(&verifier, &bob, at + 4_199), "bob", "also a token that comes for the first time");
    assert_eq!(
        outcome(&verifier, &alice, at + 4_200),
        "E308 keys",
        "the grace is over, also for what is remembered"
    );
    assert_eq!(outcome(&verifier, &bob, at + 4_200), "E308 keys");

    // The command has no keys of an earlier run: it says that it could not ask, and does not decide.
    let more = "discovery = true\naudiences = [\"web\"]";
    let (code, document, error) = inspect("away", &settings(&issuer, more), &alice, None);
    assert!(code == 5 && document.is_null() && error.contains("E308"), "{code} {error}");

    issuers.up();
    assert_eq!(outcome(&verifier, &alice, at + 4_300), "alice");
    let (code, ..) = inspect("back", &settings(&issuer, more), &alice, None);
    assert_eq!(code, 0);
}

#[test]
fn clocks_differ() {
    let Some(mut issuers) = Issuers::start() else { return };
    let at = now();
    // The issuer's clock is ahead or behind; each of its algorithms once.
    for (alg, claims, leeway, expected) in [
        ("RS256", json!({}), 0, None),
        ("PS256", json!({ "iat": at + 30, "nbf": at + 30 }), 60, None),
        ("PS256", json!({ "nbf": at + 90 }), 60, Some("nbf")),
        ("ES256", json!({ "iat": at + 30 }), 0, Some("iat")),
        ("ES256", json!({ "iat": at + 90 }), 60, Some("iat")),
        ("ES384", json!({ "exp": at - 30 }), 60, None),
        ("ES384", json!({ "exp": at - 30 }), 0, Some("exp")),
        ("EdDSA", json!({ "exp": at - 60 }), 60, Some("exp")),
        ("EdDSA", json!({ "exp": at.to_string() }), 0, Some("exp")),
    ] {
        let mut all = json!({ "sub": "machine", "aud": "api", "iat": at, "nbf": at, "exp": at + 600 });
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let token = issuers.machine(alg, &all);
        let issuer = issuers.machines(alg);
        let more = format!("discovery = true\naudiences = [\"api\"]\nleeway = {leeway}");
        let (code, document, error) = inspect("skew", &settings(&issuer, &more), &token, Some(at));
        let check = document["refused"]["check"].as_str();
        assert_eq!(
            (code, check),
            (if expected.is_some() { 3 } else { 0 }, expected),
            "{alg} {claims} {document} {error}"
        );
    }
    // Our clock is wrong.
    let alice = issuers.sign_in("alice").id;
    let issuer = issuers.issuer();
    let more = "discovery = true\naudiences = [\"web\"]\nleeway = 60";
    for (shift, expected) in [(0, None), (-30, None), (-3_600, Some("iat")), (2 * 86_400, Some("exp"))] {
        let (_, document, error) = inspect("shift", &settings(&issuer, more), &alice, Some(now() + shift));
        assert_eq!(document["refused"]["check"].as_str(), expected, "{shift}: {document} {error}");
    }
}

#[test]
fn tokens_of_one_issuer_are_no_tokens_of_another() {
    let Some(mut issuers) = Issuers::start() else { return };
    let issuer = issuers.issuer();
    let alice = issuers.sign_in("alice").id;
    let claims = issuers::claims(&alice);
    let forged = issuers.machine("RS256", &claims);
    let honest = json!({ "alg": "RS256", "kid": "key-1" });
    let key_at =
        json!({ "alg": "RS256", "kid": "key-1", "jku": format!("{}/jwks", issuers.machines("RS256")) });
    let more = "discovery = true\naudiences = [\"web\"]";
    for (what, token, check) in [
        ("its claims, signed by another", forged.clone(), "kid"),
        ("under the name of its key", issuers::with_header(&forged, &honest), "signature"),
        ("with an address of other keys", issuers::with_header(&forged, &key_at), "signature"),
        ("unsigned", issuers::with_header(&alice, &json!({ "alg": "none" })), "alg"),
        ("stripped", alice.rsplit_once('.').map(|(rest, _)| format!("{rest}.")).unwrap(), "signature"),
    ] {
        let (code, document, error) = inspect("forged", &settings(&issuer, more), &token, None);
        assert_eq!(
            (code, document["refused"]["check"].as_str()),
            (3, Some(check)),
            "{what}: {document} {error}"
        );
    }
}
