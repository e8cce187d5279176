//! ARNs and patterns of resources in `bailiwick.toml`.

use bailiwick::value::{ArnPattern, Piece, ResourcePattern, Template, arn_fields};

use super::table::Text;
use crate::problems::Problems;

/// A pattern over ARNs, field by field; `*` alone means every resource.
pub(super) fn pattern(problems: &mut Problems, text: &Text) -> Option<ResourcePattern> {
    if text.value == "*" {
        return Some(ResourcePattern::Any);
    }
    let Some(fields) = arn_fields(&text.value) else {
        let message = format!("`{}` is not a resource pattern", text.value);
        problems.add(
            "E158",
            text.span,
            message,
            "write `arn:` and six fields in all, with `*` and `?`, or `*` alone",
        );
        return None;
    };
    let fields = fields.map(wildcards);
    Some(ResourcePattern::Arn { pattern: ArnPattern { fields }, capped: false })
}

/// An ARN of IAM of one kind: `role`, `user`.
pub(super) fn iam(problems: &mut Problems, text: &Text, kind: &str) -> bool {
    let fits = arn_fields(&text.value).is_some_and(|[_, service, _, account, resource]| {
        let name = resource.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/'));
        !text.value.contains(['*', '?', '$'])
            && service == "iam"
            && account.len() == 12
            && name.is_some_and(|name| !name.is_empty() && !name.ends_with('/'))
    });
    if !fits {
        let message = format!("`{}` is not the ARN of a {kind}", text.value);
        let help = format!("write `arn:aws:iam::111122223333:{kind}/name`");
        problems.add("E158", text.span, message, help);
    }
    fits
}

fn wildcards(text: &str) -> Template {
    let mut template = Template::default();
    for character in text.chars() {
        template.push(match character {
            '*' => Piece::Any,
            '?' => Piece::One,
            other => Piece::Literal(other.to_string()),
        });
    }
    template
}
