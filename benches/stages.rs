//! What each stage costs, over the reference workloads: parse, check, compile, load, session, decide, explain, simulate.
//!
//! `cargo bench --bench stages -- 'decide/mt'` runs a part of it.
#![allow(clippy::expect_used, reason = "a bench of a wrong input must end")]

use std::hint::black_box;
use std::sync::Arc;

use bailiwick::CheckOptions;
use bailiwick::ast::{Document, Options, PolicySet, parse};
use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick::explore::Narrow;
use bailiwick::{Source, Tree};
use bailiwick_workload::{Shape, Workload, generate, set_of};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [usize; 3] = [100, 1000, 10_000];
const REQUESTS: usize = 10_000;
const SEED: u64 = 20_261_122;

/// Every shape at every size, with its name in reports.
fn workloads() -> impl Iterator<Item = (Workload, BenchmarkId)> {
    Shape::ALL.into_iter().flat_map(|shape| {
        SIZES
            .into_iter()
            .map(move |size| (generate(shape, size, REQUESTS, SEED), BenchmarkId::new(shape.name(), size)))
    })
}

fn documents(workload: &Workload) -> Vec<Arc<Document>> {
    workload.read().expect("the workload is legal")
}

fn policy_set(workload: &Workload) -> PolicySet {
    set_of(documents(workload)).expect("it fits")
}

fn tree(workload: &Workload) -> Tree {
    bailiwick::compile(policy_set(workload))
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(20);
    for (workload, id) in workloads() {
        let sources: Vec<_> =
            workload.documents().iter().map(|(name, text)| Source::new(name, text)).collect();
        let bytes: usize = sources.iter().map(|source| source.text.len()).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(id, |bencher| {
            bencher.iter(|| {
                for source in &sources {
                    black_box(parse(source.clone(), &Options::default())).expect("the workload is legal");
                }
            });
        });
    }
}

fn checking(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(20);
    for (workload, id) in workloads() {
        let documents = documents(&workload);
        let options = CheckOptions { catalogue: Some(bailiwick_catalog::aws()), ..CheckOptions::default() };
        group.bench_function(id, |bencher| {
            bencher.iter(|| {
                for document in &documents {
                    black_box(bailiwick::check(document, &options));
                }
            });
        });
    }
}

fn compiling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(20);
    for (workload, id) in workloads() {
        let set = policy_set(&workload);
        group.bench_function(id, |bencher| bencher.iter(|| compile_with(&set, CompileOptions::default())));
    }
}

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    for (workload, id) in workloads() {
        let bytes = tree(&workload).to_bytes();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(id, |bencher| bencher.iter(|| Tree::from_bytes(&bytes).expect("our own bytes")));
    }
}

fn sessions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("session");
    for (workload, id) in workloads() {
        let tree = tree(&workload);
        let principals: Vec<_> = workload.principals().into_iter().map(Arc::new).collect();
        let mut next = (0..principals.len()).cycle();
        group.bench_function(id, |bencher| {
            bencher.iter(|| tree.session(Arc::clone(&principals[next.next().unwrap_or(0)])));
        });
    }
}

fn deciding(criterion: &mut Criterion) {
    for name in ["decide", "decide without session", "decide by scanning"] {
        let mut group = criterion.benchmark_group(name);
        for (workload, id) in workloads() {
            let optimize = name != "decide by scanning";
            let tree = compile_with(
                &policy_set(&workload),
                CompileOptions { optimize, ..CompileOptions::default() },
            );
            let (principals, requests) = (workload.principals(), workload.requests());
            let sessions: Vec<_> = principals.iter().map(|principal| tree.session(principal)).collect();
            let people: Vec<_> = workload.cases.iter().map(|case| case.person).collect();
            let mut next = (0..requests.len()).cycle();
            group.bench_function(id, |bencher| {
                bencher.iter(|| {
                    let at = next.next().unwrap_or(0);
                    match name {
                        "decide without session" => tree.decide(&principals[people[at]], &requests[at]),
                        _ => sessions[people[at]].decide(&requests[at]),
                    }
                });
            });
        }
    }
}

fn explaining(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.sample_size(10);
    for (workload, id) in workloads().filter(|(workload, _)| workload.statements.len() <= 1000) {
        let set = policy_set(&workload);
        let (principals, requests) = (workload.principals(), workload.requests());
        let mut next = (0..requests.len()).cycle();
        group.bench_function(id, |bencher| {
            bencher.iter(|| {
                let at = next.next().unwrap_or(0);
                bailiwick::explain::explain(&set, &principals[workload.cases[at].person], &requests[at])
            });
        });
    }
}

fn simulating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("simulate");
    group.sample_size(10);
    // Everything of everything: a survey of a thousand patterns that begin with a wildcard takes a minute.
    let short = |workload: &Workload| {
        workload.statements.len() <= if workload.shape == Shape::Adversarial { 100 } else { 1000 }
    };
    for (workload, id) in workloads().filter(|(workload, _)| short(workload)) {
        let set = policy_set(&workload);
        let principals = workload.principals();
        let mut next = (0..principals.len()).cycle();
        group.bench_function(id, |bencher| {
            bencher.iter(|| {
                let principal = &principals[next.next().unwrap_or(0)];
                bailiwick::explore::can(&set, principal, bailiwick_catalog::aws(), &Narrow::default())
            });
        });
    }
}

criterion_group!(stages, reading, checking, compiling, loading, sessions, deciding, explaining, simulating);
criterion_main!(stages);
