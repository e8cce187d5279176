//! The clauses of one rule.

use super::Grants;
use super::env::{Env, Resolution};
use crate::tree::{ActionTest, Clause, ResourceTest, action, resource};
use crate::value::{Profile, ResourceFields, Truth, glob, glob_ignoring_case, match_resource};

impl<'a, 'r> Env<'a, 'r> {
    /// `Action` or `NotAction` (SEMANTICS B1, B2).
    pub(super) fn actions(&self, clause: &Clause) -> Truth {
        let tests = clause.tests.of(&self.tree.action_tests);
        let mut any = Truth::No;
        for test in tests {
            any = any.or(self.action_test(test));
            if any == Truth::Yes {
                break;
            }
        }
        if clause.negated == 1 { any.not() } else { any }
    }

    fn action_test(&self, entry: &ActionTest) -> Truth {
        let action = self.request.action();
        let text = self.tree.text(entry.text);
        match entry.kind {
            action::ALL => Truth::Yes,
            action::EXACT => Truth::of(action.eq_ignore_ascii_case(text)),
            action::PREFIX => Truth::of(
                action
                    .as_bytes()
                    .get(..text.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes())),
            ),
            kind => {
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
    pub(super) fn resources(&self, clause: &Clause, fields: &ResourceFields<'_>, narrow: bool) -> Truth {
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
            let truth = if narrow && self.misses(test, fields) {
                Truth::No
            } else {
                self.resource_entry(test, fields)
            };
            any = any.or(truth);
            if any == Truth::Yes {
                break;
            }
        }
        if negated { any.not() } else { any }
    }

    /// Whether a literal head rules the entry out for an Allow, without a look at the rest.
    fn misses(&self, test: &ResourceTest, fields: &ResourceFields<'_>) -> bool {
        match fields {
            ResourceFields::Arn { text, .. } => {
                test.kind == resource::ARN
                    && test.head.len > 0
                    && !text.starts_with(self.tree.text(test.head))
            }
            ResourceFields::Star => test.kind == resource::ARN,
        }
    }

    /// One entry, an unresolved variable in it included (SEMANTICS C5).
    pub(super) fn resource_entry(&self, test: &ResourceTest, fields: &ResourceFields<'_>) -> Truth {
        let strict = self.tree.profile == Profile::Strict;
        match self.test_resolution(test) {
            Resolution::Complete => self.resource_test(test, fields),
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
    fn resource_test(&self, test: &ResourceTest, fields: &ResourceFields<'_>) -> Truth {
        match test.kind {
            resource::ANY | resource::ATTACHED => Truth::Yes,
            resource::API => match fields {
                ResourceFields::Arn { fields, .. } if fields[1] == "execute-api" => {
                    let rest =
                        fields[4].find('/').and_then(|slash| fields[4].get(slash..)).unwrap_or_default();
                    Truth::of(glob(self.parts(test.tail), rest))
                }
                _ => Truth::No,
            },
            _ => self.arn_test(test, fields),
        }
    }

    fn arn_test(&self, test: &ResourceTest, fields: &ResourceFields<'_>) -> Truth {
        let ResourceFields::Arn { fields: [.., last], text } = fields else { return Truth::No };
        // The usual case: a literal head, compared as one text, and a glob behind it.
        if test.head.len > 0 && test.capped == 0 && self.tree.profile == Profile::Aws {
            let head = self.tree.text(test.head).as_bytes();
            let Some(start) = text.as_bytes().get(..head.len()) else { return Truth::No };
            let narrow = start == head;
            if !(narrow || start.eq_ignore_ascii_case(head)) || !glob(self.parts(test.tail), last) {
                return Truth::No;
            }
            return Truth::between(narrow, true);
        }
        let Some(arn) = self.tree.arns.get(test.arn as usize) else { return Truth::No };
        let field = |i| -> super::env::Parts<'a, 'r> { self.parts(arn.field(i)) };
        let truth = match_resource(self.tree.profile, field, fields);
        if test.capped == 1 { truth.at_most_maybe() } else { truth }
    }
}

/// What a principal clause said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) truth: Truth,
    pub(super) grants: Grants,
}
