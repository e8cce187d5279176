//! Who asks and for what, from JSON.

use bailiwick::ast::PolicySet;
use bailiwick::decide::sign_in::Flow;
use bailiwick::decide::{Exchange, Identified, IdentityOptions, NotIdentified};
use bailiwick::explore::Narrow;
use bailiwick::identity::Claims;
use bailiwick::request::ContextValue;
use bailiwick::source::json::{self, Limits, Node, Value, canonical_number};
use bailiwick::value::Owner;
use bailiwick::{Caller, Principal, Request, Source};
use bailiwick_deployment::Deployment;

use crate::evaluator::Failure;

/// Enough for claims of 256 KiB as a text, and for a folder of policies.
const LIMITS: Limits = Limits { bytes: 8 << 20, depth: 16 };

/// Reads a question's JSON; no member may come twice.
pub(super) fn read(text: &str) -> Result<Node, Failure> {
    let source = Source::new("question", text);
    let node = json::read(&source, LIMITS).map_err(|found| Failure::from(*found))?;
    if json::repeated(&node).is_empty() { Ok(node) } else { Err(refused("a member is there twice")) }
}

/// The principal of a question, and how it came about if by a token.
pub(super) struct Asker {
    pub(super) principal: Principal,
    pub(super) identified: Option<Identified>,
}

/// Why nobody asks: a fault of the question, or a token that makes no principal.
pub(super) enum Nobody {
    Failed(Failure),
    Refused(NotIdentified),
}

impl From<Failure> for Nobody {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// `{"claims": TEXT}`, `{"guest": true}` or `{"principal": ARN, "groups": [], "tags": {}, "context": {}}`; with the first
/// two may come `role`, `basicFlow`, `identityId`, `exchange` and `now`.
pub(super) fn who(deployment: &Deployment, node: &Node) -> Result<Asker, Nobody> {
    let members = [
        "claims",
        "guest",
        "principal",
        "groups",
        "tags",
        "context",
        "role",
        "basicFlow",
        "identityId",
        "exchange",
        "now",
    ];
    only(node, &members, "who asks")?;
    let (role, identity_id, now) = (text(node, "role")?, text(node, "identityId")?, text(node, "now")?);
    let options = IdentityOptions {
        exchange: if flag(node, "exchange", true)? { Exchange::WherePossible } else { Exchange::Never },
        flow: if flag(node, "basicFlow", false)? { Flow::Basic } else { Flow::Enhanced },
        role,
        identity_id,
        session_name: None,
        now,
    };
    let guest = flag(node, "guest", false)?;
    let identified = match (text(node, "claims")?, guest, text(node, "principal")?) {
        (Some(text), false, None) => {
            let claims = Claims::parse(Source::new("claims", text))
                .map_err(|diagnostics| Nobody::Refused(NotIdentified { diagnostics, chain: Vec::new() }))?;
            deployment.principal_from_claims(&claims, options)
        }
        (None, true, None) => deployment.guest(options),
        (None, false, Some(name)) => {
            let principal = described(deployment, name, node)?;
            return Ok(Asker { principal, identified: None });
        }
        _ => return Err(refused("say who asks by one of `claims`, `guest` and `principal`").into()),
    };
    let identified = identified.map_err(Nobody::Refused)?;
    Ok(Asker { principal: identified.principal.clone(), identified: Some(identified) })
}

fn described(deployment: &Deployment, name: &str, node: &Node) -> Result<Principal, Failure> {
    let named = if name == "anonymous" {
        Some(Principal::new(Caller::Anonymous))
    } else if let Some(service) = name.strip_prefix("service:") {
        Some(Principal::new(Caller::Service { name: service.to_owned() }))
    } else {
        deployment.principal_from_arn(name)
    };
    let mut principal = named.ok_or_else(|| {
        let help = "write the ARN of a user, a root user, a role session or a federated user, or `anonymous`, \
                    or `service:lambda.amazonaws.com`";
        Failure::new("E257", &["`", name, "` is not a principal"], help)
    })?;
    for group in node.get("groups").and_then(Node::as_array).unwrap_or_default() {
        principal = principal.in_group(group.as_str().ok_or_else(|| refused("a group is a text"))?);
    }
    for (tag, value) in entries(node, "tags")? {
        principal = principal.with_tag(tag, value.as_str().ok_or_else(|| refused("a tag is a text"))?);
    }
    for (key, value) in entries(node, "context")? {
        // What requests own stays theirs: a principal that holds it would answer for every request.
        if deployment.keys.owner(key) != Owner::Principal {
            let message = ["`", key, "` does not belong to the principal"];
            return Err(Failure::new("E259", &message, "put it into the request's context"));
        }
        principal = principal.with(key, context_value(key, value)?);
    }
    Ok(principal)
}

/// A request: `action`, `resource`, `resourceAccount`, `context`.
pub(super) fn request(node: &Node) -> Result<Request<'static>, Failure> {
    only(node, &["action", "resource", "resourceAccount", "context"], "a request")?;
    let required = |name: &'static str| {
        text(node, name)?.ok_or_else(|| refused(&["the request has no `", name, "`"].concat()))
    };
    let mut request = Request::new(required("action")?.to_owned(), required("resource")?.to_owned())?;
    if let Some(account) = text(node, "resourceAccount")? {
        request = request.owned_by(account.to_owned());
    }
    for (key, value) in entries(node, "context")? {
        request = request.with(key.to_owned(), context_value(key, value)?);
    }
    Ok(request)
}

/// What to look at: `action`, `resource`, `context`.
pub(super) fn narrow(set: &PolicySet, node: &Node) -> Result<Narrow, Failure> {
    only(node, &["action", "resource", "context"], "a narrower question")?;
    let own = |name| text(node, name).map(|text| text.map(str::to_owned));
    let mut narrow = Narrow { action: own("action")?, resource: own("resource")?, ..Narrow::default() };
    if let Some(resource) = &narrow.resource
        && resource != "*"
        && !(resource.starts_with("arn:") && resource.split(':').count() >= 6)
    {
        let message = ["`", resource.as_str(), "` is not a resource"];
        return Err(Failure::new("E256", &message, "write a full ARN, in which `*` and `?` may stand"));
    }
    for (key, value) in entries(node, "context")? {
        if set.key_table().owner(key) == Owner::Principal {
            let message = ["`", key, "` belongs to the principal; a request may not set it"];
            return Err(Failure::new("E259", &message, "put it into the claims"));
        }
        narrow.context.insert(key.to_owned(), context_value(key, value)?);
    }
    Ok(narrow)
}

/// A text, a number, a boolean, a list of such, or `{"unknown": true}`.
fn context_value(key: &str, node: &Node) -> Result<ContextValue<'static>, Failure> {
    let wrong = || {
        let message = ["context key `", key, "` is neither a text, a number, a boolean nor a list of such"];
        Failure::new("E258", &message, "leave it out if there is no value, or say `{\"unknown\": true}`")
    };
    let scalar = |node: &Node| match &node.value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(yes) => Ok(yes.to_string()),
        Value::Number(text) => canonical_number(text, node.span).map_err(|found| Failure::from(*found)),
        _ => Err(wrong()),
    };
    Ok(match &node.value {
        Value::Array(items) => items.iter().map(scalar).collect::<Result<Vec<_>, _>>()?.into(),
        Value::Object(_) => match node.as_object() {
            Some([only]) if only.key == "unknown" && only.value.as_bool() == Some(true) => {
                ContextValue::Unknown
            }
            _ => return Err(wrong()),
        },
        _ => scalar(node)?.into(),
    })
}

/// The members of an object that may be absent.
pub(super) fn entries<'n>(
    node: &'n Node,
    name: &str,
) -> Result<impl Iterator<Item = (&'n str, &'n Node)> + use<'n>, Failure> {
    let members = match node.get(name) {
        None => &[],
        Some(node) => node.as_object().ok_or_else(|| refused(&["`", name, "` is not an object"].concat()))?,
    };
    Ok(members.iter().map(|member| (member.key.as_str(), &member.value)))
}

/// A text that may be absent.
pub(super) fn text<'n>(node: &'n Node, name: &str) -> Result<Option<&'n str>, Failure> {
    let Some(node) = node.get(name) else { return Ok(None) };
    node.as_str().map(Some).ok_or_else(|| refused(&["`", name, "` is not a text"].concat()))
}

fn flag(node: &Node, name: &str, default: bool) -> Result<bool, Failure> {
    let Some(node) = node.get(name) else { return Ok(default) };
    node.as_bool().ok_or_else(|| refused(&["`", name, "` is not true or false"].concat()))
}

/// A member that nobody reads would look as if it counted.
fn only(node: &Node, known: &[&str], what: &str) -> Result<(), Failure> {
    let members = node.as_object().ok_or_else(|| refused(&[what, " is an object"].concat()))?;
    match members.iter().find(|member| !known.contains(&member.key.as_str())) {
        Some(strange) => Err(refused(&[what, " has no member `", &strange.key, "`"].concat())),
        None => Ok(()),
    }
}

pub(super) fn refused(message: &str) -> Failure {
    Failure::new("E258", &[message], "docs/wasm.md tells what a question may have")
}
