//! Tables that are made from the artifact's own when it is loaded: quicker made than read and checked.

use super::{
    ARITY_MANY, Atom, Compiled, NONE, OWNER_PRINCIPAL, Operand, Piece, Range, Rule, Text, operand, piece,
    resource, table, unpack_operator,
};
use crate::value::{Base, Profile, SetOperator};

/// Made by [`Compiled::derive`].
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Derived {
    /// Of each root its bucket without a key, or `NONE`.
    pub(crate) plain_buckets: Vec<u32>,
    /// Of each bucket its part of `symbols`, and how many list entries these lead to.
    pub(crate) places: Vec<Place>,
    /// The symbols that lead somewhere from a bucket, bucket by bucket.
    pub(crate) symbols: Vec<u32>,
    /// Each atom as it is asked.
    pub(crate) quick: Vec<Quick>,
    /// Of each rule some bytes that its resource must have.
    pub(crate) hints: Vec<Hint>,
    /// Declared keys that a request must not set.
    pub(crate) reserved: Vec<u32>,
}

/// An atom as the walker asks it: what most are, without reading operator and operands anew each time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "four answers, each asked alone")]
pub(crate) struct Quick {
    /// The atom's key, its hash and name.
    pub(crate) key: u32,
    pub(crate) hash: u64,
    pub(crate) name: Text,
    /// The key is the principal's own.
    pub(crate) owned: bool,
    /// What it asks.
    pub(crate) form: Form,
    /// A negated operator.
    pub(crate) negated: bool,
    /// What a missing key gives (SEMANTICS D3); not for [`Form::General`] and [`Form::Key`].
    pub(crate) if_missing: bool,
    /// The principal alone settles it.
    pub(crate) settled: bool,
}

/// The usual questions about one text. What they do not settle, the atom's row does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    /// None of these.
    General,
    /// It equals a text.
    Text(Text),
    /// It equals one of some texts: operands.
    Texts(Range),
    /// It begins so.
    Start(Text),
    /// It equals what stands under another key.
    Key(u32),
    /// It is `true` if the first is set, or `false` if the second is.
    Bool(bool, bool),
    /// It is an address in one of some ranges: operands.
    Ranges(Range),
    /// Some text of it equals one of some texts: operands.
    SomeText(Range),
}

impl Form {
    /// Whether asking costs about as much as comparing a few bytes.
    pub(crate) fn is_cheap(self) -> bool {
        !matches!(self, Self::General | Self::Ranges(_))
    }
}

/// Up to eight bytes that stand at one place of every resource field that a rule covers: most rules that do not apply
/// are told by them, without a look at the rule. No bytes (`mask` is 0) if there are none that all must have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Hint {
    pub(crate) bytes: u64,
    pub(crate) mask: u64,
    pub(crate) at: u32,
}

/// Hints are about so many first bytes of a resource field.
pub(crate) const HINTED: usize = 64;

/// What a bucket holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Place {
    pub(crate) symbols: Range,
    /// List entries over all symbols and `star`; `NONE` if some node branches.
    pub(crate) entries: u32,
}

impl Compiled {
    /// Fills in what is made from other tables. Whatever these say, it ends and does not fail.
    pub(crate) fn derive(&mut self) {
        let mut derived = Derived { plain_buckets: vec![NONE; self.roots.len()], ..Derived::default() };
        for (id, bucket) in (0..).zip(&self.buckets) {
            if let (NONE, Some(place)) = (bucket.key, derived.plain_buckets.get_mut(bucket.root as usize)) {
                *place = id;
            }
        }
        self.file_symbols(&mut derived);
        derived.hints = self.rules.iter().map(|rule| self.hint(rule).unwrap_or_default()).collect();
        derived.quick = self.atoms.iter().map(|atom| self.quick(atom)).collect();
        let reserved =
            |id: &&u32| self.keys.get(**id as usize).is_some_and(|key| key.owner == OWNER_PRINCIPAL);
        derived.reserved = self.declared.iter().filter(reserved).copied().collect();
        self.derived = derived;
    }

    /// Sorts the pairs of `dispatch` by bucket, in two passes.
    fn file_symbols(&self, derived: &mut Derived) {
        let entries = |node: u32| match self.nodes.get(node as usize) {
            None => 0,
            Some(node) if node.split == NONE => node.end.saturating_sub(node.start),
            Some(_) => NONE,
        };
        derived.places = self
            .buckets
            .iter()
            .map(|bucket| Place { symbols: Range::default(), entries: entries(bucket.star) })
            .collect();
        let rows = self.dispatch.slots.iter().filter(|slot| slot.row != NONE);
        for slot in rows.clone() {
            let (bucket, _) = table::unpair(slot.hash);
            if let Some(place) = derived.places.get_mut(bucket as usize) {
                place.symbols.end += 1;
                place.entries = place.entries.saturating_add(entries(slot.row & !table::CLOSED));
            }
        }
        let mut start = 0;
        for place in &mut derived.places {
            let count = place.symbols.end;
            place.symbols = Range { start, end: start };
            start += count;
        }
        derived.symbols = vec![NONE; start as usize];
        for slot in rows {
            let (bucket, symbol) = table::unpair(slot.hash);
            let Some(place) = derived.places.get_mut(bucket as usize) else { continue };
            if let Some(to) = derived.symbols.get_mut(place.symbols.end as usize) {
                *to = symbol;
                place.symbols.end += 1;
            }
        }
    }

    /// The end of the literal start of the rule's only resource.
    fn hint(&self, rule: &Rule) -> Option<Hint> {
        // SEMANTICS X2, X16: under `strict` a Deny may match where the fields do not.
        if rule.is_deny() && self.profile == Profile::Strict {
            return None;
        }
        let clause = self.clauses.get(rule.resources as usize).filter(|clause| clause.negated == 0)?;
        let [test] = clause.tests.of(&self.resource_tests) else { return None };
        if test.kind != resource::ARN {
            return None;
        }
        let field = self.arns.get(test.arn as usize)?.resource;
        let first = field.of(&self.pieces).first().filter(|first| first.kind == piece::LITERAL)?;
        let text = self.bytes(first.text);
        let end = text.len().min(HINTED);
        let start = end.saturating_sub(8);
        let bytes = text.get(start..end)?;
        let mask = u64::MAX.checked_shr(64 - 8 * u32::try_from(bytes.len()).ok()?)?;
        Some(Hint { bytes: table::gram(bytes), mask, at: u32::try_from(start).ok()? })
    }

    fn quick(&self, atom: &Atom) -> Quick {
        let operator = unpack_operator(atom.operator);
        let negated = operator.base.is_negated();
        let key = self.keys.get(atom.key as usize).copied().unwrap_or_default();
        Quick {
            key: atom.key,
            hash: key.hash,
            name: key.name,
            owned: key.owner == OWNER_PRINCIPAL,
            form: self.form(atom).unwrap_or(Form::General),
            negated,
            if_missing: operator.set.is_none() && (negated || operator.if_exists),
            settled: self.is_settled_by_principal(atom),
        }
    }

    fn form(&self, atom: &Atom) -> Option<Form> {
        let operator = unpack_operator(atom.operator);
        let operands = atom.operands.of(&self.operands);
        let many = |key: u32| self.keys.get(key as usize).is_none_or(|key| key.arity == ARITY_MANY);
        let text = |row: &Operand| (row.kind == operand::TEXT).then_some(Text { at: row.a, len: row.b });
        let texts = !operands.is_empty() && operands.iter().all(|row| text(row).is_some());
        match operator.set {
            Some(SetOperator::ForAnyValue) => {
                return (texts && operator.base == Base::StringEquals)
                    .then_some(Form::SomeText(atom.operands));
            }
            Some(SetOperator::ForAllValues) => return None,
            None if many(atom.key) => return None,
            None => {}
        }
        match (operator.base.positive(), operands) {
            (Base::StringEquals, [only]) if texts => text(only).map(Form::Text),
            (Base::StringEquals, _) if texts => Some(Form::Texts(atom.operands)),
            (Base::StringEquals, [only]) if only.kind == operand::TEMPLATE => {
                match (Range { start: only.a, end: only.b }).of(&self.pieces) {
                    [Piece { kind: piece::VARIABLE, key, .. }] if !many(*key) => Some(Form::Key(*key)),
                    _ => None,
                }
            }
            (Base::StringLike, [only]) if only.kind == operand::TEMPLATE => {
                match (Range { start: only.a, end: only.b }).of(&self.pieces) {
                    [Piece { kind: piece::LITERAL, text, .. }, Piece { kind: piece::ANY, .. }] => {
                        Some(Form::Start(*text))
                    }
                    _ => None,
                }
            }
            (Base::Bool, operands) if texts => {
                let spelt = |text: Text, word: &[u8]| self.bytes(text).eq_ignore_ascii_case(word);
                let (mut yes, mut no) = (false, false);
                for row in operands.iter().filter_map(text) {
                    match (spelt(row, b"true"), spelt(row, b"false")) {
                        (true, _) => yes = true,
                        (_, true) => no = true,
                        _ => return None,
                    }
                }
                Some(Form::Bool(yes, no))
            }
            (Base::IpAddress, [_, ..]) if operands.iter().all(|row| row.kind == operand::IP) => {
                Some(Form::Ranges(atom.operands))
            }
            _ => None,
        }
    }

    /// Whether nothing of a request can change what the atom says: its key and all its variables are the principal's.
    fn is_settled_by_principal(&self, atom: &Atom) -> bool {
        let owned = |key: u32| self.keys.get(key as usize).is_some_and(|key| key.owner == OWNER_PRINCIPAL);
        let fixed = |range: Range| {
            range.of(&self.pieces).iter().all(|piece| piece.kind < piece::VARIABLE || owned(piece.key))
        };
        owned(atom.key)
            && atom.operands.of(&self.operands).iter().all(|row| match row.kind {
                operand::TEMPLATE => fixed(Range { start: row.a, end: row.b }),
                operand::ARN => {
                    self.arns.get(row.a as usize).is_some_and(|arn| (0..5).all(|i| fixed(arn.field(i))))
                }
                _ => true,
            })
    }
}
