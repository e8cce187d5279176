//! Times a decision.
//!
//! Each request is asked in several passes; its figure is the best of them, so that what a neighbour on the machine
//! takes away is left out. p50 and p99 are over the requests.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::{Load, allocation};

/// What was measured of one engine.
pub struct Figures {
    /// Nanoseconds.
    pub p50: f64,
    /// Nanoseconds.
    pub p99: f64,
    /// Nanoseconds, all requests one after the other, the best pass.
    pub mean: f64,
    /// Allocations for one decision.
    pub allocations: f64,
    /// How many requests were asked.
    pub requests: usize,
}

impl Figures {
    pub const HEADINGS: &str =
        "shape\tstatements\tengine\tp50_ns\tp99_ns\tmean_ns\tallocations\trequests\tload_ms\tlive_bytes";

    /// Of what is not asked request by request.
    pub fn mean_only(mean: f64, requests: usize) -> Self {
        Self { p50: f64::NAN, p99: f64::NAN, mean, allocations: f64::NAN, requests }
    }

    pub fn line(&self, shape: &str, size: usize, engine: &str, load: Option<&Load>) -> String {
        let (milliseconds, bytes) = match load {
            Some(load) => (format!("{:.2}", load.milliseconds), load.live_bytes.to_string()),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let Self { p50, p99, mean, allocations, requests } = self;
        format!(
            "{shape}\t{size}\t{engine}\t{p50:.1}\t{p99:.1}\t{mean:.1}\t{allocations:.2}\t{requests}\t{milliseconds}\t{bytes}"
        )
    }
}

const LEAST_REQUESTS: usize = 50;
const PASSES: usize = 7;

/// Asks up to `requests` requests, fewer if the budget would not do.
pub fn measure<T>(requests: usize, budget: Duration, mut decide: impl FnMut(usize) -> T) -> Figures {
    let begun = Instant::now();
    for request in 0..20 {
        black_box(decide(request));
    }
    let guess = begun.elapsed().as_secs_f64() / 20.0;
    // Half of the passes are timed as a whole, half request by request.
    let affordable = budget.as_secs_f64() / (guess * 2.0 * PASSES as f64);
    let requests = requests.min(affordable as usize).max(LEAST_REQUESTS);
    for request in 0..requests {
        black_box(decide(request));
    }
    let made = allocation::made();
    let mut mean = f64::MAX;
    for _ in 0..PASSES {
        let begun = Instant::now();
        for request in 0..requests {
            black_box(decide(request));
        }
        mean = mean.min(begun.elapsed().as_secs_f64() * 1e9 / requests as f64);
    }
    let allocations = (allocation::made() - made) as f64 / (PASSES * requests) as f64;
    let clock = Clock::new();
    let mut best = vec![u64::MAX; requests];
    for _ in 0..PASSES {
        for (request, best) in best.iter_mut().enumerate() {
            let begun = ticks();
            black_box(decide(black_box(request)));
            *best = (*best).min(ticks() - begun);
        }
    }
    best.sort_unstable();
    let at = |part: f64| clock.nanoseconds(best[((requests - 1) as f64 * part) as usize]);
    Figures { p50: at(0.5), p99: at(0.99), mean, allocations, requests }
}

/// Turns ticks into nanoseconds, less what reading the clock itself takes.
struct Clock {
    ticks_per_nanosecond: f64,
    empty: u64,
}

impl Clock {
    fn new() -> Self {
        let (begun, first) = (Instant::now(), ticks());
        while begun.elapsed() < Duration::from_millis(20) {}
        let ticks_per_nanosecond = (ticks() - first) as f64 / begun.elapsed().as_nanos() as f64;
        let mut empty: Vec<u64> = (0..10_001)
            .map(|_| {
                let begun = ticks();
                ticks() - begun
            })
            .collect();
        empty.sort_unstable();
        Self { ticks_per_nanosecond, empty: empty[5000] }
    }

    fn nanoseconds(&self, ticks: u64) -> f64 {
        ticks.saturating_sub(self.empty) as f64 / self.ticks_per_nanosecond
    }
}

#[cfg(target_arch = "x86_64")]
fn ticks() -> u64 {
    use core::arch::x86_64::{_mm_lfence, _rdtsc};
    // SAFETY: both instructions are part of the base set of this architecture.
    unsafe {
        _mm_lfence();
        let ticks = _rdtsc();
        _mm_lfence();
        ticks
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn ticks() -> u64 {
    static BEGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    BEGIN.get_or_init(Instant::now).elapsed().as_nanos() as u64
}
