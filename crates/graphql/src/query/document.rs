//! A query document: its operations and fragments by name.

use std::collections::BTreeMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition, FragmentDefinition, OperationDefinition};
use bailiwick::source::{Diagnostic, Span, nearest};

use crate::code;
use crate::text::{quoted, span};

pub(super) struct Document<'d> {
    operations: Vec<&'d Node<OperationDefinition>>,
    pub(super) fragments: BTreeMap<&'d str, &'d Node<FragmentDefinition>>,
}

impl<'d> Document<'d> {
    pub(super) fn read(document: &'d ast::Document) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let mut found = Self { operations: Vec::new(), fragments: BTreeMap::new() };
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) => found.operations.push(operation),
                Definition::FragmentDefinition(fragment) => {
                    if let Some(first) = found.fragments.insert(fragment.name.as_str(), fragment) {
                        errors.push(
                            twice(span(fragment.name.location()), &format!("fragment `{}`", fragment.name))
                                .label(span(first.name.location()), "first here"),
                        );
                    }
                }
                other => errors.push(
                    Diagnostic::error(code::QUERY, span(other.location()), "a query holds no types")
                        .help("give the schema with `--schema FILE`"),
                ),
            }
        }
        for (at, operation) in found.operations.iter().enumerate() {
            let same = |other: &&&Node<OperationDefinition>| other.name == operation.name;
            if operation.name.is_some() && found.operations.iter().take(at).any(|other| same(&other)) {
                let name = operation.name.as_ref().map(ToString::to_string).unwrap_or_default();
                errors.push(twice(span(operation.location()), &format!("operation `{name}`")));
            }
        }
        if errors.is_empty() { Ok(found) } else { Err(errors) }
    }

    /// The operation of a name, or the only one.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<&'d OperationDefinition, Box<Diagnostic>> {
        let names =
            || self.operations.iter().filter_map(|one| one.name.as_ref().map(apollo_compiler::Name::as_str));
        let which = |message: String, help: String| {
            Box::new(Diagnostic::error(code::WHICH, Span::default(), message).help(help))
        };
        match (name, self.operations.as_slice()) {
            (_, []) => {
                Err(which("the document holds no operation".to_owned(), "write `query { ... }`".to_owned()))
            }
            (None, [only]) => Ok(only),
            (None, several) => Err(which(
                format!("the document holds {} operations", several.len()),
                format!("choose one with `--operation`: {}", quoted(names())),
            )),
            (Some(name), several) => {
                let found = several.iter().find(|one| one.name.as_ref().is_some_and(|own| own == name));
                found.map(|found| &***found).ok_or_else(|| {
                    let help = nearest(name, names()).map_or_else(
                        || format!("there are {}", quoted(names())),
                        |near| format!("did you mean `{near}`?"),
                    );
                    which(format!("no operation is called `{name}`"), help)
                })
            }
        }
    }
}

fn twice(here: Span, what: &str) -> Diagnostic {
    Diagnostic::error(code::QUERY, here, format!("{what} is there twice")).help("leave one out")
}
