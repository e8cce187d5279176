//! Who asks: from claims by the artifact's issuers, or from a principal written as JSON.

use bailiwick::decide::IdentityOptions;
use bailiwick::identity::Claims;
use bailiwick::request::ContextValue;
use bailiwick::source::json::{Member, Node, Value, canonical_number};
use bailiwick::{Caller, Principal, Source, Tree};

use super::failure::Failure;

/// Where nobody says otherwise.
const HOME: &str = "000000000000";

/// What a principal written as an object may have; an unknown member would look as if it counted.
const MEMBERS: [&str; 16] = [
    "arn",
    "anonymous",
    "service",
    "federated",
    "subject",
    "issuer",
    "account",
    "role",
    "id",
    "parent",
    "serviceLinked",
    "groups",
    "groupsKnown",
    "tags",
    "context",
    "sessionPolicies",
];

/// Of those, the ones that say who asks.
const WAYS: [&str; 5] = ["arn", "anonymous", "service", "federated", "subject"];

/// The principal that verified claims make, by the identities that the artifact carries.
pub(super) fn of_claims(tree: &Tree, claims: &Claims) -> Result<Principal, Failure> {
    let identified = tree.identify(claims, IdentityOptions::default());
    identified.map(|identified| identified.principal).map_err(|refused| refused.diagnostics.into())
}

/// One of `arn`, `anonymous`, `service`, `federated`, `issuer` with `subject`; and what is known besides: `groups`,
/// `tags`, `context` and so on (see `js/index.d.ts`). It is read as strictly as claims are.
pub(super) fn read(text: &str) -> Result<Principal, Failure> {
    let claims = Claims::parse(Source::new("principal", text))?;
    let members = Members(claims.members());
    for member in members.0 {
        if !MEMBERS.contains(&member.key.as_str()) {
            return Err(refused(&["a principal has no member `", &member.key, "`"]));
        }
    }
    let mut principal = Principal::new(caller(&members)?);
    principal.groups = members.texts("groups")?;
    principal.groups_known = members.flag("groupsKnown", true)?;
    principal.session_policies = members.texts("sessionPolicies")?;
    for member in members.object("tags")? {
        let value = member.value.as_str().ok_or_else(|| refused(&["a tag is a text"]))?;
        principal = principal.with_tag(&member.key, value);
    }
    for member in members.object("context")? {
        principal = principal.with(&member.key, value(&member.value)?);
    }
    Ok(principal)
}

fn caller(members: &Members<'_>) -> Result<Caller, Failure> {
    let mut ways = WAYS.into_iter().filter(|name| members.get(name).is_some());
    let (Some(way), None) = (ways.next(), ways.next()) else { return Err(one_way()) };
    Ok(match way {
        "anonymous" if members.flag(way, false)? => Caller::Anonymous,
        "service" => Caller::Service { name: members.required(way)? },
        "federated" => Caller::Federated { provider: members.required(way)? },
        "subject" => Caller::Subject {
            account: members.optional("account")?.unwrap_or_else(|| HOME.to_owned()),
            issuer: members.required("issuer")?,
            subject: members.required(way)?,
        },
        "arn" => {
            let arn = members.required(way)?;
            let mut caller = Principal::from_arn(&arn).ok_or_else(|| no_arn(&arn))?.caller;
            match &mut caller {
                Caller::User { id, .. } => *id = members.optional("id")?,
                Caller::RoleSession { role, id, service_linked, .. } => {
                    *role = members.optional("role")?;
                    *id = members.optional("id")?;
                    *service_linked = members.flag("serviceLinked", false)?;
                }
                Caller::FederatedUser { parent, .. } => *parent = members.optional("parent")?,
                _ => {}
            }
            caller
        }
        _ => return Err(one_way()),
    })
}

/// What the object has.
struct Members<'a>(&'a [Member]);

impl<'a> Members<'a> {
    fn get(&self, name: &str) -> Option<&'a Node> {
        self.0.iter().find(|member| member.key == name).map(|member| &member.value)
    }

    fn required(&self, name: &str) -> Result<String, Failure> {
        self.optional(name)?.ok_or_else(|| refused(&["it has no `", name, "`"]))
    }

    fn optional(&self, name: &str) -> Result<Option<String>, Failure> {
        let Some(node) = self.get(name) else { return Ok(None) };
        match node.as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(refused(&["`", name, "` is not a text"])),
        }
    }

    fn flag(&self, name: &str, default: bool) -> Result<bool, Failure> {
        let Some(node) = self.get(name) else { return Ok(default) };
        node.as_bool().ok_or_else(|| refused(&["`", name, "` is not true or false"]))
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Failure> {
        let wrong = || refused(&["`", name, "` is not a list of texts"]);
        let mut texts = Vec::new();
        if let Some(node) = self.get(name) {
            for item in node.as_array().ok_or_else(wrong)? {
                texts.push(item.as_str().ok_or_else(wrong)?.to_owned());
            }
        }
        Ok(texts)
    }

    fn object(&self, name: &str) -> Result<&'a [Member], Failure> {
        let Some(node) = self.get(name) else { return Ok(&[]) };
        node.as_object().ok_or_else(|| refused(&["`", name, "` is not an object"]))
    }
}

/// A text, number or boolean, a list of such, or `{"unknown": true}`.
fn value(node: &Node) -> Result<ContextValue<'static>, Failure> {
    match &node.value {
        Value::Array(items) => {
            let mut texts = Vec::new();
            for item in items {
                texts.push(scalar(item)?);
            }
            Ok(ContextValue::from(texts))
        }
        Value::Object(members) => match members.as_slice() {
            [only] if only.key == "unknown" && only.value.value == Value::Bool(true) => {
                Ok(ContextValue::Unknown)
            }
            _ => Err(refused(&["an object as value says `{\"unknown\": true}`"])),
        },
        _ => scalar(node).map(ContextValue::from),
    }
}

fn scalar(node: &Node) -> Result<String, Failure> {
    match &node.value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(value) => Ok(if *value { "true" } else { "false" }.to_owned()),
        Value::Number(text) => canonical_number(text, node.span).map_err(|found| Failure::from(*found)),
        _ => Err(refused(&["a value is a text, a number, a boolean or a list of such"])),
    }
}

fn no_arn(arn: &str) -> Failure {
    let help = "give the ARN of a user, a root user, a role session or a federated user";
    Failure::new("E257", &["`", arn, "` is not a principal"], help)
}

fn one_way() -> Failure {
    refused(&["it must be said in exactly one way who asks"])
}

fn refused(message: &[&str]) -> Failure {
    Failure::new("E257", message, "see the type `Principal`")
}
