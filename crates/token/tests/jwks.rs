//! Published keys: when the issuer is asked, how long its answer counts, and what an answer may not do. The issuer is a
//! script, the time is a number.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bailiwick_token::{
    Address, Answer, Asking, CacheSettings, Expectations, Fetch, JwksCache, Limits, Location, Need, Plain,
    PublishedKeys, Refusal, RemoteVerifier, Unreachable,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

const NOW: i64 = 1_700_000_000;
const KEYS: &str = "https://id.example/keys";

/// One key of an issuer, and tokens by it.
struct Key {
    kid: &'static str,
    key: SigningKey,
}

impl Key {
    fn new(kid: &'static str) -> Self {
        Self { kid, key: SigningKey::generate(&mut rsa::rand_core::OsRng) }
    }

    fn public(&self) -> Value {
        let point = URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes());
        json!({ "kty": "OKP", "kid": self.kid, "crv": "Ed25519", "x": point })
    }

    fn token(&self, subject: &str, exp: i64) -> String {
        let header = json!({ "alg": "EdDSA", "kid": self.kid }).to_string();
        let payload = json!({ "iss": "https://id.example", "sub": subject, "exp": exp }).to_string();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.key.sign(message.as_bytes()).to_bytes();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn set(keys: &[&Key]) -> String {
    json!({ "keys": keys.iter().map(|key| key.public()).collect::<Vec<_>>() }).to_string()
}

fn ok(body: impl Into<Vec<u8>>) -> Answer {
    Answer { status: 200, body: body.into(), ..Answer::default() }
}

type Script = Box<dyn FnMut(&str, Option<&str>) -> Result<Answer, Unreachable> + Send>;

/// An issuer that answers as a script says, and counts.
#[derive(Clone)]
struct Issuer {
    script: Arc<Mutex<Script>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    fn new(script: impl FnMut(&str, Option<&str>) -> Result<Answer, Unreachable> + Send + 'static) -> Self {
        Self { script: Arc::new(Mutex::new(Box::new(script))), asked: Arc::default() }
    }

    fn answering(answer: Answer) -> Self {
        Self::new(move |_, _| Ok(answer.clone()))
    }

    fn now_answers(
        &self,
        script: impl FnMut(&str, Option<&str>) -> Result<Answer, Unreachable> + Send + 'static,
    ) {
        *self.script.lock().unwrap() = Box::new(script);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Fetch for Issuer {
    fn fetch(&self, address: &Address, etag: Option<&str>, _: Limits) -> Result<Answer, Unreachable> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        (self.script.lock().unwrap())(address.as_str(), etag)
    }
}

fn down(_: &str, _: Option<&str>) -> Result<Answer, Unreachable> {
    Err(Unreachable("nobody listens".to_owned()))
}

fn expectations() -> Expectations {
    Expectations { issuers: vec!["https://id.example".to_owned()], ..Expectations::default() }
}

fn verifier(issuer: &Issuer) -> RemoteVerifier<Issuer> {
    let location = Location::keys(KEYS, Plain::Refused).unwrap();
    RemoteVerifier::new(location, issuer.clone(), expectations())
}

fn outcome(verifier: &RemoteVerifier<Issuer>, token: &str, now: i64) -> &'static str {
    match verifier.verify(token, now) {
        Ok(_) => "accepted",
        Err(refusal) if refusal.code.0 == "E308" => "unreachable",
        Err(refusal) => refusal.check.name(),
    }
}

#[test]
fn addresses() {
    let long = format!("https://id.example/{}", "a".repeat(2_048));
    for (text, plain, good) in [
        (KEYS, Plain::Refused, true),
        ("https://id.example", Plain::Refused, true),
        ("https://id.example:8443/a/b?c=d&e=%20", Plain::Refused, true),
        ("https://[::1]:8443/keys", Plain::Refused, true),
        ("http://id.example/keys", Plain::Refused, false),
        ("http://id.example/keys", Plain::Loopback, false),
        ("http://127.0.0.1:1/keys", Plain::Refused, false),
        ("http://127.0.0.1:1/keys", Plain::Loopback, true),
        ("http://[::1]/keys", Plain::Loopback, true),
        ("http://localhost/keys", Plain::Loopback, true),
        ("http://127.0.0.1.evil.example/keys", Plain::Loopback, false),
        ("http://localhost.evil.example/keys", Plain::Loopback, false),
        ("http://127.0.0.1@evil.example/keys", Plain::Loopback, false),
        ("https://user@id.example/keys", Plain::Refused, false),
        ("https://user:secret@id.example/keys", Plain::Refused, false),
        ("https://id.example\\@evil.example/keys", Plain::Refused, false),
        ("https://id.example/keys#part", Plain::Refused, false),
        ("https://id.example/ke ys", Plain::Refused, false),
        ("https://id.example/k\r\nHost: evil.example", Plain::Refused, false),
        ("https://id.example:port/keys", Plain::Refused, false),
        ("https://id.example:99999/keys", Plain::Refused, false),
        ("https://[zz]/keys", Plain::Refused, false),
        ("https:///keys", Plain::Refused, false),
        ("https://", Plain::Refused, false),
        ("HTTPS://id.example/keys", Plain::Refused, false),
        ("file:///etc/passwd", Plain::Loopback, false),
        ("data:application/json,{}", Plain::Loopback, false),
        ("//id.example/keys", Plain::Loopback, false),
        ("", Plain::Loopback, false),
        ("https://xn--bcher-kva.example/keys", Plain::Refused, true),
        ("https://bücher.example/keys", Plain::Refused, false),
        (&long, Plain::Refused, false),
    ] {
        let found = Address::parse(text, plain);
        assert_eq!(found.is_ok(), good, "{text}: {found:?}");
        assert!(found.is_ok_and(|address| address.as_str() == text) || !good, "{text}");
    }
}

#[test]
fn a_set_is_asked_for_once_and_kept_as_long_as_its_issuer_says() {
    let key = Key::new("1");
    let with = |control: &str, age: &str| Answer {
        cache_control: Some(control.to_owned()),
        age: Some(age.to_owned()),
        ..ok(set(&[&key]))
    };
    // Up to a tenth earlier, at random: the last second at which it must be kept, the first at which it must not.
    for (answer, kept, over) in [
        (ok(set(&[&key])), 539, 600),
        (with("public, max-age=300", "0"), 269, 300),
        (with("Max-Age=\"300\"", "100"), 179, 200),
        (with("max-age=300", "-5"), 269, 300),
        (with("s-maxage=300", ""), 539, 600),
        (with("max-age=1", ""), 53, 60),
        (with("no-store, max-age=3000", ""), 53, 60),
        (with("max-age=3000, no-cache", ""), 53, 60),
        (with("max-age=99999999999", ""), 539, 600),
        (with("max-age=9999999999", ""), 77_759, 86_400),
        (with("max-age=", ""), 539, 600),
        (with("max-age=300", "99999"), 53, 60),
    ] {
        let issuer = Issuer::answering(answer.clone());
        let verifier = verifier(&issuer);
        let token = key.token("u", NOW + 1_000_000);
        for at in [0, 0, 1, kept] {
            assert_eq!(outcome(&verifier, &token, NOW + at), "accepted", "{answer:?}");
            assert_eq!(issuer.asked(), 1, "{answer:?} at {at}");
        }
        assert_eq!(outcome(&verifier, &token, NOW + over), "accepted");
        assert_eq!(issuer.asked(), 2, "{answer:?}");
    }
}

#[test]
fn keys_rotate() {
    let (old, new) = (Key::new("old"), Key::new("new"));
    let issuer = Issuer::answering(ok(set(&[&old])));
    let verifier = verifier(&issuer);
    let (by_old, by_new) = (old.token("u", NOW + 90_000), new.token("u", NOW + 90_000));
    assert_eq!(outcome(&verifier, &by_old, NOW), "accepted");
    assert_eq!(verifier.len(), 1);

    // The new key arrives: its first token has the set fetched.
    let both = set(&[&old, &new]);
    issuer.now_answers(move |_, _| Ok(ok(both.clone())));
    assert_eq!(outcome(&verifier, &by_new, NOW + 40), "accepted");
    assert_eq!(outcome(&verifier, &by_old, NOW + 40), "accepted");
    assert_eq!(issuer.asked(), 2);

    // The old one is retired: what is remembered of it goes with it.
    let only = set(&[&new]);
    issuer.now_answers(move |_, _| Ok(ok(only.clone())));
    assert_eq!(outcome(&verifier, &by_old, NOW + 41), "accepted", "until the set is due");
    assert_eq!(outcome(&verifier, &by_old, NOW + 700), "kid");
    assert_eq!(outcome(&verifier, &by_new, NOW + 700), "accepted");
    assert_eq!(issuer.asked(), 3, "a key that has just been fetched in vain is not fetched again");
}

#[test]
fn a_flood_of_unknown_keys_asks_once_in_a_cooldown() {
    let key = Key::new("1");
    let issuer = Issuer::answering(ok(set(&[&key])));
    let verifier = verifier(&issuer);
    let honest = key.token("u", NOW + 90_000);
    assert_eq!(outcome(&verifier, &honest, NOW), "accepted");
    for second in 0..300 {
        for kid in ["evil", "../../keys", "https://evil.example/keys"] {
            let forged = Key::new(kid).token("u", NOW + 90_000);
            assert_eq!(outcome(&verifier, &forged, NOW + second), "kid");
        }
        assert_eq!(outcome(&verifier, &honest, NOW + second), "accepted");
    }
    // Once each 30 to 33 seconds, the first of them included.
    assert!((9..=11).contains(&issuer.asked()), "{}", issuer.asked());
}

#[test]
fn while_the_issuer_is_away_the_last_set_serves_and_then_no_more() {
    let key = Key::new("1");
    let issuer = Issuer::answering(ok(set(&[&key])));
    let verifier = verifier(&issuer);
    let token = |subject: &str| key.token(subject, NOW + 90_000);
    assert_eq!(outcome(&verifier, &token("a"), NOW), "accepted");
    issuer.now_answers(down);
    for at in [600, 601, 3_000, 4_199] {
        assert_eq!(outcome(&verifier, &token("a"), NOW + at), "accepted", "remembered at {at}");
        assert_eq!(outcome(&verifier, &token(&at.to_string()), NOW + at), "accepted", "anew at {at}");
    }
    let asked = issuer.asked();
    assert!((4..=6).contains(&asked), "waits between questions: {asked}");
    assert_eq!(outcome(&verifier, &token("a"), NOW + 4_200), "unreachable", "also what is remembered");
    assert_eq!(outcome(&verifier, &token("b"), NOW + 4_200), "unreachable");
    let back = set(&[&key]);
    issuer.now_answers(move |_, _| Ok(ok(back.clone())));
    assert_eq!(outcome(&verifier, &token("a"), NOW + 4_300), "accepted");
}

#[test]
fn an_issuer_that_never_answered_is_asked_less_and_less() {
    let key = Key::new("1");
    let issuer = Issuer::new(down);
    let verifier = verifier(&issuer);
    for second in 0..120 {
        assert_eq!(outcome(&verifier, &key.token("u", NOW + 900), NOW + second), "unreachable");
    }
    assert!((6..=10).contains(&issuer.asked()), "{}", issuer.asked());
}

#[test]
fn bad_answers_are_not_taken() {
    let key = Key::new("1");
    let good = set(&[&key]);
    let secret = r#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#;
    let status = |status: u16| Answer { status, body: good.clone().into_bytes(), ..Answer::default() };
    for (what, answer, refused) in [
        ("a redirect", Ok(status(302)), "unreachable"),
        ("a permanent redirect", Ok(status(308)), "unreachable"),
        ("an error", Ok(status(500)), "unreachable"),
        ("nothing new, without a set", Ok(status(304)), "unreachable"),
        ("nobody", Err(Unreachable("timeout".to_owned())), "unreachable"),
        ("a page", Ok(ok("<html>")), "keys"),
        ("a shared secret", Ok(ok(secret)), "keys"),
        ("more than is read", Ok(ok(format!("{good}{}", " ".repeat(256 << 10)))), "keys"),
        ("not UTF-8", Ok(ok(vec![0xff, 0xfe])), "keys"),
    ] {
        let issuer = Issuer::new(move |_, _| answer.clone());
        let verifier = verifier(&issuer);
        let token = key.token("u", NOW + 90_000);
        assert_eq!(outcome(&verifier, &token, NOW), refused, "{what}");
        // A later good one is, and a bad one after it leaves it in place.
        let now = good.clone();
        issuer.now_answers(move |_, _| Ok(ok(now.clone())));
        assert_eq!(outcome(&verifier, &token, NOW + 60), "accepted", "{what}");
    }
    let issuer = Issuer::answering(ok(good));
    let verifier = verifier(&issuer);
    assert_eq!(outcome(&verifier, &key.token("u", NOW + 90_000), NOW), "accepted");
    issuer.now_answers(move |_, _| Ok(ok(secret)));
    assert_eq!(outcome(&verifier, &key.token("v", NOW + 90_000), NOW + 700), "accepted");
    assert_eq!(outcome(&verifier, &key.token("v", NOW + 90_000), NOW + 4_300), "keys");
}

#[test]
fn an_unchanged_set_is_not_sent_again() {
    let key = Key::new("1");
    let body = set(&[&key]);
    let issuer = Issuer::new(move |_, etag| match etag {
        Some("\"v1\"") => Ok(Answer { status: 304, ..Answer::default() }),
        Some(other) => panic!("{other}"),
        None => Ok(Answer { etag: Some("\"v1\"".to_owned()), ..ok(body.clone()) }),
    });
    let verifier = verifier(&issuer);
    let token = key.token("u", NOW + 90_000);
    for at in [0, 700, 1_400] {
        assert_eq!(outcome(&verifier, &token, NOW + at), "accepted");
    }
    assert_eq!(issuer.asked(), 3);
}

#[test]
fn an_issuer_says_where_its_keys_are_but_only_its_own() {
    let key = Key::new("1");
    let plain = Plain::Refused;
    for (what, issuer, keys_at, check) in [
        ("its own", "https://id.example", json!("https://keys.example/set"), "accepted"),
        ("of another issuer", "https://evil.example", json!("https://keys.example/set"), "keys"),
        ("one slash more", "https://id.example/", json!("https://keys.example/set"), "keys"),
        ("not encrypted", "https://id.example", json!("http://keys.example/set"), "keys"),
        ("a file", "https://id.example", json!("file:///etc/passwd"), "keys"),
        ("no address", "https://id.example", Value::Null, "keys"),
        ("not a text", "https://id.example", json!(["https://keys.example/set"]), "keys"),
    ] {
        let document = json!({ "issuer": issuer, "jwks_uri": keys_at }).to_string();
        let body = set(&[&key]);
        let script = Issuer::new(move |address, _| match address {
            "https://id.example/.well-known/openid-configuration" => Ok(ok(document.clone())),
            "https://keys.example/set" => Ok(ok(body.clone())),
            other => panic!("{other}"),
        });
        let location = Location::discovery("https://id.example", plain).unwrap();
        let verifier = RemoteVerifier::new(location, script, expectations());
        assert_eq!(outcome(&verifier, &key.token("u", NOW + 90), NOW), check, "{what}");
    }
    // A document with two issuers is nobody's.
    let twice = r#"{"issuer":"https://id.example","issuer":"https://id.example","jwks_uri":"https://keys.example/set"}"#;
    let location = Location::discovery("https://id.example/", plain).unwrap();
    let verifier = RemoteVerifier::new(location, Issuer::answering(ok(twice)), expectations());
    let refused = verifier.verify(&key.token("u", NOW + 90), NOW).unwrap_err();
    assert_eq!((refused.code.0, refused.check.name()), ("E191", "keys"));
    assert_eq!(Location::discovery("http://id.example", plain).unwrap_err().code.0, "E190");
    assert_eq!(Location::discovery("accounts.google.com", plain).unwrap_err().code.0, "E190");
}

#[test]
fn what_cannot_be_good_asks_nobody() {
    let key = Key::new("1");
    let issuer = Issuer::new(|_, _| panic!("asked"));
    let verifier = verifier(&issuer);
    let honest = key.token("u", NOW + 90);
    for (token, check) in [
        ("", "form"),
        ("opaque", "form"),
        (&honest[1..], "form"),
        (&honest.replacen('.', "..", 1), "form"),
        (&"A".repeat(1 << 20), "size"),
        ("eyJhbGciOiJub25lIn0.e30.AA", "alg"),
        ("eyJhbGciOiJIUzI1NiJ9.e30.AA", "alg"),
    ] {
        assert_eq!(outcome(&verifier, token, NOW), check, "{token}");
    }
}

#[test]
fn remembered_tokens_end_with_their_time() {
    let key = Key::new("1");
    let issuer = Issuer::answering(ok(set(&[&key])));
    let verifier = verifier(&issuer);
    let token = key.token("u", NOW + 100);
    let first = verifier.verify(&token, NOW).unwrap();
    assert!(Arc::ptr_eq(&first, &verifier.verify(&token, NOW + 99).unwrap()));
    assert_eq!(outcome(&verifier, &token, NOW + 100), "exp");
    assert!(verifier.is_empty());
}

#[test]
fn a_clock_that_is_set_back_asks_again() {
    let key = Key::new("1");
    let issuer = Issuer::answering(ok(set(&[&key])));
    let verifier = verifier(&issuer);
    let token = key.token("u", NOW + 90_000);
    assert_eq!(outcome(&verifier, &token, NOW), "accepted");
    assert_eq!(outcome(&verifier, &token, NOW - 50_000), "accepted");
    assert_eq!(issuer.asked(), 2);
}

#[test]
fn many_who_wait_ask_together() {
    let key = Key::new("1");
    let body = set(&[&key]);
    let issuer = Issuer::new(move |_, _| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        Ok(ok(body.clone()))
    });
    let verifier = verifier(&issuer);
    std::thread::scope(|scope| {
        for number in 0..16 {
            let (verifier, token) = (&verifier, key.token(&number.to_string(), NOW + 900));
            scope.spawn(move || assert_eq!(outcome(verifier, &token, NOW), "accepted"));
        }
    });
    assert_eq!(issuer.asked(), 1);
}

/// The rules alone, without threads and verifiers: each step is a time and what must hold then.
#[test]
fn the_cache_is_a_state_machine() {
    let (one, two) = (Key::new("1"), Key::new("2"));
    let answer = |keys: &[&Key]| Answer { cache_control: Some("max-age=100".to_owned()), ..ok(set(keys)) };
    let settings = CacheSettings { grace: 50, cooldown: 20, min_lifetime: 10, ..CacheSettings::default() };
    let mut cache = JwksCache::new(settings);
    let finish = |cache: &mut JwksCache, asking: &Asking, answer: Result<&Answer, Refusal>| {
        cache.finish(asking, answer, Limits::default(), 0);
    };
    let generation = |cache: &JwksCache, now: i64| cache.keys(now).map(|held| held.generation).ok();

    assert_eq!(cache.keys(0).unwrap_err().code.0, "E308");
    assert!(cache.should_ask(0, Need::Current) && cache.should_ask(0, Need::UnknownKey));
    let asking = cache.begin(0, u32::MAX);
    finish(&mut cache, &asking, Ok(&answer(&[&one])));
    assert_eq!(generation(&cache, 0), Some(1));
    for (now, current, unknown) in
        [(0, false, false), (20, false, false), (21, false, true), (99, false, true), (100, true, true)]
    {
        assert_eq!(cache.should_ask(now, Need::Current), current, "{now}");
        assert_eq!(cache.should_ask(now, Need::UnknownKey), unknown, "{now}");
    }
    // The same keys are the same set; others are not.
    let asking = cache.begin(100, 0);
    finish(&mut cache, &asking, Ok(&answer(&[&one])));
    assert_eq!(generation(&cache, 100), Some(1));
    let (late, asking) = (cache.begin(150, 0), cache.begin(151, 0));
    finish(&mut cache, &asking, Ok(&answer(&[&two])));
    finish(&mut cache, &late, Ok(&answer(&[&one])));
    assert_eq!(generation(&cache, 151), Some(2), "an answer that came too late is dropped");
    // Failures wait 2, 4, 8, 16, 20, 20 seconds; keys serve until 151 + 100 + 50.
    let mut now = 251;
    for wait in [2, 4, 8, 16, 20, 20] {
        assert!(cache.should_ask(now, Need::Current), "{now}");
        let asking = cache.begin(now, 0);
        finish(&mut cache, &asking, Err(refusal()));
        assert!(!cache.should_ask(now + wait - 1, Need::Current), "{now} {wait}");
        now += wait;
        assert_eq!(generation(&cache, now), (now < 301).then_some(2), "{now}");
    }
    let location = Location::keys(KEYS, Plain::Refused).unwrap();
    let published = PublishedKeys::new(location, Issuer::new(down), settings, Limits::default());
    assert_eq!(published.current(0).unwrap_err().code.0, "E308");
}

fn refusal() -> Refusal {
    Address::parse("http://id.example", Plain::Refused).unwrap_err()
}
