//! Nodes: runs of rules, denies first, and where a run is long, branches on what tells its rules apart.

use super::index::literals;
use super::map::Map;
use super::pool::{number, push};
use crate::tree::{
    ATOM_PROVEN, Compiled, ENTRY_RULE, Filter, NONE, Node, Range, ResourceTest, Rule, Split, filter, piece,
    resource, table,
};
use crate::value::{Profile, hash_bytes};

/// Runs up to this long are scanned.
const LEAF: usize = 8;
/// Branches below branches.
const DEPTH: u32 = 3;
/// Filters of one node.
const FILTERS: usize = 4;
/// Entries of one resource clause that a filter may follow.
const MAX_ENTRIES: usize = 4;

/// Builds nodes.
#[derive(Default)]
pub(super) struct Splitter {
    /// From filter and value to node.
    pub(super) branches: Vec<(u64, u32)>,
    known: Map<Vec<u32>, u32>,
}

/// A field and a value of it that a rule cannot apply without.
pub(super) type Mark = (Filter, u64);

impl Splitter {
    /// A node for these list entries.
    pub(super) fn node(&mut self, out: &mut Compiled, entries: Vec<u32>) -> u32 {
        self.build(out, entries, 0)
    }

    fn build(&mut self, out: &mut Compiled, mut entries: Vec<u32>, depth: u32) -> u32 {
        let order = |entry: &u32| {
            let rule = &out.rules[(entry & ENTRY_RULE) as usize];
            // Denies first; within them the layer that is reported first.
            (!rule.is_deny(), rule.flags, rule.atoms.len(), *entry)
        };
        entries.sort_by_key(order);
        entries.dedup();
        if let Some(known) = self.known.get(&entries) {
            return *known;
        }
        let node =
            if entries.len() > LEAF && depth < DEPTH { self.split(out, &entries, depth) } else { None };
        let node = node.unwrap_or_else(|| leaf(out, &entries));
        let id = push(&mut out.nodes, node);
        self.known.insert(entries, id);
        id
    }

    fn split(&mut self, out: &mut Compiled, entries: &[u32], depth: u32) -> Option<Node> {
        let marks: Vec<Vec<Vec<Mark>>> = entries.iter().map(|entry| marks(out, *entry)).collect();
        let mut counts: Map<Mark, u32> = Map::default();
        for mark in marks.iter().flatten().flatten() {
            *counts.entry(*mark).or_default() += 1;
        }
        // Each entry takes the group of marks that leaves it among the fewest.
        let total = number(entries.len());
        let mut chosen: Vec<Option<&Vec<Mark>>> = marks
            .iter()
            .map(|groups| {
                let cost = |group: &&Vec<Mark>| -> u32 {
                    let visits: u32 = group.iter().map(|mark| counts[mark]).sum();
                    visits + lookup_cost(group)
                };
                groups.iter().min_by_key(cost).filter(|group| cost(group) < total)
            })
            .collect();
        let filters = keep_useful_filters(&mut chosen);
        if filters.is_empty() {
            return None;
        }
        let start = number(out.filters.len());
        let lengths = prefix_lengths(out, entries, &chosen);
        out.filters.extend(filters.iter().map(|row| match row.kind {
            filter::PREFIX => Filter { lengths, ..*row },
            _ => *row,
        }));
        let place =
            |filter: &Filter| start + number(filters.iter().position(|f| f == filter).unwrap_or_default());
        let mut groups: Map<(u32, u64), Vec<u32>> = Map::default();
        let mut rest = Vec::new();
        for (entry, group) in entries.iter().zip(&chosen) {
            match group {
                None => rest.push(*entry),
                Some(group) => {
                    for (filter, value) in *group {
                        groups.entry((place(filter), *value)).or_default().push(*entry);
                    }
                }
            }
        }
        let mut below = 0;
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_unstable();
        for ((filter, value), entries) in groups {
            let child = self.build(out, entries, depth + 1);
            below = below.max(out.nodes[child as usize].depth);
            self.branches.push((table::filed(u64::from(filter), value), child));
        }
        let rest = if rest.is_empty() { NONE } else { self.build(out, rest, DEPTH) };
        below = below.max(out.nodes.get(rest as usize).map_or(0, |node| node.depth));
        let range = Range { start, end: start + number(filters.len()) };
        let split = push(&mut out.splits, Split { filters: range, rest });
        Some(Node { start: 0, middle: 0, end: 0, split, depth: below + 1 })
    }
}

fn leaf(out: &mut Compiled, entries: &[u32]) -> Node {
    let denies = entries.iter().filter(|entry| out.rules[(**entry & ENTRY_RULE) as usize].is_deny()).count();
    let start = number(out.lists.len());
    out.lists.extend(entries);
    Node { start, middle: start + number(denies), end: number(out.lists.len()), split: NONE, depth: 0 }
}

/// Lengths of the starts that the chosen prefix marks file, one bit each.
fn prefix_lengths(out: &Compiled, entries: &[u32], chosen: &[Option<&Vec<Mark>>]) -> u64 {
    let by_prefix = |group: Option<&Vec<Mark>>| {
        group.and_then(|group| group.first()).is_some_and(|(row, _)| row.kind == filter::PREFIX)
    };
    let rules = entries.iter().zip(chosen).filter(|(_, group)| by_prefix(**group));
    let rules = rules.map(|(entry, _)| &out.rules[(entry & ENTRY_RULE) as usize]);
    let starts = rules.flat_map(|rule| arn_tests(out, rule).unwrap_or_default());
    starts
        .filter_map(|test| start_of(out, test.tail))
        .fold(0, |bits, start| bits | table::length_bit(start.len()))
}

/// What a look at a filter costs, in rules visited.
fn lookup_cost(group: &[Mark]) -> u32 {
    match group.first() {
        Some((Filter { kind: filter::GRAM, .. }, _)) => 8,
        Some((Filter { kind: filter::PREFIX, .. }, _)) => 2,
        _ => 1,
    }
}

/// Filters that few entries use are given up; at most [`FILTERS`] stay.
fn keep_useful_filters(chosen: &mut [Option<&Vec<Mark>>]) -> Vec<Filter> {
    let mut uses: Map<Filter, usize> = Map::default();
    for group in chosen.iter().flatten() {
        if let Some((filter, _)) = group.first() {
            *uses.entry(*filter).or_default() += 1;
        }
    }
    let mut ranked: Vec<(usize, Filter)> =
        uses.into_iter().filter(|(_, uses)| *uses > 2).map(|(filter, uses)| (uses, filter)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    ranked.truncate(FILTERS);
    let filters: Vec<Filter> = ranked.into_iter().map(|(_, filter)| filter).collect();
    for group in chosen.iter_mut() {
        if group.is_some_and(|group| group.first().is_none_or(|(filter, _)| !filters.contains(filter))) {
            *group = None;
        }
    }
    filters
}

/// Groups of marks of one entry: of each group, one mark must be met for the rule to apply.
pub(super) fn marks(out: &Compiled, entry: u32) -> Vec<Vec<Mark>> {
    let rule = &out.rules[(entry & ENTRY_RULE) as usize];
    let mut groups = Vec::new();
    let skip = usize::from(entry & ATOM_PROVEN != 0);
    for id in rule.atoms.of(&out.rule_atoms).iter().skip(skip) {
        let atom = &out.atoms[*id as usize];
        if let Some((set, values)) = literals(out, atom, rule.is_deny()) {
            let filter = Filter { kind: filter::KEY, key: atom.key, set, lengths: 0 };
            groups.push(values.iter().map(|v| (filter, hash_bytes(out.text(*v).as_bytes()))).collect());
        }
    }
    groups.extend(prefix_marks(out, rule));
    if let Some([only]) = arn_tests(out, rule) {
        groups.extend(gram_marks(out, only.tail).map(|mark| vec![mark]));
    }
    groups
}

/// For each entry of the rule's resources its literal start; `None` if some entry has none, or may match without it.
fn prefix_marks(out: &Compiled, rule: &Rule) -> Option<Vec<Mark>> {
    arn_tests(out, rule)?.iter().map(|test| prefix_mark(out, test.tail)).collect()
}

/// The entries of `Resource`, if they are few, all ARNs, and cannot match where their resource fields do not.
pub(super) fn arn_tests<'a>(out: &'a Compiled, rule: &Rule) -> Option<&'a [ResourceTest]> {
    // SEMANTICS X2, X16: under `strict` a Deny may match where the fields do not.
    let wide = rule.is_deny() && out.profile == Profile::Strict;
    let clause = out.clauses.get(rule.resources as usize).filter(|clause| !wide && clause.negated == 0)?;
    let tests = clause.tests.of(&out.resource_tests);
    (tests.len() <= MAX_ENTRIES && tests.iter().all(|test| test.kind == resource::ARN)).then_some(tests)
}

/// The literal start of a resource field, up to its last boundary, or all of a literal field.
pub(super) fn start_of(out: &Compiled, tail: Range) -> Option<&str> {
    let pieces = tail.of(&out.pieces);
    let first = pieces.first().filter(|first| first.kind == piece::LITERAL)?;
    let text = out.text(first.text);
    let end = if pieces.len() == 1 { text.len() } else { text.bytes().rposition(table::is_boundary)? + 1 };
    text.get(..end)
}

fn prefix_mark(out: &Compiled, tail: Range) -> Option<Mark> {
    let filter = Filter { kind: filter::PREFIX, key: NONE, set: 0, lengths: 0 };
    Some((filter, hash_bytes(start_of(out, tail)?.as_bytes())))
}

/// Bytes of a gram: as many as a pattern's literals usually have between wildcards.
const GRAM: usize = 4;

/// Every run of [`GRAM`] bytes in the literals of a template; the rarest of them will be chosen.
fn gram_marks(out: &Compiled, tail: Range) -> impl Iterator<Item = Mark> + '_ {
    let literals = tail.of(&out.pieces).iter().filter(|piece| piece.kind == piece::LITERAL);
    let filter = Filter { kind: filter::GRAM, key: number(GRAM), set: 0, lengths: 0 };
    literals.flat_map(move |piece| {
        out.text(piece.text).as_bytes().windows(GRAM).map(move |b| (filter, table::gram(b)))
    })
}
