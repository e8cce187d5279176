//! `Principal` and `NotPrincipal` (SEMANTICS A15, A16, X11).

use super::code::{
    ALLOW_NOT_PRINCIPAL, BAD_PRINCIPAL, FORBIDDEN_PRINCIPAL, GROUP_AS_PRINCIPAL, MISPLACED_VARIABLE,
    UNKNOWN_PRINCIPAL_TYPE, WILDCARD_IN_PRINCIPAL,
};
use super::parse::{Read, Reader, error, quote};
use super::statement::empty_exclusion;
use super::{Clause, Kind, PrincipalName, PrincipalPattern, arn};
use crate::source::json::{Member, Node, Value};
use crate::source::nearest;

const TYPES: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

pub(super) fn principal(
    reader: &mut Reader<'_>,
    member: &Member,
    negated: bool,
    allows: bool,
) -> Read<Clause<PrincipalPattern>> {
    let allowed = if negated && allows {
        let message = "`NotPrincipal` in an Allow lets everybody else in, strangers too";
        let help = "name whom you allow in `Principal`, or write a Deny";
        Err(reader.refuse(error(ALLOW_NOT_PRINCIPAL, member.key_span, message, help)))
    } else {
        Ok(())
    };
    let node = &member.value;
    let entries = match &node.value {
        Value::String(text) if text == "*" => vec![everyone(node)],
        Value::String(text) => {
            let message = format!("principal {} has no type", quote(text));
            let help = format!(
                "write `{{ \"AWS\": {} }}`, or another type, or `\"*\"`",
                quote(text).replace('`', "\"")
            );
            return Err(reader.refuse(error(BAD_PRINCIPAL, node.span, message, help)));
        }
        Value::Object(members) => principal_types(reader, members)?,
        _ => return Err(reader.wrong_type(node, &format!("`{}`", member.key), "`\"*\"` or an object")),
    };
    if negated && entries.is_empty() {
        return Err(empty_exclusion(reader, member));
    }
    let all = matches!(entries.as_slice(), [only] if only.name == PrincipalName::Everyone);
    if reader.options.kind == Kind::ResourceControl && !all {
        let help = "write `\"Principal\": \"*\"`, and test the caller in `Condition`";
        let message = "a resource control policy speaks of everyone";
        return Err(reader.refuse(error(FORBIDDEN_PRINCIPAL, node.span, message, help)));
    }
    allowed?;
    Ok(Clause { span: node.span, negated, entries })
}

fn everyone(node: &Node) -> PrincipalPattern {
    PrincipalPattern { span: node.span, text: "*".to_owned(), name: PrincipalName::Everyone }
}

fn principal_types(reader: &mut Reader<'_>, members: &[Member]) -> Read<Vec<PrincipalPattern>> {
    reader.no_duplicates(members, str::to_owned);
    let mut entries = Vec::new();
    let mut whole = Ok(());
    for member in members {
        match principal_type(reader, member) {
            Ok(more) => entries.extend(more),
            Err(refused) => whole = Err(refused),
        }
    }
    whole.map(|()| entries)
}

fn principal_type(reader: &mut Reader<'_>, member: &Member) -> Read<Vec<PrincipalPattern>> {
    let Some(kind) = TYPES.iter().copied().find(|name| *name == member.key) else {
        let help = match nearest(&member.key, TYPES) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "write `AWS`, `Service`, `Federated` or `CanonicalUser`".to_owned(),
        };
        let message = format!("unknown principal type {}", quote(&member.key));
        return Err(reader.refuse(error(UNKNOWN_PRINCIPAL_TYPE, member.key_span, message, help)));
    };
    if !matches!(member.value.value, Value::String(_) | Value::Array(_)) {
        return Err(reader.wrong_type(
            &member.value,
            &format!("`{kind}`"),
            "a string or an array of strings",
        ));
    }
    let federates = reader.options.kind == Kind::Trust;
    if kind == "Federated" && !federates && reader.is_strict() {
        let message = "`Federated` outside of a role trust policy";
        let help = "name the role that the token is exchanged for, under `AWS`";
        return Err(reader.refuse(error(FORBIDDEN_PRINCIPAL, member.key_span, message, help)));
    }
    let name = format!("a principal under `{kind}`");
    let all: Vec<_> = reader
        .list(&member.value)?
        .iter()
        .map(|node| {
            let text = reader.string(node, &name)?;
            self::entry(reader, node, kind, text)
        })
        .collect();
    all.into_iter().collect()
}

fn entry(reader: &mut Reader<'_>, node: &Node, kind: &str, text: &str) -> Read<PrincipalPattern> {
    let span = node.span;
    if kind == "AWS" && text == "*" {
        return Ok(everyone(node));
    }
    if let Some(at) = text.find("${") {
        let message = format!("variable in principal {}", quote(text));
        let help = "principals take no variables; compare `aws:PrincipalArn` in `Condition`";
        let span = reader.inside(span, text, at..at + 2);
        return Err(reader.refuse(error(MISPLACED_VARIABLE, span, message, help)));
    }
    if text.contains(['*', '?']) {
        let message = format!("wildcard in principal {}", quote(text));
        let help = match kind {
            "AWS" => {
                "only the whole value `*` is a wildcard; write it, and test `aws:PrincipalArn` with `ArnLike`"
            }
            _ => "name it in full; wildcards are for `AWS` only, and only as the whole value `*`",
        };
        return Err(reader.refuse(error(WILDCARD_IN_PRINCIPAL, span, message, help)));
    }
    let owned = text.to_owned();
    let name = match kind {
        "AWS" => caller(text),
        "Service" => service(text).then_some(PrincipalName::Service(owned)),
        "Federated" => (!text.is_empty() && !text.contains(char::is_whitespace))
            .then_some(PrincipalName::Federated(owned)),
        _ => canonical(text).then_some(PrincipalName::CanonicalUser(owned)),
    };
    let Some(name) = name else {
        let message = format!("malformed principal {} under `{kind}`", quote(text));
        let help = match kind {
            "AWS" => {
                "write an account's 12 digits, the ARN of an account, user, role or session, or a unique id"
            }
            "Service" => "write a service principal: `lambda.amazonaws.com`",
            "Federated" => "write a provider's name or ARN: `cognito-identity.amazonaws.com`",
            _ => "write the account's canonical user id: 64 hexadecimal digits",
        };
        return Err(reader.refuse(error(BAD_PRINCIPAL, span, message, help)));
    };
    if matches!(&name, PrincipalName::Nobody(arn) if iam_resource(arn).is_some_and(|word| word.starts_with("group/")))
    {
        let message = format!("group {} cannot be a principal", quote(text));
        let help = "name its members or a role, or attach an identity policy to the group";
        return Err(reader.refuse(error(GROUP_AS_PRINCIPAL, span, message, help)));
    }
    Ok(PrincipalPattern { span, text: text.to_owned(), name })
}

/// The resource field of an IAM ARN.
fn iam_resource(text: &str) -> Option<&str> {
    match arn::cut(text, false)?.as_slice() {
        [_, "iam", "", _, resource] => Some(resource),
        _ => None,
    }
}

/// Whom a text under `AWS` names; `None` for what is neither account nor ARN nor unique id.
fn caller(text: &str) -> Option<PrincipalName> {
    let owned = text.to_owned();
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(PrincipalName::Account(owned));
    }
    let is_id = text.len() > 4 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_id && (text.starts_with("AIDA") || text.starts_with("AROA")) {
        return Some(PrincipalName::UniqueId(owned));
    }
    let fields = arn::cut(text, false)?;
    let [_, service, region, account, resource] = fields.as_slice() else { return None };
    if !region.is_empty() {
        return Some(PrincipalName::Nobody(owned));
    }
    let word = resource.split_once('/').filter(|(_, name)| !name.is_empty()).map(|(word, _)| word);
    Some(match (*service, word) {
        ("iam", None) if *resource == "root" => PrincipalName::Account((*account).to_owned()),
        ("iam", Some("user")) => PrincipalName::User(owned),
        ("iam", Some("role")) => PrincipalName::Role(owned),
        ("sts", Some("assumed-role")) if resource.matches('/').count() == 2 => {
            PrincipalName::RoleSession(owned)
        }
        ("sts", Some("federated-user")) => PrincipalName::FederatedUser(owned),
        _ => PrincipalName::Nobody(owned),
    })
}

fn service(text: &str) -> bool {
    text.contains('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

fn canonical(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
