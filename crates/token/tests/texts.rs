//! Thousands of texts, signed as they are: what the verifier says of each is recorded for the one at the edge, which
//! has a reader of its own. What holds here already: it always answers, and never accepts what is not a claims set.

#![allow(clippy::unwrap_used, reason = "a test")]

mod record;

use bailiwick_token::{Expectations, KeySet, Verifier};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

const NOW: i64 = 1_700_000_000;

/// Whole texts that readers like to disagree on.
const TEXTS: &[&str] = &[
    "",
    " ",
    "{}",
    "null",
    "[]",
    "\u{feff}{}",
    r#"{"exp":1700000001}"#,
    " {\t\"exp\"\r:\n1700000001 } ",
    r#"{"exp":1700000001}{}"#,
    r#"{"exp":1700000001,}"#,
    r#"{"exp":1700000001,"a":[1,]}"#,
    r#"{"exp":01700000001}"#,
    r#"{"exp":+1700000001}"#,
    r#"{"exp":1700000001.}"#,
    r#"{"exp":.5}"#,
    r#"{"exp":17e8}"#,
    r#"{"exp":1.8E+9}"#,
    r#"{"exp":1.8e}"#,
    r#"{"exp":1e400}"#,
    r#"{"exp":1e308}"#,
    r#"{"exp":9223372036854775808}"#,
    r#"{"exp":-1}"#,
    r#"{"exp":-}"#,
    r#"{"exp":0x7fffffff}"#,
    r#"{"exp":1_800_000_000}"#,
    r#"{"exp":1700000000.5}"#,
    r#"{"exp":1700000000.0000001}"#,
    r#"{"exp":NaN}"#,
    r#"{"exp":Infinity}"#,
    r#"{"exp":"1800000000"}"#,
    r#"{"exp":null}"#,
    r#"{"exp":true}"#,
    r#"{"exp":1800000000,"nbf":null}"#,
    r#"{"exp":1800000000,"nbf":1700000000.5}"#,
    r#"{"exp":1800000000,"iat":1700000000.5}"#,
    r#"{"exp":1800000000,"exp":1}"#,
    r#"{"exp":1800000000,"e\u0078p":1}"#,
    r#"{"exp":1800000000,"a":{"b":1,"b":2}}"#,
    r#"{"exp":1800000000,"a":[{"b":1,"b":2}]}"#,
    r#"{"exp":1800000000,"a":1,"a":2,"#,
    r#"[1,{"a":1,"a":2}]"#,
    r#"{"exp":1800000000,"__proto__":1,"constructor":2}"#,
    r#"{"exp":1800000000,"__proto__":1,"__proto__":2}"#,
    r#"{"exp":1800000000,"":1,"":2}"#,
    r#"{"exp":1800000000,"A":1,"a":2}"#,
    r#"{"exp":1800000000,"a":"\ud83d\ude00"}"#,
    r#"{"exp":1800000000,"a":"\ud83d"}"#,
    r#"{"exp":1800000000,"a":"\ude00"}"#,
    r#"{"exp":1800000000,"a":"\ud83dx"}"#,
    r#"{"exp":1800000000,"a":"\ud83d\n"}"#,
    r#"{"exp":1800000000,"a":"\ud83d\ud83d"}"#,
    r#"{"exp":1800000000,"a":"\u12"}"#,
    r#"{"exp":1800000000,"a":"\u+123"}"#,
    r#"{"exp":1800000000,"a":"\x41"}"#,
    r#"{"exp":1800000000,"a":"\U0041"}"#,
    r#"{"exp":1800000000,"a":"\"#,
    r#"{"exp":1800000000,"a":""#,
    "{\"exp\":1800000000,\"a\":\"\n\"}",
    "{\"exp\":1800000000,\"a\":\"\0\"}",
    "{\"exp\":1800000000,\"a\":\"\u{1f}\"}",
    "{\"exp\":1800000000,\"a\":\"\u{7f}\u{85}\u{2028}\u{fffe}\u{10ffff}\"}",
    "{\"exp\":1800000000,\u{a0}\"a\":1}",
    "{\"exp\":1800000000,\u{c}\"a\":1}",
    r#"{"exp":1800000000,"a":True}"#,
    r#"{"exp":1800000000,"a":truex}"#,
    r#"{"exp":1800000000,"a":nul}"#,
    r#"{"exp":1800000000,"a":undefined}"#,
    r#"{"exp":1800000000,"a":toString}"#,
    r#"{"exp":1800000000,'a':1}"#,
    r#"{"exp":1800000000,a:1}"#,
    r#"{"exp":1800000000 "a":1}"#,
    r#"{"exp":1800000000,"a" 1}"#,
    r#"{"exp":1800000000,"a":}"#,
    r#"{"exp":1800000000,/**/"a":1}"#,
    r#"{"exp":1800000000,"a":[1}"#,
    r#"{"exp":1800000000,"a":{1]}"#,
    r#"{"exp":1800000000,"a":1e5,"b":1e,"c":1}"#,
    r#"{"exp":1800000000,"a":-0,"b":-0.0e-0}"#,
    r#"{"exp":1800000000,"a":1a}"#,
    r#"{"exp":1800000000,"a":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}"#,
    r#"{"exp":1800000000,"a":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"#,
];

/// What mutants are made of.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "0",
    "1",
    "-",
    ".",
    "e",
    "E+",
    "true",
    "null",
    " ",
    "\t",
    "\u{0}",
    "é",
    "😀",
    "\"exp\"",
    "\"exp\":1800000000",
    "\"sub\":\"a\"",
    "\"alg\"",
    "\"kid\":\"o\"",
    "\"crit\":[]",
];

/// A small generator of numbers: the same texts at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// A piece put in, taken out or put over, once to three times.
    fn changed(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let at = self.below(letters.len() + 1);
            let end = (at + self.below(4)).min(letters.len());
            let piece = if self.below(4) == 0 { "" } else { PIECES[self.below(PIECES.len())] };
            letters.splice(at..end, piece.chars());
        }
        letters.into_iter().collect()
    }
}

struct Issuer {
    key: SigningKey,
    keys: Value,
    verifier: Verifier,
}

impl Issuer {
    fn new() -> Self {
        let key = SigningKey::generate(&mut rsa::rand_core::OsRng);
        let point = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
        let keys = json!({ "keys": [{ "kty": "OKP", "kid": "o", "crv": "Ed25519", "x": point }] });
        let verifier = Verifier {
            keys: KeySet::parse(&keys.to_string()).unwrap(),
            expectations: Expectations::default(),
        };
        Self { key, keys, verifier }
    }

    /// Whether it is accepted.
    fn asked(&self, header: &str, payload: &str) -> bool {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()).to_bytes());
        let token = format!("{message}.{signature}");
        let outcome = self.verifier.verify(&token, NOW);
        record::token(&self.keys, &self.verifier.expectations, &token, NOW, &outcome);
        if outcome.is_ok() {
            for text in [header, payload] {
                assert!(serde_json::from_str::<Value>(text).unwrap().is_object(), "{text}");
            }
        }
        outcome.is_ok()
    }
}

#[test]
fn only_claims_sets_are_accepted() {
    let issuer = Issuer::new();
    let mut random = Random(20);
    let header = r#"{"alg":"EdDSA","kid":"o","typ":"JWT"}"#;
    let payload = r#"{"exp":1800000000,"sub":"u-\u00e9","n":[1,-0.5e3],"o":{"a":null,"b":true}}"#;
    let mut accepted = 0;
    record::key_set(&issuer.keys.to_string(), &KeySet::parse(&issuer.keys.to_string()));
    for text in TEXTS {
        accepted += usize::from(issuer.asked(header, text));
        issuer.asked(text, payload);
    }
    for _ in 0..1_500 {
        accepted += usize::from(issuer.asked(header, &random.changed(payload)));
        issuer.asked(&random.changed(header), payload);
    }
    assert!(accepted > 100, "mutants that are all refused test little: {accepted} accepted");
}
