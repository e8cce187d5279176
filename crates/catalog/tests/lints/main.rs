//! Lints with AWS's catalogue: the pages of `docs/codes`, corner cases, and all AWS managed policies.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of this is test code")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bailiwick::ast::{Document, Kind, Options, parse};
use bailiwick::check::{CheckOptions, LINTS, check};
use bailiwick::source::{Diagnostic, Severity};
use bailiwick::value::KeyName;

mod cases;

fn kind(name: &str) -> Kind {
    match name {
        "identity" => Kind::Identity,
        "boundary" => Kind::Boundary,
        "session" => Kind::Session,
        "resource" => Kind::Resource,
        "trust" => Kind::Trust,
        "kms" => Kind::KmsKey,
        "scp" => Kind::ServiceControl,
        "rcp" => Kind::ResourceControl,
        "endpoint" => Kind::Endpoint,
        "api" => Kind::Api,
        "authorizer" => Kind::Authorizer,
        other => panic!("no kind {other}"),
    }
}

fn read(text: &str, kind: Kind) -> Document {
    parse(text, &Options { kind, ..Options::default() }).unwrap_or_else(|refused| panic!("{refused}\n{text}"))
}

fn lint(document: &Document, writable: &[&str]) -> Vec<Diagnostic> {
    let writable = writable.iter().map(|key| KeyName::new(key)).collect();
    check(
        document,
        &CheckOptions { catalogue: Some(bailiwick_catalog::aws()), writable, ..CheckOptions::default() },
    )
}

fn codes(findings: &[Diagnostic]) -> Vec<&'static str> {
    let mut codes: Vec<_> = findings.iter().map(|finding| finding.code.0).collect();
    codes.dedup();
    codes
}

/// The fenced JSON blocks of a page: the words after `json`, and the text.
fn blocks(page: &str) -> Vec<(Vec<&str>, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```json ") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.split(' ').collect(), text.join("\n")));
        }
    }
    blocks
}

fn lint_block(words: &[&str], text: &str) -> Vec<Diagnostic> {
    let setting = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let fill = setting("fill").map_or(0, |length| length.parse().unwrap());
    let text = text.replace("FILL", &"x".repeat(fill));
    let writable: Vec<_> = setting("writable").into_iter().collect();
    let document = read(&text, kind(setting("kind").unwrap_or("identity")));
    let mut findings = lint(&document, &writable);
    if words.contains(&"index") {
        findings.extend(bailiwick::compile::unserved_in(&document, &Arc::default()));
    }
    findings
}

#[test]
fn every_lint_has_a_page_whose_examples_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes");
    let mut failures = Vec::new();
    for one in LINTS {
        let code = one.code.0;
        let page = std::fs::read_to_string(folder.join(format!("{code}.md"))).unwrap_or_default();
        let severity = one.severity.name().replace('-', " ");
        if !page.starts_with(&format!("# {code}: {}\n\nA lint: {severity}.", one.title)) {
            failures.push(format!("{code}: title or severity is not the table's"));
        }
        let blocks = blocks(&page);
        let [(wrong, text), (right, better)] = blocks.as_slice() else {
            failures.push(format!("{code}: not one wrong and one right example"));
            continue;
        };
        assert_eq!((wrong[0], right[0]), ("wrong", "right"), "{code}");
        let (found, clean) = (lint_block(wrong, text), lint_block(right, better));
        if codes(&found) != [code] || found.iter().any(|finding| finding.severity != one.severity) {
            failures.push(format!("{code}: the wrong example gives {found:#?}"));
        }
        if !clean.is_empty() {
            failures.push(format!("{code}: the right example gives {clean:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn codes_and_pages_are_one_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes");
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        // From L080 on they are about GraphQL schemas, and tested in `crates/graphql`.
        .filter(|name| name.starts_with('L') && name.as_str() < "L080")
        .collect();
    pages.sort();
    let expected: Vec<_> = LINTS.iter().map(|one| format!("{}.md", one.code.0)).collect();
    assert_eq!(pages, expected);
}

#[test]
fn findings_are_well_spoken() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/codes");
    for one in LINTS {
        let page = std::fs::read_to_string(folder.join(format!("{}.md", one.code.0))).unwrap();
        for finding in lint_block(&blocks(&page)[0].0, &blocks(&page)[0].1) {
            let code = finding.code.0;
            assert!(!finding.message.ends_with('.'), "{code}: {}", finding.message);
            let first = finding.message.chars().next().unwrap();
            assert!(
                !first.is_uppercase() || finding.message.starts_with("IAM"),
                "{code}: {}",
                finding.message
            );
            assert!(
                finding.help.is_some_and(|help| !help.is_empty() && !help.ends_with('.')),
                "{code}: help"
            );
            assert!(
                finding.labels.first().is_some_and(|label| label.span.start < label.span.end),
                "{code}: span"
            );
        }
    }
}

/// What the managed policies of AWS are told. None of it may be an error: AWS's own policies work.
#[test]
fn managed_policies() {
    let Some(corpus) = std::env::var_os("BAILIWICK_CORPUS").map(PathBuf::from) else {
        println!("skipped: no corpus");
        return;
    };
    let text = std::fs::read_to_string(corpus.join("aws_managed_policies.jsonl")).unwrap();
    let show = std::env::var("SHOW").unwrap_or_default();
    let (mut counts, mut spent, mut documents) = (BTreeMap::<_, (usize, usize)>::new(), Duration::ZERO, 0);
    let mut errors = Vec::new();
    for line in text.lines() {
        let policy: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = policy["name"].as_str().unwrap();
        let source = bailiwick::Source::new(name, &policy["document"].to_string());
        let document = parse(source, &Options::default()).unwrap();
        documents += 1;
        let start = Instant::now();
        let mut findings = lint(&document, &[]);
        spent += start.elapsed();
        findings.extend(bailiwick::compile::unserved_in(&document, &Arc::default()));
        for code in LINTS.iter().map(|lint| lint.code.0) {
            let here = findings.iter().filter(|finding| finding.code.0 == code).count();
            let (findings, policies) = counts.entry(code).or_default();
            *findings += here;
            *policies += usize::from(here > 0);
        }
        for finding in findings {
            if finding.code.0 == show {
                println!("{name}: {} ({})", finding.message, finding.help.as_deref().unwrap_or_default());
            }
            if finding.severity == Severity::Error {
                errors.push(format!("{name}: {} {}", finding.code.0, finding.message));
            }
        }
    }
    for lint in LINTS {
        let (findings, policies) = counts[lint.code.0];
        println!("{} {findings:6} in {policies:5} policies: {}", lint.code.0, lint.title);
    }
    println!("{documents} documents checked in {spent:?}");
    assert_eq!(documents, 1_582);
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// The deployment's own services are looked up as AWS's are.
#[test]
fn own_services() {
    use bailiwick::value::{AccessLevel, Action, ResourceType, Service, Takes};
    let album =
        ResourceType::new("album", "arn:acme:photos:${Region}:${Account}:album/${Album}", []).unwrap();
    let takes = Takes { resource: 0, required: true, keys: Box::new([]) };
    let delete = Action {
        name: "Delete".into(),
        level: AccessLevel::Write,
        takes: Box::new([takes]),
        keys: Box::new([]),
    };
    let photos = Service::new("photos", "Photos", Vec::new(), vec![album], vec![delete]);
    let catalogue = bailiwick_catalog::aws().with([photos]);
    let options = CheckOptions { catalogue: Some(&catalogue), keys: Arc::default(), writable: Vec::new() };
    let rows: [(&str, &str, &[&str]); 4] = [
        ("photos:Delete", "arn:acme:photos:*:*:album/summer", &[]),
        ("photos:Delet", "arn:acme:photos:*:*:album/summer", &["L059"]),
        ("photos:Delete", "arn:acme:photos:*:*:photo/summer", &["L066"]),
        ("fotos:Delete", "arn:acme:photos:*:*:album/summer", &["L058"]),
    ];
    for (action, resource, expected) in rows {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}}}"#
        );
        assert_eq!(codes(&check(&read(&text, Kind::Identity), &options)), expected, "{action} {resource}");
    }
}
