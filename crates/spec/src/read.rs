//! From a page's parts to its cases: headings open scopes, blocks fill them, tables ask.

use crate::markdown::{Part, PartKind, parts};
use crate::row::{Table, block_cases};
use crate::scope::{Block, Info, Scope, heading};
use crate::{Case, Page, Problem};

/// Reads one page; on failure, everything in it that cannot be read.
pub fn read_page(name: &str, text: &str) -> Result<Page, Vec<Problem>> {
    let mut reader =
        Reader { file: name, title: None, scopes: vec![Scope::default()], cases: vec![], problems: vec![] };
    let mut untested: Vec<(usize, usize)> = Vec::new();
    for part in parts(text) {
        let line = part.line;
        match &part.kind {
            PartKind::Heading(depth, _) => untested.retain(|(at, line)| {
                let ends = depth <= at;
                if ends {
                    reader.problems.push(reader.problem(*line, "no table asks about this block"));
                }
                !ends
            }),
            PartKind::Table(..) => untested.clear(),
            _ => {}
        }
        let before = reader.blocks();
        if let Err(message) = reader.take(part) {
            reader.problems.push(reader.problem(line, &message));
        }
        if reader.blocks() > before {
            untested.push((reader.scopes.len(), line));
        }
    }
    for (_, line) in untested {
        reader.problems.push(reader.problem(line, "no table asks about this block"));
    }
    if reader.cases.is_empty() {
        reader.problems.push(reader.problem(1, "the page has no case"));
    }
    let title = reader.title.unwrap_or_default();
    if reader.problems.is_empty() {
        Ok(Page { name: name.to_owned(), title, cases: reader.cases })
    } else {
        Err(reader.problems)
    }
}

struct Reader<'a> {
    file: &'a str,
    title: Option<String>,
    /// The page's own, then one for each open heading.
    scopes: Vec<Scope>,
    cases: Vec<Case>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn take(&mut self, part: Part) -> Result<(), String> {
        let line = part.line;
        match part.kind {
            PartKind::Heading(1, text) if self.title.is_none() => self.title = Some(text),
            PartKind::Heading(depth @ (2 | 3), text) if depth <= self.scopes.len() + 1 => {
                self.scopes.truncate(depth - 1);
                self.scopes.push(Scope { name: text, ..Scope::default() });
            }
            PartKind::Heading(..) => {
                return Err("headings are one `#`, then `##`, then `###` below it".to_owned());
            }
            PartKind::Unclosed => return Err("the block does not end".to_owned()),
            PartKind::Fence(info, text) => self.take_block(line, &info, text)?,
            PartKind::Table(head, rows) => {
                let table = Table::new(self.file, &self.scopes, head)?;
                let mut rows = rows.into_iter();
                if rows.next().is_none_or(|row| !row.cells.iter().all(|cell| is_rule(cell))) {
                    return Err("a table's second line is a rule: `|---|---|`".to_owned());
                }
                for row in rows {
                    match table.cases(&row) {
                        Ok(cases) => self.cases.extend(cases),
                        Err(message) => self.problems.push(self.problem(row.line, &message)),
                    }
                }
            }
        }
        Ok(())
    }

    fn take_block(&mut self, line: usize, info: &str, text: String) -> Result<(), String> {
        let name = heading(&self.scopes);
        let Some(scope) = self.scopes.last_mut() else { return Ok(()) };
        let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
        match language {
            "request" => scope.read_defaults(&text)?,
            "json" => {
                let block = Block { line, info: rest.to_owned(), text };
                match Info::read(rest) {
                    Ok(info) if info.verdict.is_some() => {
                        self.cases.extend(block_cases(self.file, &name, &block, &info));
                    }
                    // With a placeholder in it, it can only be read row by row.
                    Err(message) if !rest.contains('<') => return Err(message),
                    _ => scope.blocks.push(block),
                }
            }
            _ => return Err(format!("`{language}` is no kind of block; write `json KIND` or `request`")),
        }
        Ok(())
    }

    fn blocks(&self) -> usize {
        self.scopes.last().map_or(0, |scope| scope.blocks.len())
    }

    fn problem(&self, line: usize, message: &str) -> Problem {
        Problem { file: self.file.to_owned(), line, message: message.to_owned() }
    }
}

fn is_rule(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|byte| matches!(byte, b'-' | b':'))
}
