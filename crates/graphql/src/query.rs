//! An operation: for each field that it selects, whether the caller may.
//!
//! In: a query document, a schema, a caller. Out: an answer for each selection, in order of the text.
//! Never here: values of variables and arguments, which decide nothing about authorization; `@skip` and `@include` are
//! taken as if everything were asked for.

mod document;
mod walk;

use bailiwick::source::{Diagnostic, Diagnostics, Source, Span};

use crate::answer::Answer;
use crate::caller::Caller;
use crate::code;
use crate::schema::Schema;
use crate::text;

/// Bounds on hostile queries. An API's own `queryDepthLimit` counts besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep fields may be nested.
    pub depth: usize,
    /// Fields and fragments, each counted as often as it is spread.
    pub selections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 75, selections: 10_000 }
    }
}

/// A field that an operation selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Where its value stands in the response: names or aliases, parted by dots.
    pub path: String,
    /// The type that it is selected of.
    pub parent: String,
    /// Its name in the schema.
    pub field: String,
    /// Its place in the query.
    pub span: Span,
    /// Whether the caller may.
    pub answer: Answer,
}

/// An operation and what holds for its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationAnswer {
    /// `query`, `mutation` or `subscription`.
    pub kind: &'static str,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Every field, in order, fragments in their place.
    pub fields: Vec<Checked>,
}

impl OperationAnswer {
    /// Whether every field is open. AppSync answers the others; a decision does not.
    pub fn is_allowed(&self) -> bool {
        !self.fields.is_empty() && self.fields.iter().all(|field| field.answer.allowed)
    }
}

/// Answers for one operation of a document; `name` chooses where there are several.
///
/// Errors: E340 and E341 for the text, E353 where it does not fit the schema, E354 beyond the limits, E355 where it is not
/// clear which operation is meant, E358 for a schema that Amplify has not compiled yet.
///
/// ```
/// use bailiwick_graphql::{Api, Caller, Limits, Provider, Schema, check};
///
/// let api = Api::new(Provider::ApiKey).with(Provider::Iam);
/// let schema = Schema::read("type Query { a: String  b: String @aws_iam }", &api)?;
/// let caller = Caller::api_key(&api)?;
/// let answer = check(&schema, &caller, "{ a  other: b }", None, Limits::default())?;
/// assert!(!answer.is_allowed());
/// assert_eq!(answer.fields[1].path, "other");
/// assert_eq!(answer.fields[1].answer.why.to_string(), "`Query.b` is marked for AWS_IAM, not for API_KEY");
/// # Ok::<(), bailiwick::Diagnostics>(())
/// ```
pub fn check(
    schema: &Schema,
    caller: &Caller<'_>,
    source: impl Into<Source>,
    name: Option<&str>,
    limits: Limits,
) -> Result<OperationAnswer, Diagnostics> {
    let source = source.into();
    let refused = |list| Diagnostics { source: source.clone(), list };
    if schema.is_amplify_source() {
        let diagnostic = Diagnostic::error(
            code::AMPLIFY_SOURCE,
            Span::default(),
            "the schema is Amplify's source: its queries and mutations are not written yet",
        )
        .help("give what Amplify made of it: `amplify/backend/api/NAME/build/schema.graphql`");
        return Err(refused(vec![diagnostic]));
    }
    let parsed = text::read(&source, &text::QUERY)?;
    let document = document::Document::read(&parsed).map_err(refused)?;
    let operation = document.operation(name).map_err(|one| refused(vec![*one]))?;
    walk::walk(schema, caller, &document, operation, limits).map_err(refused)
}
