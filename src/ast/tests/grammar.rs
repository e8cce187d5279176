//! Holds `grammar/*.ebnf` and the parser's functions together.

use std::collections::BTreeSet;

use crate::value::Base;

const POLICY: &str = include_str!("../../../grammar/policy.ebnf");
const PATTERN: &str = include_str!("../../../grammar/pattern.ebnf");
const ARN: &str = include_str!("../../../grammar/arn.ebnf");
const VARIABLE: &str = include_str!("../../../grammar/variable.ebnf");
const OPERATOR: &str = include_str!("../../../grammar/operator.ebnf");

const ALL: [(&str, &str, &[&str]); 5] = [
    (
        "policy",
        POLICY,
        &[
            include_str!("../parse.rs"),
            include_str!("../statement.rs"),
            include_str!("../principal.rs"),
            include_str!("../condition.rs"),
        ],
    ),
    (
        "pattern",
        PATTERN,
        &[include_str!("../action.rs"), include_str!("../resource.rs"), include_str!("../template.rs")],
    ),
    ("arn", ARN, &[include_str!("../arn.rs")]),
    ("variable", VARIABLE, &[include_str!("../template.rs")]),
    ("operator", OPERATOR, &[include_str!("../operator.rs")]),
];

/// Classes of characters, written out in the grammar and known to the language we write in.
const CLASSES: [&str; 2] = ["letter", "digit"];

fn functions(source: &str) -> impl Iterator<Item = &str> {
    source.split("fn ").skip(1).map(|rest| rest.split(['(', '<']).next().unwrap())
}

/// Productions, and every name that their right sides use.
fn names(grammar: &str) -> (BTreeSet<&str>, BTreeSet<String>) {
    let mut defined = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut text = String::new();
    // Comments and `?...?` hold prose.
    let mut rest = grammar;
    while let Some(at) = rest.find("(*") {
        text.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find("*)").expect("a comment that ends") + 2..];
    }
    text.push_str(rest);
    for line in grammar.lines() {
        if let Some((name, _)) = line.split_once(" = ").filter(|(name, _)| !name.contains([' ', '(', '"'])) {
            assert!(defined.insert(name), "`{name}` is defined twice");
        }
    }
    // Terminals are quoted in one of two ways, prose stands between `?`.
    let mut word = String::new();
    let mut quote = None;
    for char in text.chars() {
        match quote {
            Some(open) if char == open => quote = None,
            Some(_) => {}
            None if matches!(char, '"' | '\'' | '?') => quote = Some(char),
            None if char.is_ascii_alphabetic() || char == '_' => word.push(char),
            None => {
                used.insert(std::mem::take(&mut word));
            }
        }
    }
    used.remove("");
    (defined, used)
}

#[test]
fn every_production_is_a_function() {
    for (file, grammar, sources) in ALL {
        let known: BTreeSet<&str> = sources.iter().flat_map(|source| functions(source)).collect();
        let (defined, _) = names(grammar);
        assert!(defined.len() >= 3, "{file}.ebnf has lost its productions");
        for name in defined.iter().filter(|name| !CLASSES.contains(name)) {
            assert!(known.contains(name), "{file}.ebnf: no function `{name}`");
        }
    }
}

#[test]
fn every_parser_is_a_production() {
    for (file, grammar, sources) in ALL {
        if file == "policy" || file == "pattern" {
            continue;
        }
        let (defined, _) = names(grammar);
        for source in sources {
            for function in source.split("fn ").skip(1).filter(|rest| rest.starts_with(char::is_lowercase)) {
                let head = function.split('{').next().unwrap();
                let name = head.split(['(', '<']).next().unwrap();
                if head.contains("-> Parsed<") && name != "fail" {
                    assert!(defined.contains(name), "{file}.ebnf: no production `{name}`");
                }
            }
        }
    }
}

#[test]
fn every_name_is_defined() {
    let all: BTreeSet<&str> = ALL.iter().flat_map(|(_, grammar, _)| names(grammar).0).collect();
    for (file, grammar, _) in ALL {
        for name in names(grammar).1.iter().filter(|name| *name != "member") {
            assert!(all.contains(name.as_str()), "{file}.ebnf: `{name}` is defined nowhere");
        }
    }
}

#[test]
fn the_operators_are_those_of_the_table() {
    let words: BTreeSet<&str> = OPERATOR.split('"').skip(1).step_by(2).collect();
    for base in Base::ALL {
        assert!(words.contains(base.name()), "operator.ebnf: no `{}`", base.name());
    }
    assert_eq!(words.len(), Base::ALL.len() + 4, "operator.ebnf: names that no operator has");
}
