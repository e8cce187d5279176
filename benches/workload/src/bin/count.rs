//! What `cargo xtask count` counts the instructions of: load, session, decide, and decide without a session.
//!
//! `count FOLDER SHAPE SIZE --prepare` compiles a workload to an artifact in the folder; without `--prepare` it loads the
//! artifact and does the rest, so that compiling is not counted. Counting begins anew where a `measured_` function
//! begins, so nothing else is done between them; standard output says how many operations each is.
#![allow(clippy::expect_used, reason = "what cannot be read cannot be counted")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use bailiwick::ast::{Attachment, Options, PolicySet, Target, parse};
use bailiwick::decide::Session;
use bailiwick::value::Layer;
use bailiwick::{Principal, Request, Source, Tree};
use bailiwick_workload::{ACCOUNT, Shape, Workload, generate};

const REQUESTS: usize = 2000;
const SEED: u64 = 20_261_122;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, shape, size, rest @ ..] = arguments.as_slice() else {
        eprintln!("count FOLDER SHAPE SIZE [--prepare]");
        return;
    };
    let shape = Shape::ALL.into_iter().find(|known| known.name() == shape).expect("a shape: mt, flat, adv");
    let workload = generate(shape, size.parse().expect("a number of statements"), REQUESTS, SEED);
    let file = PathBuf::from(folder).join(format!("{}-{size}.bwk", shape.name()));
    if rest.first().is_some_and(|first| first == "--prepare") {
        std::fs::write(&file, artifact(&workload)).expect("the folder is there");
        return;
    }
    let bytes = std::fs::read(&file).expect("it was prepared");
    let principals: Vec<Arc<Principal>> = workload.principals().into_iter().map(Arc::new).collect();
    let requests = workload.requests();
    let people: Vec<usize> = workload.cases.iter().map(|case| case.person).collect();
    let tree = measured_load(&bytes);
    let sessions = measured_session(&tree, &principals);
    measured_decide(&sessions, &people, &requests);
    measured_direct(&tree, &principals, &people, &requests);
    measured_end(&tree);
    println!("load 1\nsession {}\ndecide {}\ndirect {}", principals.len(), requests.len(), requests.len());
}

fn artifact(workload: &Workload) -> Vec<u8> {
    let read = |(name, text): (String, String)| {
        Arc::new(parse(Source::new(&name, &text), &Options::default()).expect("the workload is legal"))
    };
    let documents = workload.documents().into_iter().map(read).collect();
    let attachment = Attachment { layer: Layer::Identity, level: 0, target: Target::Everyone, documents };
    let set = PolicySet::new(vec![attachment]).expect("it fits").home_account(ACCOUNT);
    bailiwick::compile(set).to_bytes()
}

#[inline(never)]
fn measured_load(bytes: &[u8]) -> Tree {
    black_box(Tree::from_bytes(black_box(bytes)).expect("our own bytes"))
}

#[inline(never)]
fn measured_session(tree: &Tree, principals: &[Arc<Principal>]) -> Vec<Session> {
    principals.iter().map(|principal| black_box(tree.session(Arc::clone(principal)))).collect()
}

#[inline(never)]
fn measured_decide(sessions: &[Session], people: &[usize], requests: &[Request<'_>]) {
    for (person, request) in people.iter().zip(requests) {
        black_box(sessions[*person].decide(black_box(request)));
    }
}

#[inline(never)]
fn measured_direct(tree: &Tree, principals: &[Arc<Principal>], people: &[usize], requests: &[Request<'_>]) {
    for (person, request) in people.iter().zip(requests) {
        black_box(tree.decide(&principals[*person], black_box(request)));
    }
}

/// Nothing: here the last count ends.
#[inline(never)]
fn measured_end(tree: &Tree) {
    black_box(tree);
}
