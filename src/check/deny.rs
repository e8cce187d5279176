//! A `Deny` that a request escapes by leaving a key out (SEMANTICS D3, D13, A.4).

use super::{Lint, Scene};
use crate::source::{Diagnostic, Severity};
use crate::value::{Base, Effect, Operator, SetOperator};

pub(super) const KEY_MAY_BE_MISSING: Lint =
    Lint::new("L033", Severity::SecurityWarning, "Deny that does not apply when a key is missing");

/// Keys that every request has (SEMANTICS E).
const ALWAYS_PRESENT: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:userid",
    "aws:UserAgent",
    "aws:ViaAWSService",
];

/// Keys that every signed request has: all that reach a policy of a principal.
const SIGNED: &[&str] = &["aws:PrincipalArn", "aws:PrincipalIsAWSService"];

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let statement = scene.statement;
    if statement.effect.value != Effect::Deny {
        return;
    }
    let of_principal = statement.principal.is_none();
    for condition in &statement.conditions {
        let operator = condition.operator.value;
        let key = condition.key.value.as_str();
        let listed = |keys: &[&str]| keys.iter().any(|name| name.eq_ignore_ascii_case(key));
        let decided = operator.base == Base::Null
            || operator.base.is_negated()
            || operator.if_exists
            || operator.set == Some(SetOperator::ForAllValues)
            || listed(ALWAYS_PRESENT)
            || of_principal && listed(SIGNED);
        // A presence check on the same key says that its author thought of it.
        let considered = statement
            .conditions
            .iter()
            .any(|other| other.operator.value.base == Base::Null && other.key.value == condition.key.value);
        if decided || considered {
            continue;
        }
        let help = match operator.set {
            None => format!(
                "write `{}`, or add `\"Null\": {{ \"{key}\": \"false\" }}` if they may pass",
                Operator { if_exists: true, ..operator }
            ),
            Some(_) => format!(
                "add `\"Null\": {{ \"{key}\": \"false\" }}` if they may pass, or deny them in a statement"
            ),
        };
        found.push(
            KEY_MAY_BE_MISSING
                .at(condition.key.span, format!("requests without `{key}` are not denied"))
                .help(help),
        );
    }
}
