//! Names and templates, read against one principal and one request.

use crate::request::{Context, Principal, Request};
use crate::tree::{ARITY_MANY, Compiled, Key, NONE, OWNER_PRINCIPAL, Piece, Quick, Range, Text, piece};
use crate::value::{Held, Part};

/// What an evaluation may look at.
#[derive(Clone, Copy)]
pub(super) struct Env<'a, 'r> {
    pub(super) tree: &'a Compiled,
    pub(super) principal: &'a Principal,
    pub(super) request: &'a Request<'r>,
}

/// Whether the variables of a template have values (SEMANTICS C5, C6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resolution {
    /// All have.
    Complete,
    /// Some is ambiguous.
    Malformed,
    /// Some is unknown.
    Unknown,
    /// Some has none, so that the template matches nothing whatever the others are.
    Missing,
}

impl<'a, 'r> Env<'a, 'r> {
    pub(super) fn key(&self, key: u32) -> &'a Key {
        self.tree.keys.get(key as usize).unwrap_or(&NO_KEY)
    }

    /// What stands under a key. What the principal holds goes before what the request says.
    pub(super) fn held(&self, key: &Key) -> Held<'a> {
        let name = self.tree.bytes(key.name);
        match self.principal.context.find(key.hash, name) {
            Held::Missing if key.owner != OWNER_PRINCIPAL => find(&self.request.context, key.hash, name),
            held => held,
        }
    }

    /// An atom as it is asked.
    #[inline]
    pub(super) fn quick_of(&self, atom: u32) -> Option<&'a Quick> {
        self.tree.derived.quick.get(atom as usize)
    }

    /// Whether the principal says what stands under the atom's key: what it holds goes before what the request says.
    pub(super) fn is_of_principal(&self, quick: &Quick) -> bool {
        let key = self.key(quick.key);
        key.owner == OWNER_PRINCIPAL
            || !matches!(self.principal.context.find(key.hash, self.tree.bytes(key.name)), Held::Missing)
    }

    /// Whether a key is the principal's own.
    pub(super) fn principal_owns(&self, key: u32) -> bool {
        self.key(key).owner == OWNER_PRINCIPAL
    }

    /// The place in the principal's context of the one text, not an empty one, that it holds under a key of its own; or `NONE`.
    pub(super) fn principal_place(&self, key: u32) -> u32 {
        let key = self.key(key);
        if key.owner == OWNER_PRINCIPAL {
            self.principal.context.place(key.hash, self.tree.bytes(key.name)).unwrap_or(NONE)
        } else {
            NONE
        }
    }

    /// Whether every variable has a value.
    pub(super) fn resolution(&self, template: Range) -> Resolution {
        let mut worst = Resolution::Complete;
        for piece in template.of(&self.tree.pieces) {
            if piece.kind >= piece::VARIABLE {
                worst = worst.max(self.variable(piece).map_or_else(|state| state, |_| Resolution::Complete));
            }
        }
        worst
    }

    /// The text of a variable (SEMANTICS C3, C6, C7).
    pub(super) fn variable(&self, piece: &Piece) -> Result<&'a str, Resolution> {
        let key = self.key(piece.key);
        match self.held(key) {
            Held::Unknown => Err(Resolution::Unknown),
            Held::Ambiguous => Err(Resolution::Malformed),
            _ if key.arity == ARITY_MANY => Err(Resolution::Missing),
            Held::One(text) if !text.is_empty() => Ok(text),
            Held::Many([_, ..]) => Err(Resolution::Missing),
            _ if piece.kind == piece::VARIABLE_WITH_DEFAULT => Ok(self.tree.text(piece.text)),
            _ => Err(Resolution::Missing),
        }
    }

    /// The parts of a template; variables without a value are empty, so ask for its resolution first.
    pub(super) fn parts(&self, template: Range) -> Parts<'a, 'r> {
        Parts { env: *self, pieces: template.of(&self.tree.pieces).iter() }
    }
}

/// What no number leads to; loading sees to it that all do.
const NO_KEY: Key = Key { name: Text { at: 0, len: 0 }, hash: 0, arity: 0, owner: 0 };

/// What is borrowed for as long as the request is held, not for as long as its texts live.
pub(super) fn find<'a>(context: &'a Context<'_>, hash: u64, name: &[u8]) -> Held<'a> {
    context.find(hash, name)
}

/// Parts of a template, left to right.
#[derive(Clone)]
pub(super) struct Parts<'a, 'r> {
    env: Env<'a, 'r>,
    pieces: core::slice::Iter<'a, Piece>,
}

impl<'a> Iterator for Parts<'a, '_> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let piece = self.pieces.next()?;
        Some(match piece.kind {
            piece::LITERAL => Part::Literal(self.env.tree.text(piece.text)),
            piece::ANY => Part::Any,
            piece::ONE => Part::One,
            _ => Part::Literal(self.env.variable(piece).unwrap_or_default()),
        })
    }
}
