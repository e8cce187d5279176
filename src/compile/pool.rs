//! Tables under construction: equal rows are one row.

use super::map::Map;
use crate::tree::{Arn, Compiled, Key, NONE, OWNER_PRINCIPAL, Operand, Piece, Range, Text, piece};
use crate::value::{self, Arity, KeyName, KeyTable, Owner, Template, hash_folded};

/// The tables, and where each thing in them stands.
pub(super) struct Pool<'a> {
    pub(super) out: Compiled,
    key_table: &'a KeyTable,
    texts: Map<String, Text>,
    keys: Map<KeyName, u32>,
    templates: Map<Vec<Piece>, Range>,
    pub(super) arns: Map<Arn, u32>,
    operands: Map<Vec<Operand>, Range>,
    words: Map<[u32; 4], u32>,
}

impl<'a> Pool<'a> {
    pub(super) fn new(key_table: &'a KeyTable) -> Self {
        Self {
            out: Compiled::default(),
            key_table,
            texts: Map::default(),
            keys: Map::default(),
            templates: Map::default(),
            arns: Map::default(),
            operands: Map::default(),
            words: Map::default(),
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Text {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let row = Text { at: number(self.out.blob.len()), len: number(text.len()) };
        self.out.blob.push_str(text);
        self.texts.insert(text.to_owned(), row);
        row
    }

    pub(super) fn key(&mut self, name: &KeyName) -> u32 {
        if let Some(known) = self.keys.get(name) {
            return *known;
        }
        let arity = match self.key_table.arity(name.as_str()) {
            None => 0,
            Some(Arity::One) => crate::tree::ARITY_ONE,
            Some(Arity::Many) => crate::tree::ARITY_MANY,
        };
        let owner = match self.key_table.owner(name.as_str()) {
            Owner::Principal => OWNER_PRINCIPAL,
            Owner::Request => 0,
        };
        let row =
            Key { name: self.text(name.as_str()), hash: hash_folded(name.as_str().as_bytes()), arity, owner };
        let id = push(&mut self.out.keys, row);
        self.keys.insert(name.clone(), id);
        id
    }

    pub(super) fn template(&mut self, template: &Template) -> Range {
        let rows: Vec<Piece> = template.pieces.iter().map(|piece| self.piece(piece)).collect();
        if let Some(known) = self.templates.get(&rows) {
            return *known;
        }
        let range = append(&mut self.out.pieces, &rows);
        self.templates.insert(rows, range);
        range
    }

    pub(super) fn operands(&mut self, rows: Vec<Operand>) -> Range {
        if let Some(known) = self.operands.get(&rows) {
            return *known;
        }
        let range = append(&mut self.out.operands, &rows);
        self.operands.insert(rows, range);
        range
    }

    pub(super) fn words(&mut self, words: &[u32; 4]) -> u32 {
        if let Some(known) = self.words.get(words) {
            return *known;
        }
        let place = append(&mut self.out.words, words).start;
        self.words.insert(*words, place);
        place
    }

    fn piece(&mut self, from: &value::Piece) -> Piece {
        match from {
            value::Piece::Literal(text) => Piece { kind: piece::LITERAL, key: NONE, text: self.text(text) },
            value::Piece::Any => Piece { kind: piece::ANY, key: NONE, text: Text::default() },
            value::Piece::One => Piece { kind: piece::ONE, key: NONE, text: Text::default() },
            value::Piece::Variable(variable) => {
                let key = self.key(&variable.key);
                match &variable.default {
                    None => Piece { kind: piece::VARIABLE, key, text: Text::default() },
                    Some(default) => {
                        Piece { kind: piece::VARIABLE_WITH_DEFAULT, key, text: self.text(default) }
                    }
                }
            }
        }
    }
}

/// A length or place as a row number. Sources are at most 1 MiB each, so four thousand full ones fit.
pub(super) fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(NONE)
}

/// Appends a row.
pub(super) fn push<T>(table: &mut Vec<T>, row: T) -> u32 {
    let id = number(table.len());
    table.push(row);
    id
}

/// Appends rows.
pub(super) fn append<T: Copy>(table: &mut Vec<T>, rows: &[T]) -> Range {
    let start = number(table.len());
    table.extend_from_slice(rows);
    Range { start, end: number(table.len()) }
}
