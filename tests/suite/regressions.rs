//! What fuzzing once broke stays mended: every file of `fuzz/regressions/TARGET` goes through its target again.
//! A short random walk through each target comes on top, so that no target rots unseen.

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::pedantic,
    clippy::expect_used,
    clippy::panic,
    reason = "a package of its own: a target tells of a fault by panicking"
)]
mod targets;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 6] = [
    ("decide_agrees", targets::decide_agrees::run),
    ("load_tree", targets::load_tree::run),
    ("map_claims", targets::map_claims::run),
    ("match_pattern", targets::match_pattern::run),
    ("parse_policy", targets::parse_policy::run),
    ("read_json", targets::read_json::run),
];

/// Replayed beside the door that they are about.
const ELSEWHERE: [&str; 1] = ["verify_token"];

#[test]
fn kept_inputs() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let folders =
        std::fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    for folder in folders.filter(|folder| !ELSEWHERE.contains(&folder.as_str())) {
        let (_, run) =
            TARGETS.iter().find(|(name, _)| *name == folder).expect("a folder is named like a target");
        let mut count = 0;
        for entry in std::fs::read_dir(kept.join(&folder)).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            run(&std::fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 0, "nothing is kept for {folder}");
    }
}

/// Bytes at random; where an input is text, most of it in the language of that target.
#[allow(clippy::unwrap_used, reason = "part of every test below")]
fn walk(target: &str, cases: u32, input: impl Strategy<Value = Vec<u8>>) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new(config);
    runner
        .run(&input, |bytes| {
            run(&bytes);
            Ok(())
        })
        .unwrap();
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

fn text(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    (any::<u8>(), prop::collection::vec(prop::sample::select(words), 0..24))
        .prop_map(|(first, words)| [&[first], words.concat().as_bytes()].concat())
}

#[test]
fn decide_agrees() {
    walk("decide_agrees", 4_000, bytes(400));
}

#[test]
fn load_tree() {
    walk("load_tree", 1_000, bytes(600));
}

#[test]
fn match_pattern() {
    walk("match_pattern", 4_000, bytes(60));
}

#[test]
fn read_json() {
    let words =
        text(&["{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "1e3", "-0.5", "true", " ", "\"", "\\"]);
    walk("read_json", 4_000, words.prop_map(|bytes| bytes[1..].to_vec()));
}

#[test]
fn parse_policy() {
    walk(
        "parse_policy",
        4_000,
        text(&[
            "{\"Version\":\"2012-10-17\",\"Statement\":[",
            "]}",
            "{\"Effect\":\"Allow\",",
            "{\"Effect\":\"Deny\",",
            "}",
            ",",
            "\"Action\":\"s3:*\"",
            "\"NotAction\":[\"s3:Get*\"]",
            "\"Resource\":\"*\"",
            "\"Principal\":\"*\"",
            "\"Condition\":{\"StringEquals\":{\"k\":\"${v}\"}}",
            "\"Resource\":\"arn:aws:s3:::${\"",
            "\"Sid\":\"\"",
            "null",
            "[",
            "\"é\"",
        ]),
    );
}

#[test]
fn map_claims() {
    walk(
        "map_claims",
        4_000,
        text(&[
            "{",
            "}",
            ",",
            "\"sub\":\"u\"",
            "\"iss\":\"https://id.example\"",
            "\"groups\":[\"a\",\"b\"]",
            "\"groups\":\"a\"",
            "\"cognito:groups\":[\"a\"]",
            "\"token_use\":\"id\"",
            "\"aws:PrincipalTag/t\":\"x\"",
            "\"t\":[1,2]",
            "\"t\":\"v\"",
            "\"_claim_names\":{\"groups\":\"s\"}",
            "\"acme\":{\"acme:many\":[\"x\"],\"acme:one\":1.50}",
            "\"scope\":\"a b\"",
            "null",
        ]),
    );
}
