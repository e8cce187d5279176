//! Which statements no index files, why, and what would help: asked of the functions that build the indexes.

use std::sync::Arc;

use super::index::{Symbols, by_action, choices, literals};
use super::lower::lower;
use super::split::{arn_tests, marks, start_of};
use crate::ast::{ActionPattern, Attached, Attachment, Clause, Condition, Document, Kind, PolicySet, Target};
use crate::check::index::{EVERY_REQUEST, NEGATED_TWICE, NO_START, NOT_FILED};
use crate::source::Diagnostic;
use crate::tree::{self, Atom, Compiled, NONE, OWNER_PRINCIPAL, Rule, filter, piece, principal, resource};
use crate::value::{Base, KeyTable, Profile};

/// A statement that requests meet in vain, and a finding of one of the lints L068 to L071.
#[derive(Clone, Debug)]
pub struct Unserved<'a> {
    /// The statement where it is attached.
    pub attached: Attached<'a>,
    /// What defeats the index, and the remedy.
    pub finding: Diagnostic,
}

/// The statements of a set that indexes do not help to leave out.
///
/// What is attached to a group, role, user, subject or session policy is found by that and never listed; nor is what
/// applies to whatever meets it, for then nothing is tried in vain.
pub fn unserved(set: &PolicySet) -> Vec<Unserved<'_>> {
    let out = lower(set, false);
    let mut rules = vec![NONE; out.statements.len()];
    for (id, rule) in (0..).zip(&out.rules) {
        if let Some(place) = rules.get_mut(rule.statement as usize) {
            *place = id;
        }
    }
    let mut found = Vec::new();
    for attached in set.statements() {
        let general = matches!(
            attached.attachment.target,
            Target::Everyone | Target::Accounts(_) | Target::Resource(_) | Target::Endpoint(_)
        );
        // Repetitions, and what can never apply, have no rule.
        let id = rules.get(attached.id.0 as usize).copied().filter(|id| general && *id != NONE);
        let findings = id.map(|id| findings(&out, id, &attached)).unwrap_or_default();
        found.extend(findings.into_iter().map(|finding| Unserved { attached, finding }));
    }
    found
}

/// The same for one document, as if it were attached to everyone; in order of place. Of a boundary or session policy,
/// which is always somebody's, nothing is told.
pub fn unserved_in(document: &Document, keys: &Arc<KeyTable>) -> Vec<Diagnostic> {
    if matches!(document.kind, Kind::Boundary | Kind::Session) {
        return Vec::new();
    }
    let layer = document.kind.layer();
    let documents = vec![Arc::new(document.clone())];
    let attachment = Attachment { layer, level: 0, target: Target::Everyone, documents };
    // A kind always fits its own layer.
    let Ok(set) = PolicySet::new(vec![attachment]) else { return Vec::new() };
    let set = set.keys(Arc::clone(keys));
    let mut found: Vec<Diagnostic> = unserved(&set).into_iter().map(|one| one.finding).collect();
    found.sort_by_key(|finding| (finding.span().start, finding.code));
    found
}

fn findings(out: &Compiled, id: u32, attached: &Attached<'_>) -> Vec<Diagnostic> {
    let rule = out.rules[id as usize];
    if always(out, &rule) {
        return Vec::new();
    }
    let statement = attached.statement;
    let filed = filed(out, id);
    let finds = |under| filed.contains(&under);
    let mut found = Vec::new();
    let no_resource = statement.resource.as_ref().is_some_and(|clause| clause.negated);
    if filed.is_empty() && statement.action.negated && no_resource {
        found.push(
            NEGATED_TWICE
                .at(statement.action.span, "neither list says for which requests the statement is")
                .help("list the actions, or the resources, that it is for"),
        );
    } else if filed.is_empty() {
        found.push(
            EVERY_REQUEST.at(statement.action.span, "every request is tried by this statement").help(remedy(
                out,
                &rule,
                &statement.action,
            )),
        );
    } else if !finds(Under::Equality) && !finds(Under::Start) {
        found.extend(no_start(out, &rule, attached));
    }
    if !finds(Under::Equality) {
        found.extend(statement.conditions.iter().filter_map(|one| not_filed(out, &rule, one)));
    }
    found
}

/// Whether whatever meets the rule is decided by it.
fn always(out: &Compiled, rule: &Rule) -> bool {
    let actions = out.clauses[rule.actions as usize];
    let tests = actions.tests.of(&out.action_tests);
    let any_action = actions.negated == 0 && tests.iter().any(|test| test.kind == tree::action::ALL);
    let any_resource = out.clauses.get(rule.resources as usize).is_none_or(|clause| {
        let tests = clause.tests.of(&out.resource_tests);
        clause.negated == 0 && tests.iter().any(|test| test.kind == resource::ANY)
    });
    let anyone = out.clauses.get(rule.principals as usize).is_none_or(|clause| {
        let tests = clause.tests.of(&out.principal_tests);
        clause.negated == 0 && tests.iter().any(|test| test.kind == principal::EVERYONE)
    });
    any_action && any_resource && anyone && rule.atoms.len() == 0
}

/// Under what the compiler files a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Under {
    Action,
    /// A key's value, of the principal or of the request.
    Equality,
    /// The literal start of its resources.
    Start,
    /// Some bytes of its resource.
    Bytes,
}

fn filed(out: &Compiled, id: u32) -> Vec<Under> {
    let rule = &out.rules[id as usize];
    let mut filed = Vec::new();
    if !by_action(out, &mut Symbols::default(), &[id], 0).contains_key(&NONE) {
        filed.push(Under::Action);
    }
    if !choices(out, rule).is_empty() {
        filed.push(Under::Equality);
    }
    let marks = marks(out, id);
    let kinds = marks.iter().filter_map(|group| group.first().map(|(filter, _)| filter.kind));
    filed.extend(kinds.map(|kind| match kind {
        filter::KEY => Under::Equality,
        filter::PREFIX => Under::Start,
        _ => Under::Bytes,
    }));
    filed
}

fn remedy(out: &Compiled, rule: &Rule, actions: &Clause<ActionPattern>) -> String {
    let wild = actions.entries.iter().find(|entry| entry.service.is_some()).filter(|_| !actions.negated);
    let first = match wild {
        Some(entry) => format!("write the service of `{}` out", entry.text),
        None if actions.negated => "list the actions instead of those to leave out".to_owned(),
        None => "name the services, as in `s3:*`".to_owned(),
    };
    // SEMANTICS X2, D7: under `strict` a Deny may match where its resource and its equalities do not say so.
    if rule.is_deny() && out.profile == Profile::Strict {
        return first;
    }
    format!(
        "{first}, or test a tag, group or tenant with `StringEquals`, or begin the resource with plain text"
    )
}

/// Entries of `Resource` whose start is no literal, where one would do.
fn no_start(out: &Compiled, rule: &Rule, attached: &Attached<'_>) -> Vec<Diagnostic> {
    let Some(clause) = &attached.statement.resource else { return Vec::new() };
    let Some(tests) = arn_tests(out, rule) else { return Vec::new() };
    let mut found = Vec::new();
    for (entry, test) in clause.entries.iter().zip(tests) {
        let pieces = test.tail.of(&out.pieces);
        let literal = pieces.iter().any(|piece| piece.kind == piece::LITERAL);
        if !literal || start_of(out, test.tail).is_some() {
            continue;
        }
        let begins = match pieces.first().map_or(piece::ANY, |first| first.kind) {
            piece::LITERAL => continue,
            piece::ANY | piece::ONE => "a wildcard",
            _ => "a variable",
        };
        found.push(
            NO_START.at(entry.span, format!("the resource of `{}` begins with {begins}", entry.text)).help(
                "begin it with plain text up to a `/`, `:`, `-` or `.`, or test a tag with `StringEquals`",
            ),
        );
    }
    found
}

/// A condition that would be filed under `StringEquals`.
fn not_filed(out: &Compiled, rule: &Rule, condition: &Condition) -> Option<Diagnostic> {
    let operator = condition.operator.value;
    let known = |atom: &&Atom| {
        let key = &out.keys[atom.key as usize];
        key.owner == OWNER_PRINCIPAL
            && out.text(key.name).eq_ignore_ascii_case(condition.key.value.as_str())
            && tree::unpack_operator(atom.operator) == operator
    };
    let mut atoms = rule.atoms.of(&out.rule_atoms).iter().map(|id| &out.atoms[*id as usize]);
    let atom = atoms.find(known)?;
    let better = crate::value::Operator { base: Base::StringEquals, if_exists: false, ..operator };
    let asked = Atom { operator: tree::pack_operator(better), ..*atom };
    if !matches!(operator.base, Base::StringEquals | Base::StringLike) || operator == better {
        return None;
    }
    literals(out, &asked, rule.is_deny())?;
    let help = if operator.if_exists {
        format!(
            "write `{better}` if everyone it is for has `{}`; else the statement stays one to try",
            condition.key.value.as_str()
        )
    } else {
        format!("write `{better}`: no value holds a wildcard, so it says the same")
    };
    let message =
        format!("`{operator}` on `{}` is tried one statement at a time", condition.key.value.as_str());
    Some(NOT_FILED.at(condition.operator.span, message).help(help))
}

#[cfg(test)]
mod tests;
