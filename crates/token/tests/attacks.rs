//! What an attacker sends, and the check that refuses it. Keys are made here and tokens are signed here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod record;

use bailiwick_token::{
    Algorithm, CachingVerifier, Expectations, KeySet, Organization, Verifier, unverified_issuer,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::EncodingKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

const NOW: i64 = 1_700_000_000;

/// An issuer with one key of each type.
struct Issuer {
    rsa: EncodingKey,
    rsa_modulus: String,
    ec: EncodingKey,
    ec_point: (String, String),
    ed: EncodingKey,
    ed_point: String,
}

static ISSUER: LazyLock<Issuer> = LazyLock::new(Issuer::new);
static STRANGER: LazyLock<Issuer> = LazyLock::new(Issuer::new);

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Issuer {
    fn new() -> Self {
        use ed25519_dalek::pkcs8::EncodePrivateKey as _;
        use p256::elliptic_curve::sec1::ToEncodedPoint as _;
        let mut random = rsa::rand_core::OsRng;
        let rsa = rsa::RsaPrivateKey::new(&mut random, 2048).unwrap();
        let ec = p256::SecretKey::random(&mut random);
        let point = ec.public_key().to_encoded_point(false);
        let ed = ed25519_dalek::SigningKey::generate(&mut random);
        Self {
            rsa_modulus: b64(rsa.n().to_bytes_be()),
            rsa: EncodingKey::from_rsa_der(rsa.to_pkcs1_der().unwrap().as_bytes()),
            ec_point: (b64(point.x().unwrap()), b64(point.y().unwrap())),
            ec: EncodingKey::from_ec_der(ec.to_pkcs8_der().unwrap().as_bytes()),
            ed_point: b64(ed.verifying_key().as_bytes()),
            ed: EncodingKey::from_ed_der(ed.to_pkcs8_der().unwrap().as_bytes()),
        }
    }

    fn keys(&self) -> Value {
        json!({ "keys": [
            { "kty": "RSA", "kid": "r", "use": "sig", "n": self.rsa_modulus, "e": "AQAB" },
            { "kty": "RSA", "kid": "r-rs256", "use": "sig", "alg": "RS256", "n": self.rsa_modulus, "e": "AQAB" },
            { "kty": "EC", "kid": "e", "crv": "P-256", "x": self.ec_point.0, "y": self.ec_point.1 },
            { "kty": "OKP", "kid": "o", "crv": "Ed25519", "x": self.ed_point },
            // A point that is not on its curve: no signature can be checked by it.
            { "kty": "EC", "kid": "off", "crv": "P-256", "x": b64([5; 32]), "y": b64([5; 32]) },
        ]})
    }

    fn sign(&self, header: &Value, payload: &str) -> String {
        let message = format!("{}.{}", b64(header.to_string()), b64(payload));
        let (key, algorithm) = match header["alg"].as_str().unwrap_or_default() {
            "ES256" => (&self.ec, jsonwebtoken::Algorithm::ES256),
            "EdDSA" => (&self.ed, jsonwebtoken::Algorithm::EdDSA),
            "PS256" => (&self.rsa, jsonwebtoken::Algorithm::PS256),
            _ => (&self.rsa, jsonwebtoken::Algorithm::RS256),
        };
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

/// A token by a shared secret: whatever the attacker knows, such as the public key.
fn hs(algorithm: jsonwebtoken::Algorithm, secret: &[u8], payload: &str) -> String {
    let header = json!({ "alg": format!("{algorithm:?}"), "kid": "r" });
    let message = format!("{}.{}", b64(header.to_string()), b64(payload));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn hs256(secret: &[u8], payload: &str) -> String {
    hs(jsonwebtoken::Algorithm::HS256, secret, payload)
}

fn payload() -> Value {
    json!({
        "iss": "https://id.example", "sub": "u-1", "aud": ["api", "other"], "azp": "web", "token_use": "id",
        "exp": NOW + 300, "nbf": NOW - 10, "iat": NOW - 10,
    })
}

fn with(name: &str, value: Value) -> String {
    let mut payload = payload();
    payload[name] = value;
    payload.to_string()
}

fn without(name: &str) -> String {
    let mut payload = payload();
    payload.as_object_mut().unwrap().remove(name);
    payload.to_string()
}

fn expectations() -> Expectations {
    Expectations {
        issuers: vec!["https://id.example".to_owned()],
        audiences: vec!["api".to_owned()],
        parties: vec!["web".to_owned()],
        token_use: Some("id".to_owned()),
        ..Expectations::default()
    }
}

fn verifier() -> Verifier {
    Verifier { keys: KeySet::parse(&ISSUER.keys().to_string()).unwrap(), expectations: expectations() }
}

/// `accepted`, or the name of the check that refuses.
fn outcome(verifier: &Verifier, token: &str) -> &'static str {
    let outcome = verifier.verify(token, NOW);
    record::token(&ISSUER.keys(), &verifier.expectations, token, NOW, &outcome);
    match outcome {
        Ok(_) => "accepted",
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && !refusal.help.is_empty(), "{refusal:?}");
            refusal.check.name()
        }
    }
}

fn rs256() -> Value {
    json!({ "alg": "RS256", "kid": "r" })
}

#[test]
fn honest_tokens_are_accepted() {
    let payload = payload().to_string();
    for header in [
        rs256(),
        json!({ "alg": "RS256", "kid": "r-rs256", "typ": "JWT" }),
        json!({ "alg": "PS256", "kid": "r" }),
        json!({ "alg": "ES256", "kid": "e" }),
        json!({ "alg": "EdDSA", "kid": "o" }),
        // Keys that a token brings along are not even read.
        json!({ "alg": "RS256", "kid": "r", "jku": "https://evil.example/keys", "x5u": "https://evil.example" }),
    ] {
        assert_eq!(outcome(&verifier(), &ISSUER.sign(&header, &payload)), "accepted", "{header}");
    }
    let verified = verifier().verify(&ISSUER.sign(&rs256(), &payload), NOW).unwrap();
    assert_eq!(verified.claims.text("sub"), Some("u-1"));
    assert_eq!((verified.until, verified.kid.as_deref()), (NOW + 300, Some("r")));
}

#[test]
fn headers_do_not_choose_how_they_are_believed() {
    let payload = payload().to_string();
    let honest = ISSUER.sign(&rs256(), &payload);
    let parts: Vec<&str> = honest.split('.').collect();
    let [_, body, signature] = parts[..] else { panic!("three parts") };
    let forged = |header: Value| format!("{}.{body}.{signature}", b64(header.to_string()));
    let own_key = json!({ "kty": "OKP", "crv": "Ed25519", "x": STRANGER.ed_point });
    let b64_modulus = &ISSUER.rsa_modulus;
    let modulus = URL_SAFE_NO_PAD.decode(b64_modulus).unwrap();
    let stranger = |name: &str, value: Value| {
        let mut header = rs256();
        header[name] = value;
        STRANGER.sign(&header, &payload)
    };
    for (what, token, check) in [
        ("no algorithm", forged(json!({ "kid": "r" })), "alg"),
        ("alg none, signature left", forged(json!({ "alg": "none", "kid": "r" })), "alg"),
        ("alg None", forged(json!({ "alg": "None" })), "alg"),
        ("alg none, stripped", format!("{}.{body}.", b64(r#"{"alg":"none"}"#)), "signature"),
        ("stripped signature", format!("{}.{body}.", parts[0]), "signature"),
        ("HS256 by the public key", hs256(b64_modulus.as_bytes(), &payload), "alg"),
        ("HS256 by the public key's bytes", hs256(&modulus, &payload), "alg"),
        ("HS256 by the key set", hs256(ISSUER.keys().to_string().as_bytes(), &payload), "alg"),
        ("HS512 by nothing", hs(jsonwebtoken::Algorithm::HS512, b"", &payload), "alg"),
        ("alg is a list", forged(json!({ "alg": ["RS256"], "kid": "r" })), "header"),
        (
            "another algorithm of the same key type",
            ISSUER.sign(&json!({ "alg": "PS256", "kid": "r-rs256" }), &payload),
            "alg",
        ),
        (
            "an EC algorithm with an RSA key",
            ISSUER.sign(&json!({ "alg": "ES256", "kid": "r" }), &payload),
            "alg",
        ),
        ("a key of another issuer", STRANGER.sign(&rs256(), &payload), "signature"),
        (
            "a key in the header",
            STRANGER.sign(&json!({ "alg": "EdDSA", "kid": "o", "jwk": own_key }), &payload),
            "signature",
        ),
        (
            "keys at an address in the header",
            stranger("jku", json!("https://evil.example/keys")),
            "signature",
        ),
        (
            "a certificate at an address in the header",
            stranger("x5u", json!("file:///dev/zero")),
            "signature",
        ),
        ("a certificate in the header", stranger("x5c", json!(["MIIB"])), "signature"),
        ("an RSA key in the header", stranger("jwk", STRANGER.keys()["keys"][0].clone()), "signature"),
        (
            "kid is a path",
            ISSUER.sign(&json!({ "alg": "RS256", "kid": "../../etc/passwd" }), &payload),
            "kid",
        ),
        (
            "kid is an address",
            ISSUER.sign(&json!({ "alg": "RS256", "kid": "https://e.example" }), &payload),
            "kid",
        ),
        ("kid is a query", ISSUER.sign(&json!({ "alg": "RS256", "kid": "r' OR '1'='1" }), &payload), "kid"),
        ("kid ends in NUL", ISSUER.sign(&json!({ "alg": "RS256", "kid": "r\0" }), &payload), "kid"),
        ("kid is empty", ISSUER.sign(&json!({ "alg": "RS256", "kid": "" }), &payload), "kid"),
        ("no kid, several keys", ISSUER.sign(&json!({ "alg": "RS256" }), &payload), "kid"),
        ("kid is a number", forged(json!({ "alg": "RS256", "kid": 1 })), "header"),
        (
            "unknown critical header",
            ISSUER.sign(&json!({ "alg": "RS256", "kid": "r", "crit": ["exp"] }), &payload),
            "crit",
        ),
        (
            "the payload is not encoded",
            ISSUER.sign(&json!({ "alg": "RS256", "kid": "r", "b64": false, "crit": ["b64"] }), &payload),
            "crit",
        ),
        ("empty crit", ISSUER.sign(&json!({ "alg": "RS256", "kid": "r", "crit": [] }), &payload), "crit"),
        (
            "alg twice",
            format!("{}.{body}.{signature}", b64(r#"{"alg":"none","alg":"RS256","kid":"r"}"#)),
            "header",
        ),
        ("header is a list", format!("{}.{body}.{signature}", b64("[]")), "header"),
        ("header is not JSON", format!("{}.{body}.{signature}", b64("alg")), "header"),
    ] {
        assert_eq!(outcome(&verifier(), &token), check, "{what}");
    }
}

#[test]
fn the_wire_form_is_strict() {
    let honest = ISSUER.sign(&rs256(), &payload().to_string());
    let parts: Vec<&str> = honest.split('.').collect();
    let [header, body, signature] = parts[..] else { panic!("three parts") };
    let other_body = b64(with("sub", json!("admin")));
    // r = 0 and s = 0 prove nothing (CVE-2022-21449).
    let nothing = b64([0_u8; 64]);
    let short = b64(&URL_SAFE_NO_PAD.decode(signature).unwrap()[1..]);
    let es256 = b64(json!({ "alg": "ES256", "kid": "e" }).to_string());
    let off = b64(json!({ "alg": "ES256", "kid": "off" }).to_string());
    let standard = STANDARD.encode(json!({ "alg": "RS256", "kid": "r", "x": "???>>>" }).to_string());
    for (what, token, check) in [
        ("empty", String::new(), "form"),
        ("opaque", "2YotnFZFEjr1zCsicMWpAA".to_owned(), "form"),
        ("two parts", format!("{header}.{body}"), "form"),
        ("four parts", format!("{honest}.{signature}"), "form"),
        ("five parts: encrypted", format!("{honest}.{body}.{signature}"), "form"),
        ("six parts", format!("{honest}.a.b.c"), "form"),
        ("a changed payload", format!("{header}.{other_body}.{signature}"), "signature"),
        ("a space before", format!(" {honest}"), "form"),
        ("a line's end", format!("{honest}\n"), "form"),
        ("padding", format!("{header}.{body}.{signature}=="), "form"),
        ("the other alphabet", format!("{standard}.{body}.{signature}"), "form"),
        ("cut short", format!("{header}.{body}.{short}"), "signature"),
        ("ES256 with r = 0", format!("{es256}.{body}.{nothing}"), "signature"),
        ("a point off its curve", format!("{off}.{body}.{nothing}"), "signature"),
        ("10 MB", format!("{header}.{}.{signature}", "A".repeat(10 << 20)), "size"),
        ("a header of 5 KB", format!("{}.{body}.{signature}", "A".repeat(5 << 10)), "size"),
        ("payload is not UTF-8", format!("{header}.{}.{signature}", b64([0xff, 0xfe])), "form"),
    ] {
        assert_eq!(outcome(&verifier(), &token), check, "{what}");
    }
    // The last character of a signature of 256 bytes holds four bits that say nothing: one text for each content.
    let mut twin = honest.clone().into_bytes();
    let last = twin.last_mut().unwrap();
    *last = match *last {
        b'A' => b'B',
        b'Q' => b'R',
        b'g' => b'h',
        _ => b'x',
    };
    assert_eq!(outcome(&verifier(), std::str::from_utf8(&twin).unwrap()), "form");
}

#[test]
fn claims_are_looked_at_after_the_signature() {
    let twice = payload().to_string().replacen('{', r#"{"sub":"admin","#, 1);
    let twice_spelt = payload().to_string().replacen('{', r#"{"s\u0075b":"admin","#, 1);
    let deep = (0..17).fold(json!(1), |inner, _| json!([inner]));
    let claims = |count: usize| {
        let mut payload = payload();
        for number in payload.as_object().unwrap().len()..count {
            payload[format!("c{number}")] = json!(1);
        }
        payload.to_string()
    };
    let many: Vec<String> = (0..10_001).map(|number| format!("g{number}")).collect();
    for (what, payload, check) in [
        ("another issuer", with("iss", json!("https://id.example/")), "iss"),
        ("no issuer", without("iss"), "iss"),
        ("issuer is a list", with("iss", json!(["https://id.example"])), "iss"),
        ("wrong audience", with("aud", json!("other")), "aud"),
        ("no audience", without("aud"), "aud"),
        ("audience is an object", with("aud", json!({ "0": "api" })), "aud"),
        ("given to another application", with("azp", json!("evil")), "azp"),
        ("azp is a list", with("azp", json!(["evil", "web"])), "azp"),
        ("an access token", with("token_use", json!("access")), "token_use"),
        ("no token_use", without("token_use"), "token_use"),
        ("expired", with("exp", json!(NOW - 1)), "exp"),
        ("expires now", with("exp", json!(NOW)), "exp"),
        ("no expiry", without("exp"), "exp"),
        ("expiry is text", with("exp", json!("1900000000")), "exp"),
        ("expiry is null", with("exp", Value::Null), "exp"),
        ("expiry out of range", with("exp", json!(-1e300)), "exp"),
        ("not yet valid", with("nbf", json!(NOW + 1)), "nbf"),
        ("nbf is text", with("nbf", json!("x")), "nbf"),
        ("issued tomorrow", with("iat", json!(NOW + 86_400)), "iat"),
        ("sub twice", twice, "claims"),
        ("a list", "[]".to_owned(), "claims"),
        ("not JSON", "sub".to_owned(), "claims"),
        ("too deep", "[".repeat(30_000), "claims"),
        ("a fraction of a second left", with("exp", json!(1_700_000_000.5)), "accepted"),
        ("10,001 groups", with("groups", json!(many)), "size"),
        ("1,001 claims", claims(1_001), "size"),
        ("1,000 claims", claims(1_000), "accepted"),
        ("sub twice, once spelt otherwise", twice_spelt, "claims"),
        (
            "a claim twice, deep inside",
            with("act", json!({ "twice": 1 })).replace("\"twice\":1", "\"a\":1,\"a\":2"),
            "claims",
        ),
        ("nested 17 deep", with("deep", deep), "claims"),
        ("expiry beyond all numbers", with("exp", json!("x")).replace("\"x\"", "1e999"), "exp"),
        (
            "a logout token",
            with("events", json!({ "http://schemas.openid.net/event/backchannel-logout": {} })),
            "token_use",
        ),
        ("other events", with("events", json!({ "http://schemas.openid.net/event/other": {} })), "accepted"),
        (
            "events are a list",
            with("events", json!(["http://schemas.openid.net/event/backchannel-logout"])),
            "accepted",
        ),
        ("iat is a list", with("iat", json!([NOW])), "iat"),
        ("audience is a list of lists", with("aud", json!([["api"]])), "aud"),
        ("audience in other letters", with("aud", json!("API")), "aud"),
        ("azp is absent", without("azp"), "azp"),
        ("token_use in other letters", with("token_use", json!("ID")), "token_use"),
    ] {
        assert_eq!(outcome(&verifier(), &ISSUER.sign(&rs256(), &payload)), check, "{what}");
        let forged = STRANGER.sign(&rs256(), &payload);
        let unsigned = outcome(&verifier(), &forged);
        assert!(["signature", "size"].contains(&unsigned), "{what}: {unsigned}");
    }
}

#[test]
fn expectations_narrow() {
    let honest = payload().to_string();
    let base = expectations;
    let org = |organization| Expectations { organization, ..base() };
    let clients = || Expectations { clients: vec!["web".to_owned()], ..base() };
    let kind = |typ: &str| Expectations { claim_typ: Some(typ.to_owned()), ..base() };
    let typed = || Expectations { typ: Some("at+jwt".to_owned()), ..base() };
    let header = |typ: &str| json!({ "alg": "RS256", "kid": "r", "typ": typ });
    for (what, expectations, header, payload, check) in [
        ("leeway", Expectations { leeway: 60, ..base() }, rs256(), with("exp", json!(NOW - 59)), "accepted"),
        (
            "leeway, used up",
            Expectations { leeway: 60, ..base() },
            rs256(),
            with("exp", json!(NOW - 60)),
            "exp",
        ),
        (
            "leeway is capped",
            Expectations { leeway: 900, ..base() },
            rs256(),
            with("exp", json!(NOW - 61)),
            "exp",
        ),
        (
            "RS256 not listed",
            Expectations { algorithms: vec![Algorithm::Es256], ..base() },
            rs256(),
            honest.clone(),
            "alg",
        ),
        ("typ of a logout token", base(), header("logout+jwt"), honest.clone(), "typ"),
        ("typ of a proof", base(), header("application/DPoP+JWT"), honest.clone(), "typ"),
        ("typ of an access token", base(), header("at+jwt"), honest.clone(), "accepted"),
        ("any other typ", base(), header("JOSE"), honest.clone(), "accepted"),
        ("the claim typ", kind("Bearer"), rs256(), with("typ", json!("Bearer")), "accepted"),
        ("another claim typ", kind("ID"), rs256(), with("typ", json!("Bearer")), "token_use"),
        ("no claim typ", kind("ID"), rs256(), honest.clone(), "token_use"),
        ("typ missing", typed(), rs256(), honest.clone(), "typ"),
        ("typ of an ID token", typed(), header("JWT"), honest.clone(), "typ"),
        ("typ", typed(), header("at+jwt"), honest.clone(), "accepted"),
        ("typ in full", typed(), header("application/AT+JWT"), honest.clone(), "accepted"),
        ("client", clients(), rs256(), with("client_id", json!("web")), "accepted"),
        ("another client", clients(), rs256(), with("client_id", json!("evil")), "aud"),
        ("no client", clients(), rs256(), honest.clone(), "aud"),
        ("organization", org(Organization::Is("o".into())), rs256(), with("org_id", json!("o")), "accepted"),
        ("no organization", org(Organization::Is("o".into())), rs256(), honest.clone(), "org_id"),
        (
            "another organization",
            org(Organization::Is("o".into())),
            rs256(),
            with("org_id", json!("p")),
            "org_id",
        ),
        (
            "organization where none is",
            org(Organization::None),
            rs256(),
            with("org_id", json!("p")),
            "org_id",
        ),
    ] {
        let verifier = Verifier { expectations, ..verifier() };
        assert_eq!(outcome(&verifier, &ISSUER.sign(&header, &payload)), check, "{what}");
    }
}

/// `x-amzn-oidc-data`: padded, and signed in the name of one load balancer; all of a region have the same keys.
#[test]
fn load_balancers_pad() {
    const OURS: &str = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/1";
    let verifier = Verifier {
        expectations: Expectations { signer: Some(OURS.to_owned()), ..expectations() },
        ..verifier()
    };
    let padded = |part: &str, more: usize| {
        let missing = (4 - part.len() % 4) % 4;
        format!("{part}{}", "=".repeat(missing + more))
    };
    let sign = |signer: &str, more: usize| {
        let header = json!({ "alg": "ES256", "kid": "e", "signer": signer }).to_string();
        let message = format!("{}.{}", padded(&b64(header), more), padded(&b64(payload().to_string()), 0));
        let key = &ISSUER.ec;
        let algorithm = jsonwebtoken::Algorithm::ES256;
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
        format!("{message}.{}", padded(&signature, 0))
    };
    let plain = ISSUER.sign(&json!({ "alg": "ES256", "kid": "e", "signer": OURS }), &payload().to_string());
    for (what, token, check) in [
        ("as it comes", sign(OURS, 0), "accepted"),
        ("without padding", plain, "accepted"),
        ("another load balancer", sign(&OURS.replace("1111", "2222"), 0), "signer"),
        ("no signer", ISSUER.sign(&json!({ "alg": "ES256", "kid": "e" }), &payload().to_string()), "signer"),
        ("more padding than there is", sign(OURS, 4), "form"),
        ("changed", sign(OURS, 0).replacen(".ey", ".fy", 1), "signature"),
    ] {
        let outcome =
            verifier.verify(&token, NOW).map_or_else(|refusal| refusal.check.name(), |_| "accepted");
        assert_eq!(outcome, check, "{what}");
    }
    assert_eq!(outcome(&self::verifier(), &sign(OURS, 0)), "form", "nobody else may pad");
}

#[test]
fn key_sets() {
    let rsa = |extra: Value| {
        let mut key = json!({ "kty": "RSA", "kid": "r", "n": ISSUER.rsa_modulus, "e": "AQAB" });
        key.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({ "keys": [key] }).to_string()
    };
    for (what, text, keys, left_out) in [
        ("plain", rsa(json!({})), 1, 0),
        ("for encryption", rsa(json!({ "use": "enc" })), 0, 1),
        ("for signing only", rsa(json!({ "key_ops": ["sign"] })), 0, 1),
        ("for verifying", rsa(json!({ "key_ops": ["verify"] })), 1, 0),
        ("another type's algorithm", rsa(json!({ "alg": "ES256" })), 0, 1),
        ("a shared secret's algorithm", rsa(json!({ "alg": "HS256" })), 0, 1),
        ("1024 bits", rsa(json!({ "n": b64([0x80; 128]) })), 0, 1),
        ("zeros before 1024 bits", rsa(json!({ "n": b64([[0; 128], [0x80; 128]].concat()) })), 0, 1),
        ("an exponent of 1", rsa(json!({ "e": "AQ" })), 0, 1),
        ("an even exponent", rsa(json!({ "e": "AQAA" })), 0, 1),
        ("an exponent of 0", rsa(json!({ "e": "AA" })), 0, 1),
        ("a long exponent", rsa(json!({ "e": "AQAAAAE" })), 0, 1),
        ("zeros before the exponent", rsa(json!({ "e": "AAABAAE" })), 1, 0),
        ("unknown type", r#"{"keys":[{"kty":"new"}]}"#.to_owned(), 0, 1),
        (
            "a point of the wrong length",
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}"#.to_owned(),
            0,
            1,
        ),
        ("none", r#"{"keys":[]}"#.to_owned(), 0, 0),
    ] {
        let set = KeySet::parse(&text);
        record::key_set(&text, &set);
        let set = set.unwrap();
        assert_eq!((set.keys.len(), set.left_out.len()), (keys, left_out), "{what}: {:?}", set.left_out);
    }
    for (what, text) in [
        ("not JSON", "keys".to_owned()),
        ("no keys", "{}".to_owned()),
        ("keys is an object", r#"{"keys":{}}"#.to_owned()),
        ("a key is text", r#"{"keys":["r"]}"#.to_owned()),
        ("a shared secret", r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#.to_owned()),
        ("a private key", rsa(json!({ "d": "AQAB" }))),
        (
            "two keys of one name",
            json!({ "keys": [ISSUER.keys()["keys"][0], ISSUER.keys()["keys"][0]] }).to_string(),
        ),
        ("a member twice", r#"{"keys":[],"keys":[]}"#.to_owned()),
        ("101 keys", json!({ "keys": vec![json!({ "kty": "new" }); 101] }).to_string()),
    ] {
        let set = KeySet::parse(&text);
        record::key_set(&text, &set);
        assert_eq!(set.unwrap_err().check.name(), "keys", "{what}");
    }
}

#[test]
fn what_is_remembered_ends_with_the_token() {
    let mut caching = CachingVerifier::new(verifier(), 2);
    let token = |subject: &str| ISSUER.sign(&rs256(), &with("sub", json!(subject)));
    let first = token("u-1");
    let verified = caching.verify(&first, NOW).unwrap();
    let again = caching.verify(&first, NOW + 299).unwrap();
    assert!(Arc::ptr_eq(&verified, &again), "not verified again");
    assert_eq!(caching.verify(&first, NOW + 300).unwrap_err().check.name(), "exp");
    assert_eq!(caching.len(), 0, "and forgotten");
    assert_eq!(
        caching.verify(&STRANGER.sign(&rs256(), &payload().to_string()), NOW).unwrap_err().check.name(),
        "signature"
    );
    assert!(caching.is_empty(), "refusals are not kept");
    for number in 0..50 {
        caching.verify(&token(&number.to_string()), NOW).unwrap();
        assert!(caching.len() <= 4, "bounded");
    }
    caching.verify(&first, NOW).unwrap();
    caching.replace_keys(KeySet::parse(&STRANGER.keys().to_string()).unwrap());
    assert_eq!(caching.verify(&first, NOW).unwrap_err().check.name(), "signature", "its key is gone");
    assert!(!format!("{caching:?}").contains(&first));
}

#[test]
fn no_changed_character_is_accepted() {
    let verifier = verifier();
    for header in [rs256(), json!({ "alg": "ES256", "kid": "e" }), json!({ "alg": "EdDSA", "kid": "o" })] {
        let honest = ISSUER.sign(&header, &payload().to_string());
        for at in 0..honest.len() {
            for other in [b'A', b'_', b'.', b'x', 0] {
                let mut changed = honest.clone().into_bytes();
                if changed[at] != other {
                    changed[at] = other;
                    let changed = String::from_utf8(changed).unwrap();
                    assert_ne!(outcome(&verifier, &changed), "accepted", "{at}: {changed}");
                }
            }
        }
    }
}

#[test]
fn an_unverified_issuer_only_chooses() {
    let token = STRANGER.sign(&rs256(), &payload().to_string());
    assert_eq!(unverified_issuer(&token).unwrap(), "https://id.example");
    assert_eq!(unverified_issuer("a.b").unwrap_err().check.name(), "form");
}
