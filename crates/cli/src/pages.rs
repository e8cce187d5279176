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
