//! Narrower questions: an action, a resource, a context.

use crate::ast::{ActionPattern, Clause};
use crate::request::Context;
use crate::source::Span;
use crate::value::{ArnPattern, Piece, ResourcePattern, Template, arn_fields};

/// What to look at; the default is everything.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// `service:Name`, perhaps with `*` and `?`.
    pub action: Option<String>,
    /// An ARN, perhaps with `*` and `?`.
    pub resource: Option<String>,
    /// Values that are known of the requests.
    pub context: Context<'static>,
}

pub(super) fn action(text: &str) -> Clause<ActionPattern> {
    let span = Span::default();
    let (service, name) = match text.split_once(':') {
        Some((service, name)) => (Some(template(service)), template(name)),
        None if text == "*" => (None, Template::any()),
        None => (Some(template(text)), Template::any()),
    };
    let entry = ActionPattern { span, text: text.to_owned(), service, name };
    Clause { span, negated: false, entries: vec![entry] }
}

pub(super) fn resource(text: &str) -> Option<ResourcePattern> {
    let fields = arn_fields(text)?.map(template);
    Some(ResourcePattern::Arn { pattern: ArnPattern { fields }, capped: false })
}

fn template(text: &str) -> Template {
    let mut template = Template::default();
    let mut rest = text;
    while let Some(at) = rest.find(['*', '?']) {
        let (before, after) = rest.split_at(at);
        template.push(Piece::Literal(before.to_owned()));
        template.push(if after.starts_with('*') { Piece::Any } else { Piece::One });
        rest = after.get(1..).unwrap_or_default();
    }
    template.push(Piece::Literal(rest.to_owned()));
    template
}
