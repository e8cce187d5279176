//! `bailiwick inspect`: what is in an artifact.

use std::fmt::Write as _;
use std::path::Path;

use bailiwick::Tree;
use bailiwick::tree::StatementName;
use bailiwick::value::StatementId;
use bailiwick_drawing::{MOST_BOXES, dot, drawing, svg};
use clap::Args;
use serde_json::{Value, json};

use super::explain::effect;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::style::{NAME, TITLE, paint};
use crate::output::{Format, OutputArgs, clean, json};
use crate::question::deployment::load;

/// Show what is in an artifact that `build` made
#[derive(Args, Clone, Debug)]
pub(crate) struct InspectArgs {
    /// The artifact, or a folder with `bailiwick.toml`
    artifact: String,
    /// List its statements
    #[arg(long)]
    statements: bool,
    /// Draw the tree as SVG
    #[arg(long, conflicts_with_all = ["dot", "statements", "format"])]
    svg: bool,
    /// Draw the tree for Graphviz
    #[arg(long, conflicts_with_all = ["statements", "format"])]
    dot: bool,
    /// Boxes that are drawn; of larger trees the rest is left out, and said so
    #[arg(long, value_name = "N", default_value_t = MOST_BOXES)]
    most: usize,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &InspectArgs) -> Result<Exit, Failure> {
    let (tree, bytes) = read(&args.artifact)?;
    if args.svg || args.dot {
        let drawing = drawing(&tree, args.most);
        args.output.sink.write_bytes(if args.svg { svg(&drawing) } else { dot(&drawing) }.as_bytes())?;
        return Ok(Exit::Yes);
    }
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Json | Format::Jsonl => json(&to_json(&tree, bytes, args.statements), format),
        Format::Human => table(&tree, bytes, args.statements, true),
        Format::Plain => table(&tree, bytes, args.statements, false),
    })?;
    Ok(Exit::Yes)
}

/// The tree, and how large its artifact is.
fn read(path: &str) -> Result<(Tree, usize), Failure> {
    if Path::new(path).is_dir() {
        let tree = bailiwick::compile(&load(Path::new(path))?.set);
        let bytes = tree.to_bytes().len();
        return Ok((tree, bytes));
    }
    let bytes = input::read_bytes(path)?;
    let tree = Tree::from_bytes(&bytes).map_err(|error| {
        let text = error.to_string();
        let (message, help) =
            text.split_once("; ").unwrap_or((&text, "build it again with `bailiwick build`"));
        Failure::refused(path, error.code(), message.to_owned(), help)
    })?;
    Ok((tree, bytes.len()))
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
