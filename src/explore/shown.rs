//! The resources of a rule, as far as an action can take them.

use crate::ast::Target;
use crate::value::{ArnPattern, Piece, ResourcePattern, overlap_arn};

use super::rule::Rule;
use super::space::Space;
use super::text;

/// Resources, as policy text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    /// Whether everything but these is meant.
    pub negated: bool,
    /// ARN patterns, or `*`.
    pub list: Vec<String>,
    /// The same for comparing; `None` for what cannot be compared and so meets everything.
    patterns: Vec<Option<Comparable>>,
}

/// An ARN pattern that orders by its text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparable(ArnPattern);

impl PartialOrd for Comparable {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Comparable {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        text::arn(&self.0).cmp(&text::arn(&other.0))
    }
}

impl Shown {
    pub(super) fn everything() -> Self {
        Self { negated: false, list: vec!["*".to_owned()], patterns: vec![None] }
    }

    fn of<'a>(negated: bool, entries: impl Iterator<Item = &'a ResourcePattern>) -> Self {
        let mut shown = Self { negated, list: Vec::new(), patterns: Vec::new() };
        for entry in entries {
            let text = text::resource(entry);
            if shown.list.contains(&text) {
                continue;
            }
            shown.list.push(text);
            shown.patterns.push(match entry {
                ResourcePattern::Arn { pattern, .. } => Some(Comparable(pattern.clone())),
                _ => None,
            });
        }
        shown
    }

    /// Whether some resource may be in both. Says yes where it cannot tell.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        if self.negated || other.negated {
            return true;
        }
        self.patterns.iter().any(|left| {
            other.patterns.iter().any(|right| match (left, right) {
                (Some(left), Some(right)) => overlap_arn(&left.0, &right.0),
                _ => true,
            })
        })
    }

    /// Only what may meet the pattern; `None` if nothing does.
    pub(super) fn narrowed(mut self, to: Option<&ResourcePattern>) -> Option<Self> {
        let Some(ResourcePattern::Arn { pattern, .. }) = to else { return Some(self) };
        if self.negated {
            return Some(self);
        }
        let keep: Vec<bool> = self
            .patterns
            .iter()
            .map(|own| own.as_ref().is_none_or(|own| overlap_arn(&own.0, pattern)))
            .collect();
        let mut kept = keep.iter();
        self.list.retain(|_| kept.next().copied().unwrap_or(false));
        let mut kept = keep.iter();
        self.patterns.retain(|_| kept.next().copied().unwrap_or(false));
        (!self.list.is_empty()).then_some(self)
    }
}

/// The rule's resources that the action can take; `None` if there are none.
pub(super) fn of(rule: &Rule, space: &Space<'_>, action: usize) -> Option<Shown> {
    let entries = &rule.resources.entries;
    let any = |entry: &ResourcePattern| matches!(entry, ResourcePattern::Any | ResourcePattern::Attached);
    let types: Option<Vec<&ArnPattern>> =
        space.resource_types(action).map(|types| types.map(|kind| &kind.pattern).collect());
    // SEMANTICS B8: without resource types its resource is `*`.
    if types.as_ref().is_some_and(Vec::is_empty) {
        let on_star = if rule.resources.negated { !entries.iter().any(any) } else { entries.iter().any(any) };
        let reaches = !matches!(rule.target, Some(Target::Resource(_)));
        return (on_star && reaches).then(Shown::everything);
    }
    let fits = |pattern: &ArnPattern| {
        types.as_ref().is_none_or(|types| types.iter().any(|kind| overlap_arn(kind, pattern)))
    };
    let taken = |entry: &&ResourcePattern| match entry {
        ResourcePattern::Arn { pattern, .. } => fits(pattern),
        _ => true,
    };
    if rule.resources.negated {
        let target = targets(rule);
        let shown = if target.is_empty() {
            Shown::of(true, entries.iter())
        } else {
            Shown::of(false, target.iter().filter(taken))
        };
        return (!shown.list.is_empty()).then_some(shown);
    }
    let target = targets(rule);
    let shown = if entries.iter().any(any) && !target.is_empty() {
        Shown::of(false, target.iter().filter(taken))
    } else {
        let meets = |entry: &&ResourcePattern| {
            target.is_empty()
                || Shown::of(false, core::iter::once(*entry)).overlaps(&Shown::of(false, target.iter()))
        };
        Shown::of(false, entries.iter().filter(taken).filter(meets))
    };
    (!shown.list.is_empty()).then_some(shown)
}

/// What the rule's policy is attached to; of a bucket its objects too. Empty: everything.
pub(super) fn targets(rule: &Rule) -> Vec<ResourcePattern> {
    let Some(Target::Resource(target)) = &rule.target else { return Vec::new() };
    let mut list = vec![target.clone()];
    if let ResourcePattern::Arn { pattern, capped } = target {
        let slash = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains('/'));
        if pattern.fields[1].as_literal() == Some("s3") && !pattern.fields[4].pieces.iter().any(slash) {
            let mut objects = pattern.clone();
            objects.fields[4].push(Piece::Literal("/".to_owned()));
            objects.fields[4].push(Piece::Any);
            list.push(ResourcePattern::Arn { pattern: objects, capped: *capped });
        }
    }
    list
}
