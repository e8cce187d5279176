//! Definitions and extensions of a document, put together.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, Document, FieldDefinition, InputValueDefinition, OperationType};
use apollo_compiler::{Name, Node};
use bailiwick::source::{Diagnostic, Source, Span};

use super::directives::{Place, Reader, Said};
use super::parts::{Parts, parts};
use super::{FieldDef, Kind, Roots, TypeDef};
use crate::amplify::{Model, ModelSettings, Rule};
use crate::api::Api;
use crate::code;
use crate::text::{self, span};

/// A schema whose names are not resolved yet.
pub(super) struct Built {
    pub(super) types: BTreeMap<String, TypeDef>,
    pub(super) roots: Roots,
    pub(super) models: Vec<Model>,
    pub(super) is_amplify: bool,
    pub(super) errors: Vec<Diagnostic>,
    pub(super) lints: Vec<Diagnostic>,
}

pub(super) fn build(document: &Document, source: &Source, api: &Api) -> Built {
    let reader = Reader { api, errors: Vec::new(), lints: Vec::new(), met: 0 };
    let mut builder = Builder {
        reader,
        types: BTreeMap::new(),
        roots: Roots::default(),
        named_roots: false,
        auth: BTreeMap::new(),
        settings: BTreeMap::new(),
        global: None,
    };
    builder.find_roots(document);
    // Definitions before what extends them, wherever they stand.
    for extensions in [false, true] {
        for definition in &document.definitions {
            if definition.is_extension_definition() == extensions {
                builder.definition(definition);
            }
        }
    }
    builder.finish(source)
}

struct Builder<'a> {
    reader: Reader<'a>,
    types: BTreeMap<String, TypeDef>,
    roots: Roots,
    named_roots: bool,
    /// `@auth` of types.
    auth: BTreeMap<String, (Vec<Rule>, Span)>,
    /// `@model` of types.
    settings: BTreeMap<String, ModelSettings>,
    /// `globalAuthRule` of `input AMPLIFY`.
    global: Option<Rule>,
}

impl Builder<'_> {
    fn definition(&mut self, definition: &Definition) {
        let is_extension = definition.is_extension_definition();
        match definition {
            Definition::OperationDefinition(_) | Definition::FragmentDefinition(_) => {
                let here = span(definition.location());
                self.refuse(
                    here,
                    "a schema holds no operations",
                    "put them into a file of their own: `--query FILE`",
                );
            }
            Definition::DirectiveDefinition(found) => {
                self.reader.met += 1;
                self.inputs(&found.arguments, "an argument");
            }
            Definition::SchemaDefinition(found) => {
                drop(self.reader.read(&found.directives, Place::Other("a schema")));
            }
            Definition::SchemaExtension(found) => {
                drop(self.reader.read(&found.directives, Place::Other("a schema")));
            }
            _ => {
                if let Some(parts) = parts(definition) {
                    self.type_(&parts, is_extension);
                }
            }
        }
    }

    /// Root types have names of their own, or those that GraphQL gives them.
    fn find_roots(&mut self, document: &Document) {
        let mut found = Vec::new();
        let mut definitions = Vec::new();
        for definition in &document.definitions {
            match definition {
                Definition::SchemaDefinition(schema) => {
                    definitions.push(span(schema.location()));
                    found.extend(&schema.root_operations);
                }
                Definition::SchemaExtension(schema) => found.extend(&schema.root_operations),
                _ => {}
            }
        }
        if let [first, second, ..] = definitions.as_slice() {
            self.reader.errors.push(
                Diagnostic::error(code::TWICE, *second, "there are two definitions of the schema")
                    .label(*first, "first here")
                    .help("join them"),
            );
        }
        self.named_roots = !definitions.is_empty();
        if !self.named_roots {
            let named = |name: &str| Some(name.to_owned());
            self.roots = Roots {
                query: named("Query"),
                mutation: named("Mutation"),
                subscription: named("Subscription"),
            };
        }
        for root in found {
            let (operation, name) = &**root;
            let slot = match operation {
                OperationType::Query => &mut self.roots.query,
                OperationType::Mutation => &mut self.roots.mutation,
                OperationType::Subscription => &mut self.roots.subscription,
            };
            if slot.is_some() && self.named_roots {
                let message = format!("the schema names its {} type twice", operation.name());
                let here = span(root.location());
                self.reader.errors.push(Diagnostic::error(code::TWICE, here, message).help("leave one out"));
            }
            *slot = Some(name.to_string());
        }
    }

    fn type_(&mut self, parts: &Parts<'_>, is_extension: bool) {
        let name = parts.name.as_str();
        let here = span(parts.name.location());
        if name.starts_with("__") {
            self.refuse(here, format!("`{name}` is a name of GraphQL's own"), "give the type another name");
        }
        match (self.types.get(name), is_extension) {
            (None, true) => {
                return self.refuse(
                    here,
                    format!("`{name}` is extended and not defined"),
                    "define it, or give the file that does",
                );
            }
            (Some(found), true) if found.kind != parts.kind => {
                let words = (found.kind.words(), parts.kind.words());
                return self.refuse(
                    here,
                    format!("`{name}` is {}, and extended as {}", words.0, words.1),
                    "extend it as what it is",
                );
            }
            (Some(found), false) => {
                let first = found.span;
                return self.reader.errors.push(
                    Diagnostic::error(code::TWICE, here, format!("type `{name}` is defined twice"))
                        .label(first, "first here")
                        .help("join the definitions, or write `extend`: only one of them would count"),
                );
            }
            _ => {}
        }
        let place = match parts.kind {
            Kind::Object => Place::Object,
            other => Place::Other(other.words()),
        };
        let said = self.reader.read(parts.directives, place);
        let is_root = self.roots.has(name);
        let fields: Vec<(String, FieldDef)> =
            parts.fields.iter().map(|field| self.field(field, parts.kind, is_root)).collect();
        self.inputs(parts.inputs, "a field of an input type");
        if (parts.kind, name) == (Kind::Input, "AMPLIFY") {
            self.global =
                crate::amplify::global_rule(parts.inputs, &mut self.reader.errors).or(self.global.take());
        }
        for value in parts.values {
            self.reader.read(&value.directives, Place::Other("a value of an enum"));
        }
        let found = self.types.entry(name.to_owned()).or_insert_with(|| TypeDef {
            kind: parts.kind,
            span: here,
            marks: Vec::new(),
            fields: BTreeMap::new(),
            interfaces: Vec::new(),
            members: Vec::new(),
            is_model: false,
        });
        let names = |list: &[Name]| -> Vec<(String, Span)> {
            list.iter().map(|name| (name.to_string(), span(name.location()))).collect()
        };
        found.interfaces.extend(names(parts.interfaces));
        found.members.extend(names(parts.members));
        for (field, definition) in fields {
            match found.fields.entry(field) {
                std::collections::btree_map::Entry::Vacant(free) => drop(free.insert(definition)),
                std::collections::btree_map::Entry::Occupied(taken) => self.reader.errors.push(
                    Diagnostic::error(
                        code::TWICE,
                        definition.span,
                        format!("field `{name}.{}` is defined twice", taken.key()),
                    )
                    .label(taken.get().span, "first here")
                    .help("leave one out: only one of them would count"),
                ),
            }
        }
        self.said(name, here, said);
    }

    /// What a type's directives say; an extension may add to it, and not say the same again.
    fn said(&mut self, name: &str, here: Span, said: Said) {
        let Some(found) = self.types.get_mut(name) else { return };
        for mark in said.marks {
            match found.marks.iter().find(|other| other.mode == mark.mode) {
                Some(other) => self.reader.errors.push(
                    Diagnostic::error(
                        code::TWICE,
                        mark.span,
                        format!("type `{name}` is marked for {} twice", mark.mode.name()),
                    )
                    .label(other.span, "first here")
                    .help("join them, or leave one out: only one of them would count"),
                ),
                None => found.marks.push(mark),
            }
        }
        if let Some(settings) = said.model {
            found.is_model = true;
            self.settings.insert(name.to_owned(), settings);
        }
        if let Some(rules) = said.rules
            && let Some((_, first)) = self.auth.insert(name.to_owned(), (rules, here))
        {
            self.reader.errors.push(
                Diagnostic::error(code::TWICE, here, format!("type `{name}` has `@auth` twice"))
                    .label(first, "first here")
                    .help("join the rules"),
            );
        }
    }

    fn field(&mut self, field: &Node<FieldDefinition>, kind: Kind, is_root: bool) -> (String, FieldDef) {
        let here = span(field.name.location());
        if field.name.starts_with("__") {
            self.refuse(
                here,
                format!("`{}` is a name of GraphQL's own", field.name),
                "give the field another name",
            );
        }
        let place = if kind == Kind::Interface { Place::InterfaceField } else { Place::Field { is_root } };
        let said = self.reader.read(&field.directives, place);
        self.inputs(&field.arguments, "an argument");
        let definition = FieldDef {
            span: here,
            result: field.ty.inner_named_type().to_string(),
            is_list: field.ty.is_list(),
            marks: said.marks,
            rules: said.rules,
            subscribes: said.subscribes,
        };
        (field.name.to_string(), definition)
    }

    fn inputs(&mut self, inputs: &[Node<InputValueDefinition>], words: &str) {
        for input in inputs {
            self.reader.read(&input.directives, Place::Other(words));
        }
    }

    fn finish(mut self, source: &Source) -> Built {
        let there = text::directives(&source.text);
        if there != self.reader.met && self.reader.errors.is_empty() {
            let message =
                format!("{there} directives stand in the text, and {} were understood", self.reader.met);
            self.reader.errors.push(
                Diagnostic::error(code::SYNTAX, Span::new(0, 0), message)
                    .help("write each directive behind the name, type or arguments that it belongs to"),
            );
        }
        if !self.named_roots {
            let types = &self.types;
            let there = |root: &mut Option<String>| {
                if root.as_ref().is_some_and(|name| !types.contains_key(name)) {
                    *root = None;
                }
            };
            there(&mut self.roots.query);
            there(&mut self.roots.mutation);
            there(&mut self.roots.subscription);
        }
        let has_rules =
            self.types.values().flat_map(|found| found.fields.values()).any(|field| field.rules.is_some());
        let is_amplify = has_rules || !self.auth.is_empty() || !self.settings.is_empty();
        let models = crate::amplify::models(
            &self.types,
            self.auth,
            self.settings,
            self.global.as_ref(),
            &mut self.reader.errors,
        );
        Built {
            types: self.types,
            roots: self.roots,
            models,
            is_amplify,
            errors: self.reader.errors,
            lints: self.reader.lints,
        }
    }

    fn refuse(&mut self, here: Span, message: impl Into<String>, help: &str) {
        self.reader.errors.push(Diagnostic::error(code::UNFIT, here, message).help(help));
    }
}
