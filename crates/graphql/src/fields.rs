//! Every field of a schema for one caller.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bailiwick::source::Span;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::schema::Schema;

/// What a field is to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It may be queried, on the way from a root type that is open to the caller too.
    Usable,
    /// It is refused.
    Refused,
    /// It is open, and no way from a root type leads to it that is.
    Unreachable,
    /// It is open, and nothing of what it returns is: a query gets `null` and errors (SEMANTICS H8).
    Empty,
}

impl State {
    /// Lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Empty => "empty",
        }
    }
}

/// A field and what holds for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRow {
    /// An object type or interface.
    pub parent: String,
    /// Its field.
    pub field: String,
    /// The innermost type of its result.
    pub result: String,
    /// Whether the type is a root: query, mutation or subscription.
    pub is_root: bool,
    /// What comes of it.
    pub state: State,
    /// The field's own answer, whether or not a way leads to it.
    pub answer: Answer,
    /// The field's name in the schema.
    pub span: Span,
}

impl Schema {
    /// Every field of every object type and interface, by name of type, then of field.
    pub fn fields(&self, caller: &Caller<'_>) -> Vec<FieldRow> {
        let answers = self.answers(caller);
        let open = |parent: &str, field: &str| {
            answers.get(&(parent, field)).is_some_and(|answer: &Answer| answer.allowed)
        };
        let yields = self.yielding(&open);
        let reached = self.reached(&open);
        let mut rows = Vec::new();
        for (parent, found) in &self.types {
            for (field, definition) in &found.fields {
                let Some(answer) = answers.get(&(parent.as_str(), field.as_str())) else { continue };
                let result = definition.result.as_str();
                let state = if !answer.allowed {
                    State::Refused
                } else if self.kind(result).is_composite() && !yields.contains(result) {
                    State::Empty
                } else if reached.contains(parent.as_str()) {
                    State::Usable
                } else {
                    State::Unreachable
                };
                rows.push(FieldRow {
                    parent: parent.clone(),
                    field: field.clone(),
                    result: definition.result.clone(),
                    is_root: self.roots.has(parent),
                    state,
                    answer: answer.clone(),
                    span: definition.span,
                });
            }
        }
        rows
    }

    fn answers(&self, caller: &Caller<'_>) -> BTreeMap<(&str, &str), Answer> {
        let mut answers = BTreeMap::new();
        for (parent, found) in &self.types {
            let possible = self.possible(parent);
            for field in found.fields.keys() {
                let answer = self.answer(caller, parent, field, &possible);
                answers.insert((parent.as_str(), field.as_str()), answer);
            }
        }
        answers
    }

    /// Types of which something can be had: a leaf that is open, or an open field of a type of which something can be had.
    pub(crate) fn yielding(&self, open: &dyn Fn(&str, &str) -> bool) -> BTreeSet<&str> {
        let mut waiting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut todo: VecDeque<&str> = VecDeque::new();
        for (parent, definition) in &self.types {
            for (field, of) in &definition.fields {
                let result = of.result.as_str();
                if !open(parent, field) {
                    continue;
                }
                if self.kind(result).is_composite() {
                    waiting.entry(result).or_default().push(parent);
                } else {
                    todo.push_back(parent);
                }
            }
            // Of an interface or a union, what its object types give: a fragment asks for it.
            for (member, _) in &definition.members {
                waiting.entry(member).or_default().push(parent);
            }
        }
        while let Some(name) = todo.pop_front() {
            if found.insert(name) {
                todo.extend(waiting.get(name).into_iter().flatten());
            }
        }
        found
    }

    /// Types that open fields lead to from the roots.
    fn reached(&self, open: &dyn Fn(&str, &str) -> bool) -> BTreeSet<&str> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        // Amplify writes queries for its models.
        let models = self.models.iter().map(|model| model.name.as_str());
        let mut todo: Vec<&str> = self.roots.all().chain(models).collect();
        while let Some(name) = todo.pop() {
            let Some((name, definition)) = self.types.get_key_value(name) else { continue };
            if !found.insert(name) {
                continue;
            }
            for (field, of) in &definition.fields {
                if open(name, field) {
                    todo.push(&of.result);
                }
            }
            // Of an interface or a union every object type it may be; not the other way: of an object it is the object.
            todo.extend(definition.members.iter().map(|(name, _)| name.as_str()));
        }
        found
    }
}
