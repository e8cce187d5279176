//! A progress bar on standard error, for what takes longer than a second at a terminal.

use std::io::{IsTerminal as _, stderr};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Counts steps; shows itself when the first second is over.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    wanted: bool,
}

impl Progress {
    /// For so many steps.
    pub(crate) fn new(steps: usize, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden())
            .with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now(), wanted: stderr().is_terminal() }
    }

    /// For one step of unknown length.
    pub(crate) fn waiting(what: &'static str) -> Waiting {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what);
        let (done, wait) = mpsc::channel::<()>();
        if stderr().is_terminal() {
            let bar = bar.clone();
            thread::spawn(move || {
                // The sender goes away when the work is done.
                if wait.recv_timeout(Duration::from_secs(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(120));
                }
            });
        }
        Waiting { bar, _done: done }
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        if self.wanted && self.begun.elapsed() > Duration::from_secs(1) {
            self.wanted = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }
}

/// Shows that work goes on, when the first second is over.
pub(crate) struct Waiting {
    bar: ProgressBar,
    _done: mpsc::Sender<()>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
