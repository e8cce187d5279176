//! What would have to allow before a denied request is allowed, and which statements come nearest to it.

use crate::decide::{Grants, Slot, Tally, Verdict};
use crate::value::{Effect, Layer};

use super::report::{Lacking, Part, StatementReport};

/// More are no help to a reader.
const NEAREST: usize = 3;

/// Asks the table again and again, each time with what it lacked (SEMANTICS F.2).
pub(crate) fn lacking(mut tally: Tally, statements: &[StatementReport]) -> Vec<Lacking> {
    let mut list: Vec<Lacking> = Vec::new();
    loop {
        let (verdict, slot) = tally.verdict();
        let seen = list.iter().any(|it| it.layer == slot.layer() && it.level == slot.level());
        if verdict != Verdict::ImplicitDeny || seen {
            return list;
        }
        let by_resource = slot.layer() == Layer::Identity && tally.same_account && !tally.needs_own_grant;
        list.push(Lacking {
            layer: slot.layer(),
            level: slot.level(),
            nearest: nearest(slot, by_resource, statements),
        });
        tally.in_force.insert(slot);
        tally.allowed.insert(slot);
        if slot.layer() == Layer::Resource {
            let enough = if tally.caller.has_identity() { Grants::ACCOUNT } else { Grants::EVERYONE };
            tally.grants = tally.grants.or(enough);
        }
    }
}

fn nearest(slot: Slot, by_resource: bool, statements: &[StatementReport]) -> Vec<crate::value::StatementId> {
    let candidate = |report: &&StatementReport| {
        let here = Slot::new(report.layer, report.level) == slot;
        let suffices = by_resource && report.layer == Layer::Resource;
        report.effect == Effect::Allow && !report.applies && (here || suffices)
    };
    let mut ranked: Vec<(u32, &StatementReport)> =
        statements.iter().filter(candidate).map(|report| (distance(report), report)).collect();
    // Sorting is stable: what is written first stays first.
    ranked.sort_by_key(|(distance, _)| *distance);
    let best = ranked.first().map_or(0, |(distance, _)| *distance);
    // A statement about another action altogether is no near miss.
    let near = ranked.iter().filter(|(distance, _)| *distance == best && *distance < FAR);
    near.take(NEAREST).map(|(_, report)| report.id).collect()
}

/// A failed action clause.
const FAR: u32 = 1000;

/// How much of the statement would have to be different. A condition is what callers most often miss.
fn distance(report: &StatementReport) -> u32 {
    let weigh = |part| match part {
        Part::Condition => 1,
        Part::Resource => 10,
        Part::Principal => 20,
        Part::Attachment => 100,
        Part::Action => FAR,
    };
    report.failing().map(|clause| weigh(clause.part)).sum()
}
