//! Why a request is inside or outside: every statement evaluated from the syntax, straight from the rules, with reasons.
//!
//! In: `PolicySet`, `Principal`, `Request`. Out: `Explanation`, whose decision is the tree's.
//! Never here: the tree, shortcuts. It is the oracle of the fast path, so plain beats clever.

pub(crate) mod action;
pub(crate) mod asked;
pub(crate) mod attachment;
pub(crate) mod condition;
mod display;
mod nearest;
pub(crate) mod principal;
mod report;
mod resource;
#[cfg(test)]
mod tests;
pub(crate) mod variable;

pub use report::{ClauseReport, Explanation, Found, Lacking, LayerReport, Listed, Part, StatementReport};

use crate::ast::{Attached, PolicySet};
use crate::decide::{Decision, Grants, Slot, Slots, Tally, Verdict};
use crate::request::{Principal, Request};
use crate::source::Span;
use crate::value::{Effect, Layer, Truth};

use asked::Asked;

/// Decides a request and tells why. Cannot fail: what cannot be evaluated is denied, and says so (SEMANTICS F5).
pub fn explain(set: &PolicySet, principal: &Principal, request: &Request<'_>) -> Explanation {
    let asked = Asked::new(set, principal, request);
    let reach: Vec<Truth> = set.attachments().iter().map(|it| attachment::truth(&asked, it)).collect();
    let mut tally = Tally {
        profile: asked.profile(),
        caller: asked.caller,
        same_account: asked.same_account(),
        needs_own_grant: asked.needs_own_grant(),
        in_force: in_force(&asked, &reach),
        allowed: Slots::default(),
        denied: Slots::default(),
        grants: Grants::default(),
    };
    let mut statements = Vec::new();
    let mut granting = None;
    for attached in set.statements() {
        let reach = reach.get(attached.index).copied().unwrap_or(Truth::No);
        let (report, grants) = statement(&asked, &attached, reach);
        if report.applies {
            let slot = Slot::new(report.layer, report.level);
            match report.effect {
                Effect::Deny => tally.denied.insert(slot),
                Effect::Allow => tally.allowed.insert(slot),
            }
            if report.effect == Effect::Allow && report.layer == Layer::Resource && !grants.is_empty() {
                tally.grants = tally.grants.or(grants);
                granting = granting.or(Some(report.id));
            }
        }
        statements.push(report);
    }
    let (verdict, slot) = tally.verdict();
    let mut decision = Decision {
        verdict,
        layer: slot.layer(),
        level: slot.level(),
        statement: match (verdict, slot.layer()) {
            (Verdict::ImplicitDeny, _) => None,
            (Verdict::Allow, Layer::Resource) => granting,
            (Verdict::Allow, _) => first(&statements, slot, Effect::Allow),
            (Verdict::ExplicitDeny, _) => first(&statements, slot, Effect::Deny),
        },
        error: None,
    };
    let fixed =
        |verdict, error| Decision { verdict, layer: Layer::Identity, level: 0, statement: None, error };
    if asked.needs_no_permission() {
        decision = fixed(Verdict::Allow, None);
    }
    if let Some(error) = asked.error() {
        decision = fixed(Verdict::ExplicitDeny, Some(error));
    }
    let lacking = if decision.verdict == Verdict::ImplicitDeny {
        nearest::lacking(tally, &statements)
    } else {
        Vec::new()
    };
    Explanation {
        decision,
        profile: asked.profile(),
        caller: principal::caller_words(&principal.caller),
        action: request.action().to_owned(),
        resource: request.resource().to_owned(),
        resource_account: asked.resource_account.map(str::to_owned),
        same_account: tally.same_account,
        layers: layers(&tally),
        statements,
        lacking,
    }
}

/// Layers and levels where some attachment concerns the question (SEMANTICS F2). Identity policies always concern the
/// callers that can have some.
fn in_force(asked: &Asked<'_, '_>, reach: &[Truth]) -> Slots {
    let mut slots = Slots::default();
    if asked.caller.has_identity() {
        slots.insert(Slot::new(Layer::Identity, 0));
    }
    for (attachment, reach) in asked.set.attachments().iter().zip(reach) {
        if *reach != Truth::No {
            slots.insert(Slot::new(attachment.layer, attachment.level));
        }
    }
    slots
}

/// One statement: attachment, principal, action, resource and every condition must hold (SEMANTICS F4).
fn statement(asked: &Asked<'_, '_>, attached: &Attached<'_>, reach: Truth) -> (StatementReport, Grants) {
    let statement = attached.statement;
    let attachment = attached.attachment;
    let effect = statement.effect.value;
    let mut clauses = Vec::new();
    let mut grants = Grants::default();
    clauses.push(attachment_clause(asked, attached, reach));
    if reach != Truth::No {
        match &statement.principal {
            Some(clause) => {
                let (report, by) = principal::clause(asked, attachment.layer, effect, clause);
                clauses.push(report);
                grants = by;
            }
            // SEMANTICS A.3 note 1: saved by some services, and it never matches.
            None if matches!(attachment.layer, Layer::Resource | Layer::Endpoint) => {
                let mut report = ClauseReport::new(Part::Principal, "Principal", Span::default(), Truth::No);
                report.found = Found::One(principal::caller_words(&asked.principal.caller));
                report.note = Some("a statement of this kind without `Principal` matches nobody".to_owned());
                clauses.push(report);
            }
            None => {}
        }
        clauses.push(action::clause(asked, &statement.action));
        if let Some(clause) = &statement.resource {
            clauses.push(resource::clause(asked, clause));
        }
        clauses.extend(statement.conditions.iter().map(|condition| condition::clause(asked, condition)));
    }
    let truth = clauses.iter().fold(Truth::Yes, |all, clause| all.and(clause.truth));
    let report = StatementReport {
        id: attached.id,
        layer: attachment.layer,
        level: attachment.level,
        source: attached.document.source.clone(),
        position: attached.position,
        span: statement.span,
        sid: statement.sid.as_ref().map(|sid| sid.value.clone()),
        effect,
        truth,
        applies: report::applies(effect, truth),
        clauses,
    };
    (report, grants)
}

fn attachment_clause(asked: &Asked<'_, '_>, attached: &Attached<'_>, reach: Truth) -> ClauseReport {
    let words = asked::target_words(&attached.attachment.target);
    let mut report = ClauseReport::new(Part::Attachment, words, Span::default(), reach);
    report.found = attachment::found(asked, attached.attachment);
    report
}

fn first(statements: &[StatementReport], slot: Slot, effect: Effect) -> Option<crate::value::StatementId> {
    let fits = |report: &&StatementReport| {
        report.applies && report.effect == effect && Slot::new(report.layer, report.level) == slot
    };
    statements.iter().find(fits).map(|report| report.id)
}

fn layers(tally: &Tally) -> Vec<LayerReport> {
    let mut list = Vec::new();
    let mut rest = tally.in_force;
    while let Some(slot) = rest.first() {
        let mut one = Slots::default();
        one.insert(slot);
        rest = rest.without(one);
        list.push(LayerReport {
            layer: slot.layer(),
            level: slot.level(),
            allows: tally.allowed.contains(slot),
            denies: tally.denied.contains(slot),
        });
    }
    list
}
