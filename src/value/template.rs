//! Policy text after reading: literal parts, wildcards and variables, never joined again (SEMANTICS C9).

use super::KeyName;

/// One part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Plain text, also what an escape `${*}` stands for (SEMANTICS B11). Never empty.
    Literal(String),
    /// `*`: any run, the empty one too (SEMANTICS B4).
    Any,
    /// `?`: exactly one character (SEMANTICS B12).
    One,
    /// `${key}` or `${key, 'default'}` (SEMANTICS C1, C7).
    Variable(Variable),
}

/// A policy variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variable {
    /// The context key that gives the text.
    pub key: KeyName,
    /// The text when the key has no value (SEMANTICS C7).
    pub default: Option<String>,
}

/// Pieces in order. Literals are merged and runs of `*` collapsed, so equal meaning is equal data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    /// The pieces, left to right.
    pub pieces: Vec<Piece>,
}

/// A piece whose variable has been resolved: what a matcher walks over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Plain text; resolved variables come as this, so their wildcards are literal (SEMANTICS C4).
    Literal(&'a str),
    /// `*`.
    Any,
    /// `?`.
    One,
}

impl Template {
    /// A template of one literal.
    pub fn literal(text: &str) -> Self {
        let mut template = Self::default();
        template.push(Piece::Literal(text.to_owned()));
        template
    }

    /// The template `*`.
    pub fn any() -> Self {
        Self { pieces: vec![Piece::Any] }
    }

    /// Appends a piece: neighbouring literals merge, empty ones vanish, `**` is `*`.
    pub fn push(&mut self, piece: Piece) {
        match (self.pieces.last_mut(), piece) {
            (_, Piece::Literal(text)) if text.is_empty() => {}
            (Some(Piece::Literal(last)), Piece::Literal(text)) => last.push_str(&text),
            (Some(Piece::Any), Piece::Any) => {}
            (_, piece) => self.pieces.push(piece),
        }
    }

    /// The text, if there is neither wildcard nor variable.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it is just `*`.
    pub fn is_any(&self) -> bool {
        self.pieces == [Piece::Any]
    }

    /// The variables, left to right.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            _ => None,
        })
    }

    /// Whether it holds `*` or `?`.
    pub fn has_wildcard(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Any | Piece::One))
    }
}
