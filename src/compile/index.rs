//! Buckets by attachment and principal, dispatch by action: the upper half of the tree.

use std::collections::{BTreeMap, BTreeSet};

use super::map::Map;
use super::pool::{number, push};
use super::split::Splitter;
use crate::tree::{
    self, ACTION_PROVEN, ARITY_MANY, ATOM_PROVEN, Bucket, Compiled, ENTRY_RULE, Filter, NONE,
    OWNER_PRINCIPAL, ROOT_ATTACHMENT, Symbol, Table, Text, action, layer_of, operand, table, target,
    unpack_operator,
};
use crate::value::{Base, Layer, Profile, SetOperator, hash_bytes, hash_folded};

/// More literals than this do not make a good branch.
const MAX_LITERALS: usize = 8;

/// Builds every index.
pub(super) fn index(out: &mut Compiled) {
    out.optimized = true;
    let placed = place_rules(out);
    let mut symbols = Symbols::default();
    let mut pairs = Vec::new();
    let mut dispatch = Vec::new();
    let mut access: Vec<Filter> = Vec::new();
    let mut splitter = Splitter::default();
    for (place, rules) in placed {
        let id = number(out.buckets.len());
        let mut bucket = Bucket {
            root: place.root,
            key: place.key,
            set: place.set,
            value: place.value,
            symbols: 0,
            star: NONE,
        };
        let proven = if place.key == NONE { 0 } else { ATOM_PROVEN };
        let mut listed = by_action(out, &mut symbols, &rules, proven);
        let closed = close(out, &symbols, &mut listed);
        for (symbol, entries) in listed {
            let mut node = splitter.node(out, entries);
            if symbol == NONE {
                bucket.star = node;
            } else {
                bucket.symbols |= table::symbol_bit(symbol);
                if closed.contains(&symbol) {
                    node |= table::CLOSED;
                }
                dispatch.push((table::pair(id, symbol), node));
            }
        }
        if place.key != NONE {
            let field = table::pair(place.root, place.key.wrapping_mul(2) | place.set);
            pairs.push((table::filed(field, hash_bytes(out.bytes(place.value))), id));
            let row = Filter { kind: place.root, key: place.key, set: place.set, lengths: 0 };
            if !access.contains(&row) {
                access.push(row);
            }
        }
        push(&mut out.buckets, bucket);
    }
    out.access = access;
    out.bucket_table = Table::new(&pairs);
    out.dispatch = Table::new(&dispatch);
    out.branches = Table::new(&splitter.branches);
    for at in 0..out.action_tests.len() {
        let test = out.action_tests[at];
        if test.kind == action::EXACT {
            out.action_tests[at].symbol = symbols.id(out, test.text, test.text.len);
        }
    }
    let named: Vec<(u64, u32)> =
        (0..).zip(&symbols.rows).map(|(id, text)| (hash_folded(out.text(*text).as_bytes()), id)).collect();
    out.symbol_table = Table::new(&named);
    let service = |text: &Text| {
        let (service, _) = out.text(*text).split_once(':')?;
        symbols.ids.get(&service.to_ascii_lowercase()).copied()
    };
    out.symbols = symbols
        .rows
        .iter()
        .map(|text| Symbol { text: *text, service: service(text).unwrap_or(NONE) })
        .collect();
}

/// Where names of groups, roles ... lead, and what is in force for everyone. Deciding needs these with or without indexes.
pub(super) fn attach(out: &mut Compiled) {
    let mut pairs = Vec::new();
    for (id, row) in (0..).zip(&out.attachments) {
        let layer = layer_of(row.layer);
        out.asks_request |= layer <= Layer::Resource && layer != Layer::ServiceControl;
        let texts = row.texts.of(&out.attachment_texts);
        let named = |text: &Text| hash_bytes(out.text(*text).as_bytes());
        let file = |hash| (table::filed(u64::from(row.kind), hash), id);
        match (row.kind, texts) {
            (target::EVERYONE, _) if layer == Layer::ServiceControl => pairs.push(file(0)),
            (target::EVERYONE, _) if layer >= Layer::Identity => {
                out.everyone |= 1 << (30 + row.layer);
            }
            (target::ROLE, [arn, ..]) => pairs.push(file(tree::role_hash(out.text(*arn)))),
            (target::SUBJECT, [issuer, subject, ..]) => {
                pairs.push(file(tree::subject_hash(out.text(*issuer), out.text(*subject))));
            }
            (target::GROUP | target::USER | target::SESSION_POLICY | target::ACCOUNTS, texts) => {
                pairs.extend(texts.iter().map(|text| file(named(text))));
            }
            _ => {}
        }
    }
    out.targets = Table::new(&pairs);
}

/// Where a rule is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Place {
    root: u32,
    key: u32,
    set: u32,
    value: Text,
}

/// Groups rules by root and, for the general roots, by the rarest equality on a principal's key that each has.
/// The chosen atom is put first in the rule's list.
fn place_rules(out: &mut Compiled) -> BTreeMap<Place, Vec<u32>> {
    let mut counts: Map<(u32, u32, u32, Text), u32> = Map::default();
    let choices: Vec<Vec<Choice>> = out.rules.iter().map(|rule| choices(out, rule)).collect();
    for choice in choices.iter().flatten() {
        for value in &choice.values {
            *counts.entry((choice.root, choice.key, choice.set, *value)).or_default() += 1;
        }
    }
    let mut placed: BTreeMap<Place, Vec<u32>> = BTreeMap::new();
    let mut lists: Map<Vec<u32>, tree::Range> = Map::default();
    for (id, choices) in (0..).zip(&choices) {
        let cost = |choice: &Choice| -> u32 {
            choice.values.iter().map(|v| counts[&(choice.root, choice.key, choice.set, *v)]).sum()
        };
        let rule = out.rules[id as usize];
        let Some(best) = choices.iter().min_by_key(|choice| cost(choice)) else {
            let place = Place { root: rule.root, key: NONE, set: 0, value: Text::default() };
            placed.entry(place).or_default().push(id);
            continue;
        };
        let mut atoms = rule.atoms.of(&out.rule_atoms).to_vec();
        atoms[..=best.position].rotate_right(1);
        out.rules[id as usize].atoms = if let Some(known) = lists.get(&atoms) {
            *known
        } else {
            let range = super::pool::append(&mut out.rule_atoms, &atoms);
            lists.insert(atoms, range);
            range
        };
        for value in &best.values {
            let place = Place { root: rule.root, key: best.key, set: best.set, value: *value };
            placed.entry(place).or_default().push(id);
        }
    }
    placed
}

pub(super) struct Choice {
    root: u32,
    key: u32,
    set: u32,
    position: usize,
    values: Vec<Text>,
}

pub(super) fn choices(out: &Compiled, rule: &tree::Rule) -> Vec<Choice> {
    if rule.root >= ROOT_ATTACHMENT {
        return Vec::new();
    }
    let atoms = rule.atoms.of(&out.rule_atoms).iter().enumerate();
    atoms
        .filter_map(|(position, id)| {
            let atom = &out.atoms[*id as usize];
            if out.keys[atom.key as usize].owner != OWNER_PRINCIPAL {
                return None;
            }
            let (set, values) = literals(out, atom, rule.is_deny())?;
            Some(Choice { root: rule.root, key: atom.key, set, position, values })
        })
        .collect()
}

/// The literals one of which a key must equal for the atom to hold; `None` if there is no such list.
/// The first part is 1 if the atom asks whether *some* value of the key does.
pub(super) fn literals(out: &Compiled, atom: &tree::Atom, deny: bool) -> Option<(u32, Vec<Text>)> {
    let operator = unpack_operator(atom.operator);
    if operator.base != Base::StringEquals || operator.if_exists {
        return None;
    }
    let set = match operator.set {
        Some(SetOperator::ForAnyValue) => 1,
        Some(SetOperator::ForAllValues) => return None,
        None => {
            // SEMANTICS D7: a multivalued key never matches; under `strict` it is undecided, which a Deny must see.
            let multivalued = out.keys[atom.key as usize].arity == ARITY_MANY;
            if multivalued || deny && out.profile == Profile::Strict {
                return None;
            }
            0
        }
    };
    let operands = atom.operands.of(&out.operands);
    if operands.is_empty() || operands.len() > MAX_LITERALS {
        return None;
    }
    let mut values = Vec::new();
    for operand in operands {
        if operand.kind != operand::TEXT {
            return None;
        }
        let value = Text { at: operand.a, len: operand.b };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Some((set, values))
}

/// Entries of a service that an action's list may take in.
const MAX_TAKEN_IN: usize = 16;

/// Lists of an action take in what the bucket holds for its service, where that is little: then one look is enough.
fn close(out: &Compiled, symbols: &Symbols, listed: &mut BTreeMap<u32, Vec<u32>>) -> BTreeSet<u32> {
    let mut closed = BTreeMap::new();
    for (&symbol, entries) in listed.iter().filter(|(symbol, _)| **symbol != NONE) {
        let action = out.text(symbols.rows[symbol as usize]);
        let Some((service, _)) = action.split_once(':') else { continue };
        let service = symbols.ids.get(&service.to_ascii_lowercase()).and_then(|id| listed.get(id));
        let mut all = entries.clone();
        for &entry in service.into_iter().flatten() {
            let known = entries.iter().any(|other| other & ENTRY_RULE == entry & ENTRY_RULE);
            if known {
                continue;
            }
            if entry & ACTION_PROVEN == 0 {
                all.extend(covered(out, entry, action));
            } else {
                all.push(entry);
            }
        }
        if all.len() <= entries.len() + MAX_TAKEN_IN {
            closed.insert(symbol, all);
        }
    }
    let ids = closed.keys().copied().collect();
    listed.extend(closed);
    ids
}

/// The entry for a rule whose patterns may cover an action; proven where they do for sure.
fn covered(out: &Compiled, entry: u32, action: &str) -> Option<u32> {
    let rule = out.rules[(entry & ENTRY_RULE) as usize];
    let tests = out.clauses[rule.actions as usize].tests.of(&out.action_tests);
    let starts = |test: &tree::ActionTest| {
        let start = out.bytes(test.text);
        action.as_bytes().get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    };
    if tests.iter().any(|test| test.kind == action::PREFIX && starts(test)) {
        return Some(entry | ACTION_PROVEN);
    }
    let other = |test: &tree::ActionTest| !matches!(test.kind, action::PREFIX | action::EXACT);
    tests.iter().any(other).then_some(entry)
}

#[derive(Default)]
pub(super) struct Symbols {
    pub(super) rows: Vec<Text>,
    ids: Map<String, u32>,
}

impl Symbols {
    fn id(&mut self, out: &Compiled, text: Text, length: u32) -> u32 {
        let text = Text { at: text.at, len: length };
        let folded = out.text(text).to_ascii_lowercase();
        if let Some(known) = self.ids.get(&folded) {
            return *known;
        }
        let id = push(&mut self.rows, text);
        self.ids.insert(folded, id);
        id
    }
}

/// List entries by action or service; `NONE` for all actions. A rule whose service is wholly covered is not listed by action.
pub(super) fn by_action(
    out: &Compiled,
    symbols: &mut Symbols,
    rules: &[u32],
    proven: u32,
) -> BTreeMap<u32, Vec<u32>> {
    let mut listed: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &id in rules {
        let clause = out.clauses[out.rules[id as usize].actions as usize];
        let tests = clause.tests.of(&out.action_tests);
        if clause.negated == 1 || tests.iter().any(|test| test.kind == action::WILD_SERVICE) {
            listed.entry(NONE).or_default().push(id | proven);
            continue;
        }
        if tests.iter().any(|test| test.kind == action::ALL) {
            listed.entry(NONE).or_default().push(id | proven | ACTION_PROVEN);
            continue;
        }
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        for test in tests {
            let text = out.text(test.text);
            let service = text.find(':').unwrap_or(text.len());
            match test.kind {
                action::EXACT => {
                    places.insert(symbols.id(out, test.text, test.text.len), ACTION_PROVEN);
                }
                // `service:*` proves the action, `service:Get*` and other patterns do not.
                action::PREFIX if service + 1 == text.len() => {
                    places.insert(symbols.id(out, test.text, number(service)), ACTION_PROVEN);
                }
                _ => {
                    places.entry(symbols.id(out, test.text, number(service))).or_insert(0);
                }
            }
        }
        for (symbol, flag) in places {
            listed.entry(symbol).or_default().push(id | proven | flag);
        }
    }
    listed
}
