//! A compiler for `wasm32-unknown-unknown`: the installed target, or else Debian's compiler with the library from source.
//! Nothing is downloaded behind the user's back: a target is never added to a toolchain from here.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::cargo;
use crate::tools;

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_FILES: &[&str] = &[
    "/usr/bin/rustc",
    "/usr/bin/cargo",
    "/usr/bin/wasm-ld-22",
    "/usr/lib/rustlib/src/rust/library/std/Cargo.toml",
];

/// Which compiler.
pub(super) enum Toolchain {
    /// The active one: its target is installed.
    Installed,
    /// Debian's, which builds the standard library with ours (so that it is as small as the rest).
    Debian,
}

/// The toolchain of this machine; with `install` the packages are added where they are missing.
pub(super) fn find(install: bool) -> Result<Toolchain, String> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = output.map_err(|error| format!("rustc did not start: {error}"))?.stdout;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot).trim());
    if sysroot.join("lib").join("rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(Toolchain::Installed);
    }
    let missing = || DEBIAN_FILES.iter().find(|file| !Path::new(file).exists());
    if missing().is_some() && install {
        tools::apt_install(DEBIAN)?;
    }
    match missing() {
        None => Ok(Toolchain::Debian),
        Some(file) => Err(format!(
            "the active toolchain has no {TARGET}, and `{file}` is not there: \
             install the target, or run `apt-get install --no-install-recommends {}`",
            DEBIAN.join(" ")
        )),
    }
}

impl Toolchain {
    /// The module of one build.
    pub(super) fn build(&self, feature: &str) -> Result<PathBuf, String> {
        let target = crate::root().join("target").join("wasm");
        let mut command = match self {
            Self::Installed => cargo(&["build"]),
            Self::Debian => debian(),
        };
        command.args(["--locked", "--package", "bailiwick-wasm", "--lib", "--profile", "wasm"]);
        command.args(["--target", TARGET, "--no-default-features", "--features", feature]);
        super::passed(command.env("CARGO_TARGET_DIR", &target))?;
        Ok(target.join(TARGET).join("wasm").join("bailiwick_wasm.wasm"))
    }
}

/// A panic stops at once: its text would be most of what the library weighs, and nothing here panics on input.
fn debian() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command.args(["build", "-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("/usr/bin:{path}"));
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "CARGO_HOME_BIN", "RUSTC_WRAPPER", "RUSTDOC"] {
        command.env_remove(name);
    }
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    command.env("RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    command
}
