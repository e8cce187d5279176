//! What requests come to most. This goes the requests' ways a second time, and keeps a record, after the measuring.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::decide::Way;
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

/// A leaf, how often requests came there, and how one of them did.
struct Visited {
    run: Option<u32>,
    statements: Vec<StatementId>,
    visits: usize,
    way: Way,
}

impl Hot {
    /// Of these requests; at most so many leaves and statements.
    pub(crate) fn of(
        tree: &Tree,
        principals: &[Arc<Principal>],
        asked: &[(usize, Request<'static>)],
        most: usize,
    ) -> Self {
        let outline = tree.outline();
        let statements_of = |run: u32| -> Vec<StatementId> {
            outline.node(run).entries.into_iter().map(|entry| entry.statement).collect()
        };
        let mut runs: BTreeMap<u32, Visited> = BTreeMap::new();
        // Without an index, what is tried depends on the principal alone.
        let mut scans: BTreeMap<Vec<StatementId>, Visited> = BTreeMap::new();
        let mut statements: BTreeMap<u32, HotStatement> = BTreeMap::new();
        let mut met = Vec::with_capacity(asked.len());
        for (principal, request) in asked {
            let way = tree.way(&principals[*principal], request);
            met.push(way.statements.len());
            let mut ids = way.statements.clone();
            ids.sort_unstable();
            ids.dedup();
            let decided = tree.decide(&principals[*principal], request).statement;
            for id in ids {
                let known = statements.entry(id.0).or_insert(HotStatement { id, met: 0, decided: 0 });
                known.met += 1;
                known.decided += usize::from(decided == Some(id));
            }
            for run in &way.runs {
                let visited = runs.entry(*run).or_insert_with(|| Visited {
                    run: Some(*run),
                    statements: statements_of(*run),
                    visits: 0,
                    way: way.clone(),
                });
                visited.visits += 1;
            }
            if way.scanned {
                let statements = way.statements.clone();
                let visited = scans.entry(statements.clone());
                visited.or_insert(Visited { run: None, statements, visits: 0, way }).visits += 1;
            }
        }
        let mut leaves: Vec<Visited> = runs.into_values().chain(scans.into_values()).collect();
        leaves.retain(|leaf| !leaf.statements.is_empty());
        // Stable: what is as hot stays in the order of the tree.
        leaves.sort_by_key(|leaf| std::cmp::Reverse(leaf.visits * leaf.statements.len()));
        let told = |leaf: Visited| HotLeaf {
            way: match leaf.run {
                Some(run) => outline.words(&leaf.way.starts, &leaf.way.branches, run),
                None => vec!["without an index".to_owned()],
            },
            statements: leaf.statements,
            visits: leaf.visits,
        };
        let leaves = leaves.into_iter().take(most).map(told).collect();
        let mut statements: Vec<HotStatement> = statements.into_values().collect();
        statements.sort_by_key(|statement| std::cmp::Reverse(statement.met));
        statements.truncate(most);
        met.sort_unstable();
        Self { leaves, statements, met }
    }
}
