//! What it costs to believe a token: verified anew for each algorithm, the whole way to a session, and remembered.

#![allow(clippy::unwrap_used, reason = "a bench")]
#![allow(missing_docs, reason = "criterion's macros write functions")]

use std::hint::black_box;

use bailiwick::identity::Mapping;
use bailiwick_token::{
    Address, Answer, CachingVerifier, Expectations, Fetch, KeySet, Limits, Location, Plain, RemoteVerifier,
    Unreachable, Verifier,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{Algorithm, EncodingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

const NOW: i64 = 1_700_000_000;

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An issuer that always answers with its key set.
struct Published(String);

impl Fetch for Published {
    fn fetch(&self, _: &Address, _: Option<&str>, _: Limits) -> Result<Answer, Unreachable> {
        Ok(Answer { status: 200, body: self.0.clone().into_bytes(), ..Answer::default() })
    }
}

/// A verifier with one key, and a token by it.
fn issued(name: &str, jwk: &Value, key: &EncodingKey, algorithm: Algorithm) -> (Verifier, String) {
    let payload = json!({
        "iss": "https://cognito-idp.eu-central-1.amazonaws.com/pool", "sub": "f3a4e8b2-c031-70aa-5d2e-8b9c0d1e2f30",
        "aud": "6m1t8kq2r9s4v0w7x3y5z1a2b3", "token_use": "id", "cognito:groups": ["sellers", "staff"],
        "custom:org": "org-tea", "email": "sam@tea.example", "exp": NOW + 3600, "iat": NOW,
    });
    let message =
        format!("{}.{}", b64(json!({ "alg": name, "kid": "1" }).to_string()), b64(payload.to_string()));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    let keys = KeySet::parse(&json!({ "keys": [jwk] }).to_string()).unwrap();
    (Verifier { keys, expectations: Expectations::default() }, format!("{message}.{signature}"))
}

fn verify(criterion: &mut Criterion) {
    let mut random = rsa::rand_core::OsRng;
    let rsa = rsa::RsaPrivateKey::new(&mut random, 2048).unwrap();
    let ec = p256::SecretKey::random(&mut random);
    let point = ec.public_key().to_encoded_point(false);
    let ed = ed25519_dalek::SigningKey::generate(&mut random);
    let cases = [
        (
            "RS256",
            json!({ "kty": "RSA", "kid": "1", "n": b64(rsa.n().to_bytes_be()), "e": "AQAB" }),
            EncodingKey::from_rsa_der(rsa.to_pkcs1_der().unwrap().as_bytes()),
            Algorithm::RS256,
        ),
        (
            "ES256",
            json!({ "kty": "EC", "kid": "1", "crv": "P-256", "x": b64(point.x().unwrap()), "y": b64(point.y().unwrap()) }),
            EncodingKey::from_ec_der(ec.to_pkcs8_der().unwrap().as_bytes()),
            Algorithm::ES256,
        ),
        (
            "EdDSA",
            json!({ "kty": "OKP", "kid": "1", "crv": "Ed25519", "x": b64(ed.verifying_key().as_bytes()) }),
            EncodingKey::from_ed_der(ed.to_pkcs8_der().unwrap().as_bytes()),
            Algorithm::EdDSA,
        ),
    ];
    let mapping = Mapping::cognito();
    let policy = bailiwick::parse(include_str!("../../../fixtures/photos.json")).unwrap();
    let tree = bailiwick::compile([&policy]);
    for (name, jwk, key, algorithm) in &cases {
        let (verifier, token) = issued(name, jwk, key, *algorithm);
        criterion.bench_function(&format!("whole/{name}"), |bench| {
            bench.iter(|| {
                let verified = verifier.verify(black_box(&token), NOW).unwrap();
                let bearer = mapping.principal(&verified.claims).unwrap();
                tree.session(&bearer)
            });
        });
        criterion.bench_function(&format!("verify/{name}"), |bench| {
            bench.iter(|| verifier.verify(black_box(&token), NOW).unwrap());
        });
        let keys = json!({ "keys": [jwk] }).to_string();
        let caching = CachingVerifier::new(verifier, 1_000);
        criterion.bench_function(&format!("remembered/{name}"), |bench| {
            bench.iter(|| caching.verify(black_box(&token), NOW).unwrap());
        });
        let location = Location::keys("https://id.example/keys", Plain::Refused).unwrap();
        let remote = RemoteVerifier::new(location, Published(keys), Expectations::default());
        criterion.bench_function(&format!("remembered, published keys/{name}"), |bench| {
            bench.iter(|| remote.verify(black_box(&token), NOW).unwrap());
        });
    }
    let verified = {
        let (name, jwk, key, algorithm) = &cases[2];
        let (verifier, token) = issued(name, jwk, key, *algorithm);
        verifier.verify(&token, NOW).unwrap()
    };
    criterion.bench_function("map", |bench| {
        bench.iter(|| mapping.principal(black_box(&verified.claims)).unwrap());
    });
    let bearer = mapping.principal(&verified.claims).unwrap();
    criterion.bench_function("session", |bench| {
        bench.iter(|| tree.session(black_box(&bearer)));
    });
}

criterion_group!(benches, verify);
criterion_main!(benches);
