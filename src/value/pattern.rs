//! The meaning of `*` and `?` (SEMANTICS B4, B12): two pointers, back to the last star only, whole characters.

use super::Part;

/// Whether the parts cover the whole text. `O(parts x text)`, no recursion, no allocation.
pub fn glob<'a, P>(parts: P, text: &str) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    glob_by(parts, text, |text, literal| text.strip_prefix(literal))
}

/// Like [`glob`], ignoring ASCII case of literals.
pub fn glob_ignoring_case<'a, P>(parts: P, text: &str) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    glob_by(parts, text, |text, literal| {
        let start = text.get(..literal.len())?;
        start.eq_ignore_ascii_case(literal).then(|| &text[literal.len()..])
    })
}

fn glob_by<'a, 't, P>(parts: P, text: &'t str, strip: impl Fn(&'t str, &str) -> Option<&'t str>) -> bool
where
    P: Iterator<Item = Part<'a>> + Clone,
{
    let mut rest = text;
    let mut parts = parts;
    // Where the last star stands, and the text it has not swallowed.
    let mut star: Option<(P, &'t str)> = None;
    loop {
        let step = match parts.next() {
            None if rest.is_empty() => return true,
            None => None,
            Some(Part::Any) => {
                if parts.clone().next().is_none() {
                    return true;
                }
                star = Some((parts.clone(), rest));
                continue;
            }
            Some(Part::Literal(literal)) => strip(rest, literal),
            Some(Part::One) => skip_char(rest),
        };
        if let Some(next) = step {
            rest = next;
            continue;
        }
        // The last star swallows one character more.
        let Some((after_star, swallowed)) = star.take() else { return false };
        let Some(next) = skip_char(swallowed) else { return false };
        rest = next;
        parts = after_star.clone();
        star = Some((after_star, next));
    }
}

fn skip_char(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    Some(&text[first.len_utf8()..])
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
