//! Every AWS managed policy is accepted, printed, and read again to the same syntax.

use bailiwick::ast::{Options, parse, print};
use bailiwick::{Profile, Source};

#[test]
fn managed_policies_survive_printing() {
    let Ok(folder) = std::env::var("BAILIWICK_CORPUS") else {
        println!("skipped: no corpus");
        return;
    };
    let path = std::path::Path::new(&folder).join("aws_managed_policies.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut refused = Vec::new();
    let mut count = 0;
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = record["name"].as_str().unwrap();
        let text = match &record["document"] {
            serde_json::Value::String(text) => text.clone(),
            document => document.to_string(),
        };
        count += 1;
        let options = Options::default();
        let document = match parse(Source::new(name, &text), &options) {
            Ok(document) => document,
            Err(diagnostics) => {
                refused.push(diagnostics.to_string());
                continue;
            }
        };
        let printed = print(&document);
        let again = parse(Source::new(name, &printed), &options).unwrap();
        assert!(document.same_syntax(&again), "{name} changed on the way:\n{printed}");
        assert_eq!(printed, print(&again), "{name} is not printed canonically");
        // Fewer are legal under `strict`; none may do worse than be refused.
        let strict = Options { profile: Profile::Strict, ..Options::default() };
        let _ = parse(Source::new(name, &text), &strict);
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
    assert_eq!(count, 1582, "the corpus is not the whole one");
}
