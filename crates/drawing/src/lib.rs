//! A tree as a drawing.
//!
//! In: a tree's outline, perhaps the way of a request through it. Out: boxes and where they stand; Graphviz text, or SVG.
//! Never here: deciding; files.
#![forbid(unsafe_code)]

mod dot;
mod layout;
mod svg;

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::Tree;
use bailiwick::decide::Way;
use bailiwick::tree::{EntryOutline, NodeOutline, Outline};
use bailiwick::value::{Effect, Layer};

pub use dot::dot;
pub use layout::{Place, Placed, layout};
pub use svg::{cut, svg};

/// Boxes that nobody would look at are left out; this many are drawn.
pub const MOST_BOXES: usize = 300;
/// Branches of one node that are drawn.
const MOST_BRANCHES: usize = 24;
/// Lines of one box.
const MOST_LINES: usize = 10;

/// Boxes and what leads from each to which.
#[derive(Debug, Default)]
pub struct Drawing {
    /// In the order in which a reader comes to them; the first is the set.
    pub boxes: Vec<Shape>,
    /// Numbers of boxes.
    pub edges: Vec<(usize, usize)>,
    /// What was left out, in words; empty if all of it is there.
    pub left_out: Vec<String>,
    /// One sentence on the whole.
    pub summary: String,
}

/// A box.
#[derive(Debug)]
pub struct Shape {
    /// What it looks like.
    pub kind: Kind,
    /// Which part of the tree it is.
    pub at: At,
    /// What stands in it.
    pub lines: Vec<Line>,
}

/// Which part of a tree, by the numbers of its outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// All of it.
    Set,
    /// A bucket.
    Bucket(u32),
    /// Where actions of a bucket lead: bucket and node.
    Start(u32, u32),
    /// A branch: from a node to a node.
    Branch(u32, u32),
    /// A run of rules: its node.
    Run(u32),
    /// A note that something was left out.
    LeftOut,
}

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The whole set.
    Set,
    /// Whose policies, and one equality on the principal.
    Bucket,
    /// Actions and services.
    Action,
    /// A field of the request.
    Branch,
    /// A run of rules.
    Leaf,
}

/// A line of a box.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Its words.
    pub text: String,
    /// How it looks.
    pub look: Look,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As any other.
    Plain,
    /// Of less weight.
    Faint,
    /// A heading over allows.
    Allow,
    /// A heading over denies.
    Deny,
}

impl Drawing {
    /// For each box, whether a request comes there.
    pub fn on(&self, way: &Way) -> Vec<bool> {
        let buckets: BTreeSet<u32> = way.buckets.iter().copied().collect();
        let starts: BTreeSet<(u32, u32)> = way.starts.iter().copied().collect();
        let branches: BTreeSet<(u32, u32)> = way.branches.iter().copied().collect();
        let runs: BTreeSet<u32> = way.runs.iter().copied().collect();
        let comes = |shape: &Shape| match shape.at {
            At::Set => true,
            At::Bucket(bucket) => buckets.contains(&bucket),
            At::Start(bucket, node) => starts.contains(&(bucket, node)),
            At::Branch(from, to) => branches.contains(&(from, to)),
            At::Run(node) => runs.contains(&node),
            At::LeftOut => false,
        };
        self.boxes.iter().map(comes).collect()
    }
}

/// Draws a tree, of large ones the beginning.
pub fn drawing(tree: &Tree, most: usize) -> Drawing {
    let outline = tree.outline();
    let shape = tree.shape();
    let mut artist = Artist { tree, outline, most, drawing: Drawing::default(), leaves: BTreeMap::new() };
    let set = vec![
        plain(format!("{} profile", tree.profile().name())),
        faint(format!("{} rules of {} statements", shape.rules, shape.statements)),
    ];
    let set = artist.add(None, Kind::Set, At::Set, set);
    artist.buckets(set);
    artist.drawing.summary = format!(
        "Left to right: the set, whose policies, which actions, what of the request, which statements, denies first. \
         {} statements make {} rules in {} buckets and {} runs.",
        shape.statements, shape.rules, shape.buckets, shape.nodes
    );
    artist.drawing
}

struct Artist<'a> {
    tree: &'a Tree,
    outline: Outline<'a>,
    most: usize,
    drawing: Drawing,
    /// Leaves that are drawn, by node: equal runs are one.
    leaves: BTreeMap<u32, usize>,
}

impl Artist<'_> {
    fn add(&mut self, from: Option<usize>, kind: Kind, at: At, lines: Vec<Line>) -> usize {
        let id = self.drawing.boxes.len();
        self.drawing.boxes.push(Shape { kind, at, lines });
        self.drawing.edges.extend(from.map(|from| (from, id)));
        id
    }

    fn is_full(&self) -> bool {
        self.drawing.boxes.len() >= self.most
    }

    fn buckets(&mut self, set: usize) {
        let buckets = self.outline.buckets();
        for (id, bucket) in (0_u32..).zip(&buckets) {
            if self.is_full() {
                let left = format!("{} of {} buckets", buckets.len() - id as usize, buckets.len());
                self.drawing.left_out.push(left);
                return;
            }
            let mut lines = vec![plain(bucket.whose.clone())];
            lines.extend(bucket.equality.clone().map(plain));
            let from = self.add(Some(set), Kind::Bucket, At::Bucket(id), lines);
            // Actions that lead to the same node are one box.
            let mut groups: Vec<(u32, Vec<String>)> = Vec::new();
            for action in &bucket.actions {
                let name = action.action.clone().unwrap_or_else(|| "any action".to_owned());
                match groups.iter_mut().find(|(node, _)| *node == action.node) {
                    Some((_, names)) => names.push(name),
                    None => groups.push((action.node, vec![name])),
                }
            }
            for (at, (node, names)) in groups.iter().enumerate() {
                if self.is_full() {
                    let left = format!("{} of {} groups of actions", groups.len() - at, groups.len());
                    self.drawing.left_out.push(format!("{left} of {}", bucket.whose));
                    break;
                }
                let action = self.add(Some(from), Kind::Action, At::Start(id, *node), listed(names));
                self.node(action, *node);
            }
        }
    }

    /// A leaf, or the branches of a node; the depth of a tree is small.
    fn node(&mut self, from: usize, id: u32) {
        if let Some(known) = self.leaves.get(&id) {
            self.drawing.edges.push((from, *known));
            return;
        }
        let node = self.outline.node(id);
        if node.branches.is_empty() && node.rest.is_none() {
            let lines = self.leaf(&node);
            let leaf = self.add(Some(from), Kind::Leaf, At::Run(id), lines);
            self.leaves.insert(id, leaf);
            return;
        }
        let mut groups: Vec<(u32, Vec<String>)> = Vec::new();
        for branch in &node.branches {
            match groups.iter_mut().find(|(node, _)| *node == branch.node) {
                Some((_, tests)) => tests.push(branch.test.clone()),
                None => groups.push((branch.node, vec![branch.test.clone()])),
            }
        }
        groups.extend(node.rest.map(|rest| (rest, vec!["always".to_owned()])));
        for (at, (node, tests)) in groups.iter().enumerate() {
            if at >= MOST_BRANCHES || self.is_full() {
                let more = vec![faint(format!("{} more branches", groups.len() - at))];
                self.add(Some(from), Kind::Branch, At::LeftOut, more);
                self.drawing.left_out.push(format!("{} of {} branches", groups.len() - at, groups.len()));
                return;
            }
            let branch = self.add(Some(from), Kind::Branch, At::Branch(id, *node), listed(tests));
            self.node(branch, *node);
        }
    }

    /// Statements under headings of their layer, level, effect and the names of their principals.
    fn leaf(&self, node: &NodeOutline) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut last = String::new();
        for (at, entry) in node.entries.iter().enumerate() {
            if lines.len() >= MOST_LINES {
                lines.push(faint(format!("{} more statements", node.entries.len() - at)));
                break;
            }
            let heading = heading(entry);
            if heading != last {
                let look = if entry.effect == Effect::Deny { Look::Deny } else { Look::Allow };
                lines.push(Line { text: heading.clone(), look });
                last = heading;
            }
            lines.push(plain(self.name(entry)));
        }
        lines
    }

    fn name(&self, entry: &EntryOutline) -> String {
        let Some(name) = self.tree.statement(entry.statement) else { return String::new() };
        let sid = name.sid.map_or_else(|| format!("statement {}", name.position + 1), str::to_owned);
        let policy = name.policy.rsplit('/').next().unwrap_or_default();
        let tests = match entry.tests {
            0 => String::new(),
            1 => ", 1 test".to_owned(),
            many => format!(", {many} tests"),
        };
        format!("{sid} of {policy}{tests}")
    }
}

fn heading(entry: &EntryOutline) -> String {
    let effect = if entry.effect == Effect::Deny { "deny" } else { "allow" };
    let mut text = format!("{effect}, {}", entry.layer.name());
    if matches!(entry.layer, Layer::ServiceControl | Layer::ResourceControl) {
        text.push_str(&format!(" level {}", entry.level));
    }
    if !entry.names.is_empty() {
        text.push_str(&format!(", names {}", entry.names.join(", ")));
    }
    text
}

fn listed(texts: &[String]) -> Vec<Line> {
    let mut lines: Vec<Line> = texts.iter().take(MOST_LINES).cloned().map(plain).collect();
    if texts.len() > MOST_LINES {
        lines.push(faint(format!("{} more", texts.len() - MOST_LINES)));
    }
    lines
}

fn plain(text: String) -> Line {
    Line { text, look: Look::Plain }
}

fn faint(text: String) -> Line {
    Line { text, look: Look::Faint }
}

/// What a drawing may hold of a text: control characters are written out.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}
