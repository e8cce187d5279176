//! The least that any engine must do: hash the request's strings, one probe, compare the bytes.

use bailiwick::value::hash_bytes;
use bailiwick_workload::Workload;

use crate::{Answer, Engine};

/// A table from what was asked to the answer. It knows only the requests themselves, so it decides nothing.
pub struct Floor<'a> {
    workload: &'a Workload,
    rows: Vec<Row>,
}

/// What a probe finds: texts of its own, as an index has them.
#[derive(Clone)]
struct Row {
    action: Box<str>,
    /// The resource up to the tenant.
    start: Box<str>,
    resource: Box<str>,
    tenant: Box<str>,
    answer: Answer,
}

impl<'a> Floor<'a> {
    pub fn new(workload: &'a Workload, expected: &[Answer]) -> Self {
        let empty = Row {
            action: "".into(),
            start: "".into(),
            resource: "".into(),
            tenant: "".into(),
            answer: Answer::Implicit,
        };
        let mut rows = vec![empty; (workload.cases.len() * 2).next_power_of_two()];
        for case in 0..workload.cases.len() {
            let [action, resource, tenant] = texts(workload, case);
            let mut at = hash([action, resource, tenant]) as usize & (rows.len() - 1);
            while !rows[at].action.is_empty() {
                at = (at + 1) & (rows.len() - 1);
            }
            let start = resource.rfind([':', '/']).map_or(resource, |end| &resource[..end]);
            let answer = expected.get(case).copied().unwrap_or(Answer::Implicit);
            rows[at] = Row {
                action: action.into(),
                start: start.into(),
                resource: resource.into(),
                tenant: tenant.into(),
                answer,
            };
        }
        Self { workload, rows }
    }
}

fn texts(workload: &Workload, case: usize) -> [&str; 3] {
    let asked = &workload.cases[case];
    [&asked.action, &asked.resource, &workload.people[asked.person].tenant]
}

fn hash(texts: [&str; 3]) -> u64 {
    texts.iter().fold(0u64, |all, text| all.rotate_left(21) ^ hash_bytes(text.as_bytes()))
}

impl Engine for Floor<'_> {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn decide(&mut self, case: usize) -> Answer {
        let asked @ [action, resource, tenant] = texts(self.workload, case);
        let mask = self.rows.len() - 1;
        let mut at = hash(asked) as usize & mask;
        loop {
            let row = &self.rows[at];
            // A prefix and three compares; nearly always the first row is the one.
            let same = resource.starts_with(&*row.start)
                && *row.action == *action
                && *row.tenant == *tenant
                && *row.resource == *resource;
            if same {
                return row.answer;
            }
            at = (at + 1) & mask;
        }
    }
}
