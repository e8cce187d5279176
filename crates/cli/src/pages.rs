//! The pages of diagnostics, `docs/codes`, as built into the binary.

/// Code and text of each page, in order of code.
pub(crate) const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a code, ignoring letter case.
pub(crate) fn find(code: &str) -> Option<(&'static str, &'static str)> {
    PAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).copied()
}

/// What a page's first line calls the code: `# E013: unknown condition operator`.
pub(crate) fn title(page: &str) -> &str {
    let line = page.lines().next().unwrap_or_default();
    line.split_once(':').map_or(line, |(_, title)| title).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_begins_with_its_code_and_a_title() {
        for (code, page) in PAGES {
            assert!(page.starts_with(&format!("# {code}: ")), "{code}: {:?}", page.lines().next());
            assert!(!title(page).is_empty(), "{code}");
        }
    }

    #[test]
    fn every_code_of_this_crate_has_a_page() {
        let sources = concat!(
            include_str!("failure.rs"),
            include_str!("input.rs"),
            include_str!("output.rs"),
            include_str!("bench/draw.rs"),
            include_str!("bench/requests.rs"),
            include_str!("commands/explain_code.rs"),
            include_str!("commands/new.rs"),
            include_str!("commands/test.rs"),
            include_str!("question/context.rs"),
            include_str!("question/policies.rs"),
            include_str!("question/request.rs"),
            include_str!("question/who.rs"),
        );
        let codes: Vec<&str> =
            sources.match_indices("\"E2").filter_map(|(at, _)| sources.get(at + 1..at + 5)).collect();
        assert!(codes.len() > 10);
        for code in codes {
            assert!(find(code).is_some(), "{code}");
        }
    }
}
