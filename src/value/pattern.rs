//! The meaning of `*` and `?` (SEMANTICS B4, B12): two pointers, back to the last star only, whole characters.

use super::Part;

/// Whether the parts cover the whole text. `O(parts x text)`, no recursion, no allocation.
pub fn glob<'a, P>(parts: P, text: &str) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    cover::<P, false>(parts, text)
}

/// Like [`glob`], ignoring ASCII case of literals.
pub fn glob_ignoring_case<'a, P>(parts: P, text: &str) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    cover::<P, true>(parts, text)
}

fn cover<'a, P, const FOLD: bool>(mut parts: P, text: &str) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    let mut rest = text;
    let mut star: Option<Star<'a, '_, P>> = None;
    loop {
        let step = match parts.next() {
            None if rest.is_empty() => return true,
            None => None,
            Some(Part::Literal(literal)) => strip::<FOLD>(rest, literal),
            Some(Part::One) => skip_char(rest),
            Some(Part::Any) => {
                let mut ahead = parts.clone();
                star = match ahead.next() {
                    None => return true,
                    Some(Part::Literal(literal)) if ahead.clone().next().is_none() => {
                        return ends::<FOLD>(rest, literal);
                    }
                    Some(Part::Literal(literal)) => {
                        Some(Star { lead: Some(literal), parts: ahead, text: Some(rest) })
                    }
                    Some(_) => Some(Star { lead: None, parts: parts.clone(), text: Some(rest) }),
                };
                None
            }
        };
        if let Some(next) = step {
            rest = next;
            continue;
        }
        match star.as_mut().and_then(Star::swallow::<FOLD>) {
            Some(next) => (parts, rest) = next,
            None => return false,
        }
    }
}

/// The last star: only it may swallow more, for what stood before it has matched as early as it can.
struct Star<'a, 't, P> {
    /// A literal right behind it, which it may run up to at once.
    lead: Option<&'a str>,
    /// What stands behind the star, and behind the lead if there is one.
    parts: P,
    /// What it may still swallow; `None` if it has swallowed everything.
    text: Option<&'t str>,
}

impl<'a, 't, P: Iterator<Item = Part<'a>> + Clone> Star<'a, 't, P> {
    /// The next way to go on behind it.
    fn swallow<const FOLD: bool>(&mut self) -> Option<(P, &'t str)> {
        let text = self.text?;
        let Some(lead) = self.lead else {
            self.text = skip_char(text);
            return Some((self.parts.clone(), text));
        };
        let found = text.get(find::<FOLD>(text, lead)?..)?;
        self.text = skip_char(found);
        Some((self.parts.clone(), found.get(lead.len()..)?))
    }
}

// Literals are whole characters, so a match of their bytes begins and ends between characters.

fn same<const FOLD: bool>(left: &[u8], right: &[u8]) -> bool {
    if FOLD { left.eq_ignore_ascii_case(right) } else { left == right }
}

fn strip<'t, const FOLD: bool>(text: &'t str, literal: &str) -> Option<&'t str> {
    let start = text.as_bytes().get(..literal.len())?;
    if same::<FOLD>(start, literal.as_bytes()) { text.get(literal.len()..) } else { None }
}

fn ends<const FOLD: bool>(text: &str, literal: &str) -> bool {
    let at = text.len().checked_sub(literal.len());
    at.and_then(|at| text.as_bytes().get(at..)).is_some_and(|end| same::<FOLD>(end, literal.as_bytes()))
}

fn find<const FOLD: bool>(text: &str, literal: &str) -> Option<usize> {
    let (text, literal) = (text.as_bytes(), literal.as_bytes());
    let Some(first) = literal.first() else { return Some(0) };
    let starts = text.get(..(text.len() + 1).checked_sub(literal.len())?)?;
    let begins = |byte: &u8| if FOLD { byte.eq_ignore_ascii_case(first) } else { byte == first };
    let mut from = 0;
    loop {
        let at = from + starts.get(from..)?.iter().position(begins)?;
        if same::<FOLD>(text.get(at..at + literal.len())?, literal) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn skip_char(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    text.get(first.len_utf8()..)
}

/// Whether the parts, their wildcards read as plain characters, are exactly the text (`StringEquals`, SEMANTICS B11).
pub fn same_text<'a>(parts: impl Iterator<Item = Part<'a>>, text: &str) -> bool {
    let mut rest = text;
    for part in parts {
        let plain = match part {
            Part::Literal(literal) => literal,
            Part::Any => "*",
            Part::One => "?",
        };
        match rest.strip_prefix(plain) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    rest.is_empty()
}
