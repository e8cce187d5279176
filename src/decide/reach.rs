//! Which leaves a request comes to, in words: slow, for reports. `find.rs` goes the same way and says nothing.

use super::env::Env;
use super::prepare::Prepared;
use crate::request::{Principal, Request};
use crate::tree::{ENTRY_RULE, Filter, NONE, Node, Rule, Tree, filter, root_words, table};
use crate::value::{Held, ResourceFields, StatementId, hash_bytes};

/// A run of rules that a request comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its node's number, for [`crate::tree::Outline::node`]; `None` where the indexes do not serve.
    pub node: Option<u32>,
    /// The way to it: whose policies, the equality on the principal, the action, what the request has.
    pub way: Vec<String>,
    /// Statements of its rules in the order of trying: denies, then allows. Of repeated statements one stands for all.
    pub statements: Vec<StatementId>,
    /// How many of them are denies. These are tried always, the allows only as long as they can change the answer.
    pub denies: usize,
}

impl Tree {
    /// The leaves that the indexes lead to for a request of a principal. What stands in no leaf is not tried, and cannot
    /// apply; a session may have struck out more. Where the indexes do not serve, a leaf is all that an attachment has.
    ///
    /// ```
    /// use bailiwick::{Caller, Principal, Request};
    ///
    /// let policy = bailiwick::parse(
    ///     r#"{"Statement": [{"Sid": "Team", "Effect": "Allow", "Action": "photos:Get", "Resource": "*",
    ///         "Condition": {"StringEquals": {"aws:PrincipalTag/team": "photos"}}},
    ///        {"Sid": "Other", "Effect": "Allow", "Action": "video:*", "Resource": "*"}]}"#,
    /// )?;
    /// let account = "000000000000".to_owned();
    /// let caller = Caller::Subject { account, issuer: "https://id.example".into(), subject: "bob".into() };
    /// let bob = Principal::new(caller).with_tag("team", "photos");
    /// let request = Request::new("photos:Get", "arn:acme:photos:eu:1:album/summer")?;
    /// let leaves = bailiwick::compile([&policy]).reach(&bob, &request);
    /// let ways: Vec<String> = leaves.iter().map(|leaf| leaf.way.join(", ")).collect();
    /// assert_eq!(ways, ["every identity, aws:PrincipalTag/team = \"photos\", photos:Get"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reach(&self, principal: &Principal, request: &Request<'_>) -> Vec<Leaf> {
        let tree = &*self.inner;
        let env = Env { tree, principal, request };
        let mut prepared = Prepared::blank(principal);
        prepared.fill(tree, principal);
        let mut reach = Reach { env, way: Vec::new(), leaves: Vec::new() };
        if !tree.optimized || prepared.irregular || request.context.is_irregular() {
            for reached in &prepared.roots {
                reach.root(reached.root);
            }
            return reach.leaves;
        }
        let (action, service) = env.symbols();
        for bucket in &prepared.buckets {
            let Some(row) = tree.buckets.get(bucket.id as usize) else { continue };
            reach.way.push(root_words(tree, row.root));
            if row.key != NONE {
                let some = if row.set == 1 { "some " } else { "" };
                reach.way.push(format!("{some}{} = {:?}", reach.key(row.key), tree.text(row.value)));
            }
            if row.star != NONE {
                reach.step("every action".to_owned(), row.star);
            }
            for (symbol, is_service) in [(action, false), (service, true)] {
                let found = bucket.row(tree, symbol);
                if found == NONE {
                    continue;
                }
                let action =
                    if is_service { format!("{}:*", request.service()) } else { request.action().to_owned() };
                reach.step(action, found & !table::CLOSED);
                if found & table::CLOSED != 0 {
                    break;
                }
            }
            reach.way.clear();
        }
        reach.leaves
    }
}

struct Reach<'a, 'r> {
    env: Env<'a, 'r>,
    /// The way so far.
    way: Vec<String>,
    leaves: Vec<Leaf>,
}

impl Reach<'_, '_> {
    /// All rules of a root.
    fn root(&mut self, root: u32) {
        let tree = self.env.tree;
        let Some(range) = tree.roots.get(root as usize) else { return };
        let (denies, allows): (Vec<&Rule>, Vec<&Rule>) =
            range.of(&tree.rules).iter().partition(|rule| rule.is_deny());
        let statements = denies.iter().chain(&allows).map(|rule| StatementId(rule.statement)).collect();
        let way = vec![root_words(tree, root), "without an index".to_owned()];
        self.leaf(Leaf { node: None, way, statements, denies: denies.len() });
    }

    fn step(&mut self, words: String, node: u32) {
        self.way.push(words);
        self.node(node);
        self.way.pop();
    }

    fn node(&mut self, id: u32) {
        let tree = self.env.tree;
        let Some(node) = tree.nodes.get(id as usize) else { return };
        let Some(split) = tree.splits.get(node.split as usize) else {
            let Node { start, middle, end, .. } = *node;
            let entries = tree.lists.get(start as usize..end as usize).unwrap_or_default();
            let rules = entries.iter().filter_map(|entry| tree.rules.get((entry & ENTRY_RULE) as usize));
            let statements = rules.map(|rule| StatementId(rule.statement)).collect();
            let denies = middle.saturating_sub(start) as usize;
            self.leaf(Leaf { node: Some(id), way: self.way.clone(), statements, denies });
            return;
        };
        if split.rest != NONE {
            self.step("else".to_owned(), split.rest);
        }
        for (filter_id, filter) in (split.filters.start..).zip(split.filters.of(&tree.filters)) {
            for (words, value) in self.values(filter) {
                for child in tree.branches.find(table::filed(u64::from(filter_id), value)) {
                    // Only down: an artifact cannot make this recurse without end.
                    if tree.nodes.get(child as usize).is_some_and(|below| below.depth < node.depth) {
                        self.step(words.clone(), child);
                    }
                }
            }
        }
    }

    /// What the request has of a field, and under what it is filed.
    fn values(&self, filter: &Filter) -> Vec<(String, u64)> {
        let resource = match self.env.request.resource_fields() {
            ResourceFields::Arn { fields: [.., resource], .. } => resource,
            ResourceFields::Star => "",
        };
        match filter.kind {
            filter::KEY => {
                let texts = match self.env.held(self.env.key(filter.key)) {
                    Held::One(text) => vec![text],
                    Held::Many(list) if filter.set == 1 => list.iter().map(AsRef::as_ref).collect(),
                    _ => Vec::new(),
                };
                let some = if filter.set == 1 { "some " } else { "" };
                let words = |text: &str| format!("{some}{} = {text:?}", self.key(filter.key));
                texts.into_iter().map(|text| (words(text), hash_bytes(text.as_bytes()))).collect()
            }
            filter::PREFIX => {
                let ends = (1..=resource.len()).filter(|end| {
                    *end == resource.len()
                        || resource.as_bytes().get(end - 1).is_some_and(|b| table::is_boundary(*b))
                });
                let starts = ends.filter_map(|end| resource.get(..end));
                starts
                    .map(|start| (format!("resource begins {start:?}"), hash_bytes(start.as_bytes())))
                    .collect()
            }
            _ => {
                let length = filter.key as usize;
                let runs =
                    if length == 0 { Vec::new() } else { resource.as_bytes().windows(length).collect() };
                let words = |bytes: &[u8]| format!("resource has {:?}", String::from_utf8_lossy(bytes));
                runs.into_iter().map(|bytes| (words(bytes), table::gram(bytes))).collect()
            }
        }
    }

    fn leaf(&mut self, leaf: Leaf) {
        if !leaf.statements.is_empty() {
            self.leaves.push(leaf);
        }
    }

    fn key(&self, key: u32) -> &str {
        self.env.tree.text(self.env.key(key).name)
    }
}
