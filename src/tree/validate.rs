//! Whether loaded tables refer only to what is there. After this, no lookup can miss, loop or recurse too deep.

use super::table::CLOSED;
use super::words::Words;
use super::{
    Compiled, ENTRY_RULE, NONE, ROOT_ATTACHMENT, Range, Table, Text, layer_of, operand, piece, resource,
    target,
};
use crate::value::{Base, Layer, hash_folded};

/// Branches below branches; the walker goes down only, so this bounds its recursion.
const MAX_DEPTH: u32 = 8;

type Checked = Result<(), &'static str>;

/// The name of the first table that does not fit.
pub(super) fn validate(tree: &Compiled) -> Checked {
    let v = Validator { tree };
    v.head()?;
    v.values()?;
    v.conditions()?;
    v.clauses()?;
    v.rules()?;
    v.attachments()?;
    v.indexes()?;
    v.nodes()?;
    v.names()
}

struct Validator<'a> {
    tree: &'a Compiled,
}

impl Validator<'_> {
    fn head(&self) -> Checked {
        let t = self.tree;
        ensure("head", self.text(t.home_account) && self.text(t.management_account))?;
        ensure("own_services", t.own_services.iter().all(|text| self.text(*text)))?;
        ensure(
            "owned",
            t.owned.iter().all(|row| within(row.resource, &t.resource_tests) && self.text(row.account)),
        )?;
        ensure("declared", t.declared.iter().all(|id| within(*id, &t.keys)))
    }

    fn values(&self) -> Checked {
        let t = self.tree;
        ensure(
            "keys",
            t.keys.iter().all(|key| {
                self.text(key.name) && key.hash == hash_folded(t.text(key.name).as_bytes()) && key.arity <= 2
            }),
        )?;
        ensure(
            "pieces",
            t.pieces.iter().all(|piece| {
                piece.kind <= piece::VARIABLE_WITH_DEFAULT
                    && self.text(piece.text)
                    && (piece.kind < piece::VARIABLE || within(piece.key, &t.keys))
            }),
        )?;
        ensure("arns", t.arns.iter().all(|arn| (0..5).all(|i| inside(arn.field(i), &t.pieces))))
    }

    fn conditions(&self) -> Checked {
        let t = self.tree;
        ensure(
            "operands",
            t.operands.iter().all(|row| match row.kind {
                operand::TEMPLATE => inside(Range { start: row.a, end: row.b }, &t.pieces),
                operand::ARN => within(row.a, &t.arns),
                operand::NUMBER | operand::BYTES | operand::TEXT => self.text(Text { at: row.a, len: row.b }),
                operand::DATE | operand::IP => {
                    (row.a as usize).checked_add(4).is_some_and(|end| end <= t.words.len())
                }
                operand::NULL | operand::MALFORMED => true,
                _ => false,
            }),
        )?;
        ensure(
            "atoms",
            t.atoms.iter().all(|atom| {
                within(atom.key, &t.keys)
                    && ((atom.operator & 0xff) as usize) < Base::ALL.len()
                    && inside(atom.operands, &t.operands)
            }),
        )?;
        ensure("rule_atoms", t.rule_atoms.iter().all(|id| within(*id, &t.atoms)))
    }

    fn clauses(&self) -> Checked {
        let t = self.tree;
        ensure(
            "action_tests",
            t.action_tests.iter().all(|test| {
                self.text(test.text)
                    && inside(test.service, &t.pieces)
                    && inside(test.name, &t.pieces)
                    && (test.symbol == NONE || self.is_symbol(test.symbol, test.text))
            }),
        )?;
        ensure(
            "resource_tests",
            t.resource_tests.iter().all(|test| {
                test.kind <= resource::ATTACHED
                    && self.text(test.head)
                    && inside(test.tail, &t.pieces)
                    && (test.kind != resource::ARN || within(test.arn, &t.arns))
                    && test.shape == t.resource_shape(test)
            }),
        )?;
        ensure("principal_tests", t.principal_tests.iter().all(|test| self.text(test.text)))
    }

    fn rules(&self) -> Checked {
        let t = self.tree;
        let clause = |id: u32, tests: usize| {
            t.clauses.get(id as usize).is_some_and(|clause| {
                clause.tests.start <= clause.tests.end && clause.tests.end as usize <= tests
            })
        };
        ensure("roots", t.roots.len() == ROOT_ATTACHMENT as usize + t.attachments.len())?;
        ensure("roots", t.roots.iter().all(|range| inside(*range, &t.rules)))?;
        ensure(
            "rules",
            t.rules.len() <= ENTRY_RULE as usize
                && t.rules.iter().all(|rule| {
                    within(rule.statement, &t.statements)
                        && within(rule.root, &t.roots)
                        && within(rule.attachment, &t.attachments)
                        && clause(rule.actions, t.action_tests.len())
                        && (rule.resources == NONE || clause(rule.resources, t.resource_tests.len()))
                        && (rule.principals == NONE || clause(rule.principals, t.principal_tests.len()))
                        && inside(rule.atoms, &t.rule_atoms)
                }),
        )?;
        let in_place = (0..).zip(&t.rules).all(|(id, rule)| {
            t.roots.get(rule.root as usize).is_some_and(|range| range.start <= id && id < range.end)
        });
        let no_more = t.roots.iter().map(|range| range.len()).sum::<usize>() == t.rules.len();
        ensure("roots", in_place && no_more)
    }

    fn attachments(&self) -> Checked {
        let t = self.tree;
        ensure("attachment_texts", t.attachment_texts.iter().all(|text| self.text(*text)))?;
        let test = |id: u32| id == NONE || within(id, &t.resource_tests);
        ensure(
            "attachments",
            t.attachments.iter().all(|row| {
                (row.layer as usize) < Layer::ALL.len()
                    && row.level <= 15
                    && row.kind <= target::ENDPOINT
                    && inside(row.texts, &t.attachment_texts)
                    && test(row.resource)
                    && test(row.bucket_objects)
            }),
        )?;
        // What the head says of the attachments must be what they say themselves.
        let everyone = t.attachments.iter().filter(|row| row.kind == target::EVERYONE);
        let everyone = everyone.filter(|row| layer_of(row.layer) >= Layer::Identity);
        let slots = everyone.fold(0u64, |slots, row| slots | 1 << (30 + row.layer));
        let asks = t.attachments.iter().map(|row| layer_of(row.layer));
        let asks = asks.into_iter().any(|layer| layer <= Layer::Resource && layer != Layer::ServiceControl);
        ensure("attachments", slots == t.everyone && asks == t.asks_request)
    }

    fn indexes(&self) -> Checked {
        let t = self.tree;
        ensure(
            "symbols",
            t.symbols
                .iter()
                .all(|row| self.text(row.text) && (row.service == NONE || within(row.service, &t.symbols))),
        )?;
        ensure(
            "buckets",
            t.buckets.iter().all(|row| {
                within(row.root, &t.roots)
                    && self.text(row.value)
                    && (row.key == NONE || within(row.key, &t.keys))
                    && (row.star == NONE || within(row.star, &t.nodes))
            }),
        )?;
        ensure(
            "access",
            t.access.iter().all(|row| row.kind < ROOT_ATTACHMENT && within(row.key, &t.keys) && row.set <= 1),
        )?;
        for (name, table, rows) in [
            ("targets", &t.targets, t.attachments.len()),
            ("symbol_table", &t.symbol_table, t.symbols.len()),
            ("bucket_table", &t.bucket_table, t.buckets.len()),
            ("branches", &t.branches, t.nodes.len()),
        ] {
            ensure(name, fits(table, rows, u32::MAX))?;
        }
        ensure("dispatch", fits(&t.dispatch, t.nodes.len(), !CLOSED))
    }

    fn nodes(&self) -> Checked {
        let t = self.tree;
        ensure("lists", t.lists.iter().all(|entry| within(entry & ENTRY_RULE, &t.rules)))?;
        ensure(
            "splits",
            t.splits.iter().all(|split| {
                inside(split.filters, &t.filters) && (split.rest == NONE || within(split.rest, &t.nodes))
            }),
        )?;
        ensure(
            "filters",
            t.filters.iter().all(|row| match row.kind {
                super::filter::KEY => within(row.key, &t.keys),
                super::filter::PREFIX => true,
                super::filter::GRAM => (1..=8).contains(&row.key),
                _ => false,
            }),
        )?;
        for node in &t.nodes {
            let ordered = node.start <= node.middle && node.middle <= node.end;
            ensure("nodes", ordered && node.end as usize <= t.lists.len())?;
            if node.split == NONE {
                ensure("nodes", node.depth == 0)?;
            } else {
                let split = t.splits.get(node.split as usize).ok_or("nodes")?;
                let rest = t.nodes.get(split.rest as usize).is_none_or(|rest| rest.depth < node.depth);
                ensure("nodes", rest && (1..=MAX_DEPTH).contains(&node.depth))?;
            }
        }
        Ok(())
    }

    fn names(&self) -> Checked {
        let t = self.tree;
        ensure(
            "statements",
            t.statements.iter().all(|row| {
                within(row.document, &t.documents)
                    && self.text(row.sid)
                    && within(row.attachment, &t.attachments)
            }),
        )?;
        ensure("documents", t.documents.iter().all(|row| self.text(row.name) && self.text(row.source)))
    }

    /// Whether a symbol is this text in some letter case.
    fn is_symbol(&self, symbol: u32, text: Text) -> bool {
        let t = self.tree;
        t.symbols
            .get(symbol as usize)
            .is_some_and(|row| t.bytes(row.text).eq_ignore_ascii_case(t.bytes(text)))
    }

    fn text(&self, text: Text) -> bool {
        let start = text.at as usize;
        start.checked_add(text.len as usize).is_some_and(|end| self.tree.blob.get(start..end).is_some())
    }
}

fn ensure(table: &'static str, holds: bool) -> Checked {
    if holds { Ok(()) } else { Err(table) }
}

fn within<T>(id: u32, table: &[T]) -> bool {
    (id as usize) < table.len()
}

fn inside<T: Words>(range: Range, table: &[T]) -> bool {
    range.start <= range.end && range.end as usize <= table.len()
}

/// Sizes fit a power of two, rows are there, probes end.
fn fits(table: &Table, rows: usize, mask: u32) -> bool {
    let size = table.slots.len();
    (size == 0 || size.is_power_of_two())
        && (table.reach as usize) <= size
        && table.slots.iter().all(|slot| slot.row == NONE || ((slot.row & mask) as usize) < rows)
}
