//! Hostile sizes and depths: each is refused, or answered soon, and nothing overflows.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage may fail loudly")]

use std::time::{Duration, Instant};

use bailiwick_graphql::{Api, Caller, Limits, Provider, Schema, check};

fn api() -> Api {
    Api::new(Provider::ApiKey).with(Provider::Iam)
}

/// The codes that a schema is refused with, each once; nothing if it is accepted.
fn schema(text: &str) -> Vec<&'static str> {
    let mut codes: Vec<&str> =
        Schema::read(text, &api()).err().into_iter().flat_map(|it| it.list).map(|it| it.code.0).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn schemas_are_bounded() {
    let started = Instant::now();
    let long = format!("type Query {{ a: String }} # {}", "x".repeat(1 << 20));
    assert_eq!(schema(&long), ["E341"]);
    assert_eq!(schema(&format!("type Query {{ {} }}", "a:A,".repeat(200_000))), ["E341"]);
    assert_eq!(
        schema(&format!("type Query {{ a: {}Int{} }}", "[".repeat(100_000), "]".repeat(100_000))),
        ["E341"]
    );
    let deep = format!("type Query {{ a(b: I = {}1{}): Int }}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(schema(&deep), ["E341"]);
    assert_eq!(schema(&"{".repeat(100_000)), ["E340"]);
    // A hundred errors, and not one for each of many thousands.
    assert!(Schema::read("{".repeat(50_000).as_str(), &api()).unwrap_err().list.len() <= 100);
    assert!(started.elapsed() < Duration::from_mins(2), "{:?}", started.elapsed());
}

#[test]
fn long_chains_and_wide_interfaces_are_answered_soon() {
    let started = Instant::now();
    let mut text = String::from("type Query { t0: T0 }\n");
    for number in 0..10_000 {
        text.push_str(&format!("type T{number} {{ n: T{} }}\n", number + 1));
    }
    text.push_str("type T10000 { x: Int }\n");
    let schema = Schema::read(text.as_str(), &api()).unwrap();
    let caller = Caller::api_key(&api()).unwrap();
    assert_eq!(schema.fields(&caller).len(), 10_002);

    let mut wide = String::from("type Query { n: [N] }\ninterface N { id: ID }\n");
    for number in 0..5_000 {
        wide.push_str(&format!("type T{number} implements N {{ id: ID }}\n"));
    }
    let schema = Schema::read(wide.as_str(), &api()).unwrap();
    assert_eq!(schema.fields(&caller).len(), 5_002);
    let many: Vec<String> = (0..3_000).map(|number| format!("a{number}: n {{ id }}")).collect();
    let many = format!("{{ {} }}", many.join(" "));
    let refused = check(&schema, &caller, many.as_str(), None, Limits::default()).unwrap_err();
    assert_eq!(refused.list[0].code.0, "E354");
    assert!(started.elapsed() < Duration::from_mins(2), "{:?}", started.elapsed());
}

/// Codes of a refused query.
fn query(text: &str, limits: Limits) -> Vec<&'static str> {
    let schema = Schema::read("type Query { a: Query  b: Int }", &api()).unwrap();
    let caller = Caller::api_key(&api()).unwrap();
    let refused = check(&schema, &caller, text, None, limits).err();
    let mut codes: Vec<&str> = refused.into_iter().flat_map(|it| it.list).map(|it| it.code.0).collect();
    codes.dedup();
    codes
}

#[test]
fn queries_are_bounded() {
    let started = Instant::now();
    let deep = |depth: usize| format!("{}{{ b }}{}", "{ a ".repeat(depth), "}".repeat(depth));
    let default = Limits::default();
    assert!(query(&deep(default.depth - 1), default).is_empty());
    assert_eq!(query(&deep(default.depth), default), ["E354"]);
    assert_eq!(query(&deep(3), Limits { depth: 3, ..default }), ["E354"]);
    assert_eq!(query(&deep(50_000), default), ["E341"]);
    let wide = |width: usize| format!("{{ {} }}", "b ".repeat(width));
    assert!(query(&wide(default.selections), default).is_empty());
    assert_eq!(query(&wide(default.selections + 1), default), ["E354"]);
    assert_eq!(query(&wide(200_000), default), ["E341"]);
    assert_eq!(query(&"#".repeat(1 << 20), default), ["E341"]);

    // Each fragment spreads the next one twice: two to the power of forty fields.
    let mut doubling = String::from("{ ...F0 }");
    for number in 0..40 {
        doubling.push_str(&format!(" fragment F{number} on Query {{ ...F{0} ...F{0} }}", number + 1));
    }
    doubling.push_str(" fragment F40 on Query { b }");
    assert_eq!(query(&doubling, default), ["E354"]);

    // A long chain of fragments, each within the other.
    let mut chain = String::from("{ ...F0 }");
    for number in 0..1_000 {
        chain.push_str(&format!(" fragment F{number} on Query {{ a {{ ...F{} }} }}", number + 1));
    }
    chain.push_str(" fragment F1000 on Query { b }");
    assert_eq!(query(&chain, Limits { depth: usize::MAX, ..default }), ["E354"]);

    // Each fragment nests nameless ones, and then the next fragment: no field counts, the stack would.
    let (open, close) = ("... { ".repeat(60), "} ".repeat(60));
    let mut nameless = String::from("{ ...F0 }");
    for number in 0..30 {
        nameless.push_str(&format!(" fragment F{number} on Query {{ {open} ...F{} {close} }}", number + 1));
    }
    nameless.push_str(" fragment F30 on Query { b }");
    assert_eq!(query(&nameless, default), ["E354"]);
    assert!(started.elapsed() < Duration::from_mins(2), "{:?}", started.elapsed());
}
