//! Writes workloads for `bench/bench.mjs`: policies as text and as artifact, people, and what they ask.
//!
//! `cargo run -p bailiwick-wasm --example workload -- FOLDER 10 1000` writes `workload-10.json`, `workload-10.bwk`, ...

#![allow(clippy::unwrap_used, reason = "a tool of the benches may fail loudly")]

use std::path::Path;

use bailiwick::request::ContextValue;
use bailiwick_workload::{ACCOUNT, SERVICES, Shape, Tag, generate};
use serde_json::{Map, Value, json};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "target/wasm/bench".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    for size in arguments {
        write(folder, size.parse().unwrap());
    }
}

fn write(folder: &Path, size: usize) {
    let workload = generate(Shape::Tenants, size, 2_000, 1);
    let documents: Vec<String> = workload.documents().into_iter().map(|(_, text)| text).collect();
    let parsed: Vec<_> = documents.iter().map(|text| bailiwick::parse(text.as_str()).unwrap()).collect();
    let tree = bailiwick::compile(parsed.iter().collect::<Vec<_>>().as_slice());
    std::fs::write(folder.join(format!("workload-{size}.bwk")), tree.to_bytes()).unwrap();
    let people: Vec<Value> = workload
        .people
        .iter()
        .zip(workload.principals())
        .map(|(person, principal)| {
            let context: Map<String, Value> = principal
                .context
                .iter()
                .filter_map(|(name, value)| match value {
                    ContextValue::Text(text) => Some((name.to_owned(), json!(text))),
                    ContextValue::List(list) => Some((name.to_owned(), json!(list))),
                    _ => None,
                })
                .collect();
            let tags: Map<String, Value> = [Tag::Tenant, Tag::Department, Tag::Role, Tag::Clearance]
                .map(|tag| (tag.name().to_owned(), json!(person.tag(tag))))
                .into_iter()
                .collect();
            json!({
                "subject": person.subject, "tags": tags, "groups": person.groups, "mfa": person.second_factor,
                "principal": {
                    "issuer": "https://login.example.com", "subject": person.subject, "account": ACCOUNT,
                    "groups": person.groups, "context": context,
                },
            })
        })
        .collect();
    let cases: Vec<Value> = workload
        .cases
        .iter()
        .zip(workload.requests())
        .map(|(case, request)| {
            let person = &workload.principals()[case.person];
            json!({
                "person": case.person, "action": case.action, "resource": case.resource, "tags": case.tags,
                "address": case.address, "time": case.time, "timeText": case.time_text,
                "allowed": tree.decide(person, &request).is_allowed(),
            })
        })
        .collect();
    let services: Vec<Value> = SERVICES
        .iter()
        .map(|service| {
            let separator = service.separator.to_string();
            let actions: Vec<String> =
                service.actions.iter().map(|name| format!("{}:{name}", service.name)).collect();
            json!({ "prefix": service.prefix, "separator": separator, "actions": actions })
        })
        .collect();
    let all = json!({ "account": ACCOUNT, "documents": documents, "people": people, "cases": cases, "services": services });
    std::fs::write(folder.join(format!("workload-{size}.json")), all.to_string()).unwrap();
}
