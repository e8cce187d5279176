//! What `bench` measured, as JSON: `bailiwick/bench/1`. Times are nanoseconds.

use bailiwick::value::StatementId;
use serde_json::{Value, json};

use super::bench_report::{Told, findings, shape};
use super::eval::statement_json;
use crate::bench::{Origin, Timing};
use crate::diagnostics;

pub(super) fn to_json(told: &Told<'_>) -> Value {
    let report = told.report;
    let [allow, implicit, explicit] = report.answers;
    let timing = |timing: Timing| {
        json!({
            "perSecond": timing.per_second(),
            "p50": timing.p50,
            "p99": timing.p99,
            "max": timing.max,
            "spread": timing.spread,
        })
    };
    let statements = told.statements();
    let statement = |id: &StatementId| statements.get(&id.0).map(statement_json);
    let shape: serde_json::Map<String, Value> =
        shape(report).into_iter().map(|(name, number)| (name.replace(' ', "_"), number.into())).collect();
    let (middle, most) = told.met();
    let origin = match told.origin {
        Origin::File(name) => json!({ "kind": "file", "files": [name] }),
        Origin::Suites(names) => json!({ "kind": "suites", "files": names }),
        Origin::Drawn { seed } => json!({ "kind": "drawn", "seed": seed }),
    };
    json!({
        "schema": "bailiwick/bench/1",
        "unit": "ns",
        "rounds": told.rounds,
        "optimized": !cfg!(debug_assertions),
        "requests": { "count": report.requests, "principals": report.principals, "origin": origin },
        "answers": { "allow": allow, "implicit-deny": implicit, "explicit-deny": explicit },
        "session": timing(report.session),
        "noSession": timing(report.direct),
        "decideMany": { "perSecond": 1e9 / report.many.max(0.01) },
        "makingSession": timing(report.sessions),
        "read": report.read,
        "compile": report.compile,
        "load": report.load,
        "shape": shape,
        "rulesMet": { "p50": middle, "max": most },
        "leaves": told.leaves().map(|leaf| json!({
            "way": leaf.way,
            "visits": leaf.visits,
            "statements": leaf.statements.iter().map(statement).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "statements": told.hottest().map(|hot| json!({
            "statement": statement(&hot.id),
            "met": hot.met,
            "decided": hot.decided,
        })).collect::<Vec<_>>(),
        "unserved": findings(report)
            .iter()
            .flat_map(|one| one.list.iter().map(|finding| diagnostics::to_json(&one.source, finding)))
            .collect::<Vec<_>>(),
        "notes": told.notes(),
    })
}
