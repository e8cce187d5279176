//! Sizes of what ships, and the budget that `crates/wasm/budget.json` sets for them.

use std::process::Command;

use super::{BUILDS, folder, package, read};

/// One build, as it travels: module and all scripts that its main entry loads.
struct Size {
    name: &'static str,
    wasm: usize,
    wasm_gzip: usize,
    total_gzip: usize,
}

/// Prints the sizes of the builds that are there.
pub(super) fn print() -> Result<(), String> {
    println!("\n{:12}{:>12}{:>12}{:>14}", "bytes", "wasm", "wasm gzip", "with js gzip");
    for size in sizes()? {
        println!("{:12}{:>12}{:>12}{:>14}", size.name, size.wasm, size.wasm_gzip, size.total_gzip);
    }
    Ok(())
}

/// Fails if a build is larger than it may be.
pub(super) fn check() -> Result<(), String> {
    let budget = read(&folder().join("budget.json"))?;
    let budget: serde_json::Value = serde_json::from_slice(&budget).map_err(|error| error.to_string())?;
    let sizes = sizes()?;
    for name in BUILDS {
        let limit = budget.get(name).and_then(serde_json::Value::as_u64);
        let limit = limit.ok_or_else(|| format!("budget.json has no number `{name}`"))?;
        let size =
            sizes.iter().find(|size| size.name == name).ok_or_else(|| format!("`{name}` is not built"))?;
        if size.total_gzip as u64 > limit {
            return Err(format!("`{name}` has {} bytes gzip, its budget is {limit}", size.total_gzip));
        }
    }
    Ok(())
}

fn sizes() -> Result<Vec<Size>, String> {
    let mut sizes = Vec::new();
    for name in BUILDS {
        let folder = package::of(name);
        let wasm = folder.join("wasm").join("bailiwick.wasm");
        if !wasm.exists() {
            continue;
        }
        let module = read(&wasm)?;
        let wasm_gzip = gzip(&[wasm])?;
        let mut scripts =
            vec![folder.join("wasm").join("glue.js"), folder.join("api.js"), folder.join("entry.web.js")];
        scripts.extend(["base.js", "codes.js"].map(|file| folder.join(file)));
        scripts.extend(Some(folder.join("full.js")).filter(|file| file.exists()));
        let total_gzip = wasm_gzip + gzip(&scripts)?;
        sizes.push(Size { name, wasm: module.len(), wasm_gzip, total_gzip });
    }
    Ok(sizes)
}

/// Sum of the sizes of files after `gzip -9`, each for itself, as a server sends them.
fn gzip(files: &[std::path::PathBuf]) -> Result<usize, String> {
    let mut sum = 0;
    for file in files {
        let output = Command::new("gzip").args(["-9", "-n", "-c"]).arg(file).output();
        let output = output.map_err(|error| format!("gzip did not start: {error}"))?;
        if !output.status.success() {
            return Err(format!("gzip cannot read {}", file.display()));
        }
        sum += output.stdout.len();
    }
    Ok(sum)
}
