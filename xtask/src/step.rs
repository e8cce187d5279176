//! Steps with a heading, a duration and an outcome; the report at the end.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How a step went.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it should.
    Passed,
    /// Something of the project is wrong.
    Failed(String),
    /// It could not be run here; the text says why and what would help.
    Skipped(String),
}

/// Runs steps, one after the other, and keeps count.
pub(crate) struct Steps {
    begun: Instant,
    skip_is_error: bool,
    rows: Vec<(String, Duration, Outcome)>,
}

impl Steps {
    /// With `CI=true` a skipped step is an error.
    pub(crate) fn new() -> Self {
        let skip_is_error = std::env::var("CI").is_ok_and(|value| value == "true");
        Self { begun: Instant::now(), skip_is_error, rows: Vec::new() }
    }

    /// Runs one step. A failed step does not keep the next from running: all that is wrong is told at once.
    pub(crate) fn step(&mut self, name: &str, body: impl FnOnce() -> Outcome) {
        println!("\n=== {name}");
        let begun = Instant::now();
        let outcome = body();
        let took = begun.elapsed();
        match &outcome {
            Outcome::Passed => println!("=== {name}: passed in {:.1} s", took.as_secs_f64()),
            Outcome::Failed(why) => println!("=== {name}: FAILED in {:.1} s: {why}", took.as_secs_f64()),
            Outcome::Skipped(why) => println!("=== {name}: SKIPPED: {why}"),
        }
        self.rows.push((name.to_owned(), took, outcome));
    }

    /// Prints the summary.
    pub(crate) fn finish(self) -> Result<(), String> {
        println!("\n=== summary");
        for (name, took, outcome) in &self.rows {
            let word = match outcome {
                Outcome::Passed => "passed",
                Outcome::Failed(_) => "FAILED",
                Outcome::Skipped(_) => "SKIPPED",
            };
            println!("{word:8} {:7.1} s  {name}", took.as_secs_f64());
        }
        let count = |wanted: fn(&Outcome) -> bool| self.rows.iter().filter(|row| wanted(&row.2)).count();
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let passed = self.rows.len() - failed - skipped;
        let line = format!(
            "{passed} passed, {failed} failed, {skipped} skipped in {:.0} s",
            self.begun.elapsed().as_secs_f64()
        );
        if failed > 0 {
            return Err(line);
        }
        if skipped > 0 && self.skip_is_error {
            return Err(format!("{line}; with CI=true a skipped step is an error"));
        }
        println!("{line}");
        Ok(())
    }
}

/// Runs a command to its end at the top of the checkout; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Outcome {
    run_in(&crate::root(), command)
}

/// The same in another folder: for commands whose results depend on how a path is written.
pub(crate) fn run_in(folder: &Path, command: &mut Command) -> Outcome {
    println!("{}", shown(command));
    match command.current_dir(folder).status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("`{}` ended with {status}", shown(command))),
        Err(error) => Outcome::Failed(format!("`{}` did not start: {error}", shown(command))),
    }
}

/// `cargo` with these arguments, the same one that runs us.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    format!("{program} {}", arguments.join(" "))
}
