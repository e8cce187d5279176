//! One condition (SEMANTICS C5, D, X18, X19).

use crate::ast::{Condition, Operand, OperandValue};
use crate::value::{
    Base, Decimal, Family, Held, Instant, Match, Part as Piece, Profile, Template, Truth, arn_fields,
    combine, combine_null, compare_date, compare_decimal, decode_base64, glob, match_arn, parse_address,
    same_text,
};

use super::asked::Asked;
use super::report::{ClauseReport, Found, Listed, Part};
use super::variable::{self, Gap};

pub(super) fn clause(asked: &Asked<'_, '_>, condition: &Condition) -> ClauseReport {
    let key = &condition.key.value;
    let held = asked.held(key);
    let base = condition.operator.value.base;
    let gaps = variable::gaps(asked, condition.operands.iter().flat_map(templates));
    let mut report = ClauseReport::new(Part::Condition, condition.span, truth(asked, condition, held, &gaps));
    report.test = format!("{} {key}", condition.operator.value);
    report.negated = base.is_negated();
    report.key = Some(key.as_str().to_owned());
    report.found = Found::of(held);
    report.listed = condition.operands.iter().map(|operand| listed(asked, base, operand, held)).collect();
    report.note_key(key.as_str(), held);
    report.note_gaps(&gaps);
    report
}

fn truth(asked: &Asked<'_, '_>, condition: &Condition, held: Held<'_>, gaps: &[(&str, Gap)]) -> Truth {
    let operator = condition.operator.value;
    if operator.base == Base::Null {
        let lists =
            |wanted| condition.operands.iter().any(|operand| operand.value == OperandValue::Null(wanted));
        return combine_null(operator.set, held, lists(true), lists(false));
    }
    // SEMANTICS C5, X6: what a missing variable is unequal to is disputed.
    let unresolved = gaps.iter().any(|(_, gap)| *gap == Gap::NoValue);
    if unresolved && operator.base.is_negated() && asked.profile() == Profile::Strict {
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
    match (&operand.value, base.family()) {
        (OperandValue::Text(template), Family::Bool) => match variable::fill(asked, template) {
            Ok(parts) => same_bool(&joined(&parts), text),
            Err(gap) => gap.comparison(),
        },
        (OperandValue::Text(template), _) => match variable::fill(asked, template) {
            Ok(parts) => compare_text(base, &parts, text),
            Err(gap) => gap.comparison(),
        },
        (OperandValue::Arn(pattern), _) => {
            if arn_fields(text).is_none() {
                return Match::Malformed;
            }
            match variable::fill_arn(asked, pattern) {
                Ok(fields) => Match::of(match_arn(|i| fields[i].iter().copied(), text)),
                Err(gap) => gap.comparison(),
            }
        }
        (OperandValue::Number(number), _) => {
            Decimal::parse(text).map_or(Match::Malformed, |value| compare_decimal(base, &value, number))
        }
        (OperandValue::Date(date), _) => {
            Instant::parse(text).map_or(Match::Malformed, |value| compare_date(base, value, *date))
        }
        (OperandValue::Ip(range), _) => {
            parse_address(text).map_or(Match::Malformed, |address| Match::of(range.contains(address)))
        }
        (OperandValue::Bytes(bytes), _) => {
            decode_base64(text).map_or(Match::Malformed, |value| Match::of(value == *bytes))
        }
        (OperandValue::Null(_) | OperandValue::Malformed, _) => Match::Malformed,
    }
}

fn compare_text(base: Base, parts: &[Piece<'_>], text: &str) -> Match {
    match base.positive() {
        Base::StringLike => Match::of(glob(parts.iter().copied(), text)),
        Base::StringEqualsIgnoreCase => {
            let operand = joined(parts);
            if operand.eq_ignore_ascii_case(text) {
                Match::Yes
            } else if folded(&operand) == folded(text) {
                // SEMANTICS D.2, X21: equal only beyond ASCII, which is not documented.
                Match::Malformed
            } else {
                Match::No
            }
        }
        _ => Match::of(same_text(parts.iter().copied(), text)),
    }
}

/// SEMANTICS D13: `true` and `false` in any letter case.
fn same_bool(operand: &str, text: &str) -> Match {
    let read = |text: &str| match text {
        text if text.eq_ignore_ascii_case("true") => Some(true),
        text if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    };
    match (read(operand), read(text)) {
        (Some(operand), Some(value)) => Match::of(operand == value),
        _ => Match::Malformed,
    }
}

fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The parts as plain text.
fn joined(parts: &[Piece<'_>]) -> String {
    let plain = |part: &Piece<'_>| match part {
        Piece::Literal(text) => (*text).to_owned(),
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
    };
    parts.iter().map(plain).collect()
}

fn templates(operand: &Operand) -> impl Iterator<Item = &Template> {
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
