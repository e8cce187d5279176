//! What decisions of a deployment cost.
//!
//! In: a deployment, and requests: of a file, of its suites, or drawn from its policies. Out: `Report`.
//! Never here: printing; figures of other engines (`cargo xtask bench`).

mod draw;
mod hot;
mod requests;
mod timing;

pub(crate) use hot::{Hot, HotLeaf, HotStatement};
pub(crate) use requests::{Origin, Requests, Wanted, read};
pub(crate) use timing::{Timing, float};

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use bailiwick::compile::{CompileOptions, Unserved, compile_with, unserved};
use bailiwick::tree::Shape;
use bailiwick::{Tree, Verdict};
use bailiwick_deployment::Deployment;

use crate::failure::Failure;
use crate::question::deployment::load;
use timing::once;

/// Everything that is told.
pub(crate) struct Report<'a> {
    pub(crate) requests: usize,
    pub(crate) principals: usize,
    /// Allowed, denied for want of an allow, denied explicitly.
    pub(crate) answers: [usize; 3],
    /// Decisions with a session.
    pub(crate) session: Timing,
    /// Decisions without one.
    pub(crate) direct: Timing,
    /// Nanoseconds of a decision of `decide_many`.
    pub(crate) many: f64,
    /// Making of sessions.
    pub(crate) sessions: Timing,
    /// Nanoseconds of reading the folder.
    pub(crate) read: f64,
    /// Nanoseconds.
    pub(crate) compile: f64,
    /// Nanoseconds.
    pub(crate) load: f64,
    pub(crate) shape: Shape,
    pub(crate) hot: Hot,
    pub(crate) unserved: Vec<Unserved<'a>>,
}

/// Measures; every figure is a median over so many rounds. At most so many leaves and statements are told.
pub(crate) fn measure<'a>(
    folder: &Path,
    deployment: &'a Deployment,
    Requests { principals, asked, .. }: &Requests,
    rounds: usize,
    most: usize,
) -> Result<Report<'a>, Failure> {
    // The files were good a moment ago; if they are not any more, that is told.
    load(folder)?;
    let read = once(rounds, || load(folder));
    let compile = once(rounds, || compile_with(&deployment.set, CompileOptions::default()));
    let tree = deployment.tree();
    let bytes = tree.to_bytes();
    let load = once(rounds, || Tree::from_bytes(&bytes));

    let sessions: Vec<_> = principals.iter().map(|one| tree.session(Arc::clone(one))).collect();
    let decide = |at: usize| {
        let (principal, request) = &asked[at];
        sessions[*principal].decide(request)
    };
    let mut answers = [0; 3];
    for at in 0..asked.len() {
        answers[match decide(at).verdict {
            Verdict::Allow => 0,
            Verdict::ImplicitDeny => 1,
            Verdict::ExplicitDeny => 2,
        }] += 1;
    }
    let session = Timing::of(rounds, asked.len(), |at| decide(at).verdict as usize);
    let direct = Timing::of(rounds, asked.len(), |at| {
        let (principal, request) = &asked[at];
        tree.decide(&principals[*principal], request).verdict as usize
    });
    let mut together: Vec<Vec<_>> = vec![Vec::new(); principals.len()];
    for (principal, request) in asked {
        together[*principal].push(request);
    }
    let many = Timing::of(rounds, 1, |_| {
        let mut last = 0;
        for (session, requests) in sessions.iter().zip(&together) {
            for decision in session.decide_many(requests.iter().copied()) {
                last = black_box(decision).verdict as usize;
            }
        }
        last
    });
    let making = Timing::of(rounds, principals.len(), |at| {
        black_box(tree.session(Arc::clone(&principals[at])));
        0
    });
    Ok(Report {
        requests: asked.len(),
        principals: principals.len(),
        answers,
        session,
        direct,
        many: many.mean / float(asked.len()),
        sessions: making,
        read,
        compile,
        load,
        shape: tree.shape(),
        hot: Hot::of(&tree, principals, asked, most),
        unserved: unserved(&deployment.set),
    })
}
