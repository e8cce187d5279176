//! Every action that there is: those of the catalogue, and the patterns that it does not know.

use std::collections::BTreeMap;

use crate::ast::{ActionPattern, Clause};
use crate::value::{
    Action, ArnPattern, Catalogue, Part, Piece, Profile, ResourceType, Service, Template, glob,
    glob_ignoring_case, overlap_ignoring_case,
};

/// How much of an action, or of a pattern that stands for several, a clause covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cover {
    No,
    /// Some of the pattern's actions, or not for sure.
    Part,
    All,
}

/// Actions by number: first the catalogue's, service by service, then patterns of unknown ones.
pub(super) struct Space<'c> {
    known: Vec<(&'c Service, &'c Action)>,
    /// First number of each service, by folded prefix.
    starts: BTreeMap<String, (usize, &'c Service)>,
    unknown: Vec<ActionPattern>,
    profile: Profile,
}

impl<'c> Space<'c> {
    /// The catalogue, and of these clauses what it does not know.
    pub(super) fn new<'p>(
        catalogue: &'c Catalogue,
        profile: Profile,
        clauses: impl Iterator<Item = &'p Clause<ActionPattern>>,
    ) -> Self {
        let mut space = Self { known: Vec::new(), starts: BTreeMap::new(), unknown: Vec::new(), profile };
        for service in catalogue.services() {
            space.starts.insert(service.prefix().to_ascii_lowercase(), (space.known.len(), service));
            space.known.extend(service.actions().iter().map(|action| (service, action)));
        }
        let mut seen = std::collections::BTreeSet::new();
        for entry in clauses.filter(|clause| !clause.negated).flat_map(|clause| &clause.entries) {
            let Some(prefix) = entry.service.as_ref().and_then(Template::as_literal) else { continue };
            let service = space.starts.get(&prefix.to_ascii_lowercase());
            let known = service.is_some_and(|(_, service)| service.matching(&entry.name).next().is_some());
            if !known && seen.insert(entry.text.to_ascii_lowercase()) {
                space.unknown.push(entry.clone());
            }
        }
        space
    }

    pub(super) fn len(&self) -> usize {
        self.known.len() + self.unknown.len()
    }

    /// Service prefix and action name; for a pattern, its two parts.
    pub(super) fn name(&self, number: usize) -> (&str, &str) {
        match self.known.get(number) {
            Some((service, action)) => (service.prefix(), &action.name),
            None => self.extra(number).and_then(|entry| entry.text.split_once(':')).unwrap_or(("*", "*")),
        }
    }

    /// The action, if the catalogue knows it.
    pub(super) fn action(&self, number: usize) -> Option<&'c Action> {
        self.known.get(number).map(|(_, action)| *action)
    }

    /// The resource types that the action takes; `None` if nobody knows.
    pub(super) fn resource_types(&self, number: usize) -> Option<impl Iterator<Item = &'c ResourceType>> {
        self.known.get(number).map(|(service, action)| service.resources_of(action))
    }

    /// Whether the catalogue gives the service resources of AWS's partitions, or nobody knows it.
    pub(super) fn is_aws(&self, service: &str) -> bool {
        let Some((_, service)) = self.starts.get(&service.to_ascii_lowercase()) else { return false };
        let own = |kind: &ResourceType| {
            kind.pattern
                .fields
                .first()
                .and_then(Template::as_literal)
                .is_some_and(|partition| partition != "aws" && !partition.starts_with("aws-"))
        };
        !service.resources().iter().any(own)
    }

    /// Whether every resource that the action takes is of a kind: begins its last field like this.
    pub(super) fn takes_only(&self, action: usize, kind: &str) -> bool {
        let Some(types) = self.resource_types(action) else { return false };
        let mut some = false;
        let starts = |template: &Template| matches!(template.pieces.first(), Some(Piece::Literal(text)) if text.starts_with(kind));
        for resource in types {
            some = true;
            if !resource.pattern.fields.last().is_some_and(starts) {
                return false;
            }
        }
        some
    }

    /// How many actions the service of that prefix has.
    pub(super) fn size_of(&self, service: &str) -> Option<usize> {
        self.starts.get(&service.to_ascii_lowercase()).map(|(_, service)| service.actions().len())
    }

    /// How far the clause covers each action.
    pub(super) fn covered(&self, clause: &Clause<ActionPattern>) -> Vec<Cover> {
        let mut covers = vec![Cover::No; self.len()];
        for entry in &clause.entries {
            self.cover(entry, &mut covers);
        }
        if clause.negated {
            for cover in &mut covers {
                *cover = match cover {
                    Cover::No => Cover::All,
                    Cover::Part => Cover::Part,
                    Cover::All => Cover::No,
                };
            }
        }
        covers
    }

    fn cover(&self, entry: &ActionPattern, covers: &mut [Cover]) {
        let Some(service) = &entry.service else {
            covers.fill(Cover::All);
            return;
        };
        let mut raise = |number: usize, to: Cover| {
            if let Some(cover) = covers.get_mut(number) {
                *cover = (*cover).max(to);
            }
        };
        match service.as_literal() {
            Some(prefix) => {
                if let Some((start, service)) = self.starts.get(&prefix.to_ascii_lowercase()) {
                    for action in service.matching(&entry.name) {
                        if let Some(at) = position(service, action) {
                            raise(start + at, Cover::All);
                        }
                    }
                }
            }
            // SEMANTICS X3b: a glob only for what a strict Deny covers, and for what a strict Allow may not cover.
            None if self.profile == Profile::Strict => {
                for (number, (known, action)) in self.known.iter().enumerate() {
                    if globs(service, known.prefix()) && globs(&entry.name, &action.name) {
                        raise(number, Cover::Part);
                    }
                }
            }
            None => {}
        }
        for (i, unknown) in self.unknown.iter().enumerate() {
            raise(self.known.len() + i, cover_pattern(entry, unknown, self.profile));
        }
    }

    fn extra(&self, number: usize) -> Option<&ActionPattern> {
        self.unknown.get(number.checked_sub(self.known.len())?)
    }
}

fn position(service: &Service, action: &Action) -> Option<usize> {
    let actions = service.actions();
    actions.binary_search_by(|other| fold(&other.name).cmp(fold(&action.name))).ok()
}

fn fold(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

fn globs(template: &Template, text: &str) -> bool {
    let parts = template.pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => Part::Literal(text),
        Piece::Any => Part::Any,
        Piece::One => Part::One,
        // Actions take none (SEMANTICS C2).
        Piece::Variable(_) => Part::Literal("\u{0}"),
    });
    glob_ignoring_case(parts, text)
}

/// How far an entry covers another entry.
fn cover_pattern(entry: &ActionPattern, other: &ActionPattern, profile: Profile) -> Cover {
    let (Some(service), Some(named)) = (&entry.service, &other.service) else { return Cover::All };
    let wide = profile == Profile::Strict || service.as_literal().is_some();
    if !wide || !overlap_ignoring_case(service, named) || !overlap_ignoring_case(&entry.name, &other.name) {
        return Cover::No;
    }
    let sure = service.as_literal().is_some();
    let whole = entry.name.is_any()
        || entry.name == other.name
        || other.name.as_literal().is_some_and(|name| globs(&entry.name, name));
    if sure && whole { Cover::All } else { Cover::Part }
}

/// Whether every text of `inner` is a text of `outer`, as far as that is easy to see.
pub(super) fn subsumes(outer: &Template, inner: &Template) -> bool {
    if outer.is_any() || outer == inner {
        return true;
    }
    if let Some(text) = inner.as_literal() {
        let parts = outer.pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => Part::Literal(text),
            Piece::Any => Part::Any,
            Piece::One => Part::One,
            // Whatever it stands for, it is not this.
            Piece::Variable(_) => Part::Literal("\u{0}"),
        });
        return glob(parts, text);
    }
    match (outer.pieces.as_slice(), inner.pieces.as_slice()) {
        ([Piece::Literal(head), Piece::Any], [Piece::Literal(start), ..]) => start.starts_with(head.as_str()),
        _ => false,
    }
}

/// The same of ARNs, field by field.
pub(super) fn subsumes_arn(outer: &ArnPattern, inner: &ArnPattern) -> bool {
    outer.fields.iter().zip(&inner.fields).all(|(outer, inner)| subsumes(outer, inner))
}
