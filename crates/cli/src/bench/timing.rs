//! Times a decision. One takes less time than reading the clock, so a request is asked again and again between two
//! readings, each time only after the answer before is known. What is told of a request is the median over rounds.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Time between two readings of the clock, as long as [`MOST_REPEATS`] allow.
const STRETCH: f64 = 4e3;
const MOST_REPEATS: f64 = 64.0;
/// A round asks all requests until so much time is over.
const ROUND: Duration = Duration::from_millis(20);

/// What was measured, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Timing {
    /// Over the requests.
    pub(crate) p50: f64,
    /// Over the requests.
    pub(crate) p99: f64,
    /// Over the requests.
    pub(crate) max: f64,
    /// All requests one after the other.
    pub(crate) mean: f64,
    /// How far the rounds of that differ, as a part of it.
    pub(crate) spread: f64,
}

impl Timing {
    /// Asks `count` requests, which are never none. `decide` takes the number of one and gives some number of its answer.
    pub(crate) fn of(rounds: usize, count: usize, mut decide: impl FnMut(usize) -> usize) -> Self {
        // The first round warms caches and tells how often to repeat.
        let guess = stream(count, &mut decide);
        let repeats = (STRETCH / guess.max(1.0)).clamp(1.0, MOST_REPEATS);
        let clock = median(&mut (0..101).map(|_| nanoseconds(Instant::now().elapsed())).collect::<Vec<_>>());
        let mut times = vec![Vec::with_capacity(rounds); count];
        let mut streams = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            for (request, times) in times.iter_mut().enumerate() {
                times.push((repeated(request, repeats, &mut decide) - clock).max(0.0) / repeats.trunc());
            }
            streams.push(stream(count, &mut decide));
        }
        let mut times: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
        times.sort_unstable_by(f64::total_cmp);
        let at = |percent: usize| times.get((count - 1) * percent / 100).copied().unwrap_or_default();
        let mean = median(&mut streams);
        let (least, most) =
            (streams.first().copied().unwrap_or_default(), streams.last().copied().unwrap_or_default());
        Self { p50: at(50), p99: at(99), max: at(100), mean, spread: (most - least) / mean.max(1.0) }
    }

    /// The rate that goes with the mean.
    pub(crate) fn per_second(self) -> f64 {
        1e9 / self.mean.max(0.01)
    }
}

/// Nanoseconds of doing something once, the median over rounds.
pub(crate) fn once<T>(rounds: usize, mut make: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let begun = Instant::now();
            let made = black_box(make());
            let elapsed = nanoseconds(begun.elapsed());
            // Not measured: a tree takes a while to drop.
            drop(made);
            elapsed
        })
        .collect();
    median(&mut times)
}

/// The same request, again only when its answer is known.
fn repeated(request: usize, repeats: f64, decide: &mut impl FnMut(usize) -> usize) -> f64 {
    // The compiler cannot know that it is 0, and the processor waits for it.
    let zero = black_box(0);
    let mut next = request;
    let mut left = repeats;
    let begun = Instant::now();
    while left >= 1.0 {
        next = request + (decide(next) & zero);
        left -= 1.0;
    }
    let elapsed = nanoseconds(begun.elapsed());
    black_box(next);
    elapsed
}

/// All requests in order, as often as fits: for one of them.
fn stream(count: usize, decide: &mut impl FnMut(usize) -> usize) -> f64 {
    let begun = Instant::now();
    let mut passes = 0.0;
    loop {
        for request in 0..count {
            black_box(decide(black_box(request)));
        }
        passes += 1.0;
        let elapsed = begun.elapsed();
        if elapsed >= ROUND {
            return nanoseconds(elapsed) / passes / float(count);
        }
    }
}

/// Sorts, and takes the middle one.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

/// A count as a number to divide by.
pub(crate) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_counts() {
        let check = |values: &[f64], expected: f64| {
            assert!((median(&mut values.to_vec()) - expected).abs() < f64::EPSILON, "{values:?}");
        };
        check(&[3.0, 1.0, 2.0], 2.0);
        check(&[9.0], 9.0);
        check(&[], 0.0);
    }

    #[test]
    fn figures_are_of_the_requests() {
        let spin = |request: usize| {
            let time = Duration::from_micros(if request == 9 { 200 } else { 20 });
            let begun = Instant::now();
            while begun.elapsed() < time {}
            request
        };
        let timing = Timing::of(3, 10, spin);
        assert!(timing.p50 >= 19e3 && timing.p50 < timing.max, "{timing:?}");
        assert!(timing.max >= 199e3 && timing.mean >= 37e3, "{timing:?}");
        assert!(once(3, || spin(9)) >= 199e3);
    }
}
