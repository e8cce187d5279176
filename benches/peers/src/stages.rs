//! What comes before a decision: reading, compiling, loading, sessions; and the policies that AWS manages.

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use bailiwick::Tree;
use bailiwick::compile::{CompileOptions, compile_with};
use bailiwick_workload::managed::{Managed, PRINCIPALS};
use bailiwick_workload::measure::measure;
use bailiwick_workload::{Shape, generate, set_of};

use crate::{BUDGET, Load, REQUESTS, SEED, loaded};

/// Statements; the last is for seeing that time and memory grow with them and no faster.
const SIZES: [usize; 3] = [1000, 10_000, 100_000];

fn figure(shape: &str, size: usize, name: &str, value: f64) {
    println!("figure\t{shape}\t{size}\t{name}\t{value:.3}");
}

/// The workload of many tenants.
pub fn reference() {
    for size in SIZES {
        let shape = Shape::Tenants.name();
        let workload = generate(Shape::Tenants, size, 1000, SEED);
        let rounds = if size > 10_000 { 3 } else { 7 };
        let (documents, parsed) = best(rounds, || workload.read().expect("the workload is legal"));
        let set = set_of(documents).expect("identity documents attached to everyone");
        let (tree, compiled) = best(rounds, || compile_with(&set, CompileOptions::default()));
        let bytes = tree.to_bytes();
        let (_, load) = best(rounds * 3, || Tree::from_bytes(&bytes).expect("our own bytes"));
        let principals: Vec<_> = workload.principals().into_iter().map(Arc::new).collect();
        let session = measure(principals.len(), BUDGET, |at| {
            black_box(tree.session(Arc::clone(&principals[at])));
            0
        });
        figure(shape, size, "parse_ms", parsed.milliseconds);
        figure(shape, size, "compile_ms", compiled.milliseconds);
        figure(shape, size, "live_bytes", compiled.live_bytes as f64);
        figure(shape, size, "artifact_bytes", bytes.len() as f64);
        figure(shape, size, "load_ms", load.milliseconds);
        figure(shape, size, "session_ns", session.p50);
    }
}

/// The policies that AWS manages, if they are there.
pub fn managed() {
    let Some(corpus) = std::env::var_os("BAILIWICK_CORPUS") else {
        eprintln!("managed policies: skipped: no corpus");
        return;
    };
    let managed = Managed::read(&PathBuf::from(corpus), REQUESTS, SEED).expect("the corpus can be read");
    let read = || {
        let documents = managed.documents().expect("AWS accepts them");
        managed.set_of(documents).expect("identity documents attached to groups")
    };
    let (set, parsed) = best(7, read);
    let (tree, compiled) = best(7, || compile_with(&set, CompileOptions::default()));
    let (principals, requests) = (managed.principals(), managed.requests());
    for (case, request) in managed.cases.iter().zip(&requests).take(100) {
        let spoken = bailiwick::explain::explain(&set, &principals[case.member], request).decision;
        let decided = tree.decide(&principals[case.member], request);
        assert_eq!((decided.verdict, decided.layer), (spoken.verdict, spoken.layer), "{request:?}");
    }
    let sessions: Vec<_> = principals.iter().map(|principal| tree.session(principal)).collect();
    let people: Vec<usize> = managed.cases.iter().map(|case| case.member).collect();
    let decide =
        measure(requests.len(), BUDGET, |at| sessions[people[at]].decide(&requests[at]).verdict as usize);
    let direct = measure(requests.len(), BUDGET, |at| {
        tree.decide(&principals[people[at]], &requests[at]).verdict as usize
    });
    let shared: Vec<_> = principals.iter().cloned().map(Arc::new).collect();
    let session = measure(PRINCIPALS, BUDGET, |at| {
        black_box(tree.session(Arc::clone(&shared[at])));
        0
    });
    let bytes = tree.to_bytes();
    let (_, load) = best(7, || Tree::from_bytes(&bytes).expect("our own bytes"));
    let size = tree.shape().statements;
    for (name, value) in [
        ("parse_ms", parsed.milliseconds),
        ("compile_ms", compiled.milliseconds),
        ("live_bytes", compiled.live_bytes as f64),
        ("artifact_bytes", bytes.len() as f64),
        ("load_ms", load.milliseconds),
        ("session_ns", session.p50),
        ("decide_p50_ns", decide.p50),
        ("decide_p99_ns", decide.p99),
        ("direct_p50_ns", direct.p50),
        ("direct_p99_ns", direct.p99),
    ] {
        figure("managed", size, name, value);
    }
}

/// The last of some rounds, and what the best of them took.
fn best<T>(rounds: usize, mut make: impl FnMut() -> T) -> (T, Load) {
    let (mut value, mut load) = loaded(&mut make);
    for _ in 1..rounds {
        drop(value);
        let (next, took) = loaded(&mut make);
        value = next;
        load.milliseconds = load.milliseconds.min(took.milliseconds);
    }
    (value, load)
}
