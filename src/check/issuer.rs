//! Issuers that many customers share: a trust policy must say whose token it means (SEMANTICS A19, G9, G11, G22).

use super::{Lint, Scene, broad::parts};
use crate::ast::{Condition, Kind, OperandValue, PrincipalName, Statement};
use crate::source::{Diagnostic, Severity};
use crate::value::{Base, Effect, SetOperator, glob, shared_issuer_claims};

pub(super) const NO_CONDITION: Lint =
    Lint::new("L050", Severity::Error, "a shared issuer without a condition on its audience or subject");
pub(super) const AUDIENCE_ONLY: Lint =
    Lint::new("L051", Severity::SecurityWarning, "a shared issuer without a condition on its subject");
pub(super) const AMR_WILDCARD: Lint =
    Lint::new("L052", Severity::SecurityWarning, "a wildcard that takes unauthenticated identities too");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    amr(statement, found);
    let Some(principal) = statement.principal.as_ref().filter(|_| scene.document.kind == Kind::Trust) else {
        return;
    };
    if statement.effect.value != Effect::Allow || principal.negated {
        return;
    }
    for entry in &principal.entries {
        let PrincipalName::Federated(text) = &entry.name else { continue };
        let provider = text.split_once(":oidc-provider/").map_or(text.as_str(), |(_, provider)| provider);
        let Some(keys) = shared_issuer_claims(provider) else { continue };
        let tested =
            |name: &str| statement.conditions.iter().any(|condition| demands(condition, provider, name));
        let list = keys.iter().map(|key| format!("`{provider}:{key}`")).collect::<Vec<_>>().join(" or ");
        if !keys.iter().any(|key| tested(key)) {
            found.push(
                NO_CONDITION
                    .at(entry.span, format!("every customer of `{provider}` may assume this role"))
                    .help(format!("test {list}")),
            );
        } else if keys.first() == Some(&"sub") && !tested("sub") {
            found.push(
                AUDIENCE_ONLY
                    .at(
                        entry.span,
                        format!("other customers of `{provider}` can have a token for the same audience"),
                    )
                    .help(format!("test `{provider}:sub`")),
            );
        }
    }
}

/// Whether a condition fails when the key is missing or has another value.
fn demands(condition: &Condition, provider: &str, name: &str) -> bool {
    let operator = condition.operator.value;
    let key = condition.key.value.as_str();
    key.rsplit_once(':').is_some_and(|(issuer, claim)| issuer.eq_ignore_ascii_case(provider) && claim == name)
        && !operator.if_exists
        && !operator.base.is_negated()
        && operator.base != Base::Null
        && operator.set != Some(SetOperator::ForAllValues)
        && condition
            .operands
            .iter()
            .all(|operand| !matches!(&operand.value, OperandValue::Text(text) if text.is_any()))
}

/// SEMANTICS G9: `*authenticated` is also how `unauthenticated` ends.
fn amr(statement: &Statement, found: &mut Vec<Diagnostic>) {
    const KEY: &str = "cognito-identity.amazonaws.com:amr";
    for condition in &statement.conditions {
        let like = condition.operator.value.base == Base::StringLike;
        if !like
            || statement.effect.value != Effect::Allow
            || !condition.key.value.as_str().eq_ignore_ascii_case(KEY)
        {
            continue;
        }
        for operand in &condition.operands {
            let OperandValue::Text(template) = &operand.value else { continue };
            if template.has_wildcard() && glob(parts(template), "unauthenticated") {
                found.push(
                    AMR_WILDCARD
                        .at(operand.span, format!("`{}` takes `unauthenticated` too", operand.text))
                        .help("write `authenticated`"),
                );
            }
        }
    }
}
