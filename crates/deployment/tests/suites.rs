//! The shop's story, sentence by sentence; and the starter's.

use std::path::{Path, PathBuf};

use bailiwick::Source;
use bailiwick::identity::Claims;
use bailiwick_deployment::{Answer, Deployment, Files, Format, Suite, starter};

fn shop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/shop")
}

fn check(answers: &[Answer], at_least: usize) {
    assert!(answers.len() >= at_least, "only {} answers", answers.len());
    let wrong: Vec<String> = answers
        .iter()
        .filter(|answer| !answer.ok)
        .map(|answer| {
            let note = answer.note.as_deref().unwrap_or_default();
            format!("{}\n  wanted {}, got {} {note}", answer.id, answer.expect, answer.got)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_shop_keeps_its_word() {
    let report = Suite::run_file(&shop().join("tests.yaml")).unwrap_or_else(|error| panic!("{error}"));
    check(&report.answers, 50);
}

#[test]
fn the_starter_passes_its_own_tests() {
    let files = Files::new(starter());
    let deployment = Deployment::new(&files).unwrap_or_else(|error| panic!("{error}"));
    let suite = Source::new("tests.yaml", files.get("tests.yaml").unwrap());
    let suite = Suite::parse(&suite, Format::Yaml).unwrap();
    let claims = |name: &str| Claims::parse(Source::new(name, files.get(name).unwrap()));
    check(&suite.run(&deployment, claims).unwrap(), 7);
}
