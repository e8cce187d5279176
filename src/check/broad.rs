//! Allows that reach further than they look (SEMANTICS B2, B7; `iam:PassRole`, SEMANTICS A.4).

use super::{Lint, Scene};
use crate::ast::{ActionPattern, Clause, Kind, ResourceEntry};
use crate::source::{Diagnostic, Severity};
use crate::value::{Effect, Part, Piece, ResourcePattern, Template, glob_ignoring_case};

pub(super) const NOT_ACTION: Lint = Lint::new("L018", Severity::SecurityWarning, "Allow with NotAction");
pub(super) const NOT_RESOURCE: Lint = Lint::new("L019", Severity::SecurityWarning, "Allow with NotResource");
pub(super) const PASS_ROLE: Lint = Lint::new("L020", Severity::SecurityWarning, "iam:PassRole on every role");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    // An authorizer's output has a lint of its own (SEMANTICS H5).
    if statement.effect.value != Effect::Allow || scene.document.kind == Kind::Authorizer {
        return;
    }
    if statement.action.negated {
        found.push(
            NOT_ACTION
                .at(statement.action.span, "this allows every action of every service but the listed ones")
                .help("list the actions to allow, or write a `Deny` for those to keep out"),
        );
    }
    let Some(resource) = &statement.resource else { return };
    if resource.negated {
        found.push(
            NOT_RESOURCE
                .at(
                    resource.span,
                    "this allows every resource but the listed ones, in every service and account",
                )
                .help("list the resources to allow, or write a `Deny` for those to keep out"),
        );
    }
    let passed_to = |name: &str| name.eq_ignore_ascii_case("iam:PassedToService");
    let guarded = statement.conditions.iter().any(|condition| passed_to(condition.key.value.as_str()));
    if scene.document.kind == Kind::Identity && !guarded && passes_roles(&statement.action) {
        let every = resource.entries.iter().find(|entry| every_role(entry));
        let span = match every {
            _ if resource.negated => Some(resource.span),
            every => every.map(|entry| entry.span),
        };
        found.extend(span.map(|span| {
            PASS_ROLE
                .at(span, "whoever may pass every role to a service may become any of them")
                .help("name the roles, and test `iam:PassedToService`")
        }));
    }
}

fn passes_roles(actions: &Clause<ActionPattern>) -> bool {
    let covers = |entry: &ActionPattern| {
        let service = entry.service.as_ref();
        service
            .is_none_or(|service| service.as_literal().is_some_and(|text| text.eq_ignore_ascii_case("iam")))
            && glob_ignoring_case(parts(&entry.name), "PassRole")
    };
    actions.entries.iter().any(covers) != actions.negated
}

fn every_role(entry: &ResourceEntry) -> bool {
    match &entry.pattern {
        ResourcePattern::Any => true,
        ResourcePattern::Arn { pattern: arn, .. } => {
            let [_, service, _, _, resource] = &arn.fields;
            glob_ignoring_case(parts(service), "iam") && matches!(resource.pieces.as_slice(), [Piece::Any])
                || matches!(resource.pieces.as_slice(), [Piece::Literal(kind), Piece::Any] if kind == "role/")
        }
        ResourcePattern::Api(_) | ResourcePattern::Attached => false,
    }
}

/// The parts of a template without variables; a variable fits no text.
pub(super) fn parts(template: &Template) -> impl Iterator<Item = Part<'_>> + Clone {
    template.pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => Part::Literal(text),
        Piece::Any => Part::Any,
        Piece::One => Part::One,
        Piece::Variable(_) => Part::Literal("\0"),
    })
}
