//! What can go without changing any decision (SEMANTICS A.4).

use super::{Lint, Scene, broad::parts};
use crate::ast::{ActionPattern, Clause, Condition, Document, PrincipalPattern, ResourceEntry, Statement};
use crate::source::{Diagnostic, Severity, Span};
use crate::value::{ResourcePattern, Template, covers, glob_ignoring_case};

pub(super) const ENTRY: Lint = Lint::new("L056", Severity::Suggestion, "an entry that another one covers");
pub(super) const STATEMENT: Lint =
    Lint::new("L057", Severity::Suggestion, "a statement that another one covers");

/// Comparing each with each grows with the square; beyond this many nobody reads the findings.
const MOST_STATEMENTS: usize = 300;
const MOST_PATTERNS: usize = 100;

pub(super) fn statement(scene: &Scene<'_>, found: &mut Vec<Diagnostic>) {
    entries(
        &scene.statement.action.entries,
        covers_action,
        |entry| (entry.span, &entry.text),
        wild_action,
        found,
    );
    if let Some(clause) = &scene.statement.resource {
        entries(&clause.entries, covers_resource, |entry| (entry.span, &entry.text), wild_resource, found);
    }
}

fn entries<T>(
    list: &[T],
    covers: impl Fn(&T, &T) -> bool,
    place: impl Fn(&T) -> (Span, &String),
    wild: impl Fn(&T) -> bool,
    found: &mut Vec<Diagnostic>,
) {
    let wide: Vec<_> = list.iter().enumerate().filter(|(_, entry)| wild(entry)).take(MOST_PATTERNS).collect();
    let mut plain = std::collections::BTreeMap::new();
    for (at, entry) in list.iter().enumerate() {
        let (span, text) = place(entry);
        let same = *plain.entry(text.as_str()).or_insert(at);
        let by = if same == at {
            // Of two that cover each other the later goes.
            wide.iter().find(|(other, pattern)| {
                *other != at && covers(pattern, entry) && (*other < at || !covers(entry, pattern))
            })
        } else {
            None
        };
        let by = by.map(|(_, pattern)| *pattern).or_else(|| list.get(same).filter(|_| same != at));
        if let Some(by) = by {
            let (first, cover) = place(by);
            found.push(
                ENTRY
                    .at(span, format!("`{text}` is covered by `{cover}`"))
                    .label(first, "covers it")
                    .help("remove it"),
            );
        }
    }
}

pub(super) fn document(document: &Document, found: &mut Vec<Diagnostic>) {
    let statements = document.statements.get(..MOST_STATEMENTS).unwrap_or(&document.statements);
    for (at, statement) in statements.iter().enumerate() {
        let cover = statements.iter().enumerate().find(|(other, wide)| {
            *other != at
                && covers_statement(wide, statement)
                && (*other < at || !covers_statement(statement, wide))
        });
        if let Some((_, wide)) = cover {
            found.push(
                STATEMENT
                    .at(statement.span, "another statement covers all of this one")
                    .label(wide.span, "covers it")
                    .help("remove it"),
            );
        }
    }
}

/// Whether the first applies wherever the second does.
fn covers_statement(wide: &Statement, narrow: &Statement) -> bool {
    wide.effect.value == narrow.effect.value
        && wide.conditions.len() <= narrow.conditions.len()
        && same_principal(wide.principal.as_ref(), narrow.principal.as_ref())
        && match (&wide.resource, &narrow.resource) {
            (None, None) => true,
            (Some(wide), Some(narrow)) => covers_clause(wide, narrow, covers_resource),
            _ => false,
        }
        && wide
            .conditions
            .iter()
            .all(|condition| narrow.conditions.iter().any(|other| same(condition, other)))
        && covers_clause(&wide.action, &narrow.action, covers_action)
}

fn covers_clause<T>(wide: &Clause<T>, narrow: &Clause<T>, covers: impl Fn(&T, &T) -> bool) -> bool {
    let includes = |outer: &Clause<T>, inner: &Clause<T>| {
        inner.entries.iter().all(|entry| outer.entries.iter().any(|other| covers(other, entry)))
    };
    match (wide.negated, narrow.negated) {
        // An empty list is a finding of its own.
        (false, false) => !narrow.entries.is_empty() && includes(wide, narrow),
        (true, true) => includes(narrow, wide),
        _ => false,
    }
}

fn same_principal(left: Option<&Clause<PrincipalPattern>>, right: Option<&Clause<PrincipalPattern>>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => {
            left.negated == right.negated
                && left.entries.len() == right.entries.len()
                && left.entries.iter().zip(&right.entries).all(|(left, right)| left.name == right.name)
        }
        _ => false,
    }
}

fn same(left: &Condition, right: &Condition) -> bool {
    left.operator.value == right.operator.value
        && left.key.value == right.key.value
        && left.operands.len() == right.operands.len()
        && left.operands.iter().zip(&right.operands).all(|(left, right)| left.text == right.text)
}

fn covers_action(wide: &ActionPattern, narrow: &ActionPattern) -> bool {
    let service = match (&wide.service, &narrow.service) {
        (None, _) => return true,
        (Some(_), None) => false,
        // Literal on both sides; another one is a finding of its own.
        (Some(wide), Some(narrow)) => match (wide.as_literal(), narrow.as_literal()) {
            (Some(wide), Some(narrow)) => wide.eq_ignore_ascii_case(narrow),
            _ => false,
        },
    };
    service
        && match narrow.name.as_literal() {
            Some(name) => glob_ignoring_case(parts(&wide.name), name),
            None => covers(&folded(&wide.name), &folded(&narrow.name)),
        }
}

fn wild_action(entry: &ActionPattern) -> bool {
    entry.name.has_wildcard()
}

fn covers_resource(wide: &ResourceEntry, narrow: &ResourceEntry) -> bool {
    match (&wide.pattern, &narrow.pattern) {
        (ResourcePattern::Any, _) => true,
        (
            ResourcePattern::Arn { pattern: wide, capped: false },
            ResourcePattern::Arn { pattern: narrow, capped: false },
        ) => {
            // The resource field tells most pairs apart.
            [4, 1, 2, 3, 0].into_iter().all(|i| covers(&wide.fields[i], &narrow.fields[i]))
        }
        (wide, narrow) => wide == narrow,
    }
}

fn wild_resource(entry: &ResourceEntry) -> bool {
    match &entry.pattern {
        ResourcePattern::Any => true,
        ResourcePattern::Arn { pattern, .. } => pattern.fields.iter().any(Template::has_wildcard),
        ResourcePattern::Api(_) | ResourcePattern::Attached => false,
    }
}

fn folded(template: &Template) -> Template {
    let mut folded = Template::default();
    for piece in &template.pieces {
        folded.push(match piece {
            crate::value::Piece::Literal(text) => crate::value::Piece::Literal(text.to_ascii_lowercase()),
            other => other.clone(),
        });
    }
    folded
}
