//! The request: from flags, or from a JSON file with the same names as a test case's.

use std::borrow::Cow;

use bailiwick::Request;
use bailiwick::Source;
use bailiwick::request::{ContextValue, RequestError};
use bailiwick::source::json::{Member, Node};
use bailiwick::source::{Code, Diagnostic, Diagnostics};
use clap::Args;

use super::context::{self, Entry};
use crate::failure::Failure;

/// What is asked for.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestArgs {
    /// Action, as `service:Name`
    #[arg(short, long, required_unless_present = "request")]
    pub(crate) action: Option<String>,
    /// Full ARN, or `*` for an action that takes no resource
    #[arg(short = 'R', long, value_name = "ARN", required_unless_present = "request")]
    pub(crate) resource: Option<String>,
    /// Account that owns the resource, where its ARN does not say
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) resource_account: Option<String>,
    /// Condition key and value; `key=["a","b"]` for a list
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub(crate) context: Vec<String>,
    /// Condition key that has a value which is not known here
    #[arg(long, value_name = "KEY")]
    pub(crate) unknown: Vec<String>,
    /// JSON file with `action`, `resource`, `resourceAccount`, `context`, `principal`; `-` for standard input
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["action", "resource", "resource_account"])]
    pub(crate) request: Option<String>,
}

/// A request in parts: keys that the principal owns are not yet told apart.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `service:Name`.
    pub(crate) action: String,
    /// ARN or `*`.
    pub(crate) resource: String,
    /// Who owns it, if given.
    pub(crate) resource_account: Option<String>,
    /// Keys and values.
    pub(crate) context: Vec<Entry>,
    /// The `principal` of a request file, with its source.
    pub(crate) principal: Option<(Source, Node)>,
}

/// Reads flags or the file.
pub(crate) fn read(args: &RequestArgs) -> Result<Asked, Failure> {
    let mut asked = match &args.request {
        Some(path) => from_file(path)?,
        None => Asked {
            // clap has made sure that both are there.
            action: args.action.clone().unwrap_or_default(),
            resource: args.resource.clone().unwrap_or_default(),
            resource_account: args.resource_account.clone(),
            context: Vec::new(),
            principal: None,
        },
    };
    for (key, value) in context::entries(&args.context)? {
        asked.context.retain(|(other, _)| !other.eq_ignore_ascii_case(&key));
        asked.context.push((key, value));
    }
    for key in &args.unknown {
        asked.context.retain(|(other, _)| !other.eq_ignore_ascii_case(key));
        asked.context.push((key.clone(), ContextValue::Unknown));
    }
    Ok(asked)
}

const MEMBERS: [&str; 5] = ["action", "resource", "resourceAccount", "context", "principal"];

fn from_file(path: &str) -> Result<Asked, Failure> {
    let (source, node) = context::object_file(path)?;
    from_object(&source, &node, &[])
}

/// A request from an object; `more` are members that the caller reads.
pub(crate) fn from_object(source: &Source, node: &Node, more: &[&str]) -> Result<Asked, Failure> {
    let strange: Vec<Diagnostic> = node
        .as_object()
        .unwrap_or_default()
        .iter()
        .filter(|member| !MEMBERS.iter().chain(more).any(|known| *known == member.key))
        .map(|member| unknown_member(member, more))
        .collect();
    if !strange.is_empty() {
        return Err(Diagnostics { source: source.clone(), list: strange }.into());
    }
    let text = |name: &str| -> Result<Option<String>, Failure> {
        let Some(value) = node.get(name) else { return Ok(None) };
        let text = value.as_str().map(str::to_owned);
        text.map(Some).ok_or_else(|| context::refuse(source, value, &format!("`{name}` is a string")))
    };
    let required = |name: &str| {
        text(name)?.ok_or_else(|| context::refuse(source, node, &format!("the request has no `{name}`")))
    };
    let mut entries = Vec::new();
    if let Some(value) = node.get("context") {
        let Some(members) = value.as_object() else {
            return Err(context::refuse(source, value, "`context` is an object"));
        };
        for Member { key, value, .. } in members {
            entries.push((key.clone(), context::from_node(source, value)?));
        }
    }
    Ok(Asked {
        action: required("action")?,
        resource: required("resource")?,
        resource_account: text("resourceAccount")?,
        context: entries,
        principal: node.get("principal").map(|value| (source.clone(), value.clone())),
    })
}

fn unknown_member(member: &Member, more: &[&str]) -> Diagnostic {
    let known = || MEMBERS.iter().chain(more);
    let near = known().find(|known| known.eq_ignore_ascii_case(&member.key));
    let help = near.map_or_else(
        || {
            let names: Vec<String> = known().map(|name| format!("`{name}`")).collect();
            format!("a request has {}", names.join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::error(Code("E258"), member.key_span, format!("a request has no member `{}`", member.key))
        .help(help)
}

/// Whether a pattern of resources is one.
pub(crate) fn check_resource(text: &str) -> Result<(), Failure> {
    let fields = text.split(':').count();
    if text == "*" || (text.starts_with("arn:") && fields >= 6) {
        return Ok(());
    }
    let help = "write a full ARN, in which `*` and `?` may stand, for example `arn:aws:s3:::my-bucket/*`";
    Err(Failure::refused("--resource", "E256", format!("`{text}` is not a resource"), help))
}

impl Asked {
    /// Nothing but a context.
    pub(crate) fn of_context(context: Vec<Entry>) -> Self {
        Self {
            action: String::new(),
            resource: String::new(),
            resource_account: None,
            context,
            principal: None,
        }
    }

    /// The request itself.
    pub(crate) fn request(&self) -> Result<Request<'_>, Failure> {
        let request = begin(self.action.as_str().into(), self.resource.as_str().into())?;
        let request = match &self.resource_account {
            Some(account) => request.owned_by(account.as_str()),
            None => request,
        };
        let context = self.context.iter();
        Ok(context.fold(request, |request, (key, value)| request.with(key.as_str(), value.clone())))
    }

    /// The same request, which keeps its texts itself.
    pub(crate) fn into_request(self) -> Result<Request<'static>, Failure> {
        let request = begin(self.action.into(), self.resource.into())?;
        let request = match self.resource_account {
            Some(account) => request.owned_by(account),
            None => request,
        };
        Ok(self.context.into_iter().fold(request, |request, (key, value)| request.with(key, value)))
    }
}

fn begin<'a>(action: Cow<'a, str>, resource: Cow<'a, str>) -> Result<Request<'a>, Failure> {
    Request::new(action, resource).map_err(|error| {
        let (place, help) = match &error {
            RequestError::Action(_) => ("--action", "write it as `service:Name`, for example `s3:GetObject`"),
            RequestError::Resource(_) => {
                ("--resource", "write a full ARN, or `*` for an action that takes no resource")
            }
        };
        let text = error.to_string();
        let message = text.split(';').next().unwrap_or_default().to_owned();
        Failure::refused(place, "E256", message, help)
    })
}
