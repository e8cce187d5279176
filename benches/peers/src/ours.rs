//! Bailiwick: with a session, without, scanning, and in words.

use std::hint::black_box;
use std::time::Instant;

use bailiwick::ast::PolicySet;
use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::decide::Session;
use bailiwick::{Principal, Request, Tree, Verdict};
use bailiwick_workload::{Workload, set_of};

use crate::{Answer, Engine, Report, loaded};

/// The workload's policies, attached to everyone.
pub fn policy_set(workload: &Workload) -> PolicySet {
    set_of(workload.read().expect("the workload is legal")).expect("identity documents attached to everyone")
}

/// What `explain` says to the first requests.
pub fn explained(workload: &Workload, count: usize) -> Vec<Answer> {
    let set = policy_set(workload);
    let (principals, requests) = (workload.principals(), workload.requests());
    let cases = workload.cases.iter().zip(&requests).take(count);
    cases
        .map(|(case, request)| {
            answer(bailiwick::explain::explain(&set, &principals[case.person], request).decision.verdict)
        })
        .collect()
}

pub fn each(workload: &Workload, report: &mut Report<'_>) {
    let (tree, load) = loaded(|| bailiwick::compile(policy_set(workload)));
    report(&mut Sessions::new("bailiwick, session", workload, &tree), Some(load));
    report(
        &mut Direct {
            principals: workload.principals(),
            requests: workload.requests(),
            workload,
            tree: &tree,
        },
        None,
    );
    let scanning = CompileOptions { optimize: false, ..CompileOptions::default() };
    let (tree, load) = loaded(|| compile_with(&policy_set(workload), scanning));
    report(&mut Sessions::new("bailiwick, scanning", workload, &tree), Some(load));
    if cfg!(not(feature = "peers")) && workload.statements.len() > 1000 {
        // A minute for what nobody waits for.
        return;
    }
    let (principals, requests) = (workload.principals(), workload.requests());
    report(&mut Spoken { set: policy_set(workload), principals, requests, workload }, None);
}

/// All requests through `decide_many`, each person's together: nanoseconds for one decision, the best of some passes.
/// The answers are those that are expected of the first requests.
pub fn batch(workload: &Workload, expected: &[Answer], passes: usize) -> f64 {
    let tree = bailiwick::compile(policy_set(workload));
    let mut groups: Vec<_> =
        workload.principals().into_iter().map(|one| (tree.session(one), Vec::new(), Vec::new())).collect();
    for ((number, case), request) in workload.cases.iter().enumerate().zip(workload.requests()) {
        groups[case.person].1.push(request);
        groups[case.person].2.push(number);
    }
    for (session, requests, numbers) in &groups {
        for (decision, number) in session.decide_many(requests).zip(numbers) {
            let wanted = expected.get(*number).copied().unwrap_or(answer(decision.verdict));
            assert_eq!(answer(decision.verdict), wanted, "decide_many, request {number}");
        }
    }
    groups.retain(|(_, requests, _)| !requests.is_empty());
    let mut best = f64::MAX;
    for _ in 0..passes {
        let begun = Instant::now();
        for (session, requests, _) in &groups {
            for decision in session.decide_many(requests) {
                black_box(decision);
            }
        }
        best = best.min(begun.elapsed().as_secs_f64() * 1e9 / workload.cases.len() as f64);
    }
    best
}

fn answer(verdict: Verdict) -> Answer {
    match verdict {
        Verdict::Allow => Answer::Allow,
        Verdict::ExplicitDeny => Answer::Explicit,
        Verdict::ImplicitDeny => Answer::Implicit,
    }
}

/// One session for each person, made before.
struct Sessions<'a> {
    name: &'static str,
    sessions: Vec<Session>,
    requests: Vec<Request<'a>>,
    workload: &'a Workload,
}

impl<'a> Sessions<'a> {
    fn new(name: &'static str, workload: &'a Workload, tree: &Tree) -> Self {
        let sessions = workload.principals().into_iter().map(|principal| tree.session(principal)).collect();
        Self { name, sessions, requests: workload.requests(), workload }
    }
}

impl Engine for Sessions<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn decide(&mut self, case: usize) -> Answer {
        let session = &self.sessions[self.workload.cases[case].person];
        answer(session.decide(&self.requests[case]).verdict)
    }
}

/// The person is prepared anew for each request.
struct Direct<'a> {
    principals: Vec<Principal>,
    requests: Vec<Request<'a>>,
    workload: &'a Workload,
    tree: &'a Tree,
}

impl Engine for Direct<'_> {
    fn name(&self) -> &'static str {
        "bailiwick, no session"
    }

    fn decide(&mut self, case: usize) -> Answer {
        let principal = &self.principals[self.workload.cases[case].person];
        answer(self.tree.decide(principal, &self.requests[case]).verdict)
    }
}

/// The plain evaluator over syntax.
struct Spoken<'a> {
    set: PolicySet,
    principals: Vec<Principal>,
    requests: Vec<Request<'a>>,
    workload: &'a Workload,
}

impl Engine for Spoken<'_> {
    fn name(&self) -> &'static str {
        "bailiwick, explain"
    }

    fn decide(&mut self, case: usize) -> Answer {
        let principal = &self.principals[self.workload.cases[case].person];
        answer(bailiwick::explain::explain(&self.set, principal, &self.requests[case]).decision.verdict)
    }
}
