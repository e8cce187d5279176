//! The same stages over all AWS managed policies, each attached to a group of its own, and callers with 20 groups.
//!
//! The policies are data beside the project: set `BAILIWICK_CORPUS` to the folder with `aws_managed_policies.jsonl`.
#![allow(clippy::expect_used, reason = "a bench of a wrong input must end")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bailiwick::Tree;
use bailiwick::ast::PolicySet;
use bailiwick_workload::managed::Managed;
use bailiwick_workload::measure::{Figures, measure};
use criterion::{Criterion, criterion_group, criterion_main};

const REQUESTS: usize = 10_000;
const SEED: u64 = 20_261_122;

fn policy_set(managed: &Managed) -> PolicySet {
    managed.set_of(managed.documents().expect("AWS accepts them")).expect("it fits")
}

fn managed(criterion: &mut Criterion) {
    let Some(corpus) = std::env::var_os("BAILIWICK_CORPUS") else {
        println!("skipped: no corpus");
        return;
    };
    let managed = Managed::read(&PathBuf::from(corpus), REQUESTS, SEED).expect("the corpus can be read");
    let mut group = criterion.benchmark_group("managed");
    group.sample_size(10);
    group.bench_function("parse and compile", |bencher| {
        bencher.iter(|| bailiwick::compile(black_box(policy_set(&managed))));
    });
    let set = policy_set(&managed);
    group.bench_function("compile", |bencher| bencher.iter(|| bailiwick::compile(black_box(&set))));
    let tree = bailiwick::compile(&set);
    let bytes = tree.to_bytes();
    group.bench_function("load", |bencher| bencher.iter(|| Tree::from_bytes(&bytes).expect("our own bytes")));
    let principals: Vec<_> = managed.principals().into_iter().map(Arc::new).collect();
    let mut next = (0..principals.len()).cycle();
    group.bench_function("session", |bencher| {
        bencher.iter(|| tree.session(Arc::clone(&principals[next.next().unwrap_or(0)])));
    });
    let sessions: Vec<_> = principals.iter().map(|principal| tree.session(Arc::clone(principal))).collect();
    let requests = managed.requests();
    let people: Vec<usize> = managed.cases.iter().map(|case| case.member).collect();
    let mut next = (0..requests.len()).cycle();
    group.bench_function("decide", |bencher| {
        bencher.iter(|| {
            let at = next.next().unwrap_or(0);
            sessions[people[at]].decide(&requests[at])
        });
    });
    group.finish();

    // Over the requests, as `cargo xtask bench` does it.
    let budget = Duration::from_secs(2);
    say(
        "session",
        measure(requests.len(), budget, |at| sessions[people[at]].decide(&requests[at]).verdict as usize),
    );
    say(
        "no session",
        measure(requests.len(), budget, |at| {
            tree.decide(&principals[people[at]], &requests[at]).verdict as usize
        }),
    );
}

fn say(how: &str, Figures { p50, p99, max, mean, requests }: Figures) {
    println!(
        "managed/decide, {how}: p50 {p50:.0} ns, p99 {p99:.0} ns, max {max:.0} ns, one after the other {mean:.0} ns, \
         of {requests} requests"
    );
}

criterion_group!(all, managed);
criterion_main!(all);
