//! Writes what the native engine answers, for the tests that ask the module the same in node.
//!
//! `cargo run -p bailiwick-wasm --example vectors -- FOLDER` writes `vectors.bin`, artifacts one after the other, and
//! `vectors.jsonl`, a question with its answer on each line: all rows of `fixtures/spec`, and the decisions of the
//! corpus where `BAILIWICK_CORPUS` names it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a tool of the tests may fail loudly")]

use std::collections::HashMap;
use std::path::Path;

use bailiwick::ast::PolicySet;
use bailiwick::decide::DecisionError;
use bailiwick::request::ContextValue;
use bailiwick::source::Source;
use bailiwick::{Caller, Decision, Principal, Request, Tree, compile};
use bailiwick_deployment::Scenario;
use serde_json::{Map, Value, json};

#[path = "../../../tests/suite/stage.rs"]
mod stage;

/// What is written.
#[derive(Default)]
struct Vectors {
    artifacts: Vec<u8>,
    /// Where each artifact stands.
    places: HashMap<Vec<u8>, [usize; 2]>,
    lines: String,
    count: usize,
    /// Cases in which a document or the request is refused: nothing to load.
    without_question: usize,
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/wasm/vectors".to_owned());
    let mut vectors = Vectors::default();
    reference(&mut vectors);
    let rows = vectors.count;
    corpus(&mut vectors);
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("vectors.bin"), &vectors.artifacts).unwrap();
    std::fs::write(folder.join("vectors.jsonl"), &vectors.lines).unwrap();
    println!(
        "{rows} rows of the reference, {} cases of the corpus, {} without a question; {} artifacts",
        vectors.count - rows,
        vectors.without_question,
        vectors.places.len()
    );
}

fn reference(vectors: &mut Vectors) {
    for page in bailiwick_spec::pages().unwrap() {
        for case in page.cases {
            let (documents, refusals) = stage::read(&case);
            match &case.request {
                Some(asked) if refusals.is_empty() => {
                    let set = stage::set(&case, documents, asked).unwrap();
                    let (principal, request) = stage::ask(asked).unwrap();
                    vectors.add(&case.id, &set, &principal, &request);
                }
                _ => vectors.without_question += 1,
            }
        }
    }
}

fn corpus(vectors: &mut Vectors) {
    let Some(folder) = std::env::var_os("BAILIWICK_CORPUS") else {
        println!("corpus: skipped: no corpus (BAILIWICK_CORPUS is not set)");
        return;
    };
    let text = std::fs::read_to_string(Path::new(&folder).join("decisions.jsonl")).unwrap();
    for scenario in Scenario::parse_all(&Source::new("decisions.jsonl", &text)) {
        let scenario = scenario.unwrap();
        match scenario.asked() {
            Some((set, principal, request)) => vectors.add(&scenario.id, &set, &principal, &request),
            None => vectors.without_question += 1,
        }
    }
}

impl Vectors {
    fn add(&mut self, id: &str, set: &PolicySet, principal: &Principal, request: &Request<'_>) {
        let bytes = compile(set).to_bytes();
        let tree = Tree::from_bytes(&bytes).unwrap();
        let decision = tree.session(principal).decide(request);
        let next = [self.artifacts.len(), bytes.len()];
        let artifacts = &mut self.artifacts;
        let place = *self.places.entry(bytes).or_insert_with_key(|bytes| {
            artifacts.extend(bytes);
            next
        });
        let line = json!({
            "id": id,
            "artifact": place,
            "principal": who(principal),
            "action": request.action(),
            "resource": request.resource(),
            "account": request.resource_account(),
            "context": context(request.context().iter()),
            "expected": answer(&tree, &decision),
        });
        self.lines += &line.to_string();
        self.lines.push('\n');
        self.count += 1;
    }
}

/// As `js/index.d.ts` describes a decision; what is undefined there is not here.
fn answer(tree: &Tree, decision: &Decision) -> Value {
    let mut value = json!({
        "verdict": decision.verdict.name(),
        "allowed": decision.is_allowed(),
        "layer": decision.layer.name(),
        "level": decision.level,
    });
    if let Some(id) = decision.statement {
        let name = tree.statement(id).unwrap();
        value["policy"] = name.policy.into();
        value["position"] = name.position.into();
        value["place"] = json!([name.place.0, name.place.1]);
        if let Some(sid) = name.sid {
            value["sid"] = sid.into();
        }
    }
    if let Some(error) = decision.error {
        value["error"] = match error {
            DecisionError::PrincipalKey => "principal key",
            DecisionError::TooLarge => "too large",
        }
        .into();
    }
    value
}

/// As `js/index.d.ts` describes a principal.
fn who(principal: &Principal) -> Value {
    let mut value = match &principal.caller {
        Caller::Anonymous => json!({ "anonymous": true }),
        Caller::Service { name } => json!({ "service": name }),
        Caller::Root { account } => json!({ "arn": format!("arn:aws:iam::{account}:root") }),
        Caller::User { arn, id } => json!({ "arn": arn, "id": id }),
        Caller::RoleSession { arn, role, id, service_linked } => {
            json!({ "arn": arn, "role": role, "id": id, "serviceLinked": service_linked })
        }
        Caller::FederatedUser { arn, parent } => json!({ "arn": arn, "parent": parent }),
        Caller::Federated { provider } => json!({ "federated": provider }),
        Caller::Subject { account, issuer, subject } => {
            json!({ "account": account, "issuer": issuer, "subject": subject })
        }
    };
    let members = value.as_object_mut().unwrap();
    members.retain(|_, value| !value.is_null());
    members.insert("groups".to_owned(), json!(principal.groups));
    members.insert("groupsKnown".to_owned(), json!(principal.groups_known));
    members.insert("sessionPolicies".to_owned(), json!(principal.session_policies));
    members.insert("context".to_owned(), context(principal.context.iter()));
    value
}

fn context<'a, 'v: 'a>(entries: impl Iterator<Item = (&'a str, &'a ContextValue<'v>)>) -> Value {
    let mut members = Map::new();
    for (name, value) in entries {
        let value = match value {
            ContextValue::Text(text) => json!(text),
            ContextValue::List(list) => json!(list),
            ContextValue::Unknown => json!({ "unknown": true }),
            ContextValue::Ambiguous => {
                // Two names that differ by case are how a script says it.
                members.insert(name.to_ascii_uppercase(), json!("a"));
                members.insert(name.to_ascii_lowercase(), json!("b"));
                continue;
            }
        };
        members.insert(name.to_owned(), value);
    }
    Value::Object(members)
}
