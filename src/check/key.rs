//! Global keys used against their meaning (SEMANTICS E1, E2).

use super::{Lint, Scene};
use crate::ast::{Condition, OperandValue};
use crate::source::{Diagnostic, Severity};
use crate::value::{Base, Template};

pub(super) const WILDCARD: Lint =
    Lint::new("L040", Severity::Warning, "a wildcard in the name of an account, organization or network");
pub(super) const SESSION_ARN: Lint =
    Lint::new("L041", Severity::Error, "aws:PrincipalArn compared with a session's ARN");
pub(super) const DEPRECATED: Lint = Lint::new("L042", Severity::Warning, "a deprecated condition key");

/// Keys whose values name one thing exactly (SEMANTICS E1).
const EXACT: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
];

/// Old keys and what came instead.
const OLD: &[(&str, &str)] = &[("aws:SourceOwner", "aws:SourceAccount")];

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    for condition in &scene.statement.conditions {
        let is = |name: &str| name.eq_ignore_ascii_case(condition.key.value.as_str());
        if EXACT.iter().any(|name| is(name)) {
            wildcards(condition, found);
        }
        if is("aws:PrincipalArn") {
            session_arns(condition, found);
        }
        if let Some((old, new)) = OLD.iter().find(|(old, _)| is(old)) {
            found.push(
                DEPRECATED
                    .at(condition.key.span, format!("`{old}` is deprecated"))
                    .help(format!("test `{new}`")),
            );
        }
    }
}

fn wildcards(condition: &Condition, found: &mut Vec<Diagnostic>) {
    if condition.operator.value.base.positive() != Base::StringLike {
        return;
    }
    for operand in &condition.operands {
        if matches!(&operand.value, OperandValue::Text(template) if template.has_wildcard()) {
            let key = &condition.key.value;
            found.push(
                WILDCARD
                    .at(
                        operand.span,
                        format!("`{}` covers values of `{key}` that belong to strangers", operand.text),
                    )
                    .help("list each value with `StringEquals`"),
            );
        }
    }
}

fn session_arns(condition: &Condition, found: &mut Vec<Diagnostic>) {
    for operand in &condition.operands {
        let session = match &operand.value {
            OperandValue::Arn(arn) => of_session(arn.fields.get(1), arn.fields.get(4)),
            OperandValue::Text(_) => {
                operand.text.starts_with("arn:") && operand.text.contains(":assumed-role/")
            }
            _ => false,
        };
        if session {
            found.push(
                SESSION_ARN
                    .at(operand.span, "`aws:PrincipalArn` holds the ARN of the role, never of its session")
                    .help("write `arn:aws:iam::ACCOUNT:role/NAME`"),
            );
        }
    }
}

fn of_session(service: Option<&Template>, resource: Option<&Template>) -> bool {
    let starts = |template: &Template| matches!(template.pieces.first(), Some(crate::value::Piece::Literal(text)) if text.starts_with("assumed-role/"));
    service.is_some_and(|service| service.as_literal() != Some("iam")) && resource.is_some_and(starts)
}
