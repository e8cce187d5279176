//! Tokens on the wire: no bytes break the verifier, and nothing is accepted that its key has not signed. Replayed by
//! `crates/token/tests/regressions.rs`.

use std::sync::LazyLock;

use bailiwick_token::{
    Address, Answer, CacheSettings, Expectations, JwksCache, KeySet, Limits, Location, Need, Plain, Verifier,
    unverified_issuer,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};

/// The time of every token.
const NOW: i64 = 1_700_000_000;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier {
    keys: KeySet::parse(&key_set()).expect("a key set"),
    expectations: Expectations {
        issuers: vec!["https://id.example".to_owned()],
        audiences: vec!["api".to_owned()],
        leeway: 60,
        ..Expectations::default()
    },
});

fn key_set() -> String {
    let point = URL_SAFE_NO_PAD.encode(KEY.verifying_key().as_bytes());
    // Besides the key that signs: an RSA key that nobody has the secret of, and a point that is not on its curve.
    let modulus = URL_SAFE_NO_PAD.encode([0xc3; 256]);
    let off = URL_SAFE_NO_PAD.encode([5; 32]);
    format!(
        r#"{{"keys":[{{"kty":"OKP","kid":"o","crv":"Ed25519","x":"{point}"}},
           {{"kty":"RSA","kid":"r","n":"{modulus}","e":"AQAB"}},
           {{"kty":"EC","kid":"e","crv":"P-256","x":"{off}","y":"{off}"}}]}}"#
    )
}

/// The first byte chooses what the others are: a token as it stands; header and payload, which are signed here, parted by a
/// NUL; a key set; an answer about a key set; a discovery document's address.
pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = core::str::from_utf8(rest) else { return };
    match first % 5 {
        0 => {
            let accepted = verified(text);
            assert!(!accepted, "accepted without the key: {text}");
        }
        1 => signed(text),
        2 => keys(text),
        3 => answered(text),
        _ => located(text),
    }
}

/// Whether it is accepted; what must hold in any case.
fn verified(token: &str) -> bool {
    let _ = unverified_issuer(token);
    match VERIFIER.verify(token, NOW) {
        Ok(verified) => {
            assert_eq!(verified.claims.text("iss"), Some("https://id.example"));
            assert!(verified.until > NOW);
            // Over within that second, and not before it; beyond 2^53 a number of seconds is no longer exact.
            if verified.until < 1 << 53 {
                assert!(VERIFIER.verify(token, verified.until + 1).is_err());
                assert!(VERIFIER.verify(token, verified.until - 1).is_ok());
            }
            true
        }
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && !refusal.help.is_empty());
            false
        }
    }
}

fn signed(text: &str) {
    let (header, payload) = text.split_once('\0').unwrap_or((r#"{"alg":"EdDSA","kid":"o"}"#, text));
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = KEY.sign(message.as_bytes()).to_bytes();
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    if verified(&token) {
        // Another reader sees the same: an object, and in the header the one algorithm of the key.
        let read = |text: &str| match serde_json::from_str::<serde_json::Value>(text) {
            Ok(value) => Some(value),
            // It keeps no text of numbers, and there are numbers that it cannot keep.
            Err(error) if error.to_string().contains("number out of range") => None,
            Err(error) => panic!("{error} in {text}"),
        };
        if let Some(header) = read(header) {
            assert_eq!((&header["alg"], header.get("crit")), (&serde_json::json!("EdDSA"), None));
        }
        if let Some(payload) = read(payload) {
            assert!(payload["exp"].as_f64().is_some_and(|exp| exp + 60.0 > 1_700_000_000.0));
            let audience = &payload["aud"];
            let ours = |value: &serde_json::Value| value == "api";
            assert!(ours(audience) || audience.as_array().is_some_and(|list| list.iter().any(ours)));
        }
        // One letter of the signature less is another token.
        assert!(!verified(&token[..token.len() - 1]));
    }
}

fn keys(text: &str) {
    match KeySet::parse(text) {
        Ok(set) => {
            assert!(set.keys.len() + set.left_out.len() <= 100);
            for key in &set.keys {
                assert!(!key.algorithms.is_empty());
            }
            let verifier = Verifier { keys: set, expectations: Expectations::default() };
            for algorithm in ["RS256", "PS512", "ES256", "ES384", "EdDSA"] {
                let kids = verifier.keys.keys.iter().filter_map(|key| key.kid.as_deref());
                for kid in kids.chain(["absent"]) {
                    let header = serde_json::json!({ "alg": algorithm, "kid": kid }).to_string();
                    let token = format!("{}.e30.{}", URL_SAFE_NO_PAD.encode(header), "A".repeat(86));
                    assert!(verifier.verify(&token, NOW).is_err(), "{text}");
                }
            }
        }
        Err(refusal) => assert_eq!(refusal.check.name(), "keys"),
    }
}

/// Cache headers, a blank line, and the body.
fn answered(text: &str) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let mut line = || lines.next().map(str::to_owned);
    let good = body.is_empty();
    let answer = Answer {
        status: 200,
        body: if good { key_set().into_bytes() } else { body.as_bytes().to_vec() },
        cache_control: line(),
        age: line(),
        etag: line(),
    };
    let mut cache = JwksCache::new(CacheSettings::default());
    let asking = cache.begin(NOW, 0);
    cache.finish(&asking, Ok(&answer), Limits::default(), 0);
    if good {
        // Whatever an issuer says, keys are kept for a minute at least and a day at most, and serve an hour longer.
        assert!(cache.is_fresh(NOW + 59) && !cache.is_fresh(NOW + 86_400));
        assert!(cache.keys(NOW + 3_659).is_ok() && cache.keys(NOW + 90_000).is_err());
    }
    assert_eq!(
        cache.keys(NOW).is_ok(),
        KeySet::parse(core::str::from_utf8(&answer.body).unwrap_or_default()).is_ok()
    );
    assert!(!cache.should_ask(NOW, Need::UnknownKey));
}

fn located(text: &str) {
    for plain in [Plain::Refused, Plain::Loopback] {
        if let Ok(address) = Address::parse(text, plain) {
            assert!(address.is_encrypted() || plain == Plain::Loopback);
            assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
            assert_eq!(address.as_str(), text);
        }
        let _ = Location::discovery(text, plain);
    }
}
