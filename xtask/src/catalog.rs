//! `cargo xtask catalog`: writes `crates/catalog/data/catalog.txt` from `$BAILIWICK_CORPUS/service_catalog.json`.
//!
//! The text form is described in `crates/catalog/src/decode.rs`. Only facts are taken: names, levels, formats, types.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// Writes the catalogue; with `--check` only tells whether the committed one is what would be written.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let corpus = std::env::var_os("BAILIWICK_CORPUS").map(PathBuf::from);
    let corpus = corpus.ok_or("set BAILIWICK_CORPUS to the folder that holds service_catalog.json")?;
    let made = generate(&corpus.join("service_catalog.json"))?;
    let path = committed();
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    match arguments {
        [] => {
            std::fs::write(&path, &made).map_err(failed)?;
            println!("{}: {} bytes", path.display(), made.len());
            Ok(())
        }
        [check] if check == "--check" => {
            let same = std::fs::read_to_string(&path).map_err(failed)? == made;
            same.then_some(()).ok_or_else(|| format!("{} differs, run `cargo xtask catalog`", path.display()))
        }
        _ => Err("catalog takes `--check` or nothing".to_owned()),
    }
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/catalog/data/catalog.txt")
}

fn generate(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let services = value.get("services").and_then(Value::as_object).ok_or("no object `services`")?;
    let mut prefixes: Vec<_> = services.keys().collect();
    prefixes.sort();
    let mut out = "bailiwick-catalog 1\n".to_owned();
    for prefix in prefixes {
        service(prefix, &services[prefix], &mut out)
            .ok_or_else(|| format!("service `{prefix}` has another shape"))?;
    }
    Ok(out)
}

fn service(prefix: &str, value: &Value, out: &mut String) -> Option<()> {
    writeln!(out, "@{prefix}\t{}", plain(value.get("n")?.as_str()?)?).ok()?;
    let (keys, resources) = (value.get("c")?.as_object()?, value.get("r")?.as_object()?);
    let actions = value.get("a")?.as_object()?;
    let key_names = sorted(keys);
    let resource_names = sorted(resources);
    for name in &key_names {
        writeln!(out, "={}\t{}", plain(&tag_key(name))?, kind(keys.get(*name)?.as_str()?)?).ok()?;
    }
    for name in &resource_names {
        let [format, carried] = resources.get(*name)?.as_array()?.as_slice() else { return None };
        let carried = positions(carried, &key_names, " ")?;
        writeln!(out, ":{}\t{}\t{carried}", plain(name)?, plain(format.as_str()?)?).ok()?;
    }
    for name in sorted(actions) {
        let [level, takes, filled, _dependent] = actions.get(name)?.as_array()?.as_slice() else {
            return None;
        };
        let level = ["L", "R", "W", "P", "T"].get(usize::try_from(level.as_u64()?).ok()?)?;
        let takes: Option<Vec<String>> =
            takes.as_array()?.iter().map(|entry| taken(entry, &resource_names, &key_names)).collect();
        let filled = positions(filled, &key_names, " ")?;
        writeln!(out, "{}\t{level}\t{}\t{filled}", plain(name)?, takes?.join(" ")).ok()?;
    }
    Some(())
}

fn taken(entry: &Value, resources: &[&String], keys: &[&String]) -> Option<String> {
    let [name, required, filled] = entry.as_array()?.as_slice() else { return None };
    let at = resources.iter().position(|resource| Some(resource.as_str()) == name.as_str())?;
    let required = if required.as_u64()? == 1 { "!" } else { "" };
    let filled = positions(filled, keys, ",")?;
    Some(if filled.is_empty() { format!("{at}{required}") } else { format!("{at}{required}:{filled}") })
}

/// Positions of keys; a key that the service does not define is left out (the source has one such).
fn positions(names: &Value, keys: &[&String], by: &str) -> Option<String> {
    let names = names.as_array()?.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
    let at = names.iter().filter_map(|name| keys.iter().position(|key| key.as_str() == *name));
    Some(at.map(|at| at.to_string()).collect::<Vec<_>>().join(by))
}

fn kind(name: &str) -> Option<String> {
    let (name, many) = match name.strip_prefix("ArrayOf") {
        Some(name) => (name, "+"),
        None => (name, ""),
    };
    let letter = match name {
        "String" => "S",
        "ARN" => "A",
        "Bool" => "B",
        "Numeric" => "N",
        "Date" => "D",
        "IPAddress" => "I",
        _ => return None,
    };
    Some(format!("{letter}{many}"))
}

/// The source leaves some placeholders out, or writes them as words.
fn tag_key(name: &str) -> String {
    match name.strip_suffix("tag-key").unwrap_or(name) {
        prefix if prefix.ends_with('/') => format!("{prefix}${{TagKey}}"),
        _ => name.to_owned(),
    }
}

fn sorted(map: &Map<String, Value>) -> Vec<&String> {
    let mut names: Vec<_> = map.keys().collect();
    names.sort();
    names
}

fn plain(text: &str) -> Option<&str> {
    (!text.contains(['\t', '\n', '\r'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_catalogue_is_what_is_generated() {
        let Some(corpus) = std::env::var_os("BAILIWICK_CORPUS").map(PathBuf::from) else {
            println!("skipped: no corpus");
            return;
        };
        let made = generate(&corpus.join("service_catalog.json")).unwrap();
        assert!(made == std::fs::read_to_string(committed()).unwrap(), "run `cargo xtask catalog`");
    }
}
