//! The npm packages: our JavaScript beside the module.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{folder, read, write};

/// Where a build's package is put together.
pub(super) fn of(name: &str) -> PathBuf {
    crate::root().join("target").join("npm").join(name)
}

/// Puts a package together: `package.NAME.json`, the files of `js`, the module and its glue.
pub(super) fn make(name: &str, work: &Path) -> Result<(), String> {
    let to = of(name);
    if to.exists() {
        std::fs::remove_dir_all(&to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    let full = name == "full";
    let js = folder().join("js");
    let entries = std::fs::read_dir(&js).map_err(|error| format!("{}: {error}", js.display()))?;
    for entry in entries.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        if file.starts_with("full") && !full {
            continue;
        }
        let mut text = read(&entry.path())?;
        if full
            && js.join("full.js").exists()
            && (file.starts_with("entry.") || file == "index.d.ts" || file == "manual.js")
        {
            text.extend(b"export * from \"./full.js\";\n");
        }
        write(&to.join(&file), &text)?;
    }
    for file in ["glue.js", "bailiwick.wasm"] {
        write(&to.join("wasm").join(file), &read(&work.join(file))?)?;
    }
    write(&to.join("codes.js"), codes(&read(&work.join("bailiwick.wasm"))?, full)?.as_bytes())?;
    if full {
        catalogue(&to)?;
    }
    let description = read(&folder().join(format!("package.{name}.json")))?;
    let text = String::from_utf8(description).map_err(|error| error.to_string())?;
    write(&to.join("package.json"), text.replace("0.0.0-workspace", env!("CARGO_PKG_VERSION")).as_bytes())?;
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        write(&to.join(file), &read(&crate::root().join(file))?)?;
    }
    write(&to.join("README.md"), &read(&crate::root().join("docs").join("wasm.md"))?)?;
    println!("{}", to.display());
    Ok(())
}

/// The titles of the codes that a module without words can give; one with words needs none.
fn codes(module: &[u8], full: bool) -> Result<String, String> {
    let mut titles = serde_json::Map::new();
    let is_code = |text: &&[u8]| matches!(text, [b'E', rest @ ..] if rest.iter().all(u8::is_ascii_digit));
    for code in module.windows(4).filter(|_| !full).filter(is_code) {
        let code = String::from_utf8_lossy(code).into_owned();
        let page = crate::root().join("docs").join("codes").join(format!("{code}.md"));
        if !page.exists() {
            continue;
        }
        let page = String::from_utf8(read(&page)?).map_err(|error| error.to_string())?;
        let title = page.lines().next().and_then(|line| line.strip_prefix(&format!("# {code}: ")));
        titles.insert(code.clone(), title.ok_or_else(|| format!("{code} has no title"))?.into());
    }
    Ok(format!(
        "// What the codes mean that the module gives.\nexport default {};\n",
        serde_json::Value::Object(titles)
    ))
}

/// The most that the catalogue of services may weigh where it is fetched.
const CATALOGUE: usize = 250 << 10;

/// The catalogue is a file of its own: not everybody who compiles policies wants AWS's names.
fn catalogue(to: &Path) -> Result<(), String> {
    let text = crate::root().join("crates").join("catalog").join("data").join("catalog.txt");
    let packed = Command::new("gzip").args(["-9", "-n", "-c"]).arg(text).output();
    let packed = packed.map_err(|error| format!("gzip did not start: {error}"))?.stdout;
    if packed.is_empty() || packed.len() > CATALOGUE {
        return Err(format!("catalog.gz has {} bytes, {CATALOGUE} are allowed", packed.len()));
    }
    write(&to.join("catalog.gz"), &packed)
}
