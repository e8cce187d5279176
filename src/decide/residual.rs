//! What is left of the tree for one principal: conditions that it alone settles are settled, the rules that they rule out
//! are gone, variables have their values, and one look leads from an action to every rule that may concern it.
//!
//! Only buckets that are small and do not branch are taken; making a session must stay cheaper than verifying its token.

use smallvec::SmallVec;

use super::env::Env;
use super::prepare::Bucket;
use super::remains::{Remains, remains};
use crate::request::{Principal, Request};
use crate::tree::{ACTION_PROVEN, Compiled, ENTRY_RULE, NONE, Range, table};
use crate::value::Truth;

/// List entries that may be looked at for one session, over all actions.
const WORK: u32 = 640;

/// Rules by action.
#[derive(Clone, Debug)]
pub(super) struct Residual {
    /// Open addressing by symbol; at most half full.
    places: Vec<Place>,
    /// For actions that neither by name nor by service lead somewhere.
    any: Place,
    entries: Vec<Entry>,
    pub(super) remains: Remains,
}

/// The entries of a symbol: denies, then allows.
#[derive(Clone, Copy, Debug)]
struct Place {
    symbol: u32,
    start: u32,
    middle: u32,
    end: u32,
}

/// A rule to try.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// As in `Compiled::lists`.
    pub(super) entry: u32,
    /// Which of `Remains::rules`.
    pub(super) left: u32,
}

impl Residual {
    /// Takes those buckets that are worth it out of the list.
    pub(super) fn take(
        tree: &Compiled,
        principal: &Principal,
        bounded: bool,
        buckets: &mut SmallVec<[Bucket; 16]>,
    ) -> Option<Self> {
        let weight = |bucket: &Bucket| match tree.derived.places.get(bucket.id as usize) {
            Some(place) if !bucket.maybe => place.entries,
            _ => NONE,
        };
        buckets.sort_by_key(weight);
        let mut left = WORK;
        let taken = buckets
            .iter()
            .take_while(|bucket| match left.checked_sub(weight(bucket)) {
                Some(rest) => {
                    left = rest;
                    true
                }
                None => false,
            })
            .count();
        if taken == 0 {
            return None;
        }
        let nothing = Request::only("");
        let maker = Maker {
            env: Env { tree, principal, request: &nothing },
            bounded,
            known: [(NONE, None); KNOWN],
            allows: Vec::with_capacity(64),
        };
        let residual = maker.make(buckets.get(..taken).unwrap_or_default());
        buckets.drain(..taken);
        Some(residual)
    }

    /// Denies and allows for an action: by its own symbol, else by that of its service, else those for any action.
    pub(super) fn find(&self, action: u32, service: u32) -> (&[Entry], &[Entry]) {
        let place = self.place(action).or_else(|| self.place(service)).unwrap_or(&self.any);
        let part = |start: u32, end: u32| self.entries.get(start as usize..end as usize).unwrap_or_default();
        (part(place.start, place.middle), part(place.middle, place.end))
    }

    fn place(&self, symbol: u32) -> Option<&Place> {
        if symbol == NONE {
            return None;
        }
        let mask = self.places.len().wrapping_sub(1);
        let mut at = hashed(symbol) & mask;
        loop {
            // Half of the places are free, so this ends; without places it ends at once.
            let place = self.places.get(at)?;
            if place.symbol == symbol {
                return Some(place);
            }
            if place.symbol == NONE {
                return None;
            }
            at = (at + 1) & mask;
        }
    }
}

fn hashed(number: u32) -> usize {
    (number.wrapping_mul(0x9e37_79b9) >> 16) as usize
}

/// Rules whose outcome is remembered while a session is made; a rule stands in the lists of several actions.
const KNOWN: usize = 256;

struct Maker<'a, 'r> {
    env: Env<'a, 'r>,
    bounded: bool,
    /// By rule: what is left of it, or nothing if it cannot apply.
    known: [(u32, Option<u32>); KNOWN],
    allows: Vec<Entry>,
}

impl Maker<'_, '_> {
    fn make(mut self, buckets: &[Bucket]) -> Residual {
        let tree = self.env.tree;
        let derived = &tree.derived;
        let mut symbols: SmallVec<[u32; 128]> = SmallVec::new();
        for bucket in buckets {
            let range =
                derived.places.get(bucket.id as usize).map_or(Range::default(), |place| place.symbols);
            symbols.extend_from_slice(range.of(&derived.symbols));
        }
        symbols.sort_unstable();
        symbols.dedup();
        let free = Place { symbol: NONE, start: 0, middle: 0, end: 0 };
        let size = (symbols.len() * 3).next_power_of_two();
        let mut residual = Residual {
            places: vec![free; size],
            any: free,
            entries: Vec::with_capacity(symbols.len() * 4),
            remains: Remains::default(),
        };
        for symbol in symbols {
            let place = self.collect(buckets, symbol, &mut residual);
            let mut at = hashed(symbol) & (size - 1);
            // The table is at most half full.
            while residual.places[at].symbol != NONE {
                at = (at + 1) & (size - 1);
            }
            residual.places[at] = place;
        }
        residual.any = self.collect(buckets, NONE, &mut residual);
        residual
    }

    /// What all buckets hold for an action or service: under its name, under its service, for any action.
    fn collect(&mut self, buckets: &[Bucket], symbol: u32, residual: &mut Residual) -> Place {
        let tree = self.env.tree;
        let (service, name) =
            tree.symbols.get(symbol as usize).map_or((NONE, ""), |row| (row.service, tree.text(row.text)));
        // A service alone settles no pattern.
        let asked = Request::only(if name.contains(':') { name } else { "" });
        let number = |length: usize| u32::try_from(length).unwrap_or(NONE);
        let start = number(residual.entries.len());
        for bucket in buckets {
            self.add(bucket.star, symbol, &asked, residual);
            for listed in [symbol, service] {
                let row = bucket.row(tree, listed);
                if row != NONE {
                    self.add(row & !table::CLOSED, symbol, &asked, residual);
                    if row & table::CLOSED != 0 {
                        break;
                    }
                }
            }
        }
        let middle = number(residual.entries.len());
        residual.entries.extend_from_slice(&self.allows);
        self.allows.clear();
        Place { symbol, start, middle, end: number(residual.entries.len()) }
    }

    fn add(&mut self, node: u32, symbol: u32, asked: &Request<'_>, residual: &mut Residual) {
        let tree = self.env.tree;
        let Some(node) = tree.nodes.get(node as usize) else { return };
        let entries = tree.lists.get(node.start as usize..node.end as usize).unwrap_or_default();
        for (at, &entry) in (node.start..).zip(entries) {
            let id = entry & ENTRY_RULE;
            let seat = hashed(id) % KNOWN;
            let left = match self.known[seat] {
                (known, left) if known == id => left,
                _ => {
                    let left = remains(self.env, self.bounded, id, &mut residual.remains);
                    self.known[seat] = (id, left);
                    left
                }
            };
            let Some(left) = left else { continue };
            let Some(entry) = self.named(entry, symbol, asked) else { continue };
            let entry = Entry { entry, left };
            if at < node.middle { residual.entries.push(entry) } else { self.allows.push(entry) }
        }
    }

    /// The entry, its action proven where the action alone proves it; `None` where it rules the rule out.
    fn named(&self, entry: u32, symbol: u32, asked: &Request<'_>) -> Option<u32> {
        if entry & ACTION_PROVEN != 0 || asked.action().is_empty() {
            return Some(entry);
        }
        let Env { tree, principal, .. } = self.env;
        let clause = tree.clauses.get(tree.rules.get((entry & ENTRY_RULE) as usize)?.actions as usize)?;
        // Letter case does not matter to patterns, so what the symbol's spelling says holds for every other.
        match (Env { tree, principal, request: asked }).actions(clause, symbol) {
            Truth::Yes => Some(entry | ACTION_PROVEN),
            Truth::Maybe => Some(entry),
            Truth::No => None,
        }
    }
}
