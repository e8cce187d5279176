//! Every row of the language reference, through every way to a decision.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use bailiwick::ast::PolicySet;
use bailiwick::compile::{CompileOptions, compile, compile_with};
use bailiwick::value::Layer;
use bailiwick::{Decision, Principal, Request, Tree, Verdict};
use bailiwick_spec::{self as spec, Case, Expected};

use crate::stage::{ask, read, set};

type Engine = fn(&PolicySet, &Principal, &Request<'_>) -> Decision;

/// Every way to a decision. The first is the one that the others are compared with.
const ENGINES: &[(&str, Engine)] = &[
    ("explain", |set, principal, request| bailiwick::explain(set, principal, request).decision),
    ("tree", |set, principal, request| compile(set).decide(principal, request)),
    ("unoptimized tree", |set, principal, request| {
        let options = CompileOptions { optimize: false, ..CompileOptions::default() };
        compile_with(set, options).decide(principal, request)
    }),
    ("session", |set, principal, request| compile(set).session(principal).decide(request)),
    ("loaded artifact", |set, principal, request| {
        Tree::from_bytes(&compile(set).to_bytes()).unwrap().decide(principal, request)
    }),
    ("session of a loaded artifact", |set, principal, request| {
        Tree::from_bytes(&compile(set).to_bytes()).unwrap().session(principal).decide(request)
    }),
];

/// Fewer cases than this mean that pages were lost.
const AT_LEAST: usize = 3_500;

#[test]
fn every_row_of_the_reference_holds() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let mut report = String::new();
    let mut failed = 0;
    for case in &cases {
        if let Err(why) = check(case) {
            failed += 1;
            let _ = writeln!(report, "\nfixtures/spec/{} ({}), {}\n{why}", case.id, case.why, case.name);
        }
    }
    assert!(failed == 0, "{failed} of {} cases failed{report}", cases.len());
}

#[test]
fn every_item_of_the_quiz_is_asked() {
    let asked: BTreeSet<u16> = cases().iter().flat_map(|case| case.items.clone()).collect();
    // Items 111 to 135 are about tokens and APIs, and asked of the command.
    let open: Vec<_> = (1..=110).chain([136]).filter(|item| !asked.contains(item)).collect();
    assert!(open.is_empty(), "no row is tagged with {open:?}");
}

fn cases() -> Vec<Case> {
    match spec::pages() {
        Ok(pages) => pages.into_iter().flat_map(|page| page.cases).collect(),
        Err(problems) => {
            let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        }
    }
}

fn check(case: &Case) -> Result<(), String> {
    let (documents, refusals) = read(case);
    let codes: BTreeSet<_> = refusals.iter().flat_map(|it| &it.list).map(|it| it.code.0.to_owned()).collect();
    match &case.expected {
        Expected::Refused(_) if codes.is_empty() => {
            return Err("expected a refusal; all documents were read".to_owned());
        }
        Expected::Refused(expected) if expected.is_empty() => return Ok(()),
        Expected::Refused(expected) => {
            let expected: BTreeSet<_> = expected.iter().cloned().collect();
            return if codes == expected {
                Ok(())
            } else {
                Err(format!("expected {expected:?}, got {codes:?}: {}", words(&refusals)))
            };
        }
        _ if !refusals.is_empty() => return Err(format!("a document was refused: {}", words(&refusals))),
        Expected::Accepted => return Ok(()),
        _ => {}
    }
    let Some(asked) = &case.request else { return Err("nothing is asked".to_owned()) };
    let set = set(case, documents, asked)?;
    let (principal, request) = ask(asked)?;
    let explanation = bailiwick::explain(&set, &principal, &request);
    let mut first = None;
    for (name, engine) in ENGINES {
        let decision = engine(&set, &principal, &request);
        let explained = || format!("\n{explanation}");
        if !is_expected(case, &decision) {
            let by = if case.by.is_empty() { String::new() } else { format!(" by {}", case.by) };
            return Err(format!(
                "{name}: expected {:?}{by}, got {}{}",
                case.expected,
                said(&decision),
                explained()
            ));
        }
        let first = first.get_or_insert(decision);
        if said(first) != said(&decision) {
            return Err(format!("{name}: {}, but {} first{}", said(&decision), said(first), explained()));
        }
        if let Some(id) = decision.statement
            && !explanation
                .statements
                .iter()
                .any(|it| it.id == id && it.applies && it.layer == decision.layer)
        {
            return Err(format!("{name}: statement {} does not decide{}", id.0, explained()));
        }
    }
    Ok(())
}

fn is_expected(case: &Case, decision: &Decision) -> bool {
    let verdict = match case.expected {
        Expected::Allow => Verdict::Allow,
        Expected::ImplicitDeny => Verdict::ImplicitDeny,
        Expected::ExplicitDeny => Verdict::ExplicitDeny,
        Expected::Error => return decision.error.is_some() && decision.verdict == Verdict::ExplicitDeny,
        Expected::Accepted | Expected::Refused(_) => return false,
    };
    decision.verdict == verdict && decision.error.is_none() && (case.by.is_empty() || case.by == by(decision))
}

/// The layer, with its level where it has some.
fn by(decision: &Decision) -> String {
    match decision.layer {
        Layer::ServiceControl | Layer::ResourceControl => {
            format!("{} {}", decision.layer.name(), decision.level)
        }
        layer => layer.name().to_owned(),
    }
}

fn said(decision: &Decision) -> String {
    let error = decision.error.map(|error| format!(" ({error:?})")).unwrap_or_default();
    format!("{} by {}{error}", decision.verdict.name(), by(decision))
}

fn words(refusals: &[bailiwick::Diagnostics]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
