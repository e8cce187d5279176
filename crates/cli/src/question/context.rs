//! Context values on the command line and in JSON.

use bailiwick::Source;
use bailiwick::request::ContextValue;
use bailiwick::source::json::{Limits, Node, Value, canonical_number, read, repeated};
use bailiwick::source::{Code, Diagnostic, Diagnostics};

use crate::failure::Failure;
use crate::input;

/// A key and its value.
pub(crate) type Entry = (String, ContextValue<'static>);

/// Reads `key=value` and `key=["a", "b"]`.
pub(crate) fn entries(arguments: &[String]) -> Result<Vec<Entry>, Failure> {
    let mut entries: Vec<Entry> = Vec::new();
    for argument in arguments {
        let Some((key, value)) = argument.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            let message = format!("`{argument}` is not `key=value`");
            let help = "write `--context aws:SourceIp=10.0.0.7`, or `--context 'aws:TagKeys=[\"a\",\"b\"]'` for a list";
            return Err(Failure::refused("--context", "E255", message, help));
        };
        if entries.iter().any(|(other, _)| other.eq_ignore_ascii_case(key)) {
            let message = format!("`{key}` is given twice");
            let help =
                "write a list, as in `--context 'aws:TagKeys=[\"a\",\"b\"]'`, if it has several values";
            return Err(Failure::refused("--context", "E255", message, help));
        }
        entries.push((key.to_owned(), value_of(key, value)?));
    }
    Ok(entries)
}

fn value_of(key: &str, value: &str) -> Result<ContextValue<'static>, Failure> {
    if !value.trim_start().starts_with('[') {
        return Ok(value.to_owned().into());
    }
    let source = Source::new(&format!("--context {key}"), value);
    let node = json(&source)?;
    from_node(&source, &node)
}

/// A JSON text without repeated members, of up to 1 MiB.
pub(crate) fn json(source: &Source) -> Result<Node, Failure> {
    let refused = |list| Diagnostics { source: source.clone(), list };
    let node = read(source, Limits::default()).map_err(|error| refused(vec![*error]))?;
    let twice = repeated(&node);
    if twice.is_empty() { Ok(node) } else { Err(refused(twice).into()) }
}

/// A context value: a string, a number, a boolean, or a list of such. Numbers come in their canonical form (SEMANTICS D10).
pub(crate) fn from_node(source: &Source, node: &Node) -> Result<ContextValue<'static>, Failure> {
    match &node.value {
        Value::Array(items) => {
            Ok(items.iter().map(|item| scalar(source, item)).collect::<Result<Vec<_>, _>>()?.into())
        }
        _ => Ok(scalar(source, node)?.into()),
    }
}

fn scalar(source: &Source, node: &Node) -> Result<String, Failure> {
    match &node.value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(text) => canonical_number(text, node.span)
            .map_err(|error| Diagnostics { source: source.clone(), list: vec![*error] }.into()),
        _ => Err(refuse(source, node, "a context value is a string, a number, a boolean or a list of such")),
    }
}

/// A value of the wrong shape.
pub(crate) fn refuse(source: &Source, node: &Node, message: &str) -> Failure {
    let diagnostic = Diagnostic::error(Code("E258"), node.span, message)
        .at(format!("this is {}", node.value.kind()))
        .help("see `bailiwick explain-code E258`");
    Diagnostics { source: source.clone(), list: vec![diagnostic] }.into()
}

/// A file that holds a JSON object.
pub(crate) fn object_file(path: &str) -> Result<(Source, Node), Failure> {
    let source = input::read(path)?;
    let node = json(&source)?;
    if node.as_object().is_none() {
        return Err(refuse(&source, &node, "a request file holds an object"));
    }
    Ok((source, node))
}
