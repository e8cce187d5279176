//! Measures bailiwick and other engines on the same workloads, in one run.
//!
//! In: sizes, if others than the usual are wanted. Out: one line of tab-separated figures for each engine, shape and size;
//! `cargo xtask bench` makes the page of them.
//! Never here: figures of an engine whose answers are not those of `explain`; that ends the run.

mod allocation;
mod casbin_rs;
mod cedar;
mod floor;
mod measure;
mod ours;
mod rego;

use std::time::Duration;

use bailiwick_workload::{Shape, Workload, generate};
use measure::{Figures, measure};

/// Answers of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Allow,
    Implicit,
    Explicit,
}

/// An engine that has read a workload's policies and prepared its requests.
pub trait Engine {
    fn name(&self) -> &'static str;

    fn decide(&mut self, case: usize) -> Answer;

    /// Some engines say only no.
    fn tells_denials_apart(&self) -> bool {
        true
    }
}

/// What preparing an engine took: reading of policies only, not of requests.
pub struct Load {
    pub milliseconds: f64,
    pub live_bytes: usize,
}

const REQUESTS: usize = 10_000;
const SEED: u64 = 20_261_122;
/// Requests on which every engine must agree with `explain` before it is timed.
const AGREED: usize = 300;
/// Time for one engine at one size.
const BUDGET: Duration = Duration::from_millis(1500);

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10, 100, 1000, 10_000] } else { sizes };
    println!("{}", Figures::HEADINGS);
    for shape in Shape::ALL {
        for &size in &sizes {
            let workload = generate(shape, size, REQUESTS, SEED);
            run(&workload, size);
        }
    }
}

fn run(workload: &Workload, size: usize) {
    let expected = ours::explained(workload, AGREED);
    let count = |wanted| expected.iter().filter(|answer| **answer == wanted).count();
    eprintln!(
        "{} {size}: of {AGREED} requests {} allow, {} implicit, {} explicit",
        workload.shape.name(),
        count(Answer::Allow),
        count(Answer::Implicit),
        count(Answer::Explicit)
    );
    let mut report = |engine: &mut dyn Engine, load: Option<Load>| {
        let name = engine.name();
        agree(engine, &expected);
        let figures = measure(REQUESTS, BUDGET, |case| engine.decide(case));
        println!("{}", figures.line(workload.shape.name(), size, name, load.as_ref()));
    };
    report(&mut floor::Floor::new(workload, &expected), None);
    ours::each(workload, &mut report);
    let mean = ours::batch(workload, 20);
    println!(
        "{}",
        Figures::mean_only(mean, REQUESTS).line(workload.shape.name(), size, "bailiwick, decide_many", None)
    );
    // What scans a statement after the other is left out where one decision takes tens of milliseconds.
    let small = size <= 1000;
    if workload.shape == Shape::Adversarial {
        return cedar::plain(workload, &mut report);
    }
    cedar::plain(workload, &mut report);
    cedar::sliced(workload, &mut report);
    if small {
        rego::plain(workload, &mut report);
        casbin_rs::plain(workload, &mut report);
    }
    rego::indexed(workload, &mut report);
}

/// Every engine answers as `explain` does; else nothing is measured.
fn agree(engine: &mut dyn Engine, expected: &[Answer]) {
    for (case, wanted) in expected.iter().enumerate() {
        let answer = engine.decide(case);
        let same = if engine.tells_denials_apart() {
            answer == *wanted
        } else {
            (answer == Answer::Allow) == (*wanted == Answer::Allow)
        };
        assert!(same, "{} says {answer:?} to request {case}, explain says {wanted:?}", engine.name());
    }
}

/// Reports one engine.
pub type Report<'a> = dyn FnMut(&mut dyn Engine, Option<Load>) + 'a;

/// Runs the reading of policies, and tells what it took.
pub fn loaded<T>(read: impl FnOnce() -> T) -> (T, Load) {
    let before = allocation::live_bytes();
    let begun = std::time::Instant::now();
    let value = read();
    let milliseconds = begun.elapsed().as_secs_f64() * 1e3;
    (value, Load { milliseconds, live_bytes: allocation::live_bytes().saturating_sub(before) })
}
