//! What an API's authorizer function returned (SEMANTICS H9).

use bailiwick::source::json::{self, Limits, Member, Node, Value, repeated};
use bailiwick::source::{Diagnostic, Diagnostics, Source, nearest};

use crate::api::Api;
use crate::code;
use crate::text::quoted;

/// The function's answer: `{"isAuthorized": true, "deniedFields": ["Type.field"], ...}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LambdaAnswer {
    /// Whether the caller is let in.
    pub is_authorized: bool,
    /// `Type` and `field` of each denied field, and how the function named it.
    denied: Vec<(String, String, String)>,
}

const MEMBERS: [&str; 4] = ["isAuthorized", "resolverContext", "deniedFields", "ttlOverride"];

impl LambdaAnswer {
    /// Reads an answer. E352 for whatever is not one: who asks with it is not let in.
    ///
    /// ```
    /// use bailiwick_graphql::{Api, LambdaAnswer, Provider};
    ///
    /// let api = Api::new(Provider::Lambda);
    /// assert!(LambdaAnswer::read(r#"{"isAuthorized": true, "deniedFields": ["Post.notes"]}"#, &api).is_ok());
    /// assert!(LambdaAnswer::read(r#"{"isAuthorized": "true"}"#, &api).is_err());
    /// ```
    pub fn read(source: impl Into<Source>, api: &Api) -> Result<Self, Diagnostics> {
        let source = source.into();
        let mut list = Vec::new();
        let answer = match json::read(&source, Limits::default()) {
            Ok(node) => {
                list.extend(repeated(&node));
                answer(&node, api, &mut list)
            }
            Err(error) => {
                list.push(*error);
                None
            }
        };
        match answer {
            Some(answer) if list.is_empty() => Ok(answer),
            _ => Err(Diagnostics { source, list }),
        }
    }

    /// How the function named a field, if it denies it.
    pub(crate) fn denies(&self, parent: &str, field: &str) -> Option<&str> {
        let found = self.denied.iter().find(|(of, name, _)| of == parent && name == field);
        found.map(|(.., named)| named.as_str())
    }
}

fn answer(node: &Node, api: &Api, list: &mut Vec<Diagnostic>) -> Option<LambdaAnswer> {
    let mut refuse = |span, message: String, help: &str| {
        list.push(Diagnostic::error(code::LAMBDA, span, message).help(help));
    };
    let Some(members) = node.as_object() else {
        refuse(
            node.span,
            format!("an authorizer returns an object, not {}", node.value.kind()),
            "return `{\"isAuthorized\": true}`",
        );
        return None;
    };
    for Member { key, key_span, .. } in members {
        if !MEMBERS.contains(&key.as_str()) {
            let help = nearest(key, MEMBERS).map_or_else(
                || format!("it has {}", quoted(MEMBERS)),
                |near| format!("did you mean `{near}`?"),
            );
            refuse(*key_span, format!("an authorizer's answer has no member `{key}`"), &help);
        }
    }
    let is_authorized = node.get("isAuthorized").and_then(Node::as_bool);
    if is_authorized.is_none() {
        let span = node.get("isAuthorized").map_or(node.span, |value| value.span);
        refuse(span, "`isAuthorized` must be `true` or `false`".to_owned(), "return a boolean, not a string");
    }
    if let Some(Node { value: Value::Object(context), .. }) = node.get("resolverContext") {
        for member in context {
            if matches!(member.value.value, Value::Object(_) | Value::Array(_)) {
                let message =
                    format!("`{}` of the resolver context is {}", member.key, member.value.value.kind());
                refuse(member.value.span, message, "put a string, a number or a boolean there");
            }
        }
    } else if let Some(other) = node.get("resolverContext").filter(|node| node.value != Value::Null) {
        refuse(
            other.span,
            format!("the resolver context is an object, not {}", other.value.kind()),
            "return an object",
        );
    }
    let mut denied = Vec::new();
    match node.get("deniedFields").map(|node| (node, &node.value)) {
        None | Some((_, Value::Null)) => {}
        Some((_, Value::Array(items))) => {
            for item in items {
                match item.as_str().and_then(|text| Some((text, field(text, api)?))) {
                    Some((text, (parent, name))) => denied.push((parent, name, text.to_owned())),
                    None => refuse(
                        item.span,
                        "this names no field".to_owned(),
                        "write `Type.field`, or the ARN of a field of this API",
                    ),
                }
            }
        }
        Some((node, other)) => {
            refuse(
                node.span,
                format!("denied fields are a list, not {}", other.kind()),
                "return a list of strings",
            );
        }
    }
    Some(LambdaAnswer { is_authorized: is_authorized?, denied })
}

/// `Type.field`, or the ARN of a field; of another API it is refused: a denial must not get lost over a wrong id.
fn field(text: &str, api: &Api) -> Option<(String, String)> {
    let (parent, name) = if text.starts_with("arn:") {
        let (arn, rest) = text.split_once("/types/")?;
        if !arn.contains(":appsync:") || api.arn.as_deref().is_some_and(|own| own != arn) {
            return None;
        }
        rest.split_once("/fields/")?
    } else {
        text.split_once('.')?
    };
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    (is_name(parent) && is_name(name)).then(|| (parent.to_owned(), name.to_owned()))
}
