//! The pages about tokens of the language reference, row by row: claims go in at one end of the command, and what comes
//! out at the other is compared.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its stage may fail loudly")]

mod common;
#[path = "common/signer.rs"]
mod signer;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use bailiwick_spec::{Signature, Signed, TokenCase, TokenExpected, token_cases};
use common::{run, status};
use serde_json::{Value, json};
use signer::Signer;

/// Fewer cases than this mean that pages were lost.
const AT_LEAST: usize = 170;

static ISSUER: LazyLock<Signer> = LazyLock::new(Signer::new);
static STRANGER: LazyLock<Signer> = LazyLock::new(Signer::new);

fn cases() -> Vec<TokenCase> {
    token_cases().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn every_row_about_tokens_holds() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let (mut report, mut failed) = (String::new(), 0);
    for case in &cases {
        if let Err(why) = check(case) {
            failed += 1;
            let _ = writeln!(report, "\nfixtures/spec/{} ({}), {}\n{why}", case.id, case.why, case.name);
        }
    }
    assert!(failed == 0, "{failed} of {} cases failed{report}", cases.len());
}

/// Items 111 to 129 are about tokens.
#[test]
fn every_item_about_tokens_is_asked() {
    let asked: BTreeSet<u16> = cases().iter().flat_map(|case| case.items.clone()).collect();
    let open: Vec<u16> = (111..=129).filter(|item| !asked.contains(item)).collect();
    assert!(open.is_empty(), "no row is tagged with {open:?}");
}

fn folder(case: &TokenCase) -> PathBuf {
    let name: String = case.id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("spec").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (name, text) in &case.files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Each kind of issuer has claims shaped as the real thing, and a page with tokens that are accepted and tokens that are
/// refused; every refusal of a token names its check.
#[test]
fn every_issuer_has_a_page() {
    let mut seen: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in cases() {
        let manifest = &case.files.iter().find(|(name, _)| name == "bailiwick.toml").unwrap().1;
        let kinds = manifest.lines().filter_map(|line| line.strip_prefix("kind = "));
        for kind in kinds.map(|kind| kind.trim_matches('"').to_owned()) {
            let (accepted, refused) = seen.entry(kind).or_default();
            match &case.expected {
                TokenExpected::Refused(code, check) => {
                    *refused += 1;
                    let mapped = case.request.is_none() && case.hop.is_none() && case.claims.is_some();
                    assert!(check.is_some() || !mapped, "{}: {code} names no check", case.id);
                }
                TokenExpected::Accepted => *accepted += 1,
                TokenExpected::Decision(_) => {}
            }
        }
    }
    for kind in [
        "cognito",
        "oidc",
        "auth0",
        "entra",
        "okta",
        "keycloak",
        "google",
        "apple",
        "facebook",
        "amazon",
        "alb",
        "kubernetes",
        "github",
    ] {
        let (accepted, refused) = seen.get(kind).copied().unwrap_or_default();
        assert!(accepted > 0 && refused > 0, "{kind}: {accepted} accepted, {refused} refused");
    }
}

fn check(case: &TokenCase) -> Result<(), String> {
    let folder = folder(case);
    let answers = ask(case, &folder).and_then(|answer| {
        // What claims become does not depend on whether they came in a token that holds.
        // An assertion is no JSON Web Token.
        let saml = case.files.iter().any(|(_, text)| text.contains("[[saml_provider]]"));
        let plain = case.signed.is_none() && case.request.is_none() && case.hop.is_none();
        if plain && !saml && case.claims.is_some() {
            let signed = Signed { header: honest(case), signature: Signature::Own };
            let answer_signed = ask(&TokenCase { signed: Some(signed), ..case.clone() }, &folder)?;
            if answer_signed != answer {
                return Err(format!("signed: {answer_signed}\nas claims: {answer}"));
            }
        }
        Ok(answer)
    });
    let _ = fs::remove_dir_all(&folder);
    let answer = answers?;
    let refused = &answer["refused"];
    match &case.expected {
        TokenExpected::Accepted if !refused.is_null() => return Err(format!("refused: {answer}")),
        TokenExpected::Refused(code, check) => {
            let fits = refused["code"] == json!(code)
                && check.as_ref().is_none_or(|check| refused["check"] == json!(check));
            if !fits {
                return Err(format!("expected {code} {check:?}: {answer}"));
            }
        }
        TokenExpected::Decision(decision) if answer["decision"] != json!(decision) => {
            return Err(format!("expected {decision}: {answer}"));
        }
        _ => {}
    }
    let missing: Vec<_> = case.with.iter().filter(|(name, value)| !holds(&answer[*name], value)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("not found: {missing:?} in {answer}")) }
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

/// A document with `refused`, `decision`, and what the command says of the principal.
fn ask(case: &TokenCase, folder: &Path) -> Result<Value, String> {
    let directory = folder.display().to_string();
    let hops = case.hop.as_ref().map(|hop| {
        let path = folder.join("hops.json");
        fs::write(&path, json!([hop]).to_string()).unwrap();
        path.display().to_string()
    });
    let mut line: Vec<&str> = match (&case.request, &hops) {
        (Some((action, resource)), _) => vec!["eval", "--action", action, "--resource", resource],
        (None, Some(hops)) => vec!["role", "chain", "--hops", hops],
        (None, None) => vec!["token", "map"],
    };
    line.extend(["--deployment", &directory, "--now", &case.now, "--format", "json"]);
    line.extend(case.role.iter().flat_map(|role| ["--role", role]));
    if case.basic_flow {
        line.extend(["--flow", "basic"]);
    }
    let keys = folder.join("keys-of-the-issuer.json").display().to_string();
    let input = match (&case.signed, &case.claims) {
        (Some(signed), Some(claims)) => {
            fs::write(&keys, ISSUER.jwks.to_string()).unwrap();
            line.extend(["--jwks", &keys, "--token", "-"]);
            token(signed, claims)
        }
        (_, Some(claims)) => {
            line.extend(["--claims", "-"]);
            claims.clone()
        }
        (_, None) => {
            line.push("--guest");
            String::new()
        }
    };
    let output = run(&line, input.as_bytes());
    let error = String::from_utf8_lossy(&output.stderr);
    let Ok(mut answer) = serde_json::from_slice::<Value>(&output.stdout) else {
        // A refusal before anything could be asked: diagnostics instead of an answer.
        let code = error.split(['[', ']', '"']).find(|part| part.len() == 4 && part.starts_with('E'));
        return match code {
            Some(code) if status(&output) == 3 => Ok(json!({ "refused": { "code": code } })),
            _ => Err(format!("status {}: {error}", status(&output))),
        };
    };
    if case.hop.is_some() {
        let link = &answer["hops"][0];
        let refused = link["refused"].get(0).cloned().unwrap_or(Value::Null);
        let mut session = link["session"].clone();
        if session.is_null() {
            session = json!({});
        }
        session["refused"] = refused;
        answer = session;
    }
    Ok(answer)
}

/// The usual header, in the name of the load balancer that the settings ask for.
fn honest(case: &TokenCase) -> serde_json::Map<String, Value> {
    let mut header = usual();
    let lines = case.files.iter().flat_map(|(_, text)| text.lines());
    for signer in lines.filter_map(|line| line.strip_prefix("signer = ")) {
        header.insert("signer".to_owned(), json!(signer.trim_matches('"')));
    }
    header
}

fn usual() -> serde_json::Map<String, Value> {
    json!({ "alg": "EdDSA", "kid": "o" }).as_object().unwrap().clone()
}

fn token(signed: &Signed, claims: &str) -> String {
    let header = Value::Object(if signed.header.is_empty() { usual() } else { signed.header.clone() });
    let message = Signer::message(&header, claims);
    let algorithm = &header["alg"];
    let signature = match signed.signature {
        Signature::Own => ISSUER.signature(algorithm, &message),
        Signature::Another => STRANGER.signature(algorithm, &message),
        Signature::PublicKey => ISSUER.secret_signature(&message),
        Signature::Stripped => String::new(),
        Signature::Zeros => "A".repeat(86),
        Signature::OtherClaims => ISSUER.signature(algorithm, &Signer::message(&header, "{}")),
    };
    format!("{message}.{signature}")
}
