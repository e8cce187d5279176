//! What must hold of the packages: native answers, types, sizes, memory, and that they can be installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{BUILDS, folder, package, passed, read, size, write};
use crate::step::cargo;

/// Tests what was built.
pub(super) fn run() -> Result<(), String> {
    let vectors = work().join("vectors");
    let mut example =
        cargo(&["run", "--locked", "--quiet", "--package", "bailiwick-wasm", "--example", "vectors", "--"]);
    passed(example.arg(&vectors))?;
    for name in BUILDS {
        let entry = package::of(name).join("entry.node.js");
        passed(script("vectors.mjs", &[]).arg(&entry).arg(&vectors))?;
        installed(name, &vectors)?;
    }
    let entry = package::of("evaluator").join("entry.node.js");
    passed(script("memory.mjs", &["--expose-gc"]).arg(entry).arg(&vectors))?;
    own_tests()?;
    size::check()
}

/// `npm pack`, and its content in an empty project: asked there, and its types checked there.
fn installed(name: &str, vectors: &Path) -> Result<(), String> {
    let project = work().join(format!("project-{name}"));
    let failed = |error: std::io::Error| format!("{}: {error}", project.display());
    if project.exists() {
        fs::remove_dir_all(&project).map_err(failed)?;
    }
    fs::create_dir_all(&project).map_err(failed)?;
    let mut pack = npm(&["pack", "--silent", "--pack-destination"]);
    pack.arg(&project).arg(package::of(name)).stdout(Stdio::null());
    passed(&mut pack)?;
    let packed = fs::read_dir(&project).map_err(failed)?.flatten().map(|entry| entry.path()).next();
    let packed = packed.ok_or_else(|| format!("`npm pack` left nothing in {}", project.display()))?;
    write(&project.join("package.json"), br#"{ "private": true, "type": "module" }"#)?;
    let mut install = npm(&["install", "--silent", "--no-package-lock", "--ignore-scripts", "--prefix"]);
    passed(install.arg(&project).arg(&packed).stdout(Stdio::null()))?;

    let called = if name == "evaluator" { "bailiwick" } else { "bailiwick-full" };
    write(&project.join("package.mjs"), &read(&folder().join("test").join("package.mjs"))?)?;
    let mut asked = Command::new("node");
    passed(asked.arg(project.join("package.mjs")).arg(called).arg(vectors))?;

    let types = String::from_utf8(read(&folder().join("test").join("types.ts"))?)
        .map_err(|error| error.to_string())?;
    let types = types.replace("\"bailiwick\"", &format!("\"{called}\""));
    let types = types.replace("\"bailiwick/manual\"", &format!("\"{called}/manual\""));
    let types = types.replace("\"bailiwick/token\"", &format!("\"{called}/token\""));
    write(&project.join("types.ts"), types.as_bytes())?;
    write(&project.join("tsconfig.json"), TYPES)?;
    let mut tsc = Command::new("node");
    tsc.arg(folder().join("node_modules").join("typescript").join("bin").join("tsc"));
    passed(tsc.arg("--project").arg(&project))
}

const TYPES: &[u8] = br#"{
  "compilerOptions": {
    "target": "es2022", "lib": ["es2022", "esnext.disposable", "dom"], "types": [],
    "module": "nodenext", "moduleResolution": "nodenext",
    "strict": true, "exactOptionalPropertyTypes": true, "skipLibCheck": false, "noEmit": true
  },
  "files": ["types.ts"]
}
"#;

/// Tests for node's own runner, `test/*.test.mjs`: they find the packages under `target/npm`.
fn own_tests() -> Result<(), String> {
    let folder = folder().join("test");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        return Ok(());
    }
    passed(Command::new("node").arg("--test").args(files))
}

fn script(name: &str, switches: &[&str]) -> Command {
    let mut node = Command::new("node");
    node.args(switches).arg(folder().join("test").join(name));
    node
}

fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["--no-audit", "--no-fund"]).args(arguments);
    npm
}

fn work() -> PathBuf {
    crate::root().join("target").join("wasm")
}
