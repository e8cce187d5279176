//! Policy variables, resolved to literal text (SEMANTICS C1..C7).

use crate::value::{Arity, ArnPattern, Held, Match, Part, Piece, Profile, Template, Truth, Variable};

use super::asked::Asked;

/// Why a template has no text. Of several, the last counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// A variable has neither value nor default: what holds it matches nothing (SEMANTICS C5).
    NoValue,
    /// Two values under one name (SEMANTICS D18).
    Ambiguous,
    /// A value exists but was not delivered (SEMANTICS G16).
    Unknown,
}

impl Gap {
    /// What it means for one comparison by a positive operator.
    pub(crate) fn comparison(self) -> Match {
        match self {
            Self::NoValue => Match::No,
            Self::Unknown => Match::Unknown,
            Self::Ambiguous => Match::Malformed,
        }
    }

    /// What it means for an entry of `Resource` or `NotResource`.
    pub(crate) fn entry_truth(self, profile: Profile) -> Truth {
        self.comparison().truth(profile)
    }
}

/// The template's parts with variables as literal text.
pub(crate) fn fill<'a>(asked: &Asked<'a, '_>, template: &'a Template) -> Result<Vec<Part<'a>>, Gap> {
    let mut parts = Vec::with_capacity(template.pieces.len());
    let mut worst: Option<Gap> = None;
    for piece in &template.pieces {
        match piece {
            Piece::Literal(text) => parts.push(Part::Literal(text)),
            Piece::Any => parts.push(Part::Any),
            Piece::One => parts.push(Part::One),
            Piece::Variable(variable) => match value_of(asked, variable) {
                Ok(text) => parts.push(Part::Literal(text)),
                Err(gap) => worst = Some(worst.map_or(gap, |other| other.max(gap))),
            },
        }
    }
    worst.map_or(Ok(parts), Err)
}

/// The five fields, filled.
pub(crate) fn fill_arn<'a>(
    asked: &Asked<'a, '_>,
    pattern: &'a ArnPattern,
) -> Result<[Vec<Part<'a>>; 5], Gap> {
    let fields = pattern.fields.each_ref().map(|field| fill(asked, field));
    if let Some(gap) = fields.iter().filter_map(|field| field.as_ref().err()).max() {
        return Err(*gap);
    }
    Ok(fields.map(Result::unwrap_or_default))
}

/// A variable's text. Empty is no value (SEMANTICS C6, X9); several values are none, and no default helps (SEMANTICS C3).
pub(crate) fn value_of<'a>(asked: &Asked<'a, '_>, variable: &'a Variable) -> Result<&'a str, Gap> {
    let multivalued = asked.set.keys.arity(variable.key.as_str()) == Some(Arity::Many);
    match asked.held(&variable.key) {
        Held::Unknown => Err(Gap::Unknown),
        Held::Ambiguous => Err(Gap::Ambiguous),
        _ if multivalued => Err(Gap::NoValue),
        Held::Many([_, ..]) => Err(Gap::NoValue),
        Held::One(text) if !text.is_empty() => Ok(text),
        Held::One(_) | Held::Many([]) | Held::Missing => variable.default.as_deref().ok_or(Gap::NoValue),
    }
}

/// The template as a reader understands it: variables that have a value as that value, others as written.
pub(crate) fn words(asked: &Asked<'_, '_>, template: &Template) -> String {
    template.pieces.iter().map(|piece| piece_words(asked, piece)).collect()
}

fn piece_words(asked: &Asked<'_, '_>, piece: &Piece) -> String {
    match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
        Piece::Variable(variable) => match value_of(asked, variable) {
            Ok(text) => text.to_owned(),
            Err(_) => format!("${{{}}}", variable.key),
        },
    }
}

/// The template as the author wrote it.
pub(crate) fn written(template: &Template) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
        Piece::Variable(variable) => format!("${{{}}}", variable.key),
    };
    template.pieces.iter().map(piece).collect()
}

/// The ARN as a reader understands it.
pub(crate) fn arn_words(asked: &Asked<'_, '_>, pattern: &ArnPattern) -> String {
    let fields: Vec<String> = pattern.fields.iter().map(|field| words(asked, field)).collect();
    format!("arn:{}", fields.join(":"))
}

/// Keys of variables that have no text, with why.
pub(crate) fn gaps<'a>(
    asked: &Asked<'a, '_>,
    templates: impl Iterator<Item = &'a Template>,
) -> Vec<(&'a str, Gap)> {
    templates
        .flat_map(Template::variables)
        .filter_map(|variable| value_of(asked, variable).err().map(|gap| (variable.key.as_str(), gap)))
        .collect()
}
