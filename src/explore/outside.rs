//! What a layer that must allow too does not allow, as denies.

use crate::ast::ActionPattern;
use crate::value::{ResourcePattern, overlap_ignoring_case};

use super::draft::{Draft, writable};
use super::rule::Rule;
use super::space::subsumes;

/// The deny of a limited rule's actions on other resources than those allowed for all of its actions.
pub(super) fn outside_resources(rule: &Rule, usable: &[&Rule]) -> Option<Draft> {
    let covering = |other: &&&Rule| rule.id == other.id || covers_actions(other, rule);
    let covering: Vec<&Rule> = usable.iter().filter(covering).copied().collect();
    if covering.iter().any(|other| other.is_unlimited()) {
        return None;
    }
    let entries = |rule: &Rule| rule.resources.entries.iter().filter_map(writable).collect::<Vec<_>>();
    let resources = if rule.resources.negated {
        (false, entries(rule))
    } else {
        let positive = covering.iter().filter(|other| !other.resources.negated);
        (true, positive.flat_map(|other| entries(other)).collect())
    };
    Some(Draft::deny((false, texts(&rule.actions.entries)), resources))
}

/// Whether a ceiling's rule can be turned into what is outside of it.
pub(super) fn is_usable(rule: &Rule) -> bool {
    let named = rule.resources.entries.iter().all(|entry| writable(entry).is_some());
    // SEMANTICS X6: with a variable, `NotResource` is not always the opposite of `Resource`.
    let turns = !rule.resources.negated || !rule.resources.entries.iter().any(has_variable);
    rule.conditions.is_empty() && named && turns && (!rule.actions.negated || rule.is_unlimited())
}

pub(super) fn has_variable(entry: &ResourcePattern) -> bool {
    match entry {
        ResourcePattern::Arn { pattern, .. } => {
            pattern.fields.iter().any(|field| field.variables().next().is_some())
        }
        ResourcePattern::Api(path) => path.variables().next().is_some(),
        ResourcePattern::Any | ResourcePattern::Attached => false,
    }
}

pub(super) fn allows_all(rule: &Rule) -> bool {
    !rule.actions.negated
        && rule.is_unlimited()
        && rule.actions.entries.iter().any(|entry| entry.service.is_none())
}

fn covers_actions(outer: &Rule, inner: &Rule) -> bool {
    let within = |inner: &ActionPattern| {
        outer.actions.entries.iter().any(|outer| match (&outer.service, &inner.service) {
            (None, _) => true,
            (Some(outer_service), Some(inner_service)) => {
                outer_service.as_literal().is_some()
                    && inner_service.as_literal().is_some()
                    && overlap_ignoring_case(outer_service, inner_service)
                    && subsumes(&outer.name, &inner.name)
            }
            (Some(_), None) => false,
        })
    };
    !outer.actions.negated && !inner.actions.negated && inner.actions.entries.iter().all(within)
}

pub(super) fn texts(entries: &[ActionPattern]) -> Vec<String> {
    entries.iter().map(|entry| entry.text.clone()).collect()
}
