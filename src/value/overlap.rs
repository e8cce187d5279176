//! Whether two patterns can cover a common text, or one all that the other covers. Not for decisions: a request's wildcards are plain characters there
//! (SEMANTICS B10). For lints and for what-can questions, which ask about patterns.

use super::{ArnPattern, Piece, Template, Variable};

/// Whether some text is covered by both. A variable may stand for any text.
pub fn overlap(left: &Template, right: &Template) -> bool {
    overlap_by(left, right, false)
}

/// Like [`overlap`], ignoring ASCII case of literals.
pub fn overlap_ignoring_case(left: &Template, right: &Template) -> bool {
    overlap_by(left, right, true)
}

/// Whether some ARN is covered by both, field by field.
pub fn overlap_arn(left: &ArnPattern, right: &ArnPattern) -> bool {
    // The resource and the service tell most pairs apart.
    [4, 1, 2, 3, 0].into_iter().all(|i| overlap(&left.fields[i], &right.fields[i]))
}

/// Whether the first covers every text that the second covers. `false` may also mean that it takes more than a look:
/// `?*` covers `*?`, and is not seen to. A variable is covered by `*` and by itself.
pub fn covers(wide: &Template, narrow: &Template) -> bool {
    if wide.is_any() {
        return true;
    }
    if let (Some(wide), Some(narrow)) = (wide.as_literal(), narrow.as_literal()) {
        return wide == narrow;
    }
    let (wide, narrow) = (symbols(wide), symbols(narrow));
    let (mut i, mut j) = (0, 0);
    // Where the last star of `wide` stands, and what it has not swallowed.
    let mut star = None;
    while j < narrow.len() {
        match (wide.get(i), narrow.get(j)) {
            (Some(Symbol::Any), _) => {
                star = Some((i + 1, j));
                i += 1;
            }
            (Some(Symbol::One), Some(Symbol::Char(_) | Symbol::One)) => (i, j) = (i + 1, j + 1),
            (Some(left), Some(right)) if left == right => (i, j) = (i + 1, j + 1),
            _ => match star {
                Some((after, swallowed)) => {
                    star = Some((after, swallowed + 1));
                    (i, j) = (after, swallowed + 1);
                }
                None => return false,
            },
        }
    }
    wide.get(i..).is_some_and(|rest| rest.iter().all(|symbol| *symbol == Symbol::Any))
}

#[derive(Clone, Copy, PartialEq)]
enum Symbol<'a> {
    Char(char),
    One,
    Any,
    Variable(&'a Variable),
}

fn symbols(template: &Template) -> Vec<Symbol<'_>> {
    let mut symbols = Vec::new();
    for piece in &template.pieces {
        match piece {
            Piece::Literal(text) => symbols.extend(text.chars().map(Symbol::Char)),
            Piece::One => symbols.push(Symbol::One),
            Piece::Any => symbols.push(Symbol::Any),
            Piece::Variable(variable) => symbols.push(Symbol::Variable(variable)),
        }
    }
    symbols
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Char(char),
    One,
    Any,
}

fn overlap_by(left: &Template, right: &Template, fold: bool) -> bool {
    if let (Some(left), Some(right)) = (left.as_literal(), right.as_literal()) {
        return if fold { left.eq_ignore_ascii_case(right) } else { left == right };
    }
    if left.is_any() || right.is_any() {
        return true;
    }
    let left = units(left, fold);
    let right = units(right, fold);
    if !edge_fits(left.iter(), right.iter()) || !edge_fits(left.iter().rev(), right.iter().rev()) {
        return false;
    }
    // reach[j]: the units read so far of `left` can cover what the first j units of `right` cover.
    let mut reach = vec![false; right.len() + 1];
    reach[0] = true;
    for j in 0..right.len() {
        reach[j + 1] = reach[j] && right[j] == Unit::Any;
    }
    for &unit in &left {
        // The diagonal: reach[j] before this unit.
        let mut before = reach[0];
        reach[0] = before && unit == Unit::Any;
        for (j, &other) in right.iter().enumerate() {
            let above = reach[j + 1];
            reach[j + 1] = match (unit, other) {
                (Unit::Any, _) | (_, Unit::Any) => above || reach[j] || before,
                (Unit::One, _) | (_, Unit::One) => before,
                (Unit::Char(a), Unit::Char(b)) => before && a == b,
            };
            before = above;
        }
    }
    reach.last().copied().unwrap_or(false)
}

/// Whether the plain characters up to the first star agree.
fn edge_fits<'a>(left: impl Iterator<Item = &'a Unit>, right: impl Iterator<Item = &'a Unit>) -> bool {
    left.zip(right)
        .take_while(|(left, right)| **left != Unit::Any && **right != Unit::Any)
        .all(|(left, right)| left == right || *left == Unit::One || *right == Unit::One)
}

fn units(template: &Template, fold: bool) -> Vec<Unit> {
    let mut units = Vec::new();
    for piece in &template.pieces {
        match piece {
            Piece::Literal(text) => units.extend(
                text.chars().map(|char| Unit::Char(if fold { char.to_ascii_lowercase() } else { char })),
            ),
            Piece::One => units.push(Unit::One),
            Piece::Any | Piece::Variable(_) => units.push(Unit::Any),
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{KeyName, Part, glob};

    fn pattern(text: &str) -> Template {
        let mut template = Template::default();
        for char in text.chars() {
            template.push(match char {
                '*' => Piece::Any,
                '?' => Piece::One,
                char => Piece::Literal(char.to_string()),
            });
        }
        template
    }

    fn fits(template: &Template, text: &str) -> bool {
        let parts = template.pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => Part::Literal(text),
            Piece::One => Part::One,
            Piece::Any | Piece::Variable(_) => Part::Any,
        });
        glob(parts, text)
    }

    #[test]
    fn pairs() {
        let rows = [
            ("a", "a", true),
            ("a", "b", false),
            ("*", "", true),
            ("a*", "*b", true),
            ("a*", "b*", false),
            ("*a", "*b", false),
            ("a?", "a", false),
            ("a?*", "a*", true),
            ("a*c", "ab?", true),
            ("ab*cd", "a*bc*d", true),
            ("a?b", "a*b", true),
            ("?", "**", true),
            ("user/*", "group/*", false),
            ("b/*", "*/*", true),
            ("b", "*/*", false),
        ];
        for (left, right, expected) in rows {
            assert_eq!(overlap(&pattern(left), &pattern(right)), expected, "{left} {right}");
            assert_eq!(overlap(&pattern(right), &pattern(left)), expected, "{right} {left}");
        }
        assert!(overlap_ignoring_case(&pattern("GET*"), &pattern("get?")));
        assert!(!overlap(&pattern("GET*"), &pattern("get?")));
    }

    #[test]
    fn one_covers_the_other() {
        let rows = [
            ("a*", "ab", true),
            ("a*", "a*", true),
            ("a*", "ab*", true),
            ("ab*", "a*", false),
            ("a?", "a*", false),
            ("a?", "a?", true),
            ("*b*", "abba", true),
            ("*/*", "b/*", true),
            ("*/*", "b*", false),
            ("a*a", "a", false),
            ("", "*", false),
        ];
        for (wide, narrow, expected) in rows {
            assert_eq!(covers(&pattern(wide), &pattern(narrow)), expected, "{wide} {narrow}");
        }
        let variable = |key| {
            let variable = Piece::Variable(Variable { key: KeyName::new(key), default: None });
            Template { pieces: vec![Piece::Literal("a".to_owned()), variable] }
        };
        assert!(covers(&variable("aws:username"), &variable("aws:userName")));
        assert!(!covers(&variable("aws:username"), &variable("aws:userid")));
        assert!(covers(&pattern("a*"), &variable("aws:userid")));
        assert!(!covers(&pattern("a?"), &variable("aws:userid")));
    }

    /// Every pair of short patterns against every short text.
    #[test]
    fn agrees_with_a_search() {
        let words = |alphabet: &[char], longest: usize| {
            let mut all = vec![String::new()];
            let mut last = all.clone();
            for _ in 0..longest {
                last =
                    last.iter().flat_map(|word| alphabet.iter().map(move |c| format!("{word}{c}"))).collect();
                all.extend(last.iter().cloned());
            }
            all
        };
        let patterns: Vec<_> = words(&['a', 'b', '*', '?'], 3).iter().map(|text| pattern(text)).collect();
        let texts = words(&['a', 'b'], 6);
        let covered: Vec<Vec<bool>> =
            patterns.iter().map(|pattern| texts.iter().map(|text| fits(pattern, text)).collect()).collect();
        for (i, left) in patterns.iter().enumerate() {
            for (j, right) in patterns.iter().enumerate() {
                let found = covered[i].iter().zip(&covered[j]).any(|(a, b)| *a && *b);
                assert_eq!(overlap(left, right), found, "{left:?} {right:?}");
                let all = covered[i].iter().zip(&covered[j]).all(|(wide, narrow)| *wide || !*narrow);
                assert!(all || !covers(left, right), "{left:?} does not cover {right:?}");
            }
        }
    }
}
