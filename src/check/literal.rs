//! Values that are not what their operator compares (SEMANTICS D11..D16, A.4).

use super::{Lint, Scene};
use crate::ast::{Condition, Operand, OperandValue};
use crate::source::{Diagnostic, Severity};
use crate::value::{Base, Family, parse_address};

pub(super) const MALFORMED: Lint =
    Lint::new("L034", Severity::Error, "a number, date or address that cannot be read");
pub(super) const NOT_AN_ARN: Lint =
    Lint::new("L035", Severity::Warning, "an ARN operator with a value that is no ARN");
pub(super) const NOT_A_BOOLEAN: Lint =
    Lint::new("L036", Severity::Error, "Bool with a value other than true or false");
pub(super) const PLAIN_WILDCARD: Lint =
    Lint::new("L037", Severity::Warning, "a wildcard under an operator that reads it as plain text");
pub(super) const YEAR: Lint = Lint::new("L038", Severity::Suggestion, "four digits are a year");
pub(super) const HOST_BITS: Lint =
    Lint::new("L039", Severity::Suggestion, "an address range with bits beyond its prefix");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    for condition in &scene.statement.conditions {
        found.extend(condition.operands.iter().filter_map(|operand| operand_lint(condition, operand)));
    }
}

fn operand_lint(condition: &Condition, operand: &Operand) -> Option<Diagnostic> {
    let operator = condition.operator.value;
    let text = &operand.text;
    let malformed = operand.value == OperandValue::Malformed;
    let finding = match operator.base.family() {
        Family::Numeric if malformed => MALFORMED
            .at(operand.span, format!("`{text}` is no number, so it never matches"))
            .help("write digits, with a sign and a fraction if needed"),
        Family::Date if malformed => MALFORMED
            .at(operand.span, format!("`{text}` is no date, so it never matches"))
            .help("write `2026-11-22T10:00:00Z` with its zone, or epoch seconds"),
        Family::Ip if malformed => MALFORMED
            .at(operand.span, format!("`{text}` is no address range, so it never matches"))
            .help("write an address such as `203.0.113.0/24` or `2001:db8::/32`"),
        Family::Arn if malformed => NOT_AN_ARN
            .at(operand.span, format!("`{text}` is no ARN, so `{operator}` never matches by it"))
            .help("write all six fields, or use `StringLike` for plain text"),
        Family::Bool | Family::Null if not_a_boolean(operand) => NOT_A_BOOLEAN
            .at(operand.span, format!("`{text}` is neither true nor false, so it never matches"))
            .help("write `\"true\"` or `\"false\"`"),
        Family::String if literal(operator.base) && has_wildcard(text) => PLAIN_WILDCARD
            .at(operand.span, format!("`{operator}` compares `{text}` as plain text, wildcards too"))
            .help(format!("write `{}` for a pattern, `${{*}}` for a star that is meant", like(operator))),
        Family::Date if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) => YEAR
            .at(operand.span, format!("`{text}` is read as a year, not as seconds"))
            .help(format!("write `{text}-01-01T00:00:00Z` to be clear")),
        Family::Ip => return host_bits(operand),
        _ => return None,
    };
    Some(finding)
}

fn not_a_boolean(operand: &Operand) -> bool {
    match &operand.value {
        OperandValue::Malformed => true,
        OperandValue::Text(template) if template.variables().next().is_none() => {
            !["true", "false"].iter().any(|word| operand.text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

fn literal(base: Base) -> bool {
    !matches!(base.positive(), Base::StringLike)
}

fn like(operator: crate::value::Operator) -> crate::value::Operator {
    let base = if operator.base.is_negated() { Base::StringNotLike } else { Base::StringLike };
    crate::value::Operator { base, ..operator }
}

/// Whether `*` or `?` stands in the text, escapes and variables aside (SEMANTICS B11).
fn has_wildcard(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['*', '?', '$']) {
        let tail = rest.get(at..).unwrap_or_default();
        let skip = match tail.strip_prefix("${") {
            Some(inner) => inner.find('}').map_or(1, |end| end + 3),
            None if tail.starts_with('$') => 1,
            None => return true,
        };
        rest = tail.get(skip..).unwrap_or_default();
    }
    false
}

fn host_bits(operand: &Operand) -> Option<Diagnostic> {
    let OperandValue::Ip(range) = operand.value else { return None };
    let (address, _) = operand.text.split_once('/')?;
    let network = range.network;
    (parse_address(address)? != network).then(|| {
        HOST_BITS
            .at(operand.span, format!("`{}` means `{network}/{}`", operand.text, range.prefix))
            .help(format!("write `{network}/{}`, or a longer prefix if one address is meant", range.prefix))
    })
}

#[cfg(test)]
mod tests {
    use super::has_wildcard;

    #[test]
    fn wildcards_outside_variables() {
        let rows = [
            ("a*", true),
            ("?", true),
            ("${*}", false),
            ("${*}*", true),
            ("${aws:username}", false),
            ("${aws:PrincipalTag/a, '*'}", false),
            ("$*", true),
            ("${*", true),
            ("$", false),
            ("", false),
        ];
        for (text, expected) in rows {
            assert_eq!(has_wildcard(text), expected, "{text}");
        }
    }
}
