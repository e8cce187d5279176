//! The clauses of one rule.

use super::Grants;
use super::env::{Env, Resolution};
use crate::tree::{ActionTest, Clause, NONE, Range, ResourceTest, action, piece, resource};
use crate::value::{Profile, ResourceFields, Truth, glob, glob_ignoring_case, match_resource, same_bytes};

impl<'a, 'r> Env<'a, 'r> {
    /// `Action` or `NotAction` (SEMANTICS B1, B2).
    /// `symbol` is the request's action among those that policies name.
    pub(super) fn actions(&self, clause: &Clause, symbol: u32) -> Truth {
        let tests = clause.tests.of(&self.tree.action_tests);
        let mut any = Truth::No;
        for test in tests {
            if test.symbol != NONE {
                // Equal ignoring case means equal numbers.
                if test.symbol == symbol {
                    any = Truth::Yes;
                    break;
                }
                continue;
            }
            any = any.or(self.action_test(test));
            if any == Truth::Yes {
                break;
            }
        }
        if clause.negated == 1 { any.not() } else { any }
    }

    fn action_test(&self, entry: &ActionTest) -> Truth {
        let action = self.request.action().as_bytes();
        let text = self.tree.bytes(entry.text);
        match entry.kind {
            action::ALL => Truth::Yes,
            action::EXACT => Truth::of(same_ignoring_case(action, text)),
            action::PREFIX => {
                Truth::of(action.get(..text.len()).is_some_and(|start| same_ignoring_case(start, text)))
            }
            kind => {
                let text = self.tree.text(entry.text);
                let (service, name) = (self.request.service(), self.request.action_name());
                let named = |range| glob_ignoring_case(self.parts(range), name);
                if kind == action::PATTERN {
                    return Truth::of(service.eq_ignore_ascii_case(text) && named(entry.name));
                }
                // SEMANTICS X3b: literal for an Allow, under `strict` a glob for a Deny.
                let narrow = service.eq_ignore_ascii_case(text) && named(entry.name);
                let wide = self.tree.profile == Profile::Strict
                    && glob_ignoring_case(self.parts(entry.service), service)
                    && named(entry.name);
                Truth::between(narrow, narrow || wide)
            }
        }
    }

    /// `Resource` or `NotResource` (SEMANTICS B7). With `narrow` set, readings that only a Deny may use are not tried.
    pub(super) fn resources(&self, clause: &Clause, narrow: bool) -> Truth {
        let negated = clause.negated == 1;
        let narrow = narrow && !negated;
        let tests = clause.tests.of(&self.tree.resource_tests);
        // SEMANTICS C5, X6: what cannot be excluded for sure.
        if negated
            && self.tree.profile == Profile::Strict
            && tests.iter().any(|test| self.test_resolution(test) != Resolution::Complete)
        {
            return Truth::Maybe;
        }
        let mut any = Truth::No;
        for test in tests {
            any = any.or(match self.straight(test, narrow) {
                Some(truth) => truth,
                None => self.resource_entry(test),
            });
            if any == Truth::Yes {
                break;
            }
        }
        if negated { any.not() } else { any }
    }

    /// The usual entries, compared as written: a literal head, then texts and variables, then perhaps a `*`.
    /// `None` if that does not settle it.
    fn straight(&self, test: &ResourceTest, narrow: bool) -> Option<Truth> {
        if test.kind == resource::ANY {
            return Some(Truth::Yes);
        }
        let Some(last) = self.request.resource_field() else {
            return (narrow && test.kind == resource::ARN).then_some(Truth::No);
        };
        let head = self.tree.bytes(test.head);
        let start = self.request.resource().as_bytes().get(..head.len()).unwrap_or_default();
        let same_head = same_bytes(start, head);
        if narrow && !same_head {
            return Some(Truth::No);
        }
        if test.shape & resource::STRAIGHT == 0 {
            return None;
        }
        if self.runs_along(test.tail, last.as_bytes())? {
            // Other letter case in the head: a reading that only a Deny may use.
            return same_head.then_some(Truth::Yes);
        }
        // A variable behind the difference may still make a Deny's entry undecided.
        let settled = narrow || self.tree.profile == Profile::Aws && test.shape & resource::VARIABLES == 0;
        settled.then_some(Truth::No)
    }

    /// Whether texts and variables, and perhaps a `*` at the end, cover the bytes; `None` if a variable has no value.
    fn runs_along(&self, tail: Range, bytes: &[u8]) -> Option<bool> {
        let mut rest = bytes;
        for piece in tail.of(&self.tree.pieces) {
            let part = match piece.kind {
                piece::ANY => return Some(true),
                piece::LITERAL => self.tree.bytes(piece.text),
                _ => self.variable(piece).ok()?.as_bytes(),
            };
            match rest.split_at_checked(part.len()) {
                Some((start, behind)) if same_bytes(start, part) => rest = behind,
                _ => return Some(false),
            }
        }
        Some(rest.is_empty())
    }

    /// One entry, an unresolved variable in it included (SEMANTICS C5).
    pub(super) fn resource_entry(&self, test: &ResourceTest) -> Truth {
        let strict = self.tree.profile == Profile::Strict;
        if test.shape & resource::VARIABLES == 0 {
            return self.resource_test(test);
        }
        match self.test_resolution(test) {
            Resolution::Complete => self.resource_test(test),
            Resolution::Missing => Truth::No,
            Resolution::Malformed => Truth::between(false, strict),
            Resolution::Unknown => Truth::Maybe,
        }
    }

    fn test_resolution(&self, test: &ResourceTest) -> Resolution {
        match test.kind {
            resource::ARN if test.head.len > 0 => self.resolution(test.tail),
            resource::ARN => self.tree.arns.get(test.arn as usize).map_or(Resolution::Missing, |arn| {
                (0..5).map(|i| self.resolution(arn.field(i))).max().unwrap_or(Resolution::Complete)
            }),
            resource::API => self.resolution(test.tail),
            _ => Resolution::Complete,
        }
    }

    /// One entry whose variables all have values (SEMANTICS B3..B8).
    fn resource_test(&self, test: &ResourceTest) -> Truth {
        match test.kind {
            resource::ANY | resource::ATTACHED => Truth::Yes,
            resource::API => match self.request.resource_fields() {
                ResourceFields::Arn { fields, .. } if fields[1] == "execute-api" => {
                    let rest =
                        fields[4].find('/').and_then(|slash| fields[4].get(slash..)).unwrap_or_default();
                    Truth::of(glob(self.parts(test.tail), rest))
                }
                _ => Truth::No,
            },
            _ => self.arn_test(test),
        }
    }

    fn arn_test(&self, test: &ResourceTest) -> Truth {
        let Some(last) = self.request.resource_field() else { return Truth::No };
        // The usual case: a literal head, compared as one text, and a glob behind it.
        if test.head.len > 0 && test.capped == 0 && self.tree.profile == Profile::Aws {
            let head = self.tree.bytes(test.head);
            let Some(start) = self.request.resource().as_bytes().get(..head.len()) else { return Truth::No };
            let narrow = same_bytes(start, head);
            if !(narrow || start.eq_ignore_ascii_case(head)) || !glob(self.parts(test.tail), last) {
                return Truth::No;
            }
            return Truth::between(narrow, true);
        }
        let Some(arn) = self.tree.arns.get(test.arn as usize) else { return Truth::No };
        let field = |i| -> super::env::Parts<'a, 'r> { self.parts(arn.field(i)) };
        let truth = match_resource(self.tree.profile, field, &self.request.resource_fields());
        if test.capped == 1 { truth.at_most_maybe() } else { truth }
    }
}

/// Nearly always the same spelling: that is tried first.
fn same_ignoring_case(left: &[u8], right: &[u8]) -> bool {
    // Names that differ mostly do so at the end: their service is the same.
    same_bytes(left, right)
        || left.len() == right.len()
            && left.iter().zip(right).rev().all(|(left, right)| left.eq_ignore_ascii_case(right))
}

/// What a principal clause said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) truth: Truth,
    pub(super) grants: Grants,
}
