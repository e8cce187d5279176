//! How a tree branches, in words: for drawings and reports.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ACTION_PROVEN, ATOM_PROVEN, Compiled, ENTRY_RULE, NONE, Range, ResourceTest, Rule, Text, Tree, filter,
    operand, piece, principal, resource, table,
};
use crate::value::{Effect, Layer, StatementId, hash_bytes};

/// A tree's branches with their labels. The tables hold only hashes of what they branch on; the words are found again
/// among the texts of the policies.
#[derive(Debug)]
pub struct Outline<'a> {
    tree: &'a Compiled,
    /// Plain values that conditions compare each key with.
    values: BTreeMap<u32, BTreeSet<&'a str>>,
    /// Starts of resources, up to each boundary.
    starts: BTreeSet<&'a str>,
    /// Plain texts of resources.
    texts: BTreeSet<&'a str>,
}

/// Rules of one attachment, or of everyone, that share an equality on the principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketOutline {
    /// Whose: `every request`, `every identity`, `identity of role ...`.
    pub whose: String,
    /// The equality: `aws:PrincipalTag/team = "blue"`.
    pub equality: Option<String>,
    /// Where each action leads, services and names in the order of the tree.
    pub actions: Vec<ActionOutline>,
}

/// Where an action leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionOutline {
    /// `s3:GetObject`, or `s3:*` for all that has no entry of its own; `None` for every action.
    pub action: Option<String>,
    /// The list of an action has taken in what there is for its service: one look is enough.
    pub closed: bool,
    /// A node's number.
    pub node: u32,
}

/// A run of rules, or how it branches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeOutline {
    /// In order of what they branch on.
    pub branches: Vec<BranchOutline>,
    /// Rules that no branch covers.
    pub rest: Option<u32>,
    /// Denies first, in the order in which they are tried.
    pub entries: Vec<EntryOutline>,
}

/// What a request must have to go on to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchOutline {
    /// `aws:ResourceTag/env = "prod"`, `resource begins "media/"`, `resource has "-x01"`.
    pub test: String,
    /// A node's number.
    pub node: u32,
}

/// A rule in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryOutline {
    /// Its statement.
    pub statement: StatementId,
    /// Allow or deny.
    pub effect: Effect,
    /// Its layer.
    pub layer: Layer,
    /// Level of the organization in the two control layers, else 0.
    pub level: u8,
    /// By what names it means its callers, where it names them: a grant to a user and one to its account differ.
    pub names: Vec<&'static str>,
    /// Tests that are left when a request comes here: action, resource, principal, target, each condition.
    pub tests: usize,
}

impl Tree {
    /// How it branches, in words.
    pub fn outline(&self) -> Outline<'_> {
        let tree = &*self.inner;
        let text = |text: Text| tree.text(text);
        let mut values: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for atom in &tree.atoms {
            let plain = atom.operands.of(&tree.operands).iter().filter(|row| row.kind == operand::TEXT);
            let texts = plain.map(|row| text(Text { at: row.a, len: row.b }));
            values.entry(atom.key).or_default().extend(texts);
        }
        let (mut starts, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for test in tree.resource_tests.iter().filter(|test| test.kind == resource::ARN) {
            starts.extend(starts_of(tree, test));
            let plain = test.tail.of(&tree.pieces).iter().filter(|piece| piece.kind == piece::LITERAL);
            texts.extend(plain.map(|piece| text(piece.text)));
        }
        Outline { tree, values, starts, texts }
    }
}

fn starts_of<'a>(tree: &'a Compiled, test: &ResourceTest) -> Vec<&'a str> {
    let pieces = test.tail.of(&tree.pieces);
    let Some(first) = pieces.first().filter(|first| first.kind == piece::LITERAL) else { return Vec::new() };
    let text = tree.text(first.text);
    let cuts = text.bytes().enumerate().filter(|(_, byte)| table::is_boundary(*byte));
    cuts.filter_map(|(at, _)| text.get(..=at)).chain([text]).collect()
}

impl Outline<'_> {
    /// Every bucket, in order.
    pub fn buckets(&self) -> Vec<BucketOutline> {
        (0..).map_while(|id| self.bucket(id)).collect()
    }

    /// A bucket, by its place in [`Outline::buckets`].
    pub fn bucket(&self, id: u32) -> Option<BucketOutline> {
        let tree = self.tree;
        let bucket = tree.buckets.get(id as usize)?;
        let mut actions = Vec::new();
        if bucket.star != NONE {
            actions.push(ActionOutline { action: None, closed: false, node: bucket.star });
        }
        for (symbol, row) in (0..).zip(&tree.symbols) {
            if bucket.symbols & table::symbol_bit(symbol) == 0 {
                continue;
            }
            let name = tree.text(row.text);
            let row = tree.dispatch.get(table::pair(id, symbol));
            if row != NONE {
                let action = if name.contains(':') { name.to_owned() } else { format!("{name}:*") };
                let (closed, node) = (row & table::CLOSED != 0, row & !table::CLOSED);
                actions.push(ActionOutline { action: Some(action), closed, node });
            }
        }
        Some(BucketOutline {
            whose: super::print::root(tree, bucket.root),
            equality: (bucket.key != NONE).then(|| {
                let some = if bucket.set == 1 { "some " } else { "" };
                format!("{some}{} = {:?}", self.key(bucket.key), tree.text(bucket.value))
            }),
            actions,
        })
    }

    /// A node; empty if there is none of this number.
    pub fn node(&self, id: u32) -> NodeOutline {
        let tree = self.tree;
        let Some(node) = tree.nodes.get(id as usize) else { return NodeOutline::default() };
        let entries = tree.lists.get(node.start as usize..node.end as usize).unwrap_or_default();
        let mut outline = NodeOutline {
            entries: entries.iter().filter_map(|entry| self.entry(*entry)).collect(),
            ..NodeOutline::default()
        };
        let Some(split) = tree.splits.get(node.split as usize) else { return outline };
        outline.rest = (split.rest != NONE).then_some(split.rest);
        for (id, filter) in (split.filters.start..).zip(split.filters.of(&tree.filters)) {
            let mut branch = |test: String, value: u64| {
                for child in tree.branches.find(table::filed(u64::from(id), value)) {
                    // As the walk does it: only down.
                    if tree.nodes.get(child as usize).is_some_and(|below| below.depth < node.depth) {
                        outline.branches.push(BranchOutline { test: test.clone(), node: child });
                    }
                }
            };
            match filter.kind {
                filter::KEY => {
                    let some = if filter.set == 1 { "some " } else { "" };
                    for value in self.values.get(&filter.key).into_iter().flatten() {
                        let test = format!("{some}{} = {value:?}", self.key(filter.key));
                        branch(test, hash_bytes(value.as_bytes()));
                    }
                }
                filter::PREFIX => {
                    for start in &self.starts {
                        branch(format!("resource begins {start:?}"), hash_bytes(start.as_bytes()));
                    }
                }
                _ => {
                    let runs = self.texts.iter().flat_map(|text| {
                        let length = usize::try_from(filter.key).unwrap_or(1).max(1);
                        text.as_bytes().windows(length)
                    });
                    for bytes in runs.collect::<BTreeSet<_>>() {
                        let shown = String::from_utf8_lossy(bytes);
                        branch(format!("resource has {shown:?}"), table::gram(bytes));
                    }
                }
            }
        }
        outline
    }

    /// The way to a run in words: whose policies, the equality on the principal, the action, what the request has.
    /// `starts` and `branches` are those that [`Tree::way`] gives. Empty if they do not lead there.
    pub fn words(&self, starts: &[(u32, u32)], branches: &[(u32, u32)], run: u32) -> Vec<String> {
        let mut words = Vec::new();
        let mut at = run;
        // Branches only go down, so there are no more steps than branches.
        for _ in 0..=branches.len() {
            if let Some((bucket, node)) = starts.iter().find(|(_, node)| *node == at) {
                words.extend(self.action_words(*bucket, *node));
                words.reverse();
                return words;
            }
            let Some((from, to)) = branches.iter().find(|(_, to)| *to == at) else { break };
            let outline = self.node(*from);
            let branch = outline.branches.into_iter().find(|branch| branch.node == *to);
            words.push(branch.map_or_else(|| "else".to_owned(), |branch| branch.test));
            at = *from;
        }
        Vec::new()
    }

    /// Action, equality and whose policies: the last of the way first.
    fn action_words(&self, bucket: u32, node: u32) -> Vec<String> {
        let Some(bucket) = self.bucket(bucket) else { return Vec::new() };
        let action = bucket.actions.into_iter().find(|action| action.node == node);
        let action = action.and_then(|action| action.action).unwrap_or_else(|| "every action".to_owned());
        [action].into_iter().chain(bucket.equality).chain([bucket.whose]).collect()
    }

    fn entry(&self, entry: u32) -> Option<EntryOutline> {
        let tree = self.tree;
        let rule = tree.rules.get((entry & ENTRY_RULE) as usize)?;
        let proven = usize::from(entry & ATOM_PROVEN != 0);
        let left = [
            entry & ACTION_PROVEN == 0,
            rule.resources != NONE,
            rule.principals != NONE,
            rule.flags & super::RULE_TARGET != 0,
        ];
        Some(EntryOutline {
            statement: StatementId(rule.statement),
            effect: rule.effect(),
            layer: rule.layer(),
            level: rule.level(),
            names: self.names(rule),
            tests: left.into_iter().filter(|left| *left).count() + rule.atoms.len().saturating_sub(proven),
        })
    }

    fn names(&self, rule: &Rule) -> Vec<&'static str> {
        let Some(clause) = self.tree.clauses.get(rule.principals as usize) else { return Vec::new() };
        if clause.negated == 1 {
            return vec!["all but"];
        }
        let tests: Range = clause.tests;
        let mut names: Vec<&str> = tests
            .of(&self.tree.principal_tests)
            .iter()
            .map(|test| match test.kind {
                principal::EVERYONE => "everyone",
                principal::ACCOUNT => "account",
                principal::USER => "user",
                principal::ROLE => "role",
                principal::ROLE_SESSION => "role session",
                principal::FEDERATED_USER => "federated user",
                principal::UNIQUE_ID => "id",
                principal::SERVICE => "service",
                principal::FEDERATED => "provider",
                _ => "nobody",
            })
            .collect();
        names.dedup();
        names
    }

    fn key(&self, key: u32) -> &str {
        self.tree.keys.get(key as usize).map_or("", |row| self.tree.text(row.name))
    }
}

#[cfg(test)]
mod tests;
