//! A worker bundle: the artifact, the evaluator that decides it, and the scripts between them, in one folder.
//!
//! The evaluator is that of the npm package `bailiwick`, which is installed beside the worker anyway: this program does
//! not carry a second one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::output::unwritable;

/// The module that a worker imports.
const INDEX: &str = r#"// Made by `bailiwick build --wasm`: policies, and what decides them.
import { load } from "./bailiwick/entry.workerd.js";
import artifact from "./app.bwk";

export * from "./bailiwick/entry.workerd.js";
export * from "./bailiwick/token.js";

/** The policies, loaded. */
export const engine = load(artifact);
"#;

/// Its types.
const TYPES: &str = r#"import type { Engine } from "./bailiwick/index.js";

export * from "./bailiwick/index.js";
export * from "./bailiwick/token.js";

/** The policies, loaded. */
export const engine: Engine;
"#;

/// Writes the bundle into `folder`.
pub(crate) fn write(folder: &str, artifact: &[u8], package: Option<&str>) -> Result<(), Failure> {
    let package = find(package)?;
    let folder = Path::new(folder);
    let put = |name: &str, bytes: &[u8]| -> Result<(), Failure> {
        let path = folder.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
        written.map_err(|error| unwritable(&path.to_string_lossy(), &error))
    };
    for name in files(&package).map_err(|error| broken(&package, &error.to_string()))? {
        let bytes = fs::read(package.join(&name)).map_err(|error| broken(&package, &error.to_string()))?;
        put(&format!("bailiwick/{name}"), &bytes)?;
    }
    put("app.bwk", artifact)?;
    put("index.d.ts", TYPES.as_bytes())?;
    put("index.js", INDEX.as_bytes())
}

/// The package: as told, or the one that a script in this folder would import.
fn find(told: Option<&str>) -> Result<PathBuf, Failure> {
    let package = told.map(PathBuf::from).or_else(installed).ok_or_else(|| {
        let message = "the npm package `bailiwick` is not installed here or above".to_owned();
        let help = "run `npm install bailiwick`, or name its folder with `--package DIR`";
        Failure::refused("node_modules", "E285", message, help)
    })?;
    let description = fs::read(package.join("package.json"));
    let description = description.map_err(|error| broken(&package, &error.to_string()))?;
    let description: serde_json::Value =
        serde_json::from_slice(&description).map_err(|error| broken(&package, &error.to_string()))?;
    if description["name"] != "bailiwick" && description["name"] != "bailiwick-full" {
        return Err(broken(&package, "its name is another one"));
    }
    let (found, own) = (description["version"].as_str().unwrap_or_default(), env!("CARGO_PKG_VERSION"));
    if found == own {
        return Ok(package);
    }
    let message = format!("the package has version `{found}`, this program `{own}`");
    let help = "install the same version of both: an artifact is read by the version that wrote it";
    Err(Failure::refused(&package.to_string_lossy(), "E286", message, help))
}

fn installed() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut places = here.ancestors().map(|folder| folder.join("node_modules").join("bailiwick"));
    places.find(|place| place.join("package.json").exists())
}

fn broken(package: &Path, why: &str) -> Failure {
    let help = "name the folder of an installed `bailiwick` with `--package DIR`";
    Failure::refused(&package.to_string_lossy(), "E285", format!("this is not the npm package: {why}"), help)
}

/// Scripts, types and the module, by their names in the package.
fn files(package: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(package)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if matches!(name.rsplit_once('.'), Some((_, "js" | "ts"))) {
            names.push(name);
        }
    }
    names.sort();
    names.extend(["wasm/glue.js", "wasm/bailiwick.wasm"].map(str::to_owned));
    Ok(names)
}
