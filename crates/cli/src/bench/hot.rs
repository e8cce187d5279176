//! What requests come to most. This walks the tree a second time, slowly and with words, after the measuring.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::decide::Leaf;
use bailiwick::value::StatementId;
use bailiwick::{Principal, Request, Tree};

/// Leaves and statements by how many decisions come to them, the most first.
pub(crate) struct Hot {
    pub(crate) leaves: Vec<HotLeaf>,
    pub(crate) statements: Vec<HotStatement>,
    /// Rules in the leaves of a request, by request, sorted.
    pub(crate) met: Vec<usize>,
}

/// A leaf.
pub(crate) struct HotLeaf {
    /// One way to it.
    pub(crate) way: Vec<String>,
    pub(crate) statements: Vec<StatementId>,
    pub(crate) visits: usize,
}

/// A statement.
#[derive(Clone, Copy)]
pub(crate) struct HotStatement {
    pub(crate) id: StatementId,
    /// Requests that came to it.
    pub(crate) met: usize,
    /// Requests that it decided.
    pub(crate) decided: usize,
}

impl Hot {
    /// Of these requests.
    pub(crate) fn of(
        tree: &Tree,
        principals: &[Arc<Principal>],
        asked: &[(usize, Request<'static>)],
    ) -> Self {
        let mut leaves: BTreeMap<Option<u32>, BTreeMap<Vec<String>, HotLeaf>> = BTreeMap::new();
        let mut statements: BTreeMap<u32, HotStatement> = BTreeMap::new();
        let mut met = Vec::with_capacity(asked.len());
        for (principal, request) in asked {
            let found = tree.reach(&principals[*principal], request);
            met.push(found.iter().map(|leaf| leaf.statements.len()).sum());
            let mut ids: Vec<u32> = found.iter().flat_map(|leaf| &leaf.statements).map(|id| id.0).collect();
            ids.sort_unstable();
            ids.dedup();
            let decided = tree.decide(&principals[*principal], request).statement;
            for id in ids {
                let known =
                    statements.entry(id).or_insert(HotStatement { id: StatementId(id), met: 0, decided: 0 });
                known.met += 1;
                known.decided += usize::from(decided == Some(StatementId(id)));
            }
            for Leaf { way, statements, node, .. } in found {
                // Nodes have one name; what is scanned without an index is told apart by whose it is.
                let key = if node.is_some() { Vec::new() } else { way.clone() };
                let leaf = leaves.entry(node).or_default().entry(key);
                leaf.or_insert(HotLeaf { way, statements, visits: 0 }).visits += 1;
            }
        }
        let mut leaves: Vec<HotLeaf> = leaves.into_values().flat_map(BTreeMap::into_values).collect();
        // Stable: what is as hot stays in the order of the tree.
        leaves.sort_by_key(|leaf| std::cmp::Reverse(leaf.visits * leaf.statements.len()));
        let mut statements: Vec<HotStatement> = statements.into_values().collect();
        statements.sort_by_key(|statement| std::cmp::Reverse(statement.met));
        met.sort_unstable();
        Self { leaves, statements, met }
    }
}
