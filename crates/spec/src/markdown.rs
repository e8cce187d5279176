//! The little of Markdown that a page consists of: headings, fenced blocks, tables. The rest is prose.

/// A part of a page and the line where it begins, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) line: usize,
    pub(crate) kind: PartKind,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// Depth and text.
    Heading(usize, String),
    /// Info string and content.
    Fence(String, String),
    /// Head and rows.
    Table(Vec<String>, Vec<Row>),
    /// A fence that does not end.
    Unclosed,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
}

/// Cuts a page into its parts, in order.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((text, line)) = lines.next() {
        let kind = if let Some(info) = text.strip_prefix("```") {
            let mut content = String::new();
            let mut closed = false;
            for (text, _) in lines.by_ref() {
                if text == "```" {
                    closed = true;
                    break;
                }
                content.push_str(text);
                content.push('\n');
            }
            if closed { PartKind::Fence(info.trim().to_owned(), content) } else { PartKind::Unclosed }
        } else if text.starts_with('#') {
            let depth = text.bytes().take_while(|byte| *byte == b'#').count();
            PartKind::Heading(depth, text.trim_start_matches('#').trim().to_owned())
        } else if text.starts_with('|') {
            let head = cells(text);
            let mut rows = Vec::new();
            while let Some((text, line)) = lines.next_if(|(text, _)| text.starts_with('|')) {
                rows.push(Row { line, cells: cells(text) });
            }
            PartKind::Table(head, rows)
        } else {
            continue;
        };
        parts.push(Part { line, kind });
    }
    parts
}

/// The cells of a table's line: trimmed, `\|` read as `|`, without the back-ticks around a whole cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, cells.last_mut()) {
            ('|', _) => cells.push(String::new()),
            ('\\', Some(cell)) if chars.peek() == Some(&'|') => {
                cell.push('|');
                chars.next();
            }
            (other, Some(cell)) => cell.push(other),
            (_, None) => {}
        }
    }
    cells.iter().map(|cell| unquoted(cell.trim()).to_owned()).collect()
}

/// A cell that is one code span, without its back-ticks; blanks inside them stay.
fn unquoted(cell: &str) -> &str {
    match cell.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(inner) if !inner.contains('`') => inner,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_what_back_ticks_hold() {
        #[rustfmt::skip]
        let rows: &[(&str, &[&str])] = &[
            ("| a | b |", &["a", "b"]),
            ("| `a` | `b` and `c` |", &["a", "`b` and `c`"]),
            ("| ` a ` | |", &[" a ", ""]),
            (r"| `a\|b` | `\\` |", &["a|b", r"\\"]),
        ];
        for (line, expected) in rows {
            assert_eq!(cells(line), *expected, "{line}");
        }
    }

    #[test]
    fn a_page_is_cut_into_its_parts() {
        let parts = parts("# T\nprose\n```json x\n| no table |\n```\n\n| h |\n|---|\n| c |\n```\nopen");
        let kinds: Vec<_> = parts.iter().map(|part| (part.line, &part.kind)).collect();
        assert_eq!(kinds[0], (1, &PartKind::Heading(1, "T".into())));
        assert_eq!(kinds[1], (3, &PartKind::Fence("json x".into(), "| no table |\n".into())));
        let rows = vec![Row { line: 8, cells: vec!["---".into()] }, Row { line: 9, cells: vec!["c".into()] }];
        assert_eq!(kinds[2], (7, &PartKind::Table(vec!["h".into()], rows)));
        assert_eq!(kinds[3], (10, &PartKind::Unclosed));
    }
}
