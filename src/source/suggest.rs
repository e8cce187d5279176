//! Did you mean ...?

/// The candidate that a name was most likely meant to be, if one is near enough: about one slip in three letters,
/// letter case aside. The first of equals.
///
/// ```
/// use bailiwick::source::nearest;
/// assert_eq!(nearest("StringEqual", ["StringLike", "StringEquals"]), Some("StringEquals"));
/// assert_eq!(nearest("Zebra", ["StringLike", "StringEquals"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any name: a mistake of another sort, and slow to compare.
    if name.is_empty() || name.len() > 80 {
        return None;
    }
    let name = name.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let near = (candidate.len().max(name.len()) / 3).clamp(1, 4);
        if candidate.len().abs_diff(name.len()) > near {
            continue;
        }
        let slips = distance(&name, &candidate.to_lowercase());
        if slips <= near && slips < name.len() && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Letters added, removed or replaced on the way from one to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, other) in row.iter_mut().skip(1).zip(&to) {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            *cell = replaced.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_near_enough() {
        let names = ["Statement", "Version", "Id", "StringEquals", "StringLike", "NumericEquals"];
        let rows = [
            ("statement", Some("Statement")),
            ("Statment", Some("Statement")),
            ("Verison", Some("Version")),
            ("StringEqual", Some("StringEquals")),
            ("NumbericEquals", Some("NumericEquals")),
            ("Sttrrnglk", None),
            ("", None),
            ("x", None),
        ];
        for (name, expected) in rows {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
    }
}
