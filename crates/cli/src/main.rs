//! `bailiwick`: check IAM-style policies, and ask what a token may do under them.
//!
//! A thin door on the engine: it reads files, asks, and prints. What an answer means is decided in `bailiwick`.

mod args;
mod bundle;
mod commands;
mod diagnostics;
mod failure;
mod input;
mod output;
mod pages;
mod progress;
mod question;

use std::process::ExitCode;

fn main() -> ExitCode {
    let (cli, shape) = args::parse();
    match commands::run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(shape).into(),
    }
}
