//! Which rules are tried, and in which order: what a session has put together, then what the indexes lead to.

use smallvec::SmallVec;

use super::Grants;
use super::residual::{Entry, Residual};
use super::walk::{ALL_ATOMS, Found, Walk, Way};
use crate::tree::{ACTION_PROVEN, ATOM_PROVEN, ENTRY_RULE, HINTED, Hint, Node};
use crate::value::Truth;

impl Walk<'_, '_> {
    /// The rules that the indexes lead to: all denies, then allows.
    pub(super) fn index(&mut self) {
        match &self.prepared.residual {
            Some(residual) => {
                let (denies, allows) = residual.find(self.symbol, self.service);
                for entry in denies {
                    self.try_left(residual, *entry);
                }
                if !self.prepared.buckets.is_empty() {
                    self.index_nodes(|walk| walk.try_allows(residual, allows));
                } else if self.denied.is_none() {
                    self.try_allows(residual, allows);
                }
            }
            None => self.index_nodes(|_| false),
        }
    }

    /// The same for what no session has taken in; `before` tries allows that are known already, and tells whether they
    /// settle it.
    #[inline(never)]
    fn index_nodes(&mut self, before: impl FnOnce(&mut Self) -> bool) {
        let mut found: SmallVec<[Found; 32]> = SmallVec::new();
        self.find_nodes(&mut found);
        let field = FirstBytes::new(self.env.request.resource_field().unwrap_or_default().as_bytes());
        let tree = self.env.tree;
        let node = |id: u32| tree.nodes.get(id as usize).copied().unwrap_or_default();
        for &(id, maybe) in &found {
            let Node { start, middle, .. } = node(id);
            self.run(start, middle, maybe, &field);
        }
        if self.denied.is_some() || before(self) {
            return;
        }
        for &(id, maybe) in &found {
            if maybe {
                // An Allow needs a sure attachment.
                continue;
            }
            let Node { middle, end, .. } = node(id);
            self.run(middle, end, false, &field);
            if self.is_settled() {
                return;
            }
        }
    }

    /// Whether they settle it.
    fn try_allows(&mut self, residual: &Residual, allows: &[Entry]) -> bool {
        for entry in allows {
            self.try_left(residual, *entry);
            if self.is_settled() {
                return true;
            }
        }
        false
    }

    /// What is left of a rule.
    fn try_left(&mut self, residual: &Residual, entry: Entry) {
        let tree = self.env.tree;
        let Some(left) = residual.remains.rules.get(entry.left as usize) else { return };
        let rule = || tree.rules.get(left.rule as usize);
        if left.general {
            if let Some(rule) = rule() {
                self.try_rule(rule, Way { proven: entry.entry, atoms: left.atoms }, false);
            }
            return;
        }
        if self.is_idle(left.slot, left.deny) {
            return;
        }
        if entry.entry & ACTION_PROVEN == 0 {
            let actions = rule().and_then(|rule| tree.clauses.get(rule.actions as usize));
            let truth = actions.map_or(Truth::Maybe, |clause| self.env.actions(clause, self.symbol));
            if truth == Truth::No || truth == Truth::Maybe && !left.deny {
                return;
            }
        }
        let clause = || {
            let resources = rule().and_then(|rule| tree.clauses.get(rule.resources as usize));
            resources.map_or(Truth::Maybe, |clause| self.env.resources(clause, !left.deny))
        };
        if residual.remains.hold(&self.env, left, clause) {
            self.record(left.slot, left.deny, left.statement, Grants::default());
        }
    }

    fn run(&mut self, start: u32, end: u32, maybe: bool, field: &FirstBytes) {
        let tree = self.env.tree;
        for &entry in tree.lists.get(start as usize..end as usize).unwrap_or_default() {
            let id = (entry & ENTRY_RULE) as usize;
            if !tree.derived.hints.get(id).is_some_and(|hint| field.fit(hint)) {
                continue;
            }
            if let Some(rule) = tree.rules.get(id) {
                let atoms = if entry & ATOM_PROVEN == 0 { ALL_ATOMS } else { ALL_ATOMS & !1 };
                self.try_rule(rule, Way { proven: entry, atoms }, maybe);
            }
        }
    }
}

/// The first bytes of a resource field, zeros behind its end.
struct FirstBytes([u8; HINTED + 8]);

impl FirstBytes {
    fn new(field: &[u8]) -> Self {
        let mut bytes = [0; HINTED + 8];
        let length = field.len().min(bytes.len());
        if let (Some(to), Some(from)) = (bytes.get_mut(..length), field.get(..length)) {
            to.copy_from_slice(from);
        }
        Self(bytes)
    }

    /// Whether the bytes that a hint asks for are there. Zeros behind the end may seem to be: the rule itself decides.
    #[inline]
    fn fit(&self, hint: &Hint) -> bool {
        let at = hint.at as usize;
        let word = self.0.get(at..at + 8).and_then(|bytes| bytes.first_chunk::<8>());
        word.is_none_or(|word| (u64::from_le_bytes(*word) ^ hint.bytes) & hint.mask == 0)
    }
}
