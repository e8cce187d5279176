//! Kept inputs of the fuzz target `verify_token`, and a short random walk through it.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../../fuzz/src/verify_token.rs"]
#[allow(
    unreachable_pub,
    clippy::pedantic,
    clippy::expect_used,
    clippy::panic,
    reason = "a package of its own: a target tells of a fault by panicking"
)]
mod target;

use std::path::Path;

/// Pieces that walks are made of.
const PIECES: [&str; 24] = [
    "{",
    "}",
    ",",
    "[\"api\"]",
    "\"iss\":\"https://id.example\"",
    "\"aud\":\"api\"",
    "\"aud\":",
    "\"exp\":1700000100",
    "\"exp\":1700000000.5",
    "\"nbf\":1700000000",
    "\"sub\":\"u\"",
    "\0",
    "{\"alg\":\"EdDSA\",\"kid\":\"o\"}",
    "\"keys\":[",
    "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
    "]",
    "max-age=",
    "60",
    "no-cache",
    "\n\n",
    ".",
    "eyJhbGciOiJFZERTQSJ9",
    "https://",
    "[::1]",
];

#[test]
fn kept_inputs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/regressions/verify_token");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        target::run(&std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count >= 14, "only {count}");
}

#[test]
fn a_short_walk() {
    let mut state = 4_u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    for _ in 0..3_000 {
        let mut input = vec![u8::try_from(below(5)).unwrap()];
        for _ in 0..below(14) {
            input.extend(PIECES[below(PIECES.len())].bytes());
        }
        target::run(&input);
    }
}
