//! ARN formats and key names with placeholders: `${Name}`, `<name>`.

use crate::value::{Piece, Template};

/// Cuts at colons outside placeholders into at most so many templates; placeholders and stars are read as `*`.
pub(super) fn cut(text: &str, most: usize) -> Vec<Template> {
    let mut templates = Vec::new();
    let mut last = Template::default();
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.find([':', '*', '$', '<']).unwrap_or(rest.len());
        let (before, special) = rest.split_at(plain);
        last.push(Piece::Literal(before.to_owned()));
        let end = match special.as_bytes() {
            [b'$', b'{', ..] => special.find('}'),
            [b'<', ..] => special.find('>'),
            [b'*', ..] => Some(0),
            _ => None,
        };
        // One byte each: `:`, `*`, `$`, `<`, `>`, `}`.
        let (head, tail) = special.split_at(end.map_or(usize::from(!special.is_empty()), |end| end + 1));
        if end.is_some() {
            last.push(Piece::Any);
        } else if head == ":" && templates.len() + 1 < most {
            templates.push(core::mem::take(&mut last));
        } else {
            last.push(Piece::Literal(head.to_owned()));
        }
        rest = tail;
    }
    templates.push(last);
    templates
}
