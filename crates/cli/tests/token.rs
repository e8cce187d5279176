//! `bailiwick token map` and `--token`: settings, claims and signed tokens from files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{run, status};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};

const NOW: &str = "1800000100";

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("token").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

/// The status and the document of `token map`.
fn map(folder: &Path, settings: &str, claims: &Value) -> (i32, Value) {
    fs::write(folder.join("issuer.toml"), settings).unwrap();
    let issuer = path(folder, "issuer.toml");
    let arguments = ["token", "map", "--issuer", &issuer, "--claims", "-", "--now", NOW, "--format", "json"];
    let output = run(&arguments, claims.to_string().as_bytes());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
    (status(&output), document)
}

const COGNITO: &str = "kind = \"cognito\"\nissuer = \"https://cognito-idp.eu-central-1.amazonaws.com/p\"\n\
                       audiences = [\"app\"]\ntenant = \"/custom:org\"\n[tags]\norg = \"/custom:org\"\n";

fn cognito() -> Value {
    json!({
        "iss": "https://cognito-idp.eu-central-1.amazonaws.com/p", "sub": "u-1", "token_use": "id", "aud": "app",
        "cognito:groups": ["a,b", "c"], "custom:org": "tea", "exp": 1_800_003_600, "iat": 1_800_000_000,
    })
}

#[test]
fn claims_become_a_principal() {
    let (status, document) = map(&folder("accepted"), COGNITO, &cognito());
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["accepted"], true);
    assert_eq!(document["refused"], Value::Null);
    assert_eq!(document["groups"], json!(["a,b", "c"]), "never split");
    assert_eq!(document["groupsKnown"], true);
    assert_eq!(document["tags"], json!({ "org": "tea" }));
    assert_eq!(document["keys"]["token:tenant"], "tea");
    assert_eq!(document["keys"]["token:groups"], json!(["a,b", "c"]));
    assert_eq!(document["role"], Value::Null);
    assert_eq!(document["dropped"], json!([]));
}

/// Other suites drive the command by this document: nine members, and of a refusal two.
#[test]
fn the_document_has_these_members_and_no_others() {
    let folder = folder("members");
    let mut expired = cognito();
    expired["exp"] = json!(1);
    for claims in [cognito(), expired, json!({}), json!([])] {
        let (_, document) = map(&folder, COGNITO, &claims);
        let members: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            members,
            ["accepted", "principal", "groups", "groupsKnown", "tags", "role", "keys", "dropped", "refused"]
        );
        if let Some(refused) = document["refused"].as_object() {
            assert_eq!(refused.keys().collect::<Vec<_>>(), ["code", "check"], "{claims}");
            assert!(refused.values().all(Value::is_string), "{claims}");
        }
        assert_eq!(document["accepted"], json!(document["refused"].is_null()));
    }
}

#[test]
fn every_refusal_names_its_check() {
    let folder = folder("refused");
    let with = |settings: &str, name: &str, value: Value| {
        let mut claims = cognito();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        (settings.to_owned(), claims)
    };
    let use_id = format!("token_use = \"id\"\n{COGNITO}");
    let organization = format!("organization = \"o\"\n{COGNITO}");
    for ((settings, claims), code, check) in [
        (with(COGNITO, "iss", json!("https://evil.example")), "E104", "iss"),
        (with(COGNITO, "iss", Value::Null), "E104", "iss"),
        (with(COGNITO, "aud", json!("other")), "E109", "aud"),
        (with(COGNITO, "aud", Value::Null), "E109", "aud"),
        (with(COGNITO, "token_use", Value::Null), "E108", "token_use"),
        (with(COGNITO, "token_use", json!("refresh")), "E108", "token_use"),
        (with(&use_id, "token_use", json!("access")), "E108", "token_use"),
        (with(&organization, "org_id", json!("p")), "E116", "org_id"),
        (with(COGNITO, "exp", json!(1_800_000_100)), "E305", "exp"),
        (with(COGNITO, "exp", Value::Null), "E305", "exp"),
        (with(COGNITO, "nbf", json!(1_800_000_101)), "E305", "nbf"),
        (with(COGNITO, "iat", json!(1_800_000_101)), "E305", "iat"),
        (with(COGNITO, "sub", Value::Null), "E105", "required"),
        (with(COGNITO, "cognito:groups", json!([{ "name": "a" }])), "E106", "shape"),
    ] {
        let (status, document) = map(&folder, &settings, &claims);
        let refused = &document["refused"];
        let found = (refused["code"].as_str(), refused["check"].as_str());
        assert_eq!(found, (Some(code), Some(check)), "{claims}: {document}");
        assert_eq!((status, &document["accepted"]), (3, &json!(false)));
        assert_eq!(document["principal"], Value::Null);
    }
}

#[test]
fn keys_of_one_issuer_do_not_vouch_for_another() {
    let (one, other) = (Signer::new(), Signer::new());
    let folder = folder("two");
    fs::write(folder.join("one.json"), one.1.to_string()).unwrap();
    fs::write(folder.join("other.json"), other.1.to_string()).unwrap();
    let issuer = |name: &str| {
        format!(
            "[[issuer]]\nname = \"{name}\"\nkind = \"oidc\"\nissuer = \"https://{name}\"\njwks = \"{name}.json\"\n"
        )
    };
    fs::write(folder.join("issuer.toml"), issuer("one") + &issuer("other")).unwrap();
    let settings = path(&folder, "issuer.toml");
    let claims = |name: &str| {
        json!({ "iss": format!("https://{name}"), "sub": "u", "exp": 1_800_003_600 }).to_string()
    };
    for (named, signer, iss, expected) in [
        (None, &one, "one", None),
        (None, &other, "other", None),
        (None, &one, "other", Some("signature")),
        (None, &one, "third", Some("iss")),
        (Some("one"), &one, "one", None),
        (Some("one"), &one, "other", Some("iss")),
        (Some("other"), &one, "other", Some("signature")),
    ] {
        let token = signer.sign(&claims(iss));
        let mut line =
            vec!["token", "map", "--issuer", &settings, "--token", "-", "--now", NOW, "--format", "json"];
        line.extend(named.iter().flat_map(|name| ["--issuer-name", *name]));
        let output = run(&line, token.as_bytes());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["refused"]["check"].as_str(), expected, "{named:?} {iss}: {document}");
    }
}

#[test]
fn groups_that_were_left_out_are_unknown() {
    let settings = "kind = \"entra\"\ndirectory = \"11111111-2222-3333-4444-555555555555\"\n";
    let claims = json!({
        "iss": "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
        "tid": "11111111-2222-3333-4444-555555555555", "oid": "o-1", "sub": "s", "ver": "2.0",
        "_claim_names": { "groups": "src1" }, "exp": 1_800_003_600,
    });
    let (status, document) = map(&folder("overage"), settings, &claims);
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["groupsKnown"], false);
    assert_eq!(document["keys"]["token:groups"], json!({ "unknown": true }));
    assert_eq!(document["dropped"][0]["claim"], "_claim_names");
}

/// A key, and tokens by it.
struct Signer(jsonwebtoken::EncodingKey, Value);

impl Signer {
    fn new() -> Self {
        let key = ed25519_dalek::SigningKey::generate(&mut rand_core::OsRng);
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        let jwks =
            json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "1", "use": "sig", "x": public }] });
        Self(jsonwebtoken::EncodingKey::from_ed_der(key.to_pkcs8_der().unwrap().as_bytes()), jwks)
    }

    fn sign(&self, claims: &str) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","kid":"1"}"#);
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.0, jsonwebtoken::Algorithm::EdDSA).unwrap();
        format!("{message}.{signature}")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The shop, with the keys of its user pool.
fn shop(name: &str, signer: &Signer) -> PathBuf {
    let folder = folder(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shop"), &folder);
    let manifest = fs::read_to_string(folder.join("bailiwick.toml")).unwrap();
    let with_keys =
        manifest.replacen("kind = \"cognito\"\n", "kind = \"cognito\"\njwks = \"keys.json\"\n", 1);
    assert_ne!(manifest, with_keys);
    fs::write(folder.join("bailiwick.toml"), with_keys).unwrap();
    fs::write(folder.join("keys.json"), signer.1.to_string()).unwrap();
    folder
}

#[test]
fn a_signed_token_goes_all_the_way() {
    let signer = Signer::new();
    let shop = shop("signed", &signer);
    let claims = fs::read_to_string(shop.join("claims/seller.json")).unwrap();
    fs::write(shop.join("seller.jwt"), format!("{}\n", signer.sign(&claims))).unwrap();
    fs::write(shop.join("forged.jwt"), Signer::new().sign(&claims)).unwrap();
    let (directory, token, forged) = (path(&shop, ""), path(&shop, "seller.jwt"), path(&shop, "forged.jwt"));
    let by_claims = path(&shop, "claims/seller.json");

    let ask = |flag: &str, file: &str| {
        let line = ["simulate", "--deployment", &directory, flag, file, "--now", NOW, "--format", "json"];
        run(&line, b"")
    };
    let (signed, plain) = (ask("--token", &token), ask("--claims", &by_claims));
    assert_eq!(status(&signed), 0, "{}", String::from_utf8_lossy(&signed.stderr));
    assert_eq!(signed.stdout, plain.stdout, "a verified token is its claims");
    let refused = ask("--token", &forged);
    assert_eq!(status(&refused), 3);
    assert!(refused.stdout.is_empty());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("E304"));

    let inspect = |file: &str| {
        let line = ["token", "inspect", "-d", &directory, "--token", file, "--now", NOW, "--format", "json"];
        let output = run(&line, b"");
        (status(&output), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let (status, document) = inspect(&token);
    assert_eq!(status, 0, "{document}");
    assert_eq!(document["role"], "arn:aws:iam::111122223333:role/shop/seller");
    assert_eq!(document["tags"]["org"], "org-tea");
    assert_eq!((&document["verified"], &document["kid"]), (&json!(true), &json!("1")));
    assert_eq!(document["until"], 1_800_003_600);
    assert!(
        !document["chain"].as_array().unwrap().is_empty()
            && !document["claims"].as_array().unwrap().is_empty()
    );
    let (status, document) = inspect(&forged);
    assert_eq!((status, document["refused"]["check"].as_str()), (3, Some("signature")));
}

#[test]
fn settings_that_do_not_serve_are_told() {
    let signer = Signer::new();
    let folder = folder("settings");
    let token = signer.sign(&cognito().to_string());
    let ask = |settings: &str| {
        fs::write(folder.join("issuer.toml"), settings).unwrap();
        let issuer = path(&folder, "issuer.toml");
        let output =
            run(&["token", "map", "--issuer", &issuer, "--token", "-", "--now", NOW], token.as_bytes());
        (status(&output), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    fs::write(folder.join("keys.json"), signer.1.to_string()).unwrap();
    let for_anybody = COGNITO.replace("audiences = [\"app\"]\n", "");
    let for_anybody = for_anybody.split("[tags]").next().unwrap();
    fs::write(folder.join("secret.json"), r#"{"keys":[{"kty":"oct","k":"AA"}]}"#).unwrap();
    for (settings, expected, code) in [
        (format!("jwks = \"keys.json\"\n{COGNITO}"), 0, ""),
        (format!("name = \"x\"\njwks = \"keys.json\"\nleeway = 60\n{COGNITO}"), 0, ""),
        (COGNITO.to_owned(), 3, "E308"),
        (format!("jwks = \"secret.json\"\n{COGNITO}"), 3, "E307"),
        (format!("jwks = \"nowhere.json\"\n{COGNITO}"), 3, "E25"),
        (format!("jwks = \"keys.json\"\nalgorithms = [\"HS256\"]\n{COGNITO}"), 3, "E302"),
        (format!("leeway = 61\n{COGNITO}"), 3, "E153"),
        (format!("jwks = '{}'\n{COGNITO}", signer.1), 0, ""),
        (format!("jwks = ' {{}}'\n{COGNITO}"), 3, "E307"),
        (format!("jwks_uri = \"http://id.example/keys\"\n{COGNITO}"), 3, "E190"),
        (format!("jwks_uri = \"http://127.0.0.1:1/keys\"\n{COGNITO}"), 3, "E190"),
        (format!("jwks_uri = \"file:///etc/passwd\"\n{COGNITO}"), 3, "E190"),
        (format!("jwks_uri = \"https://user@id.example/keys\"\n{COGNITO}"), 3, "E190"),
        (format!("jwks_uri = \"http://evil.example/keys\"\nloopback_http = true\n{COGNITO}"), 3, "E190"),
        (format!("jwks_uri = \"http://127.0.0.1:1/keys\"\nloopback_http = true\n{COGNITO}"), 5, "E308"),
        (format!("jwks_uri = \"https://127.0.0.1:1/keys\"\n{COGNITO}"), 5, "E308"),
        (format!("jwks_uri = \"https://id.example/keys\"\njwks = \"keys.json\"\n{COGNITO}"), 3, "E190"),
        (format!("jwks_uri = \"https://id.example/keys\"\ndiscovery = true\n{COGNITO}"), 3, "E190"),
        (format!("discovery = \"yes\"\n{COGNITO}"), 3, "E153"),
        ("kind = \"oidc\"\nissuer = \"urn:id\"\ndiscovery = true\naudiences = \"a\"".to_owned(), 3, "E190"),
        (
            format!("profile = \"strict\"\n[[issuer]]\nname = \"x\"\njwks = \"keys.json\"\n{for_anybody}"),
            3,
            "E192",
        ),
        (format!("jwks = \"keys.json\"\n{for_anybody}"), 0, ""),
        ("kind = \"alb\"\nissuer = \"https://i\"\njwks = \"keys.json\"".to_owned(), 3, "E192"),
        (format!("nonsense = 1\n{COGNITO}"), 3, "E151"),
        ("kind = ".to_owned(), 3, "E150"),
    ] {
        let (status, error) = ask(&settings);
        assert_eq!(status, expected, "{settings}: {error}");
        assert!(error.contains(code), "{settings}: {error}");
    }
}

#[test]
fn a_signed_token_asks_a_graphql_api() {
    let signer = Signer::new();
    let folder = folder("graphql");
    let issuer = format!(
        "[[issuer]]\nname = \"users\"\njwks = \"keys.json\"\n{}",
        COGNITO.replace("[tags]", "[issuer.tags]")
    );
    let schema = "type Query { a: Int @aws_cognito_user_pools(cognito_groups: [\"c\"])  \
                  b: Int @aws_cognito_user_pools(cognito_groups: [\"b\"]) }";
    for (name, text) in [
        ("bailiwick.toml", issuer.as_str()),
        ("keys.json", &signer.1.to_string()),
        ("schema.graphql", schema),
        ("good.jwt", &signer.sign(&cognito().to_string())),
        ("forged.jwt", &Signer::new().sign(&cognito().to_string())),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    let (directory, schema) = (path(&folder, ""), path(&folder, "schema.graphql"));
    for (token, now, expected, told) in [
        ("good.jwt", NOW, 0, "usable\tQuery.a\t`Query.a` is open to group `c`\nrefused\tQuery.b\t"),
        ("forged.jwt", NOW, 3, "E304"),
        ("good.jwt", "1800003600", 3, "E305"),
    ] {
        let token = path(&folder, token);
        let line =
            ["appsync", "fields", "-d", &directory, "--token", &token, "--schema", &schema, "--now", now];
        let output =
            run(&[line.as_slice(), &["--default-mode", "cognito", "--format", "plain"]].concat(), b"");
        let printed =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(status(&output), expected, "{printed}");
        assert!(printed.contains(told), "{printed}");
    }
}

/// Rules with `provider: iam` ask for whom the identity pool made the role session.
#[test]
fn an_identity_pool_says_who_is_a_guest() {
    let shop = shop("identities", &Signer::new());
    let schema = "type Open @model @auth(rules: [{ allow: public, provider: iam }]) { a: Int }\n\
                  type Own @model @auth(rules: [{ allow: private, provider: iam }]) { a: Int }";
    fs::write(shop.join("schema.graphql"), schema).unwrap();
    let (directory, schema, seller) =
        (path(&shop, ""), path(&shop, "schema.graphql"), path(&shop, "claims/seller.json"));
    for (who, profile, open, own) in [
        (["--guest"].as_slice(), "aws", "open", "refused"),
        (&["--guest"], "strict", "open", "refused"),
        (&["--claims", &seller], "aws", "open", "open"),
        (&["--claims", &seller], "strict", "refused", "open"),
        (&["--claims", &seller, "--no-exchange"], "aws", "refused", "refused"),
        // What somebody says of a token's session does not count.
        (&["--guest", "--identity", "signed-in"], "aws", "open", "refused"),
    ] {
        let line =
            ["appsync", "fields", "--mode", "iam", "-d", &directory, "--schema", &schema, "--now", NOW];
        let api = ["--default-mode", "iam", "--api-arn", "arn:aws:appsync:eu-west-1:111122223333:apis/abc"];
        let more = ["--profile", profile, "--format", "json"];
        let output = run(&[line.as_slice(), &api, &more, who].concat(), b"");
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let access = |model: usize| document["models"][model]["operations"]["get"]["access"].clone();
        assert_eq!((access(0), access(1)), (json!(open), json!(own)), "{who:?} {profile}");
    }
}
