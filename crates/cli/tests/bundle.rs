//! `build --wasm`: what is in the folder, and which packages are refused. `cargo xtask edge` serves a real one.

#![allow(clippy::unwrap_used, reason = "a folder that cannot be made is a failed test")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{run, status};

const SHOP: &str = "../../../../fixtures/shop";

/// A folder of this test's own, with a package of that name and version in it.
fn package(test: &str, description: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("bailiwick-bundle-{test}-{}", std::process::id()));
    fs::create_dir_all(folder.join("package/wasm")).unwrap();
    for (name, text) in [
        ("package.json", description),
        ("entry.workerd.js", "export {};"),
        ("token.d.ts", "export {};"),
        ("README.md", "not a script"),
        ("wasm/glue.js", "export {};"),
        ("wasm/bailiwick.wasm", "module"),
    ] {
        fs::write(folder.join("package").join(name), text).unwrap();
    }
    folder
}

fn build(folder: &Path, more: &[&str]) -> (i32, String) {
    let (package, output) = (folder.join("package"), folder.join("worker"));
    let mut arguments = vec!["build", SHOP, "--wasm", "-o", output.to_str().unwrap()];
    arguments.extend(["--package", package.to_str().unwrap()]);
    arguments.extend(more);
    let output = run(&arguments, b"");
    (status(&output), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_bundle_is_artifact_evaluator_and_scripts() {
    let version = env!("CARGO_PKG_VERSION");
    let folder = package("whole", &format!(r#"{{"name": "bailiwick", "version": "{version}"}}"#));
    assert_eq!(build(&folder, &[]), (0, String::new()));
    let worker = folder.join("worker");
    for name in ["index.js", "index.d.ts", "bailiwick/entry.workerd.js", "bailiwick/token.d.ts"] {
        assert!(worker.join(name).exists(), "{name}");
    }
    assert!(!worker.join("bailiwick/README.md").exists());
    assert_eq!(fs::read(worker.join("bailiwick/wasm/bailiwick.wasm")).unwrap(), b"module");
    // The same artifact as without the bundle.
    let artifact = folder.join("app.bwk");
    let output = run(&["build", SHOP, "-o", artifact.to_str().unwrap()], b"");
    assert_eq!(status(&output), 0);
    assert_eq!(fs::read(worker.join("app.bwk")).unwrap(), fs::read(artifact).unwrap());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn other_packages_are_refused() {
    for (test, description, code) in [
        ("version", r#"{"name": "bailiwick", "version": "0.0.1"}"#, "E286"),
        ("no-version", r#"{"name": "bailiwick"}"#, "E286"),
        ("name", r#"{"name": "left-pad", "version": "0.1.0"}"#, "E285"),
        ("json", "{", "E285"),
    ] {
        let folder = package(test, description);
        let (status, text) = build(&folder, &[]);
        assert!(status == 3 && text.contains(code), "{test}: {status} {text}");
        assert!(!folder.join("worker").exists(), "{test}: nothing is written");
        fs::remove_dir_all(folder).unwrap();
    }
    let output = run(&["build", SHOP, "--wasm", "-o", "worker", "--package", "nowhere"], b"");
    assert_eq!(status(&output), 3, "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(status(&run(&["build", SHOP, "--wasm"], b"")), 2);
    assert_eq!(status(&run(&["build", SHOP, "--package", ".", "-o", "x"], b"")), 2);
}
