//! The cases of the corpus, which nobody on this project wrote.

use std::path::PathBuf;

use bailiwick::Source;
use bailiwick_deployment::Scenario;

/// Cases that contradict SEMANTICS, with the rule that wins.
const CONTRADICTED: &[(&str, &str)] = &[
    ("arsenal:52", "D12: a number is epoch seconds; the source means milliseconds"),
    ("arsenal:84", "D2, D14: there is no `BinaryNotEquals`"),
];

#[test]
fn every_decision_is_as_expected() {
    let Some(folder) = std::env::var_os("BAILIWICK_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: no corpus (set BAILIWICK_CORPUS to its folder)");
        return;
    };
    let path = folder.join("decisions.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for scenario in Scenario::parse_all(&Source::new("decisions.jsonl", &text)) {
        let scenario = scenario.unwrap();
        let outcome = scenario.run();
        count += 1;
        let contradicted = CONTRADICTED.iter().any(|(id, _)| *id == scenario.id);
        if outcome.ok == contradicted {
            wrong.push(format!(
                "{}: expected {}, got {}{}{}",
                scenario.id,
                scenario.expect.name(),
                outcome.got.name(),
                outcome.disagreement.map(|words| format!("; {words}")).unwrap_or_default(),
                outcome.refused.first().map(|why| format!("; {why}")).unwrap_or_default(),
            ));
        }
    }
    assert!(count > 0, "`{}` holds no case", path.display());
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
