//! The meaning of a pattern, by recursion over characters (SEMANTICS B4).

use bailiwick::value::Part;

/// One character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sign {
    /// Itself.
    Plain(char),
    /// `*`.
    Any,
    /// `?`.
    One,
}

/// Whether the pattern covers the text; `same` compares a character of each.
pub(crate) fn covers(pattern: &[Sign], text: &[char], same: &impl Fn(char, char) -> bool) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([Sign::Any, rest @ ..], _) => {
            covers(rest, text, same) || (!text.is_empty() && covers(pattern, &text[1..], same))
        }
        ([Sign::One, rest @ ..], [_, text @ ..]) => covers(rest, text, same),
        ([Sign::Plain(sign), rest @ ..], [c, text @ ..]) => same(*sign, *c) && covers(rest, text, same),
        _ => false,
    }
}

/// Case counts.
pub(crate) fn exactly(left: char, right: char) -> bool {
    left == right
}

/// ASCII case does not count.
pub(crate) fn ignoring_case(left: char, right: char) -> bool {
    left.eq_ignore_ascii_case(&right)
}

/// `*` and `?` are wildcards, everything else is itself.
pub(crate) fn signs(text: &str) -> Vec<Sign> {
    text.chars()
        .map(|c| match c {
            '*' => Sign::Any,
            '?' => Sign::One,
            c => Sign::Plain(c),
        })
        .collect()
}

/// The same pattern as parts, a literal for each run of plain characters.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    text.split_inclusive(['*', '?'])
        .flat_map(|run| {
            let (literal, wildcard) = match run.chars().last() {
                Some('*') => (&run[..run.len() - 1], Some(Part::Any)),
                Some('?') => (&run[..run.len() - 1], Some(Part::One)),
                _ => (run, None),
            };
            let literal = (!literal.is_empty()).then_some(Part::Literal(literal));
            literal.into_iter().chain(wildcard)
        })
        .collect()
}

pub(crate) fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}
