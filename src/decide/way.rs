//! Which way a request takes through a tree: for drawings and reports. Decisions go the same way and keep no record.

use smallvec::SmallVec;

use super::env::Env;
use super::prepare::Prepared;
use super::walk::{Found, Walk, needs_no_permission, refused, scans};
use crate::request::{Principal, Request};
use crate::tree::{Compiled, ENTRY_RULE, Rule, Tree};
use crate::value::StatementId;

/// Who is told where the indexes lead.
pub(super) trait Reach {
    /// A bucket of the principal.
    fn bucket(&mut self, _bucket: u32) {}

    /// The action leads to a node of a bucket.
    fn start(&mut self, _bucket: u32, _node: u32) {}

    /// A branch from a node to one below it.
    fn branch(&mut self, _from: u32, _to: u32) {}

    /// A run of rules, and whether its attachment only may be the caller's.
    fn run(&mut self, node: u32, maybe: bool);
}

impl Reach for SmallVec<[Found; 32]> {
    fn run(&mut self, node: u32, maybe: bool) {
        self.push((node, maybe));
    }
}

/// What of a tree a request comes by, in the numbers of [`Outline`](crate::tree::Outline): each at least once.
/// Rules in its runs are tried until the answer is settled; no rule elsewhere can apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// No index serves this question, so every rule of the principal's attachments is tried; there are no runs.
    pub scanned: bool,
    /// Buckets that the principal reaches, by their place in [`Outline::buckets`](crate::tree::Outline::buckets).
    pub buckets: Vec<u32>,
    /// Where the action leads: bucket and node.
    pub starts: Vec<(u32, u32)>,
    /// Branches: from a node to a node.
    pub branches: Vec<(u32, u32)>,
    /// Nodes whose rules are tried.
    pub runs: Vec<u32>,
    /// Statements of the rules that are tried, run by run, denies before allows: all denies, and the allows as long as they
    /// can change the answer. Of repeated statements one stands for all.
    pub statements: Vec<StatementId>,
}

impl Reach for Way {
    fn bucket(&mut self, bucket: u32) {
        self.buckets.push(bucket);
    }

    fn start(&mut self, bucket: u32, node: u32) {
        self.starts.push((bucket, node));
    }

    fn branch(&mut self, from: u32, to: u32) {
        self.branches.push((from, to));
    }

    fn run(&mut self, node: u32, _maybe: bool) {
        self.runs.push(node);
    }
}

impl Tree {
    /// Which way a principal's request takes. Empty for one that is decided before any rule is looked at. A session goes
    /// the same way, but for what it has settled beforehand.
    ///
    /// ```
    /// use bailiwick::{Principal, Request};
    ///
    /// let policy = bailiwick::parse(
    ///     r#"{"Statement": {"Effect": "Allow", "Action": "photos:Get", "Resource": "*"}}"#,
    /// )?;
    /// let tree = bailiwick::compile([&policy]);
    /// let bob = Principal::from_arn("arn:aws:iam::000000000000:user/bob").ok_or("no principal")?;
    /// let get = Request::new("photos:Get", "*")?;
    /// let way = tree.way(&bob, &get);
    /// let entries = &tree.outline().node(way.runs[0]).entries;
    /// assert_eq!(way.statements, [entries[0].statement]);
    /// assert_eq!(Some(entries[0].statement), tree.decide(&bob, &get).statement);
    /// assert!(tree.way(&bob, &Request::new("photos:Put", "*")?).runs.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn way(&self, principal: &Principal, request: &Request<'_>) -> Way {
        let mut prepared = Prepared::blank(principal);
        prepared.fill(&self.inner, principal);
        let env = Env { tree: &self.inner, principal, request };
        let mut way = Way::default();
        if refused(&env).is_none() && !needs_no_permission(&env, &prepared) {
            way.scanned = scans(&env, &prepared);
            if way.scanned {
                for reached in &prepared.roots {
                    let root = self.inner.roots.get(reached.root as usize).copied().unwrap_or_default();
                    let (denies, allows): (Vec<_>, Vec<_>) =
                        root.of(&self.inner.rules).iter().partition(|rule| rule.is_deny());
                    way.statements.extend(denies.into_iter().chain(allows).map(Rule::statement_id));
                }
            } else {
                Walk::new(env, &prepared).find_nodes(&mut way);
                let runs = way.runs.iter().flat_map(|run| run_of(&self.inner, *run));
                way.statements = runs.map(Rule::statement_id).collect();
            }
        }
        way
    }
}

/// The rules of a run.
fn run_of(tree: &Compiled, node: u32) -> impl Iterator<Item = &Rule> {
    let node = tree.nodes.get(node as usize).copied().unwrap_or_default();
    let entries = tree.lists.get(node.start as usize..node.end as usize).unwrap_or_default();
    entries.iter().filter_map(|entry| tree.rules.get((entry & ENTRY_RULE) as usize))
}
