//! Runs the built command in `tests/data`.
#![allow(dead_code, reason = "each test file takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a command that cannot be run is a failed test")]

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Where the tests' documents are.
pub(crate) fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// The command, cut off from the environment that could change its answers.
pub(crate) fn bailiwick(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BAILIWICK_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(data()).env("NO_COLOR", "1").env("COLUMNS", "100");
    command
}

/// Runs it with a text on standard input.
pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write as _;
    let mut child = bailiwick(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A command that does not read its input closes the pipe; that is its right.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// Exit status.
pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}
