//! Who asks: from claims by the artifact's issuers, or from a principal written as JSON.

use bailiwick::decide::IdentityOptions;
use bailiwick::identity::Claims;
use bailiwick::request::ContextValue;
use bailiwick::source::json::{self, Limits, Node, Value, canonical_number};
use bailiwick::{Caller, Principal, Source, Tree};

use super::failure::Failure;

/// As generous as for claims.
const LIMITS: Limits = Limits { bytes: 256 << 10, depth: 16 };

/// Where nobody says otherwise.
const HOME: &str = "000000000000";

/// What a principal written as an object may have; an unknown member would look as if it counted.
const MEMBERS: [&str; 14] = [
    "arn",
    "anonymous",
    "service",
    "federated",
    "issuer",
    "subject",
    "account",
    "role",
    "id",
    "parent",
    "serviceLinked",
    "groups",
    "groupsKnown",
    "tags",
];
const MORE_MEMBERS: [&str; 2] = ["context", "sessionPolicies"];

/// The principal that verified claims make, by the identities that the artifact carries.
pub(super) fn of_claims(tree: &Tree, claims: &Claims) -> Result<Principal, Failure> {
    let identified = tree.identify(claims, IdentityOptions::default());
    identified.map(|identified| identified.principal).map_err(|refused| refused.diagnostics.into())
}

/// An ARN as a string, or an object: one of `arn`, `anonymous`, `service`, `federated`, `issuer` with `subject`; and
/// what is known besides: `groups`, `tags`, `context` and so on (see `js/index.d.ts`).
pub(super) fn read(text: &str) -> Result<Principal, Failure> {
    let source = Source::new("principal", text);
    let node = json::read(&source, LIMITS)
        .map_err(|found| Failure::new(found.code.0, found.message, found.help.unwrap_or_default()))?;
    if let Some(arn) = node.as_str() {
        return Principal::from_arn(arn).ok_or_else(|| no_arn(arn));
    }
    let Some(members) = node.as_object() else { return Err(refused("a principal is an ARN or an object")) };
    if !json::repeated(&node).is_empty() {
        return Err(refused("a member is there twice"));
    }
    for member in members {
        if !MEMBERS.contains(&member.key.as_str()) && !MORE_MEMBERS.contains(&member.key.as_str()) {
            return Err(refused(&["a principal has no member `", &member.key, "`"].concat()));
        }
    }
    let mut principal = Principal::new(caller(&node)?);
    principal.groups = texts(&node, "groups")?;
    principal.groups_known = flag(&node, "groupsKnown", true)?;
    principal.session_policies = texts(&node, "sessionPolicies")?;
    for (name, value) in object(&node, "tags")? {
        principal = principal.with_tag(name, value.as_str().ok_or_else(|| refused("a tag is a text"))?);
    }
    for (name, node) in object(&node, "context")? {
        principal = principal.with(name, value(node)?);
    }
    Ok(principal)
}

fn caller(node: &Node) -> Result<Caller, Failure> {
    let named: Vec<&str> = ["arn", "anonymous", "service", "federated", "subject"]
        .into_iter()
        .filter(|name| node.get(name).is_some())
        .collect();
    let text = |name| optional(node, name);
    Ok(match named.as_slice() {
        ["anonymous"] if flag(node, "anonymous", false)? => Caller::Anonymous,
        ["service"] => Caller::Service { name: required(node, "service")? },
        ["federated"] => Caller::Federated { provider: required(node, "federated")? },
        ["subject"] => Caller::Subject {
            account: text("account")?.unwrap_or_else(|| HOME.to_owned()),
            issuer: required(node, "issuer")?,
            subject: required(node, "subject")?,
        },
        ["arn"] => {
            let arn = required(node, "arn")?;
            let mut caller = Principal::from_arn(&arn).ok_or_else(|| no_arn(&arn))?.caller;
            match &mut caller {
                Caller::User { id, .. } => *id = text("id")?,
                Caller::RoleSession { role, id, service_linked, .. } => {
                    *role = text("role")?;
                    *id = text("id")?;
                    *service_linked = flag(node, "serviceLinked", false)?;
                }
                Caller::FederatedUser { parent, .. } => *parent = text("parent")?,
                _ => {}
            }
            caller
        }
        _ => return Err(refused("it must be said in exactly one way who asks")),
    })
}

fn required(node: &Node, name: &str) -> Result<String, Failure> {
    optional(node, name)?.ok_or_else(|| refused(&["it has no `", name, "`"].concat()))
}

fn optional(node: &Node, name: &str) -> Result<Option<String>, Failure> {
    match node.get(name) {
        None => Ok(None),
        Some(node) => {
            let text = node.as_str().ok_or_else(|| refused(&["`", name, "` is not a text"].concat()))?;
            Ok(Some(text.to_owned()))
        }
    }
}

fn flag(node: &Node, name: &str, default: bool) -> Result<bool, Failure> {
    match node.get(name) {
        None => Ok(default),
        Some(node) => node.as_bool().ok_or_else(|| refused(&["`", name, "` is not true or false"].concat())),
    }
}

fn texts(node: &Node, name: &str) -> Result<Vec<String>, Failure> {
    let wrong = || refused(&["`", name, "` is not a list of texts"].concat());
    let Some(node) = node.get(name) else { return Ok(Vec::new()) };
    let items = node.as_array().ok_or_else(wrong)?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn object<'n>(node: &'n Node, name: &str) -> Result<impl Iterator<Item = (&'n str, &'n Node)>, Failure> {
    let members = match node.get(name) {
        None => &[],
        Some(node) => node.as_object().ok_or_else(|| refused(&["`", name, "` is not an object"].concat()))?,
    };
    Ok(members.iter().map(|member| (member.key.as_str(), &member.value)))
}

/// A text, number or boolean, a list of such, or `{"unknown": true}`.
fn value(node: &Node) -> Result<ContextValue<'static>, Failure> {
    match &node.value {
        Value::Array(items) => {
            let items: Result<Vec<String>, Failure> = items.iter().map(scalar).collect();
            items.map(ContextValue::from)
        }
        Value::Object(members) => match members.as_slice() {
            [only] if only.key == "unknown" && only.value.value == Value::Bool(true) => {
                Ok(ContextValue::Unknown)
            }
            _ => Err(refused("an object as value says `{\"unknown\": true}`")),
        },
        _ => scalar(node).map(ContextValue::from),
    }
}

fn scalar(node: &Node) -> Result<String, Failure> {
    match &node.value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(value) => Ok(if *value { "true" } else { "false" }.to_owned()),
        Value::Number(text) => canonical_number(text, node.span)
            .map_err(|found| Failure::new(found.code.0, found.message, found.help.unwrap_or_default())),
        _ => Err(refused("a value is a text, a number, a boolean or a list of such")),
    }
}

fn no_arn(arn: &str) -> Failure {
    let message = ["`", arn, "` is not a principal"].concat();
    Failure::new("E257", message, "give the ARN of a user, a root user, a role session or a federated user")
}

fn refused(message: &str) -> Failure {
    Failure::new("E257", message, "see the type `Principal`")
}
