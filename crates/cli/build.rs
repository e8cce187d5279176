//! Puts the pages of `docs/codes` into the binary, so that `explain-code` works wherever it is installed.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let pages = Path::new(&manifest).join("../../docs/codes");
    println!("cargo::rerun-if-changed={}", pages.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&pages)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md")
            && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
            && is_code(stem)
        {
            names.push((stem.to_owned(), path.canonicalize()?));
        }
    }
    names.sort();
    let mut text = String::from("&[\n");
    for (code, path) in &names {
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(text, "    ({code:?}, include_str!({:?})),", path.display().to_string())
            .map_err(io::Error::other)?;
    }
    text.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("pages.rs"), text)
}

/// `E013`, `L001`: a letter and three digits.
fn is_code(stem: &str) -> bool {
    stem.len() == 4 && stem.starts_with(['E', 'L']) && stem[1..].bytes().all(|byte| byte.is_ascii_digit())
}
