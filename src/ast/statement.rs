//! One statement and its simple elements (SEMANTICS A7..A11, A.3).

use std::collections::BTreeMap;

use super::code::{BAD_EFFECT, BAD_SID, DUPLICATE_SID, EMPTY_EXCLUSION, FORBIDDEN_ACTION, FORBIDDEN_EFFECT};
use super::parse::{Read, Reader, error, quote};
use super::shape::Rule;
use super::{
    ActionPattern, Clause, Kind, PrincipalName, PrincipalPattern, ResourceEntry, Spanned, Statement, action,
    condition, principal, resource, trust,
};
use crate::source::json::{Member, Node, Value};
use crate::source::{Span, nearest};
use crate::value::Effect;

const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

pub(super) fn statement(reader: &mut Reader<'_>, node: &Node) -> Read<Statement> {
    let members = reader.object(node, "a statement", "an object")?;
    let [sid, effect, principal, not_principal, action, not_action, resource, not_resource, condition] =
        reader.elements(members, ELEMENTS, "a statement");
    let sid = self::sid(reader, sid);
    let effect = self::effect(reader, node.span, effect);
    let allows = matches!(&effect, Ok(effect) if effect.value == Effect::Allow);
    let principal = principals(reader, node.span, principal, not_principal, allows);
    let action = actions(reader, node.span, action, not_action);
    let resource = resources(reader, node.span, resource, not_resource);
    let tests = match condition {
        Some(member) => condition::condition(reader, &member.value),
        None => Ok(condition::Tests::default()),
    };
    let tests = tests?;
    let statement = Statement {
        span: node.span,
        sid: sid?,
        effect: effect?,
        principal: principal?,
        action: action?,
        resource: resource?,
        conditions: tests.conditions,
        empty_operators: tests.empty_operators,
        condition_span: condition.map(|member| member.value.span),
    };
    trust::guarded(reader, &statement)?;
    Ok(statement)
}

fn sid(reader: &mut Reader<'_>, member: Option<&Member>) -> Read<Option<Spanned<String>>> {
    let Some(Member { value: node, .. }) = member else { return Ok(None) };
    let text = reader.string(node, "`Sid`")?;
    let odd = text.chars().any(|char| !char.is_ascii_alphanumeric());
    if odd && reader.forbids(reader.shape.odd_sid) {
        let message = format!("Sid {} has characters other than letters and digits", quote(text));
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let kind = reader.options.kind.name();
        let help = match plain.as_str() {
            "" => format!("remove it: {kind} takes A-Z, a-z and 0-9 only"),
            _ => format!("write {}: {kind} takes A-Z, a-z and 0-9 only", quote(&plain)),
        };
        return Err(reader.refuse(error(BAD_SID, node.span, message, help)));
    }
    Ok(Some(Spanned { span: node.span, value: text.to_owned() }))
}

/// An empty Sid is never a duplicate (SEMANTICS A7).
pub(super) fn unique_sids(reader: &mut Reader<'_>, statements: &[Statement]) {
    if !reader.forbids(reader.shape.duplicate_sid) {
        return;
    }
    let mut seen = BTreeMap::new();
    for sid in
        statements.iter().filter_map(|statement| statement.sid.as_ref()).filter(|sid| !sid.value.is_empty())
    {
        if let Some(first) = seen.insert(sid.value.as_str(), sid.span) {
            let message = format!("Sid {} names two statements", quote(&sid.value));
            let diagnostic =
                error(DUPLICATE_SID, sid.span, message, "give each statement a Sid of its own, or none");
            reader.refuse(diagnostic.label(first, "first here"));
        }
    }
}

fn effect(reader: &mut Reader<'_>, statement: Span, member: Option<&Member>) -> Read<Spanned<Effect>> {
    let Some(Member { value: node, .. }) = member else {
        return Err(reader.missing(
            statement,
            "`Effect`",
            "add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`",
        ));
    };
    let span = node.span;
    let value = match reader.string(node, "`Effect`")? {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        other => {
            let help = match nearest(other.trim(), ["Allow", "Deny"]) {
                Some(name) => format!("did you mean `{name}`? letter case and blanks count"),
                None => "write `Allow` or `Deny`".to_owned(),
            };
            return Err(reader.refuse(error(
                BAD_EFFECT,
                span,
                format!("unknown effect {}", quote(other)),
                help,
            )));
        }
    };
    if value == Effect::Allow && reader.options.kind == Kind::ResourceControl && !reader.default_rcp {
        let help =
            "write `Deny`: such a policy only takes away, what it leaves is allowed by the default policy";
        return Err(reader.refuse(error(
            FORBIDDEN_EFFECT,
            span,
            "a resource control policy cannot allow",
            help,
        )));
    }
    Ok(Spanned { span, value })
}

fn principals(
    reader: &mut Reader<'_>,
    statement: Span,
    plain: Option<&Member>,
    not: Option<&Member>,
    allows: bool,
) -> Read<Option<Clause<PrincipalPattern>>> {
    match reader.one_of(plain, not)? {
        Some((member, negated)) => {
            let rule = if negated { reader.shape.not_principal } else { reader.shape.principal };
            if reader.forbids(rule) {
                return Err(reader.forbidden_element(member));
            }
            principal::principal(reader, member, negated, allows).map(Some)
        }
        None if reader.default_rcp => {
            let everyone =
                PrincipalPattern { span: statement, text: "*".to_owned(), name: PrincipalName::Everyone };
            Ok(Some(Clause { span: statement, negated: false, entries: vec![everyone] }))
        }
        None if reader.shape.principal == Rule::Required => {
            let help = "add `\"Principal\": ...`: whom the statement speaks of";
            Err(reader.missing(statement, "`Principal`", help))
        }
        None => Ok(None),
    }
}

fn actions(
    reader: &mut Reader<'_>,
    statement: Span,
    plain: Option<&Member>,
    not: Option<&Member>,
) -> Read<Clause<ActionPattern>> {
    let Some((member, negated)) = reader.one_of(plain, not)? else {
        let help = "add `\"Action\": \"service:Name\"`, a list of such, or `NotAction`";
        return Err(reader.missing(statement, "`Action`", help));
    };
    let clause = clause(reader, member, negated, action::entry)?;
    if reader.options.kind == Kind::ResourceControl && !reader.default_rcp {
        if negated {
            return Err(reader.forbidden_element(member));
        }
        if let Some(star) = clause.entries.iter().find(|entry| entry.service.is_none()) {
            let help = "name services, `s3:*` for example";
            let message = "a resource control policy cannot speak of all actions";
            return Err(reader.refuse(error(FORBIDDEN_ACTION, star.span, message, help)));
        }
    }
    Ok(clause)
}

fn resources(
    reader: &mut Reader<'_>,
    statement: Span,
    plain: Option<&Member>,
    not: Option<&Member>,
) -> Read<Option<Clause<ResourceEntry>>> {
    let rule = reader.shape.resource;
    match reader.one_of(plain, not)? {
        Some((member, _)) if reader.forbids(rule) => Err(reader.forbidden_element(member)),
        Some((member, negated)) => clause(reader, member, negated, resource::entry).map(Some),
        None if rule == Rule::Required => {
            let help = "add `\"Resource\": \"arn:...\"`, a list of such, or `NotResource`";
            Err(reader.missing(statement, "`Resource`", help))
        }
        None => Ok(None),
    }
}

/// One entry or a list of them (SEMANTICS A11); an empty `Not...` is refused.
fn clause<T>(
    reader: &mut Reader<'_>,
    member: &Member,
    negated: bool,
    entry: fn(&mut Reader<'_>, &Node, &str) -> Read<T>,
) -> Read<Clause<T>> {
    let node = &member.value;
    if !matches!(node.value, Value::String(_) | Value::Array(_)) {
        return Err(reader.wrong_type(node, &format!("`{}`", member.key), "a string or an array of strings"));
    }
    let nodes = reader.list(node)?;
    if nodes.is_empty() && negated {
        return Err(empty_exclusion(reader, member));
    }
    let name = format!("an entry of `{}`", member.key);
    let entries: Vec<_> = nodes
        .iter()
        .map(|node| {
            let text = reader.string(node, &name)?;
            entry(reader, node, text)
        })
        .collect();
    Ok(Clause { span: node.span, negated, entries: entries.into_iter().collect::<Read<_>>()? })
}

/// SEMANTICS A11: whether none of nothing is everything, nobody says.
pub(super) fn empty_exclusion(reader: &mut Reader<'_>, member: &Member) -> super::parse::Refused {
    let plain = member.key.trim_start_matches("Not");
    let message = format!("`{}` excludes nothing", member.key);
    let help = format!("list what is excluded, or write `\"{plain}\": \"*\"` for everything");
    reader.refuse(error(EMPTY_EXCLUSION, member.value.span, message, help))
}
