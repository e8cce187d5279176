//! One condition (SEMANTICS C5, D, X18, X19).

use crate::ast::{Condition, Operand, OperandValue};
use crate::value::{
    Base, Held, Match, Part as Piece, Profile, Template, Truth, combine, combine_null, compare_arn,
    compare_base64, compare_bool, compare_date, compare_ignoring_case, compare_ip, compare_number,
    encode_base64, glob, same_text,
};

use super::asked::Asked;
use super::report::{ClauseReport, Found, Listed, Part};
use super::variable::{self, Gap};

pub(crate) fn clause(asked: &Asked<'_, '_>, condition: &Condition) -> ClauseReport {
    let key = &condition.key.value;
    let held = asked.held(key);
    let base = condition.operator.value.base;
    let gaps = variable::gaps(asked, condition.operands.iter().flat_map(templates));
    let test = format!("{} {key}", condition.operator.value);
    let truth = truth(asked, condition, held, &gaps);
    let mut report = ClauseReport::new(Part::Condition, test, condition.span, truth);
    report.negated = base.is_negated();
    report.key = Some(key.as_str().to_owned());
    report.found = Found::of(held);
    report.listed = condition.operands.iter().map(|operand| listed(asked, base, operand, held)).collect();
    report.note_key(key.as_str(), held);
    report.note_gaps(&gaps);
    report
}

pub(crate) fn truth(
    asked: &Asked<'_, '_>,
    condition: &Condition,
    held: Held<'_>,
    gaps: &[(&str, Gap)],
) -> Truth {
    let operator = condition.operator.value;
    if operator.base == Base::Null {
        let lists =
            |wanted| condition.operands.iter().any(|operand| operand.value == OperandValue::Null(wanted));
        return combine_null(operator.set, held, lists(true), lists(false));
    }
    // SEMANTICS C5, X6: what a missing variable is unequal to is disputed.
    if !gaps.is_empty() && operator.base.is_negated() && asked.profile() == Profile::Strict {
        return Truth::Maybe;
    }
    let arity = asked.set.keys.arity(condition.key.value.as_str());
    combine(operator, arity, asked.profile(), held, condition.operands.len(), |text| {
        condition
            .operands
            .iter()
            .fold(Match::No, |any, operand| any.or(compare(asked, operator.base, operand, text)))
    })
}

/// One request value with one operand, by the positive form of the operator.
fn compare(asked: &Asked<'_, '_>, base: Base, operand: &Operand, text: &str) -> Match {
    match &operand.value {
        OperandValue::Text(template) => match variable::fill(asked, template) {
            Ok(parts) => compare_text(asked.profile(), base, &parts, text),
            Err(gap) => gap.comparison(),
        },
        OperandValue::Arn(pattern) => match variable::fill_arn(asked, pattern) {
            Ok(fields) => compare_arn(text, |i| fields[i].iter().copied()),
            Err(gap) => gap.comparison(),
        },
        OperandValue::Number(number) => compare_number(base, text, number.as_str()),
        OperandValue::Date(date) => compare_date(base, text, *date),
        OperandValue::Ip(range) => compare_ip(text, range),
        OperandValue::Bytes(bytes) => compare_base64(text, &encode_base64(bytes)),
        OperandValue::Null(_) | OperandValue::Malformed => Match::Malformed,
    }
}

fn compare_text(profile: Profile, base: Base, parts: &[Piece<'_>], text: &str) -> Match {
    let parts = parts.iter().copied();
    match base.positive() {
        Base::Bool => compare_bool(text, parts),
        Base::StringLike => Match::of(glob(parts, text)),
        Base::StringEqualsIgnoreCase => compare_ignoring_case(profile, text, parts),
        _ => Match::of(same_text(parts, text)),
    }
}

pub(crate) fn templates(operand: &Operand) -> impl Iterator<Item = &Template> {
    let list: &[Template] = match &operand.value {
        OperandValue::Text(template) => core::slice::from_ref(template),
        OperandValue::Arn(pattern) => &pattern.fields,
        _ => &[],
    };
    list.iter()
}

/// An operand with its variables resolved, and whether some value of the request fits it.
fn listed(asked: &Asked<'_, '_>, base: Base, operand: &Operand, held: Held<'_>) -> Listed {
    let text = match &operand.value {
        OperandValue::Text(template) => variable::words(asked, template),
        OperandValue::Arn(pattern) => variable::arn_words(asked, pattern),
        _ => operand.text.clone(),
    };
    let fits = |text: &str| compare(asked, base, operand, text);
    let found = match held {
        Held::One(text) => fits(text),
        Held::Many(list) => list.iter().fold(Match::No, |any, text| any.or(fits(text))),
        Held::Unknown => Match::Unknown,
        Held::Missing | Held::Ambiguous => Match::No,
    };
    Listed { span: operand.span, text, truth: found.truth(asked.profile()) }
}
