//! What the integration behind the API is told of the caller.

use bailiwick::identity::{ClaimPath, Claims};
use bailiwick::source::json::{Node, Value as Claim};
use bailiwick::source::{Code, Diagnostic, Diagnostics};
use bailiwick_deployment::{Api, ApiKind};
use serde_json::{Map, Number, Value, json};

use crate::refusal::about;

/// The members of `context`. A claim that is not there gives none.
///
/// Errors: E325, a list or an object where the gateway takes only strings, numbers and booleans (SEMANTICS H2, H6).
pub(crate) fn members(api: &Api, claims: &Claims) -> Result<Map<String, Value>, Diagnostics> {
    let mut members = Map::new();
    for (name, path) in &api.authorizer.context {
        let Some(node) = claims.get(path) else { continue };
        let value = match (&node.value, api.kind) {
            (Claim::Array(_) | Claim::Object(_), ApiKind::Rest | ApiKind::WebSocket) => {
                let message = format!("claim `{path}` is {}, and `context` is flat", node.value.kind());
                let diagnostic = Diagnostic::error(Code("E325"), node.span, message)
                    .help("map a claim that is a string, a number or a boolean");
                return Err(about(claims.source(), diagnostic));
            }
            _ => value(node),
        };
        members.insert(name.clone(), value);
    }
    Ok(members)
}

/// The text of a claim that names something.
///
/// Errors: it is there and is no text (`code`).
pub(crate) fn text<'a>(
    claims: &'a Claims,
    path: &ClaimPath,
    code: &'static str,
    what: &str,
) -> Result<Option<&'a str>, Diagnostics> {
    let Some(node) = claims.get(path) else { return Ok(None) };
    match node.as_str() {
        Some(text) if !text.is_empty() => Ok(Some(text)),
        _ => {
            let message = format!("claim `{path}` cannot be the {what}");
            let diagnostic =
                Diagnostic::error(Code(code), node.span, message).help("map a claim that is a text");
            Err(about(claims.source(), diagnostic))
        }
    }
}

/// Numbers that JSON's readers may change go as text; the gateway makes strings of all anyway.
fn value(node: &Node) -> Value {
    match &node.value {
        Claim::Null => Value::Null,
        Claim::Bool(value) => json!(value),
        Claim::String(text) => json!(text),
        Claim::Number(text) => {
            let whole = text.parse::<i64>().ok().filter(|number| number.to_string() == *text);
            whole.map_or_else(|| json!(text), |number| Value::Number(Number::from(number)))
        }
        // As deep as claims may be: 16.
        Claim::Array(items) => Value::Array(items.iter().map(value).collect()),
        Claim::Object(all) => {
            Value::Object(all.iter().map(|it| (it.key.clone(), value(&it.value))).collect())
        }
    }
}
