//! Condition keys that a statement's actions fill (SEMANTICS A17: keys are open, so an unknown one is merely missing).

use super::{Lint, Named, Scene, all_known};
use crate::ast::Condition;
use crate::source::{Diagnostic, Severity, nearest};
use crate::value::{Action, Base, Catalogue, Effect, Service};

pub(in crate::check) const UNKNOWN: Lint = Lint::new("L061", Severity::Warning, "an unknown condition key");
pub(in crate::check) const NO_ACTION: Lint =
    Lint::new("L062", Severity::Warning, "a condition key that no listed action fills");
pub(in crate::check) const SOME_ACTIONS: Lint =
    Lint::new("L063", Severity::Suggestion, "a condition key that only some listed actions fill");

/// Global keys that depend on the action all the same (SEMANTICS E).
const PER_ACTION: &[&str] = &["aws:RequestTag/", "aws:TagKeys"];

pub(super) fn conditions(
    scene: &Scene<'_>,
    named: &[Named<'_>],
    catalogue: &Catalogue,
    found: &mut Vec<Diagnostic>,
) {
    let known = if scene.statement.action.negated { None } else { all_known(named) };
    for condition in &scene.statement.conditions {
        let key = condition.key.value.as_str();
        let Some((prefix, _)) = key.split_once(':') else { continue };
        let per_action = PER_ACTION.iter().any(|start| starts_with(key, start));
        // Other keys of the global table come with the credentials or the network, whatever the action.
        if !per_action && (scene.options.keys.arity(key).is_some() || prefix.eq_ignore_ascii_case("aws")) {
            continue;
        }
        if let Some(service) = catalogue.service(prefix)
            && service.key(key).is_none()
            && !filled_elsewhere(named, key)
        {
            found.push(unknown(condition, service));
            continue;
        }
        if catalogue.service(prefix).is_none() && !per_action {
            continue;
        }
        if let Some(known) = &known {
            found.extend(filled(scene, condition, known));
        }
    }
}

fn unknown(condition: &Condition, service: &Service) -> Diagnostic {
    let key = condition.key.value.as_str();
    let finding = UNKNOWN
        .at(condition.key.span, format!("`{key}` is no key that {} is known to fill", service.title()));
    match nearest(key, service.keys().iter().map(|key| &*key.name)) {
        Some(similar) => finding.help(format!("did you mean `{similar}`?")),
        None => finding.help("a key that is never filled is missing in every request"),
    }
}

fn filled_elsewhere(named: &[Named<'_>], key: &str) -> bool {
    named.iter().filter_map(Named::actions).any(|(service, _)| service.key(key).is_some())
}

fn filled(scene: &Scene<'_>, condition: &Condition, known: &[(&Service, &[&Action])]) -> Option<Diagnostic> {
    let key = condition.key.value.as_str();
    let mut some = false;
    let mut without: Vec<String> = Vec::new();
    for (service, actions) in known {
        let position = service.key_position(key);
        for action in *actions {
            if position.is_some_and(|at| service.fills(action, at)) {
                some = true;
            } else if actions.len() == 1 {
                without.push(format!("`{}:{}`", service.prefix(), action.name));
            }
        }
    }
    if known.is_empty() {
        return None;
    }
    if !some {
        return Some(
            NO_ACTION
                .at(condition.key.span, format!("none of the listed actions is known to fill `{key}`"))
                .help("a missing key makes a positive operator false and a negated one true"),
        );
    }
    let operator = condition.operator.value;
    let demanded = !operator.if_exists && !operator.base.is_negated() && operator.base != Base::Null;
    let open = operator.set == Some(crate::value::SetOperator::ForAllValues);
    if without.is_empty() || !demanded || open || scene.statement.effect.value != Effect::Allow {
        return None;
    }
    let more = without.len().saturating_sub(3);
    without.truncate(3);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(
        SOME_ACTIONS
            .at(
                condition.key.span,
                format!("{}{rest}: not known to fill `{key}`, so not allowed here", without.join(", ")),
            )
            .help("give those actions a statement of their own, without the condition"),
    )
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}
