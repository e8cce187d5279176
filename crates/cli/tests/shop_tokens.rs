//! The shop's tokens, signed: `simulate --deployment fixtures/shop --token FILE` shows the whole chain, from the signature
//! to what the role can do; so does the guest, who has no token.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "common/signer.rs"]
mod signer;

use std::fs;
use std::path::PathBuf;

use common::{run, status};
use signer::Signer;

const SHOP: &str = "../../../../fixtures/shop";
const NOW: &str = "1800000100";

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shop-tokens");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Status, answer and diagnostics of `simulate` for people.
fn simulate(arguments: &[&str]) -> (i32, String, String) {
    let line = [&["simulate", "--deployment", SHOP, "--now", NOW, "--format", "human"], arguments].concat();
    let output = run(&line, b"");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (status(&output), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_whole_chain_is_shown() {
    let (signer, stranger, folder) = (Signer::new(), Signer::new(), folder());
    let keys = folder.join("keys.json").display().to_string();
    fs::write(&keys, signer.jwks.to_string()).unwrap();
    let claims_of = |name: &str| {
        fs::read_to_string(common::data().join(SHOP).join("claims").join(format!("{name}.json"))).unwrap()
    };
    for (name, role) in
        [("seller", "seller"), ("owner", "owner"), ("admin", "admin"), ("customer", "customer")]
    {
        let claims = format!("{SHOP}/claims/{name}.json");
        let token = folder.join(format!("{name}.jwt")).display().to_string();
        fs::write(&token, format!("{}\n", signer.token(&claims_of(name)))).unwrap();
        let (by_claims, expected, _) = simulate(&["--claims", &claims]);
        let (code, text, error) = simulate(&["--token", &token, "--jwks", &keys]);
        assert_eq!((by_claims, code), (0, 0), "{name}: {error}");
        for part in [
            "verified   signature by key `o`, holds until 2027-01-15T09:00:00Z",
            "sign-in    provider: cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Sh0pUsers",
            &format!("role: arn:aws:iam::111122223333:role/shop/{role} (rule "),
            "trust policy: sts:AssumeRoleWithWebIdentity: allow",
            &format!("session: arn:aws:sts::111122223333:assumed-role/{role}/CognitoIdentityCredentials"),
        ] {
            assert!(text.contains(part), "{name}: no `{part}` in\n{text}");
        }
        // The signature aside, a token that holds is its claims.
        let rest: Vec<&str> = text.lines().filter(|line| !line.starts_with("verified")).collect();
        assert_eq!(rest, expected.lines().collect::<Vec<_>>(), "{name}");

        // Signed by somebody else, nothing of it is shown.
        fs::write(&token, stranger.token(&claims_of(name))).unwrap();
        let (code, text, error) = simulate(&["--token", &token, "--jwks", &keys]);
        assert!(code == 3 && text.is_empty() && error.contains("E304"), "{name}: {text} {error}");
    }
    // An access token gets no role, and one of another pool is not even read.
    for (name, code) in [("seller-access-token", "E108"), ("stranger", "E104")] {
        let token = folder.join(format!("{name}.jwt")).display().to_string();
        fs::write(&token, signer.token(&claims_of(name))).unwrap();
        let (exit, text, error) = simulate(&["--token", &token, "--jwks", &keys]);
        assert!(exit == 3 && text.is_empty() && error.contains(code), "{name}: {text} {error}");
    }
    // The shop does not say where its pool's keys are, and without any nothing is believed.
    let token = folder.join("seller.jwt").display().to_string();
    let (code, _, error) = simulate(&["--token", &token]);
    assert!(code == 3 && error.contains("E308"), "{error}");
}

#[test]
fn a_guest_has_a_chain_too() {
    let (code, text, error) = simulate(&["--guest"]);
    assert_eq!(code, 0, "{error}");
    for part in [
        "issuer     none: a guest",
        "role: arn:aws:iam::111122223333:role/shop/guest (the pool's unauthenticated role)",
        "trust policy: sts:AssumeRoleWithWebIdentity: allow",
        "scope-down: limited as an unauthenticated identity",
        "session: arn:aws:sts::111122223333:assumed-role/guest/CognitoIdentityCredentials",
        "GetObject",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    assert!(!text.contains("verified"), "{text}");
}
