//! What an authorizer returned, read as the gateway reads it (SEMANTICS H2, H5, H6).

use std::sync::Arc;

use bailiwick::ast::{self, Document, Kind, Limits, Options};
use bailiwick::source::json::{Node, Value};
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source};
use bailiwick::value::ResourcePattern;
use bailiwick_deployment::{Api, ApiKind, ApiResponse, Deployment};

use crate::event::strict;
use crate::policy::RESOURCE_CHARACTERS;
use crate::refusal::{about, nameless};

/// A valid answer.
#[derive(Clone, Debug)]
pub enum Returned {
    /// `isAuthorized`.
    Simple(bool),
    /// A policy.
    Policy(Arc<Document>),
}

impl Returned {
    /// Reads a document that a function returned for an API.
    ///
    /// Errors: E326 and what the policy's reader refuses. To the gateway the answer is then invalid, and nobody gets in.
    pub fn parse(deployment: &Deployment, api: &Api, text: impl Into<Source>) -> Result<Self, Diagnostics> {
        let source = text.into();
        if source.text.len() > api.authorizer.limit {
            let (length, most) = (source.text.len(), api.authorizer.limit);
            let message = format!("the answer has {length} bytes, and the gateway takes {most}");
            return Err(nameless(&source.name, "E326", message, "write fewer and wider resources"));
        }
        let root = strict(&source)?;
        let wrong = |node: &Node, message: String, help: &str| {
            about(&source, Diagnostic::error(Code("E326"), node.span, message).help(help))
        };
        if root.as_object().is_none() {
            return Err(wrong(&root, format!("an answer is an object, not {}", root.value.kind()), SHAPE));
        }
        context(api.kind, root.get("context")).map_err(|(node, message)| wrong(node, message, FLAT))?;
        if api.authorizer.response == ApiResponse::Simple {
            let Some(node) = root.get("isAuthorized") else {
                return Err(wrong(&root, "the answer has no `isAuthorized`".to_owned(), SHAPE));
            };
            return node.as_bool().map(Self::Simple).ok_or_else(|| {
                let message = format!("`isAuthorized` is {}, not a boolean", node.value.kind());
                wrong(node, message, "return `true` or `false`, without quotes")
            });
        }
        for (name, needed) in [("principalId", true), ("usageIdentifierKey", false)] {
            match root.get(name) {
                None if needed => return Err(wrong(&root, format!("the answer has no `{name}`"), SHAPE)),
                Some(node) if node.as_str().is_none_or(str::is_empty) => {
                    return Err(wrong(node, format!("`{name}` is no text"), SHAPE));
                }
                _ => {}
            }
        }
        let Some(policy) = root.get("policyDocument") else {
            return Err(wrong(&root, "the answer has no `policyDocument`".to_owned(), SHAPE));
        };
        if policy.as_object().is_none() {
            let message = format!("`policyDocument` is {}, not an object", policy.value.kind());
            return Err(wrong(policy, message, "return the policy itself, not its text"));
        }
        let inner = source.text.get(policy.span.range()).unwrap_or_default();
        // What the whole may have was asked above.
        let limits = Limits { sizes: Vec::new(), ..Limits::default() };
        let options =
            Options { kind: Kind::Authorizer, profile: deployment.profile, limits, ..Options::default() };
        let document = ast::parse(Source::new(&format!("{}: policyDocument", source.name), inner), &options)?;
        let entries =
            document.statements.iter().flat_map(|one| &one.resource).flat_map(|clause| &clause.entries);
        for entry in entries {
            let long = entry.text.chars().count() > RESOURCE_CHARACTERS;
            if long && entry.pattern != ResourcePattern::Any {
                let message = "a resource is longer than 512 characters".to_owned();
                return Err(wrong(policy, message, "write it with wildcards"));
            }
        }
        Ok(Self::Policy(Arc::new(document)))
    }
}

const SHAPE: &str = "return `principalId` and `policyDocument`; for simple responses `isAuthorized`";
const FLAT: &str = "`context` holds strings, numbers and booleans";

/// Whether `context` is an object, and a flat one where it must be.
fn context(kind: ApiKind, node: Option<&Node>) -> Result<(), (&Node, String)> {
    let Some(node) = node else { return Ok(()) };
    let Some(members) = node.as_object() else {
        return Err((node, format!("`context` is {}, not an object", node.value.kind())));
    };
    for member in members {
        let flat = matches!(member.value.value, Value::String(_) | Value::Number(_) | Value::Bool(_));
        if !flat && kind != ApiKind::Http {
            let message = format!("`{}` in `context` is {}", member.key, member.value.value.kind());
            return Err((&member.value, message));
        }
    }
    Ok(())
}
