//! Where the indexes lead.

use super::env::Env;
use super::prepare::Bucket;
use super::walk::Walk;
use super::way::Reach;
use crate::tree::{Compiled, NONE, filter, table};
use crate::value::{Held, hash_bytes, same_bytes};

/// A start of the resource field that a filter may have filed: the bit of its length, and its hash.
#[derive(Clone, Copy)]
pub(super) struct Start {
    bit: u64,
    hash: u64,
}

impl Walk<'_, '_> {
    /// Every node that can hold an applying rule.
    pub(super) fn find_nodes(&mut self, found: &mut impl Reach) {
        let tree = self.env.tree;
        let prepared = self.prepared;
        for bucket in &prepared.buckets {
            found.bucket(bucket.id);
            if bucket.star != NONE {
                found.start(bucket.id, bucket.star);
                self.expand(bucket.star, bucket.maybe, found);
            }
            for symbol in [self.symbol, self.service] {
                let row = bucket.row(tree, symbol);
                if row != NONE {
                    found.start(bucket.id, row & !table::CLOSED);
                    self.expand(row & !table::CLOSED, bucket.maybe, found);
                    if row & table::CLOSED != 0 {
                        break;
                    }
                }
            }
        }
    }

    /// A leaf as it is; of a node that branches, the branches that the request can take.
    fn expand(&mut self, id: u32, maybe: bool, found: &mut impl Reach) {
        let tree = self.env.tree;
        let Some(node) = tree.nodes.get(id as usize) else { return };
        let Some(split) = tree.splits.get(node.split as usize) else {
            found.run(id, maybe);
            return;
        };
        if split.rest != NONE {
            found.branch(id, split.rest);
            self.expand(split.rest, maybe, found);
        }
        for (filter_id, filter) in (split.filters.start..).zip(split.filters.of(&tree.filters)) {
            let field = u64::from(filter_id);
            let mut take = |walk: &mut Self, value: u64| {
                for child in tree.branches.find(table::filed(field, value)) {
                    // Only down: an artifact cannot make this recurse without end.
                    if tree.nodes.get(child as usize).is_some_and(|below| below.depth < node.depth) {
                        found.branch(id, child);
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
                    let request = self.env.request;
                    if let (Some(resource), 1..) = (request.resource_field(), length) {
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
        let Some(resource) = self.env.request.resource_field() else { return };
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

impl Bucket {
    /// Where a symbol leads from here, as in `Compiled::dispatch`, or `NONE`.
    pub(super) fn row(&self, tree: &Compiled, symbol: u32) -> u32 {
        if symbol == NONE || self.symbols & table::symbol_bit(symbol) == 0 {
            return NONE;
        }
        tree.dispatch.get(table::pair(self.id, symbol))
    }
}

impl Env<'_, '_> {
    /// Numbers of the request's action and of its service.
    pub(super) fn symbols(&self) -> (u32, u32) {
        let [action, service] = self.request.action_hashes;
        let action = self.symbol(action, self.request.action());
        match self.tree.symbols.get(action as usize) {
            Some(row) => (action, row.service),
            None => (NONE, self.symbol(service, self.request.service())),
        }
    }

    /// The number of an action or service among those that policies name, or `NONE`.
    fn symbol(&self, hash: u64, text: &str) -> u32 {
        let tree = self.tree;
        let mut rows = tree.symbol_table.find(hash);
        rows.find(|id| {
            tree.symbols.get(*id as usize).is_some_and(|row| {
                let named = tree.bytes(row.text);
                same_bytes(named, text.as_bytes()) || named.eq_ignore_ascii_case(text.as_bytes())
            })
        })
        .unwrap_or(NONE)
    }
}
