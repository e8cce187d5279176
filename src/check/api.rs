//! API Gateway: what an authorizer returns, and ARNs of methods (SEMANTICS H3, H5).

use super::{Lint, Scene};
use crate::ast::Kind;
use crate::source::{Diagnostic, Severity};
use crate::value::{ArnPattern, Effect, ResourcePattern};

pub(super) const NEGATED: Lint =
    Lint::new("L053", Severity::Warning, "NotAction or NotResource in an authorizer's answer");
pub(super) const EVERY_API: Lint =
    Lint::new("L054", Severity::SecurityWarning, "an authorizer's answer that opens every API");
pub(super) const NO_METHOD: Lint =
    Lint::new("L055", Severity::Warning, "an API's ARN without stage and method");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    if scene.document.kind == Kind::Authorizer {
        let clauses = [
            ("NotAction", statement.action.negated.then_some(statement.action.span)),
            (
                "NotResource",
                statement.resource.as_ref().filter(|clause| clause.negated).map(|clause| clause.span),
            ),
        ];
        for (element, span) in clauses {
            found.extend(span.map(|span| {
                NEGATED
                    .at(span, format!("`{element}` covers methods that are not there yet"))
                    .help("list what the caller may invoke")
            }));
        }
    }
    for entry in statement.resource.iter().flat_map(|clause| &clause.entries) {
        match &entry.pattern {
            ResourcePattern::Any
                if scene.document.kind == Kind::Authorizer && statement.effect.value == Effect::Allow =>
            {
                found.push(
                    EVERY_API
                        .at(entry.span, "this allows every API that shares the authorizer")
                        .help("write the API's ARN, `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/*`"),
                );
            }
            ResourcePattern::Arn { pattern: arn, .. } if names_no_method(arn) => found.push(
                NO_METHOD
                    .at(entry.span, format!("`{}` is the ARN of no method", entry.text))
                    .help("write `API/STAGE/METHOD/PATH`, or `API/*` for all of them"),
            ),
            _ => {}
        }
    }
}

/// Whether an API's ARN ends before its method. WebSocket routes have three parts, and so has a root path.
pub(super) fn names_no_method(arn: &ArnPattern) -> bool {
    let [_, service, _, _, resource] = &arn.fields;
    let full = |path: &str| path.split('/').filter(|part| !part.is_empty()).count() >= 3;
    service.as_literal() == Some("execute-api") && resource.as_literal().is_some_and(|path| !full(path))
}
