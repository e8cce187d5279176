//! `bailiwick inspect`: what is in an artifact.

use std::fmt::Write as _;

use bailiwick::Tree;
use bailiwick::tree::StatementName;
use bailiwick::value::StatementId;
use clap::Args;
use serde_json::{Value, json};

use super::explain::effect;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::style::{NAME, TITLE, paint};
use crate::output::{Format, OutputArgs, clean, json};

/// Show what is in an artifact that `build` made
#[derive(Args, Clone, Debug)]
pub(crate) struct InspectArgs {
    /// The artifact
    artifact: String,
    /// List its statements
    #[arg(long)]
    statements: bool,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    let bytes = input::read_bytes(&args.artifact)?;
    let tree = Tree::from_bytes(&bytes).map_err(|error| {
        let text = error.to_string();
        let (message, help) =
            text.split_once("; ").unwrap_or((&text, "build it again with `bailiwick build`"));
        Failure::refused(&args.artifact, error.code(), message.to_owned(), help)
    })?;
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Json | Format::Jsonl => json(&to_json(&tree, bytes.len(), args.statements), format),
        Format::Human => table(&tree, bytes.len(), args.statements, true),
        Format::Plain => table(&tree, bytes.len(), args.statements, false),
    })?;
    Ok(Exit::Yes)
}

/// The names of all statements: a tree that loaded has them numbered without gaps.
fn statements(tree: &Tree) -> impl Iterator<Item = StatementName<'_>> {
    (0..).map_while(|id| tree.statement(StatementId(id)))
}

fn numbers(tree: &Tree, bytes: usize) -> [(&'static str, usize); 12] {
    let (shape, identities) = (tree.shape(), tree.identities());
    [
        ("bytes", bytes),
        ("documents", shape.documents),
        ("statements", shape.statements),
        ("rules", shape.rules),
        ("conditions", shape.conditions),
        ("buckets", shape.buckets),
        ("nodes", shape.nodes),
        ("splits", shape.splits),
        ("largest leaf", shape.largest_leaf),
        ("issuers", identities.issuers.len()),
        ("identity pools", identities.pools.len()),
        ("roles", identities.roles.len()),
    ]
}

// Writing to a string cannot fail; the results below are dropped for that.
fn table(tree: &Tree, bytes: usize, list: bool, human: bool) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = if human { writeln!(text, "{name:<16}{value}") } else { writeln!(text, "{name}\t{value}") };
    };
    row("profile", tree.profile().name());
    for (name, number) in numbers(tree, bytes) {
        row(name, &number.to_string());
    }
    if list {
        if human {
            let _ = writeln!(text, "\n{}", paint(TITLE, "statements"));
        }
        for statement in statements(tree) {
            let name = statement.sid.map_or_else(|| format!("statement {}", statement.position + 1), clean);
            let (policy, layer) = (clean(statement.policy), statement.layer.name());
            let effect = effect(statement.effect);
            let _ = if human {
                writeln!(text, "  {effect:<6}{} of {policy} ({layer})", paint(NAME, &name))
            } else {
                writeln!(text, "statement\t{effect}\t{name}\t{policy}\t{layer}")
            };
        }
    }
    text
}

fn to_json(tree: &Tree, bytes: usize, list: bool) -> Value {
    let shape: serde_json::Map<String, Value> = numbers(tree, bytes)
        .into_iter()
        .map(|(name, number)| (name.replace(' ', "_"), number.into()))
        .collect();
    let mut value =
        json!({ "schema": "bailiwick/artifact/1", "profile": tree.profile().name(), "shape": shape });
    if list {
        let list: Vec<Value> = statements(tree)
            .map(|statement| {
                json!({
                    "policy": statement.policy,
                    "sid": statement.sid,
                    "position": statement.position,
                    "place": [statement.place.0, statement.place.1],
                    "effect": effect(statement.effect),
                    "layer": statement.layer.name(),
                })
            })
            .collect();
        if let Some(members) = value.as_object_mut() {
            members.insert("statements".to_owned(), list.into());
        }
    }
    value
}
