//! ARNs with wildcards where the documents want none, and ARNs cut short (SEMANTICS B5, B6, X3, X4).

use super::{Lint, Scene};
use crate::ast::{Kind, ResourceEntry};
use crate::source::{Diagnostic, Severity};
use crate::value::{Catalogue, Piece, ResourcePattern, ResourceType};

pub(super) const PARTITION_WILDCARD: Lint =
    Lint::new("L021", Severity::Suggestion, "a wildcard in the partition of an ARN");
pub(super) const SERVICE_WILDCARD: Lint =
    Lint::new("L022", Severity::Warning, "a wildcard in the service of an ARN");
pub(super) const SHORT: Lint = Lint::new("L023", Severity::Warning, "an ARN with fewer than six fields");
pub(super) const TYPE_WILDCARD: Lint =
    Lint::new("L024", Severity::Warning, "a wildcard in the resource type of an ARN");

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    let Some(clause) = &scene.statement.resource else { return };
    for entry in &clause.entries {
        let ResourcePattern::Arn { pattern: arn, .. } = &entry.pattern else { continue };
        let written = fields_written(&entry.text);
        let text = &entry.text;
        if written < 6 {
            found.push(short(scene.document.kind, entry, written));
        }
        let [partition, service, ..] = &arn.fields;
        if written > 1 && partition.has_wildcard() {
            found.push(
                PARTITION_WILDCARD
                    .at(
                        entry.span,
                        format!("the partition of `{text}` is a wildcard, which is not documented"),
                    )
                    .help("write `aws`, `aws-cn` or `aws-us-gov`; `*` as the whole field works"),
            );
        }
        if written > 2 && service.has_wildcard() {
            found.push(
                SERVICE_WILDCARD
                    .at(entry.span, format!("the service of `{text}` is a wildcard, which is not documented"))
                    .help("name the service; the strict profile lets no `Allow` match by it"),
            );
        }
        if scene.options.catalogue.is_some_and(|catalogue| wild_type(entry, catalogue)) {
            found.push(
                TYPE_WILDCARD
                    .at(
                        entry.span,
                        format!("the resource type of `{text}` is a wildcard, which is not documented"),
                    )
                    .help("write the type out, up to its `/` or `:`, or `*` alone"),
            );
        }
    }
}

fn short(kind: Kind, entry: &ResourceEntry, written: usize) -> Diagnostic {
    let text = &entry.text;
    let meaning = match kind {
        Kind::Identity | Kind::Boundary => "the rest is read as `*`",
        _ => "an `Allow` never matches by it, a `Deny` reads the rest as `*`",
    };
    SHORT
        .at(entry.span, format!("`{text}` has {written} of six fields: {meaning}"))
        .help("write all of `arn:partition:service:region:account:resource`")
}

/// How many fields an ARN's text has, colons inside variables aside.
fn fields_written(text: &str) -> usize {
    separators(text).count().min(5) + 1
}

/// Where colons stand, those inside variables aside.
fn separators(text: &str) -> impl Iterator<Item = usize> {
    let mut from = 0;
    core::iter::from_fn(move || {
        loop {
            let at = from + text.get(from..)?.find([':', '$'])?;
            let tail = text.get(at..)?;
            let inside = if tail.starts_with("${") { tail.find('}') } else { None };
            from = at + inside.unwrap_or(0) + 1;
            if tail.starts_with(':') {
                return Some(at);
            }
        }
    })
}

/// Whether every resource of the service begins with a type word, and this one's has a wildcard in it. Told by the
/// text: before a `/` or `:` reading takes the wildcard for plain text (SEMANTICS B5).
pub(super) fn wild_type(entry: &ResourceEntry, catalogue: &Catalogue) -> bool {
    let ResourcePattern::Arn { pattern: arn, .. } = &entry.pattern else { return false };
    let [_, service, ..] = &arn.fields;
    let Some(service) = service.as_literal().and_then(|prefix| catalogue.service(prefix)) else {
        return false;
    };
    let starts_with_word = |resource: &ResourceType| matches!(resource.pattern.fields[4].pieces.first(), Some(Piece::Literal(text)) if text.contains(['/', ':']));
    let Some(field) = separators(&entry.text).nth(4).and_then(|at| entry.text.get(at + 1..)) else {
        return false;
    };
    let word = field.split(['/', ':']).next().unwrap_or(field);
    field != "*"
        && word.contains(['*', '?'])
        && !word.contains("${")
        && !service.resources().is_empty()
        && service.resources().iter().all(starts_with_word)
}

#[cfg(test)]
mod tests {
    use super::fields_written;

    #[test]
    fn fields() {
        let rows = [
            ("arn:aws", 2),
            ("arn:aws:s3:::b", 6),
            ("arn:aws:s3:::b:c:d", 6),
            ("arn:aws:s3:${a:b}", 4),
            ("arn:aws:s3:$:x", 5),
            ("arn:aws:s3:${a", 4),
        ];
        for (text, expected) in rows {
            assert_eq!(fields_written(text), expected, "{text}");
        }
    }
}
