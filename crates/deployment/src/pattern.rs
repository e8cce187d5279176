//! Patterns of file names: `*` and `?` stay within a folder, a part `**` stands for any number of folders.

/// Whether a name fits.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let folders = |text| -> Vec<&str> { str::split(text, '/').collect() };
    let letters = |text: &str| -> Vec<char> { text.chars().collect() };
    let part = |pattern: &&str, name: &&str| {
        let one = |pattern: &char, name: &char| *pattern == '?' || pattern == name;
        wild(&letters(pattern), &letters(name), |letter| *letter == '*', one)
    };
    wild(&folders(pattern), &folders(name), |part| *part == "**", part)
}

/// Whether items fit, where some of the pattern's stand for any number of them. Never slower than both lengths together
/// multiplied: of all wildcards only the last one needs to be tried again.
fn wild<P, N>(pattern: &[P], name: &[N], any: impl Fn(&P) -> bool, one: impl Fn(&P, &N) -> bool) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while n < name.len() {
        match (pattern.get(p), name.get(n)) {
            (Some(item), _) if any(item) => {
                again = Some((p + 1, n));
                p += 1;
            }
            (Some(item), Some(found)) if one(item, found) => {
                p += 1;
                n += 1;
            }
            _ => match &mut again {
                Some((after, from)) => {
                    *from += 1;
                    (p, n) = (*after, *from);
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(any)
}

#[cfg(test)]
mod tests {
    use globset::GlobBuilder;

    use super::fits;

    #[test]
    fn patterns_mean_what_shells_mean_by_them() {
        let parts = ["a", "b.json", "ab.json", "*", "?", "**", "*.json", "a*", "?.json", "*b*"];
        let mut patterns: Vec<String> = parts.iter().map(ToString::to_string).collect();
        for left in parts {
            patterns.extend(parts.iter().map(|right| format!("{left}/{right}")));
            patterns.extend(parts.iter().map(|right| format!("{left}/x/{right}")));
        }
        let names = [
            "a",
            "b.json",
            "ab.json",
            "a/b.json",
            "x/b.json",
            "a/x/b.json",
            "a/x/ab.json",
            "a/y/x/ab.json",
            "x",
        ];
        let mut fitting = 0;
        for pattern in &patterns {
            let glob = GlobBuilder::new(pattern).literal_separator(true).build().unwrap().compile_matcher();
            for name in names {
                // There, `a/**` is never `a` itself; here it is, and no folder has the name of a file.
                if pattern.ends_with("/**") {
                    continue;
                }
                assert_eq!(fits(pattern, name), glob.is_match(name), "{pattern} {name}");
                fitting += usize::from(fits(pattern, name));
            }
        }
        assert!(fitting > 100, "{fitting}");
        // There, `?` is a byte; here it is a letter.
        assert!(fits("?.json", "ä.json"));
        assert!(fits("policies/**", "policies/a/b.json"));
        assert!(!fits("policies/**", "claims/b.json"));
        let hostile = "*a".repeat(2_000);
        assert!(!fits(&hostile, &"a".repeat(1_999)));
    }
}
