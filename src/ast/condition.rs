//! The condition block and the values in it (SEMANTICS A3, A17, C2, D6, D7, D11..D17, X5, X9, X10, X18, X19).

use super::code::{
    BAD_LITERAL, EMPTY_KEY, MISPLACED_VARIABLE, NO_VALUES, NULL_IF_EXISTS, NULL_WITH_SET_PREFIX,
    SET_PREFIX_MISSING, UNKNOWN_OPERATOR, VARIABLE_BEFORE_2012,
};
use super::parse::{Read, Reader, error, quote};
use super::resource::{count_stars, template};
use super::{Condition, Operand, OperandForm, OperandValue, Spanned, Version, arn, operator};
use crate::source::Span;
use crate::source::json::{Member, Node, Value, canonical_number};
use crate::value::{
    Arity, ArnPattern, Base, Cidr, Decimal, Family, Instant, KeyName, Operator, Template, decode_base64,
};

/// What a condition block holds.
#[derive(Default)]
pub(super) struct Tests {
    pub(super) conditions: Vec<Condition>,
    pub(super) empty_operators: Vec<Spanned<Operator>>,
}

pub(super) fn condition(reader: &mut Reader<'_>, node: &Node) -> Read<Tests> {
    let members = reader.object(node, "`Condition`", "an object of operators")?;
    reader.no_duplicates(members, str::to_ascii_lowercase);
    let mut tests = Tests::default();
    let mut whole = Ok(());
    for member in members {
        whole = whole.and(condition_operator(reader, member, &mut tests));
    }
    whole.map(|()| tests)
}

fn condition_operator(reader: &mut Reader<'_>, member: &Member, tests: &mut Tests) -> Read<()> {
    let operator = known_operator(reader, member);
    let keys =
        reader.object(&member.value, &format!("the value of {}", quote(&member.key)), "an object of keys")?;
    reader.no_duplicates(keys, str::to_ascii_lowercase);
    let operator = Spanned { span: member.key_span, value: operator? };
    if keys.is_empty() {
        tests.empty_operators.push(operator);
        return Ok(());
    }
    let mut whole = Ok(());
    for key in keys {
        match condition_key(reader, key, &operator) {
            Ok(condition) => tests.conditions.push(condition),
            Err(refused) => whole = Err(refused),
        }
    }
    whole
}

fn known_operator(reader: &mut Reader<'_>, member: &Member) -> Read<Operator> {
    let span = member.key_span;
    let Some(operator) = operator::read(&member.key) else {
        let message = format!("unknown condition operator {}", quote(&member.key));
        let help = match operator::similar(&member.key) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "an operator is `[ForAllValues:|ForAnyValue:]StringEquals[IfExists]` or another of the language".to_owned(),
        };
        return Err(reader.refuse(error(UNKNOWN_OPERATOR, span, message, help).at("not an operator")));
    };
    if operator.base == Base::Null && operator.if_exists {
        let help = "write `Null`: it asks whether the key exists";
        return Err(reader.refuse(error(NULL_IF_EXISTS, span, "`Null` takes no `IfExists`", help)));
    }
    if operator.base == Base::Null && operator.set.is_some() && reader.is_strict() {
        let help = "write `Null` alone: it asks whether the key exists, however many values it has";
        return Err(reader.refuse(error(NULL_WITH_SET_PREFIX, span, "`Null` with a set operator", help)));
    }
    Ok(operator)
}

fn condition_key(reader: &mut Reader<'_>, member: &Member, operator: &Spanned<Operator>) -> Read<Condition> {
    let mut whole = Ok(());
    let name = member.key.as_str();
    if name.is_empty() {
        let help = "name the key that is tested: `aws:SourceIp` for example";
        whole = Err(reader.refuse(error(EMPTY_KEY, member.key_span, "a condition key without a name", help)));
    }
    let Operator { set, base, .. } = operator.value;
    let many = || reader.options.keys.arity(name) == Some(Arity::Many);
    if reader.is_strict() && set.is_none() && base != Base::Null && many() {
        let message = format!("multivalued key {} without a set operator", quote(name));
        let help = format!("write `ForAnyValue:{0}` or `ForAllValues:{0}`", operator.value);
        whole = Err(reader.refuse(error(SET_PREFIX_MISSING, member.key_span, message, help)));
    }
    let operands = operands(reader, member, operator.value)?;
    whole?;
    Ok(Condition {
        span: Span { start: member.key_span.start, end: member.value.span.end },
        operator: operator.clone(),
        key: Spanned { span: member.key_span, value: KeyName::new(name) },
        operands,
    })
}

fn operands(reader: &mut Reader<'_>, member: &Member, operator: Operator) -> Read<Vec<Operand>> {
    let nodes = reader.list(&member.value)?;
    if nodes.is_empty() && reader.is_strict() {
        let message = format!("no values for {}", quote(&member.key));
        let help = "list at least one value, or remove the key";
        return Err(reader.refuse(error(NO_VALUES, member.value.span, message, help)));
    }
    let all: Vec<_> = nodes.iter().map(|node| operand(reader, node, &member.key, operator.base)).collect();
    all.into_iter().collect()
}

fn operand(reader: &mut Reader<'_>, node: &Node, key: &str, base: Base) -> Read<Operand> {
    let span = node.span;
    let (text, form) = match &node.value {
        Value::String(text) => (text.clone(), OperandForm::String),
        Value::Bool(value) => (value.to_string(), OperandForm::Bool),
        Value::Number(text) => match canonical_number(text, span) {
            Ok(text) => (text, OperandForm::Number),
            Err(diagnostic) => return Err(reader.refuse(*diagnostic)),
        },
        _ => {
            let name = format!("a value of {}", quote(key));
            return Err(reader.wrong_type(node, &name, "a string, a number or a boolean"));
        }
    };
    let value = match base.family() {
        Family::String => {
            let like = base.positive() == Base::StringLike;
            if like {
                count_stars(reader, span, &text)?;
            }
            Some(OperandValue::Text(template(reader, span, &text, &text, like)?))
        }
        Family::Bool => bool(reader, span, &text)?,
        Family::Arn => {
            count_stars(reader, span, &text)?;
            arn_pattern(reader, span, &text)?.map(OperandValue::Arn)
        }
        family => {
            no_variables(reader, span, &text, base)?;
            literal(family, &text)
        }
    };
    let value = match value {
        Some(value) => value,
        // SEMANTICS D14 refuses undecodable bytes, whatever the profile.
        None if reader.is_strict() || base.family() == Family::Binary => {
            let message = format!("{} is not {}", quote(&text), wanted(base.family()));
            return Err(reader.refuse(error(BAD_LITERAL, span, message, remedy(base.family()))));
        }
        None => OperandValue::Malformed,
    };
    Ok(Operand { span, text, form, value })
}

fn literal(family: Family, text: &str) -> Option<OperandValue> {
    match family {
        Family::Numeric => Decimal::parse(text).map(OperandValue::Number),
        Family::Date => Instant::parse(text).map(OperandValue::Date),
        Family::Ip => Cidr::parse(text).map(OperandValue::Ip),
        Family::Binary => decode_base64(text).map(OperandValue::Bytes),
        Family::Null => truth(text).map(OperandValue::Null),
        Family::String | Family::Bool | Family::Arn => None,
    }
}

fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// `true` and `false` in lower case; variables are disputed (SEMANTICS X5).
fn bool(reader: &mut Reader<'_>, span: Span, text: &str) -> Read<Option<OperandValue>> {
    if let Some(value) = truth(text) {
        return Ok(Some(OperandValue::Text(Template::literal(if value { "true" } else { "false" }))));
    }
    let template = template(reader, span, text, text, false)?;
    if template.variables().next().is_none() {
        return Ok(None);
    }
    if reader.is_strict() {
        return Err(misplaced(reader, span, text, Base::Bool));
    }
    Ok(Some(OperandValue::Text(template)))
}

/// Cut into fields before anything is substituted (SEMANTICS C4, D16); variables may stand in each.
fn arn_pattern(reader: &mut Reader<'_>, span: Span, text: &str) -> Read<Option<ArnPattern>> {
    let variables = reader.version == Version::V2012;
    let Some(fields) = arn::cut(text, variables).filter(|fields| fields.len() == 5) else {
        // What is wrong inside its variables is wrong all the same.
        template(reader, span, text, text, true)?;
        return Ok(None);
    };
    let mut templates: [Template; 5] = Default::default();
    for (pattern, field) in templates.iter_mut().zip(&fields) {
        *pattern = template(reader, span, text, field, true)?;
    }
    Ok(Some(ArnPattern { fields: templates }))
}

fn no_variables(reader: &mut Reader<'_>, span: Span, text: &str, base: Base) -> Read<()> {
    if !text.contains("${") {
        return Ok(());
    }
    if reader.version == Version::V2012 {
        return Err(misplaced(reader, span, text, base));
    }
    if reader.is_strict() {
        let message = format!("{} would be plain text in this version", quote(text));
        let help = format!("write the value out: `{}` takes no variables", base.name());
        return Err(reader.refuse(error(VARIABLE_BEFORE_2012, span, message, help)));
    }
    Ok(())
}

fn misplaced(reader: &mut Reader<'_>, span: Span, text: &str, base: Base) -> super::parse::Refused {
    let at = text.find("${").unwrap_or_default();
    let span = reader.inside(span, text, at..text.len().min(at + 2));
    let message = format!("variable in a value of `{}`", base.name());
    let help = "variables are for the `String` and `Arn` operators; write the value out";
    reader.refuse(error(MISPLACED_VARIABLE, span, message, help))
}

fn wanted(family: Family) -> &'static str {
    match family {
        Family::String => "text",
        Family::Numeric => "a number",
        Family::Date => "a date",
        Family::Bool | Family::Null => "`true` or `false`",
        Family::Binary => "standard base64",
        Family::Ip => "an address or a range of addresses",
        Family::Arn => "an ARN of six fields",
    }
}

fn remedy(family: Family) -> &'static str {
    match family {
        Family::String => "write text",
        Family::Numeric => "write digits with an optional sign and fraction: `10`, `-1.5`",
        Family::Date => {
            "write `2026-05-01T10:00:00Z`, a date, or seconds since 1970 with five digits or more"
        }
        Family::Bool | Family::Null => "write `\"true\"` or `\"false\"`",
        Family::Binary => "encode the bytes with the standard alphabet and padding: `QQ==`",
        Family::Ip => "write `203.0.113.0/24`, `2001:db8::/32` or one address",
        Family::Arn => "write all six fields, `arn:aws:s3:*:*:*` for example, or use `StringLike`",
    }
}
