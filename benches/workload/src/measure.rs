//! Times a decision.
//!
//! A decision takes less time than reading the clock, so a fast engine is asked the same request many times between two
//! readings, each time only after the answer before is known, and the time is divided. Each request is measured in
//! several passes and the best counts, so that what a neighbour on the machine takes away is left out; p50 and p99 are
//! over the requests. What that hides, caches and branches that do not know the request yet, is in the mean: there all
//! requests are asked one after the other.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// What was measured of one engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Nanoseconds.
    pub p50: f64,
    /// Nanoseconds.
    pub p99: f64,
    /// Nanoseconds.
    pub max: f64,
    /// Nanoseconds, all requests one after the other, the best pass.
    pub mean: f64,
    /// How many requests were asked.
    pub requests: usize,
}

/// Time between two readings of the clock, as long as [`MOST_REPEATS`] allow.
const STRETCH: Duration = Duration::from_micros(4);
const MOST_REPEATS: u32 = 64;
const PASSES: u32 = 7;
/// Of an engine that takes longer than [`SLOW`], passes and requests are few.
const PASSES_OF_SLOW: u32 = 3;
const SLOW: Duration = Duration::from_millis(1);
const LEAST_REQUESTS: usize = 40;

/// Asks up to `requests` requests, fewer if the budget would not do. `decide` takes a request's number and gives some
/// number of its answer.
pub fn measure(requests: usize, budget: Duration, mut decide: impl FnMut(usize) -> usize) -> Figures {
    let guess = guess(requests, &mut decide);
    let (passes, slow) = if guess > SLOW { (PASSES_OF_SLOW, true) } else { (PASSES, false) };
    let repeats = (STRETCH.as_nanos() / guess.as_nanos().max(1)).clamp(1, u128::from(MOST_REPEATS));
    let repeats = u32::try_from(repeats).unwrap_or(1);
    let for_one = guess * passes * (repeats + u32::from(!slow));
    let affordable = budget.as_nanos() / for_one.as_nanos().max(1);
    let requests = usize::try_from(affordable).unwrap_or(requests).max(LEAST_REQUESTS).min(requests);

    let clock = reading_the_clock();
    let mut best = vec![f64::MAX; requests];
    let mut mean = f64::MAX;
    for _ in 0..passes {
        for (request, best) in best.iter_mut().enumerate() {
            let stretch = repeated(request, repeats, &mut decide).saturating_sub(clock);
            *best = best.min(nanoseconds(stretch) / f64::from(repeats));
        }
        if !slow {
            mean = mean.min(nanoseconds(stream(requests, &mut decide)) / count(requests));
        }
    }
    if slow {
        // It has no use for a second look: reading the clock is nothing to it.
        mean = best.iter().sum::<f64>() / count(requests);
    }
    best.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| best[(requests - 1) * percent / 100];
    Figures { p50: at(50), p99: at(99), max: at(100), mean, requests }
}

/// What one decision takes, roughly.
fn guess(requests: usize, decide: &mut impl FnMut(usize) -> usize) -> Duration {
    let few = requests.min(20);
    stream(few, decide);
    let begun = Instant::now();
    let mut asked = 0;
    while asked < 1000 && begun.elapsed() < Duration::from_millis(20) {
        stream(few, decide);
        asked += u32::try_from(few).unwrap_or(20).max(1);
    }
    begun.elapsed() / asked.max(1)
}

/// The same request, again only when its answer is known.
fn repeated(request: usize, repeats: u32, decide: &mut impl FnMut(usize) -> usize) -> Duration {
    // The compiler cannot know that it is 0, and the processor waits for it.
    let zero = black_box(0);
    let mut next = request;
    let begun = Instant::now();
    for _ in 0..repeats {
        next = request + (decide(next) & zero);
    }
    let elapsed = begun.elapsed();
    black_box(next);
    elapsed
}

/// All requests in order.
fn stream(requests: usize, decide: &mut impl FnMut(usize) -> usize) -> Duration {
    let begun = Instant::now();
    for request in 0..requests {
        black_box(decide(black_box(request)));
    }
    begun.elapsed()
}

fn reading_the_clock() -> Duration {
    let mut empty: Vec<Duration> = (0..1001).map(|_| Instant::now().elapsed()).collect();
    empty.sort_unstable();
    empty[500]
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

fn count(requests: usize) -> f64 {
    u32::try_from(requests).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_longer_has_larger_figures() {
        let spin = |time: Duration| {
            move |request: usize| {
                let begun = Instant::now();
                while begun.elapsed() < time {}
                request
            }
        };
        let budget = Duration::from_millis(20);
        let short = measure(100, budget, spin(Duration::from_micros(1)));
        let long = measure(100, budget, spin(Duration::from_micros(50)));
        for (figures, least) in [(short, 1e3), (long, 50e3)] {
            assert!(figures.p50 >= least * 0.9 && figures.p50 <= figures.p99, "{figures:?}");
            assert!(figures.p99 <= figures.max && figures.mean >= least * 0.9, "{figures:?}");
            assert!((40..=100).contains(&figures.requests), "{figures:?}");
        }
        assert!(short.p50 < long.p50);
    }

    #[test]
    fn every_request_is_asked_and_none_beyond() {
        let mut asked = [false; 50];
        let figures = measure(50, Duration::from_secs(1), |request| {
            asked[request] = true;
            usize::MAX
        });
        assert_eq!(figures.requests, 50);
        assert!(asked.iter().all(|asked| *asked));
    }
}
