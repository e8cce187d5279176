//! Who is named, and who is not (SEMANTICS A.3 notes 1 and 3, A15, F20; service principals, SEMANTICS A.4).

use super::{Lint, Scene};
use crate::ast::{Clause, Kind, PrincipalName, PrincipalPattern};
use crate::source::{Diagnostic, Severity};
use crate::value::Effect;

pub(super) const MISSING: Lint = Lint::new("L043", Severity::Warning, "no Principal where one is needed");
pub(super) const NOBODY: Lint = Lint::new("L044", Severity::Warning, "a principal that no caller ever is");
pub(super) const UNIQUE_ID: Lint = Lint::new("L045", Severity::Warning, "the id of a deleted user or role");
pub(super) const ENDPOINT: Lint =
    Lint::new("L046", Severity::Warning, "a principal other than * in an endpoint policy");
pub(super) const SERVICE: Lint =
    Lint::new("L047", Severity::SecurityWarning, "a service principal for whomever it works");

pub(super) const FEDERATED: Lint =
    Lint::new("L067", Severity::Warning, "an identity provider outside of a role trust policy");

/// Keys that say for whom a service calls.
const SOURCES: &[&str] = &["aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths"];

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let kind = scene.document.kind;
    let Some(clause) = &scene.statement.principal else {
        if matches!(kind, Kind::Resource | Kind::KmsKey | Kind::Api | Kind::Endpoint) {
            found.push(
                MISSING
                    .at(scene.statement.span, "this statement names no principal, so it never applies")
                    .help("add `Principal`; `\"*\"` is everyone"),
            );
        }
        return;
    };
    for entry in &clause.entries {
        match &entry.name {
            PrincipalName::Nobody(_) => found.push(
                NOBODY
                    .at(entry.span, format!("`{}` is no user, role, session or account", entry.text))
                    .help("name the role or user that calls"),
            ),
            PrincipalName::UniqueId(_) => found.push(
                UNIQUE_ID
                    .at(
                        entry.span,
                        format!("`{}` is what is left when a user or role has been deleted", entry.text),
                    )
                    .help("write the ARN of the one that took its place, or remove the entry"),
            ),
            PrincipalName::Federated(_) if kind != Kind::Trust => found.push(
                FEDERATED
                    .at(entry.span, format!("nobody calls as the provider `{}`", entry.text))
                    .help("name the role that its users assume"),
            ),
            _ => {}
        }
    }
    if kind == Kind::Endpoint {
        endpoint(clause, found);
    }
    if matches!(kind, Kind::Resource | Kind::KmsKey) {
        service(scene, clause, found);
    }
}

fn endpoint(clause: &Clause<PrincipalPattern>, found: &mut Vec<Diagnostic>) {
    let everyone = clause.entries.iter().all(|entry| entry.name == PrincipalName::Everyone);
    if clause.negated || !everyone {
        found.push(
            ENDPOINT
                .at(
                    clause.span,
                    "gateway endpoints take no principal but `*`, and read an account as its root user",
                )
                .help("write `\"Principal\": \"*\"` and test `aws:PrincipalArn`"),
        );
    }
}

fn service(scene: &Scene<'_>, clause: &Clause<PrincipalPattern>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    let source = |name: &str| SOURCES.iter().any(|key| key.eq_ignore_ascii_case(name));
    let tested = statement.conditions.iter().any(|condition| source(condition.key.value.as_str()));
    if statement.effect.value != Effect::Allow || clause.negated || tested {
        return;
    }
    for entry in clause.entries.iter().filter(|entry| matches!(entry.name, PrincipalName::Service(_))) {
        found.push(
            SERVICE
                .at(entry.span, format!("`{}` may be led here by any of its customers", entry.text))
                .help("test `aws:SourceArn`, `aws:SourceAccount` or `aws:SourceOrgID`"),
        );
    }
}
