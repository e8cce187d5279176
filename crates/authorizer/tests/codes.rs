//! Codes E320 to E339 and their pages go together.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage may fail loudly")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut sources = vec![root.join("crates/deployment/src/read/api.rs")];
    sources
        .extend(fs::read_dir(root.join("crates/authorizer/src")).unwrap().map(|entry| entry.unwrap().path()));
    let mut used = BTreeSet::new();
    for path in sources {
        let text = fs::read_to_string(path).unwrap();
        for quoted in text
            .split('"')
            .filter(|word| word.len() == 4 && (word.starts_with("E32") || word.starts_with("E33")))
        {
            used.insert(quoted.to_owned());
        }
    }
    let mut pages = BTreeSet::new();
    for entry in fs::read_dir(root.join("docs/codes")).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        if code.starts_with("E32") || code.starts_with("E33") {
            let page = fs::read_to_string(&path).unwrap();
            assert!(page.starts_with(&format!("# {code}: ")) && page.contains("**Rule.**"), "{code}");
            pages.insert(code);
        }
    }
    assert_eq!(used, pages);
    assert_eq!(used.len(), 15);
}
