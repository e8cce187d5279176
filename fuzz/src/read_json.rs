//! The reader of JSON accepts what another reader accepts, its spans are true, and its helpers hold on what it reads.

use std::collections::BTreeSet;

use bailiwick::source::json::{Limits, Node, Value, canonical_number, read, repeated};
use bailiwick::source::{Code, Source};
use bailiwick::value::Decimal;

/// The bytes are the text.
pub fn run(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let limits = Limits { bytes: 1 << 20, depth: 64 };
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match read(&Source::from(text), limits) {
        Ok(node) => {
            // The other reader also refuses numbers that its floating point cannot hold.
            let too_large =
                theirs.as_ref().is_err_and(|error| error.to_string().contains("number out of range"));
            assert!(theirs.is_ok() || too_large, "{text:?}: {:?}", theirs.err());
            if let Ok(theirs) = &theirs {
                same(&node, theirs);
            }
            assert_eq!(&text[node.span.range()], text.trim_matches([' ', '\t', '\r', '\n']));
            let mut repetitions = 0;
            visit(text, &node, &mut repetitions);
            let found = repeated(&node);
            assert_eq!(found.len(), repetitions.min(100));
            assert!(found.windows(2).all(|pair| pair[0].span() <= pair[1].span()));
        }
        Err(refusal) => {
            let deep = refusal.code == Code("E003");
            assert!(theirs.is_err() || deep, "{text:?}: {refusal:?}");
            for label in &refusal.labels {
                assert!(text.get(label.span.range()).is_some(), "{text:?}: {label:?}");
            }
            assert!(!refusal.message.is_empty() && refusal.message.len() < 1_000);
        }
    }
}

fn visit(text: &str, node: &Node, repetitions: &mut usize) {
    let written = &text[node.span.range()];
    match &node.value {
        Value::Null => assert_eq!(written, "null"),
        Value::Bool(value) => assert_eq!(written, value.to_string()),
        Value::Number(number) => {
            assert_eq!(written, number);
            if let Ok(canonical) = canonical_number(number, node.span) {
                let decimal = Decimal::parse(&canonical).expect("a canonical number is a decimal");
                assert_eq!(decimal.as_str(), canonical, "{number}");
                assert_eq!(canonical_number(&canonical, node.span).as_deref(), Ok(canonical.as_str()));
            }
        }
        Value::String(_) => assert!(written.len() >= 2 && written.starts_with('"') && written.ends_with('"')),
        Value::Array(items) => items.iter().for_each(|item| visit(text, item, repetitions)),
        Value::Object(members) => {
            let mut names = BTreeSet::new();
            for member in members {
                *repetitions += usize::from(!names.insert(&member.key));
                let key: String =
                    serde_json::from_str(&text[member.key_span.range()]).expect("a key is a string");
                assert_eq!(key, member.key);
                visit(text, &member.value, repetitions);
            }
        }
    }
}

fn same(ours: &Node, theirs: &serde_json::Value) {
    use serde_json::Value as Theirs;
    match (&ours.value, theirs) {
        (Value::Null, Theirs::Null) | (Value::Number(_), Theirs::Number(_)) => {}
        (Value::Bool(ours), Theirs::Bool(theirs)) => assert_eq!(ours, theirs),
        (Value::String(ours), Theirs::String(theirs)) => assert_eq!(ours, theirs),
        (Value::Array(ours), Theirs::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len());
            ours.iter().zip(theirs).for_each(|(ours, theirs)| same(ours, theirs));
        }
        (Value::Object(ours), Theirs::Object(theirs)) => {
            // Theirs keeps the last of equal members.
            for (key, value) in theirs {
                let last = ours.iter().rev().find(|member| member.key == *key).expect("their member is ours");
                same(&last.value, value);
            }
            assert!(ours.iter().all(|member| theirs.contains_key(&member.key)));
        }
        (ours, theirs) => panic!("{ours:?} is not {theirs:?}"),
    }
}
