//! Where the indexes lead.

use smallvec::SmallVec;

use super::env::Env;
use super::walk::{Found, Walk};
use crate::tree::{NONE, filter, table};
use crate::value::{Held, ResourceFields, hash_bytes};

/// A start of the resource field that a filter may have filed: the bit of its length, and its hash.
#[derive(Clone, Copy)]
pub(super) struct Start {
    bit: u64,
    hash: u64,
}

impl Walk<'_, '_> {
    /// Every node that can hold an applying rule.
    pub(super) fn find_nodes(&mut self, found: &mut SmallVec<[Found; 32]>) {
        let tree = self.env.tree;
        let prepared = self.prepared;
        let whole = self.symbol;
        let service = self.env.symbol(self.env.request.action_hashes[1], self.env.request.service());
        for bucket in &prepared.buckets {
            if bucket.star != NONE {
                self.expand(bucket.star, bucket.maybe, found);
            }
            for symbol in [whole, service] {
                if symbol != NONE && bucket.symbols & table::symbol_bit(symbol) != 0 {
                    let row = tree.dispatch.get(table::pair(bucket.id, symbol));
                    if row != NONE {
                        self.expand(row & !table::CLOSED, bucket.maybe, found);
                        if row & table::CLOSED != 0 {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// A leaf as it is; of a node that branches, the branches that the request can take.
    fn expand(&mut self, id: u32, maybe: bool, found: &mut SmallVec<[Found; 32]>) {
        let tree = self.env.tree;
        let Some(node) = tree.nodes.get(id as usize) else { return };
        let Some(split) = tree.splits.get(node.split as usize) else {
            found.push((id, maybe));
            return;
        };
        if split.rest != NONE {
            self.expand(split.rest, maybe, found);
        }
        for (filter_id, filter) in (split.filters.start..).zip(split.filters.of(&tree.filters)) {
            let field = u64::from(filter_id);
            let mut take = |walk: &mut Self, value: u64| {
                for child in tree.branches.find(table::filed(field, value)) {
                    // Only down: an artifact cannot make this recurse without end.
                    if tree.nodes.get(child as usize).is_some_and(|below| below.depth < node.depth) {
                        walk.expand(child, maybe, found);
                    }
                }
            };
            match filter.kind {
                filter::KEY => match self.env.held(self.env.key(filter.key)) {
                    Held::One(text) => take(self, hash_bytes(text.as_bytes())),
                    Held::Many(list) if filter.set == 1 => {
                        for text in list {
                            take(self, hash_bytes(text.as_bytes()));
                        }
                    }
                    _ => {}
                },
                filter::PREFIX => {
                    self.cut_starts();
                    let mut at = 0;
                    while let Some(start) = self.starts.get(at).copied() {
                        if filter.lengths & start.bit != 0 {
                            take(self, start.hash);
                        }
                        at += 1;
                    }
                }
                _ => {
                    // Every run of so many bytes.
                    let length = filter.key as usize;
                    if let (ResourceFields::Arn { fields: [.., resource], .. }, 1..) = (self.fields, length) {
                        for bytes in resource.as_bytes().windows(length) {
                            take(self, table::gram(bytes));
                        }
                    }
                }
            }
        }
    }

    /// The resource field up to each boundary, and all of it: once for all filters that ask.
    fn cut_starts(&mut self) {
        if !self.starts.is_empty() {
            return;
        }
        let ResourceFields::Arn { fields: [.., resource], .. } = self.fields else { return };
        let bytes = resource.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let length = at + 1;
            if table::is_boundary(*byte) || length == bytes.len() {
                let hash = hash_bytes(bytes.get(..length).unwrap_or_default());
                self.starts.push(Start { bit: table::length_bit(length), hash });
            }
        }
    }
}

impl Env<'_, '_> {
    /// The number of an action or service among those that policies name, or `NONE`.
    pub(super) fn symbol(&self, hash: u64, text: &str) -> u32 {
        let tree = self.tree;
        let mut rows = tree.symbol_table.find(hash);
        rows.find(|id| {
            tree.symbols.get(*id as usize).is_some_and(|row| {
                let named = tree.bytes(*row);
                named == text.as_bytes() || named.eq_ignore_ascii_case(text.as_bytes())
            })
        })
        .unwrap_or(NONE)
    }
}
