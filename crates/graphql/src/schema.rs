//! A schema with what it says of authorization.
//!
//! In: SDL, the API's settings. Out: types, fields, their marks; lints.
//! Never here: callers. A schema that says something that AWS does not enforce is refused, with everything that is wrong
//! with it at once; what AWS enforces in some readings only is a lint, and refused under the profile `strict`.

mod build;
mod directives;
mod known;
mod lints;
mod parts;
mod resolve;

pub(crate) use directives::strings;

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::source::{Diagnostic, Diagnostics, Source, Span};

use crate::amplify::{Model, Rule};
use crate::api::{Api, Mode};
use crate::text;

/// A schema that was read for one API.
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) source: Source,
    pub(crate) api: Api,
    pub(crate) types: BTreeMap<String, TypeDef>,
    pub(crate) roots: Roots,
    pub(crate) models: Vec<Model>,
    /// Whether it is Amplify's source, with `@model` or `@auth`, and not what is deployed.
    pub(crate) is_amplify: bool,
    lints: Vec<Diagnostic>,
}

/// The root types by operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roots {
    pub(crate) query: Option<String>,
    pub(crate) mutation: Option<String>,
    pub(crate) subscription: Option<String>,
}

impl Roots {
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        [&self.query, &self.mutation, &self.subscription].into_iter().filter_map(Option::as_deref)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.all().any(|root| root == name)
    }
}

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Enum,
    Input,
    Object,
    Interface,
    Union,
}

impl Kind {
    /// Whether fields are selected of it.
    pub(crate) fn is_composite(self) -> bool {
        matches!(self, Self::Object | Self::Interface | Self::Union)
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Scalar => "a scalar",
            Self::Enum => "an enum",
            Self::Input => "an input type",
            Self::Object => "an object type",
            Self::Interface => "an interface",
            Self::Union => "a union",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct TypeDef {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    pub(crate) marks: Vec<Mark>,
    pub(crate) fields: BTreeMap<String, FieldDef>,
    /// Interfaces of an object or interface.
    pub(crate) interfaces: Vec<(String, Span)>,
    /// Members of a union; of an interface, the object types that implement it.
    pub(crate) members: Vec<(String, Span)>,
    pub(crate) is_model: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct FieldDef {
    pub(crate) span: Span,
    /// The innermost type of its result.
    pub(crate) result: String,
    pub(crate) is_list: bool,
    pub(crate) marks: Vec<Mark>,
    /// `@auth` on it.
    pub(crate) rules: Option<Vec<Rule>>,
    /// `@aws_subscribe`: mutations whose results it hears of.
    pub(crate) subscribes: Vec<(String, Span)>,
}

/// One of the `@aws_...` directives of authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) mode: Mode,
    /// The groups that it names; none means any token of the mode.
    pub(crate) groups: Option<Vec<String>>,
    /// `@aws_auth`, which AWS enforces in fewer places than `@aws_cognito_user_pools`.
    pub(crate) is_aws_auth: bool,
    pub(crate) span: Span,
}

impl Schema {
    /// Reads a schema as it is meant for an API.
    ///
    /// Errors: E340 to E349 and E357, each with its place. Among them everything that looks like authorization and is
    /// none: unknown directives, directives where AWS does not look, `@aws_auth` beside other modes (SEMANTICS H8).
    pub fn read(source: impl Into<Source>, api: &Api) -> Result<Self, Diagnostics> {
        let source = source.into();
        let document = text::read(&source, &text::SCHEMA)?;
        let mut built = build::build(&document, &source, api);
        resolve::resolve(&mut built);
        if !built.errors.is_empty() {
            built.errors.sort_by_key(Diagnostic::span);
            return Err(Diagnostics { source, list: built.errors });
        }
        let mut schema = Self {
            source,
            api: api.clone(),
            types: built.types,
            roots: built.roots,
            models: built.models,
            is_amplify: built.is_amplify,
            lints: built.lints,
        };
        schema.lints.extend(lints::lints(&schema));
        schema.lints.sort_by_key(Diagnostic::span);
        Ok(schema)
    }

    /// What may not do what its author meant, L080 to L089, in order of place.
    pub fn lints(&self) -> &[Diagnostic] {
        &self.lints
    }

    /// The text that it was read from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The API that it was read for.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Whether it is a source for Amplify's transformer, whose queries and mutations are still to be made.
    pub fn is_amplify_source(&self) -> bool {
        self.is_amplify
    }

    pub(crate) fn field(&self, parent: &str, name: &str) -> Option<&FieldDef> {
        self.types.get(parent)?.fields.get(name)
    }

    pub(crate) fn kind(&self, name: &str) -> Kind {
        self.types.get(name).map_or(Kind::Scalar, |found| found.kind)
    }

    /// The object types that a value of this type may have.
    pub(crate) fn possible(&self, name: &str) -> BTreeSet<&str> {
        match self.types.get_key_value(name) {
            Some((name, TypeDef { kind: Kind::Object, .. })) => BTreeSet::from([name.as_str()]),
            Some((_, found)) => found.members.iter().map(|(name, _)| name.as_str()).collect(),
            None => BTreeSet::new(),
        }
    }
}
