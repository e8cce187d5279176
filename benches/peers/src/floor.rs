//! The least that any engine must do: hash the request's strings, one probe, compare the bytes.

use bailiwick::value::hash_bytes;
use bailiwick_workload::Workload;

use crate::{Answer, Engine};

/// A table from what was asked to the answer. It knows only the requests themselves, so it decides nothing.
pub struct Floor<'a> {
    workload: &'a Workload,
    slots: Vec<u32>,
    answers: Vec<Answer>,
}

impl<'a> Floor<'a> {
    pub fn new(workload: &'a Workload, expected: &[Answer]) -> Self {
        let mut slots = vec![u32::MAX; (workload.cases.len() * 2).next_power_of_two()];
        let mut answers = expected.to_vec();
        answers.resize(workload.cases.len(), Answer::Implicit);
        for case in 0..workload.cases.len() {
            let mut at = hash(workload, case) as usize & (slots.len() - 1);
            while slots[at] != u32::MAX {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = case as u32;
        }
        Self { workload, slots, answers }
    }
}

fn texts(workload: &Workload, case: usize) -> [&str; 3] {
    let asked = &workload.cases[case];
    [&asked.action, &asked.resource, &workload.people[asked.person].tenant]
}

fn hash(workload: &Workload, case: usize) -> u64 {
    texts(workload, case).iter().fold(0u64, |all, text| all.rotate_left(21) ^ hash_bytes(text.as_bytes()))
}

impl Engine for Floor<'_> {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn decide(&mut self, case: usize) -> Answer {
        let mask = self.slots.len() - 1;
        let mut at = hash(self.workload, case) as usize & mask;
        loop {
            let found = self.slots[at] as usize;
            if found == case || texts(self.workload, found) == texts(self.workload, case) {
                return self.answers[case];
            }
            at = (at + 1) & mask;
        }
    }
}
