//! The one integration binary. A new suite is a file beside this one and a `mod` line here (a file straight in `tests/`
//! is not built); run it alone with `cargo test --test suite NAME::`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells of a fault by panicking"
)]
#![allow(clippy::duplicate_mod, reason = "the fuzz targets bring their own naive matcher")]

mod agree;
mod agree_forms;
mod corpus_managed;
mod oracles;
mod regressions;
mod rejected;
mod spec;
mod stage;
mod way;

#[test]
fn no_suite_is_left_out() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let names = |folder: &std::path::Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    let strays: Vec<_> = names(&folder).into_iter().filter(|name| name != "suite").collect();
    assert!(strays.is_empty(), "move {strays:?} from tests/ into tests/suite/");
    for name in names(&folder.join("suite")) {
        let module = name.trim_end_matches(".rs");
        let line = format!("mod {module};");
        assert!(
            module == "main" || include_str!("main.rs").contains(&line),
            "`{line}` is missing in main.rs"
        );
    }
}
