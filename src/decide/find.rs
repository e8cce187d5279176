//! Where the indexes lead.

use smallvec::SmallVec;

use super::env::Env;
use super::walk::{Found, Walk};
use crate::tree::{NONE, filter, table};
use crate::value::{Held, ResourceFields, hash_bytes};

impl Walk<'_, '_> {
    /// Every node that can hold an applying rule.
    pub(super) fn find_nodes(&self, found: &mut SmallVec<[Found; 32]>) {
        let tree = self.env.tree;
        let symbols =
            [self.symbol, self.env.symbol(self.env.request.action_hashes[1], self.env.request.service())];
        for bucket in &self.prepared.buckets {
            if bucket.star != NONE {
                self.expand(bucket.star, bucket.maybe, found);
            }
            for symbol in symbols {
                if symbol != NONE && bucket.symbols & table::symbol_bit(symbol) != 0 {
                    let node = tree.dispatch.get(table::pair(bucket.id, symbol));
                    if node != NONE {
                        self.expand(node, bucket.maybe, found);
                    }
                }
            }
        }
    }

    /// A leaf as it is; of a node that branches, the branches that the request can take.
    fn expand(&self, id: u32, maybe: bool, found: &mut SmallVec<[Found; 32]>) {
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
            let mut take = |value: u64| {
                for child in tree.branches.find(table::filed(field, value)) {
                    // Only down: an artifact cannot make this recurse without end.
                    if tree.nodes.get(child as usize).is_some_and(|below| below.depth < node.depth) {
                        self.expand(child, maybe, found);
                    }
                }
            };
            match filter.kind {
                filter::KEY => match self.env.held(self.env.key(filter.key)) {
                    Held::One(text) => take(hash_bytes(text.as_bytes())),
                    Held::Many(list) if filter.set == 1 => {
                        for text in list {
                            take(hash_bytes(text.as_bytes()));
                        }
                    }
                    _ => {}
                },
                filter::PREFIX => self.resource_prefixes(filter.lengths, take),
                _ => self.resource_grams(filter.key as usize, take),
            }
        }
    }

    /// The resource field up to each boundary, and all of it, where a start of that length is filed.
    fn resource_prefixes(&self, lengths: u64, mut take: impl FnMut(u64)) {
        let ResourceFields::Arn { fields: [.., resource], .. } = self.fields else { return };
        let bytes = resource.as_bytes();
        let filed = |length: usize| lengths & table::length_bit(length) != 0;
        for (at, byte) in bytes.iter().enumerate() {
            let length = at + 1;
            if filed(length) && (table::is_boundary(*byte) || length == bytes.len()) {
                take(hash_bytes(bytes.get(..length).unwrap_or_default()));
            }
        }
    }

    /// Every run of `length` bytes in the resource field.
    fn resource_grams(&self, length: usize, mut take: impl FnMut(u64)) {
        let ResourceFields::Arn { fields: [.., resource], .. } = self.fields else { return };
        if length > 0 {
            for bytes in resource.as_bytes().windows(length) {
                take(table::gram(bytes));
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
