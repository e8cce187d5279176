//! Measures bailiwick and other engines on the same workloads, in one run.
//!
//! In: sizes, if others than the usual are wanted. Out: a line of tab-separated figures for each engine, shape and size,
//! and one for each figure of a stage; `cargo xtask bench` makes the page of them.
//! Never here: figures of an engine whose answers are not those of `explain`; that ends the run.

mod allocation;
#[cfg(feature = "peers")]
mod casbin_rs;
#[cfg(feature = "peers")]
mod cedar;
mod floor;
mod ours;
#[cfg(feature = "peers")]
mod rego;
mod stages;

use std::time::{Duration, Instant};

use bailiwick_workload::measure::{Figures, measure};
use bailiwick_workload::{Shape, Workload, generate};

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

pub const REQUESTS: usize = 10_000;
pub const SEED: u64 = 20_261_122;
/// Time for one engine at one size.
pub const BUDGET: Duration = Duration::from_millis(1500);

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10, 100, 1000, 10_000] } else { sizes };
    let begun = Instant::now();
    for shape in Shape::ALL {
        for &size in &sizes {
            let workload = generate(shape, size, REQUESTS, SEED);
            run(&workload, size);
        }
    }
    stages::reference();
    stages::managed();
    eprintln!("took {:.0} s", begun.elapsed().as_secs_f64());
}

/// Requests on which every engine must agree with `explain` before it is timed; of many statements it takes long.
fn agreed(size: usize) -> usize {
    if size > 1000 { 100 } else { 300 }
}

fn run(workload: &Workload, size: usize) {
    let expected = ours::explained(workload, agreed(size));
    let count = |wanted| expected.iter().filter(|answer| **answer == wanted).count();
    eprintln!(
        "{} {size}: of {} requests {} allow, {} implicit, {} explicit",
        workload.shape.name(),
        expected.len(),
        count(Answer::Allow),
        count(Answer::Implicit),
        count(Answer::Explicit)
    );
    let shape = workload.shape.name();
    let mut report = |engine: &mut dyn Engine, load: Option<Load>| {
        agree(engine, &expected);
        let figures = measure(REQUESTS, BUDGET, |case| engine.decide(case) as usize);
        let allocations = allocations(engine, figures.requests.min(100));
        println!("{}", line(shape, size, engine.name(), figures, allocations, load.as_ref()));
    };
    report(&mut floor::Floor::new(workload, &expected), None);
    ours::each(workload, &mut report);
    let mean = ours::batch(workload, &expected, 20);
    let figures = Figures { p50: f64::NAN, p99: f64::NAN, max: f64::NAN, mean, requests: REQUESTS };
    println!("{}", line(shape, size, "bailiwick, decide_many", figures, f64::NAN, None));
    #[cfg(feature = "peers")]
    peers(workload, size, &mut report);
}

/// What scans a statement after the other is left out where one decision takes tens of milliseconds.
#[cfg(feature = "peers")]
fn peers(workload: &Workload, size: usize, report: &mut Report<'_>) {
    cedar::plain(workload, report);
    if workload.shape == Shape::Adversarial {
        return;
    }
    cedar::sliced(workload, report);
    if size <= 1000 {
        rego::plain(workload, report);
        casbin_rs::plain(workload, report);
    }
    rego::indexed(workload, report);
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

/// For one decision.
fn allocations(engine: &mut dyn Engine, requests: usize) -> f64 {
    let before = allocation::made();
    for case in 0..requests {
        std::hint::black_box(engine.decide(case));
    }
    (allocation::made() - before) as f64 / requests as f64
}

fn line(
    shape: &str,
    size: usize,
    engine: &str,
    Figures { p50, p99, mean, requests, .. }: Figures,
    allocations: f64,
    load: Option<&Load>,
) -> String {
    let (milliseconds, bytes) = match load {
        Some(load) => (format!("{:.2}", load.milliseconds), load.live_bytes.to_string()),
        None => ("-".to_owned(), "-".to_owned()),
    };
    format!(
        "engine\t{shape}\t{size}\t{engine}\t{p50:.1}\t{p99:.1}\t{mean:.1}\t{allocations:.2}\t{requests}\t{milliseconds}\t{bytes}"
    )
}

/// Reports one engine.
pub type Report<'a> = dyn FnMut(&mut dyn Engine, Option<Load>) + 'a;

/// Runs the reading of policies, and tells what it took.
pub fn loaded<T>(read: impl FnOnce() -> T) -> (T, Load) {
    let before = allocation::live_bytes();
    let begun = Instant::now();
    let value = read();
    let milliseconds = begun.elapsed().as_secs_f64() * 1e3;
    (value, Load { milliseconds, live_bytes: allocation::live_bytes().saturating_sub(before) })
}
