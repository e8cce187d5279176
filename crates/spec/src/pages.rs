//! Pages of one folder of the reference: what stands under a heading is inherited by the headings below it; rows and some
//! blocks are cases.

use std::path::Path;

use crate::Problem;
use crate::markdown::{PartKind, Row, parts};

/// What stands under a heading.
pub(crate) trait Scope: Clone + Default {
    /// The heading's depth; 0 above the first.
    fn depth(&self) -> usize;
    /// The same under a heading below.
    fn below(self, depth: usize, name: String) -> Self;
}

/// A block, by its info string and content.
pub(crate) struct Block<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: usize,
    pub(crate) info: &'a str,
    pub(crate) content: String,
}

/// What a folder's pages mean.
pub(crate) trait Reader {
    type Scope: Scope;
    type Case;

    /// Takes a block into what stands here; some are cases of their own.
    fn block(&self, scope: &mut Self::Scope, block: Block<'_>) -> Result<Vec<Self::Case>, String>;

    /// The cases of a table's row.
    fn row(
        &self,
        file: &str,
        scope: &Self::Scope,
        head: &[String],
        row: &Row,
    ) -> Result<Vec<Self::Case>, String>;
}

/// Every page of a folder of `fixtures/spec`, case by case; or everything that cannot be read.
pub(crate) fn cases<R: Reader>(folder: &str, reader: &R) -> Result<Vec<R::Case>, Vec<Problem>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/spec").join(folder);
    let failed = |error: std::io::Error| {
        vec![Problem { file: folder.to_owned(), line: 0, message: format!("cannot be read: {error}") }]
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(failed)? {
        names.push(entry.map_err(failed)?.path());
    }
    names.sort();
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    for path in names {
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        read(&format!("{folder}/{name}"), &text, reader, &mut cases, &mut problems);
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

/// One page.
pub(crate) fn read<R: Reader>(
    file: &str,
    text: &str,
    reader: &R,
    cases: &mut Vec<R::Case>,
    problems: &mut Vec<Problem>,
) {
    let mut scopes = vec![R::Scope::default()];
    let before = cases.len();
    for part in parts(text) {
        let line = part.line;
        let outcome = match part.kind {
            PartKind::Heading(depth, name) => {
                scopes.retain(|scope| scope.depth() < depth);
                let above = scopes.last().cloned().unwrap_or_default();
                scopes.push(above.below(depth, name));
                Ok(())
            }
            PartKind::Fence(info, content) => match scopes.last_mut() {
                Some(scope) => reader
                    .block(scope, Block { file, line, info: &info, content })
                    .map(|more| cases.extend(more)),
                None => Ok(()),
            },
            PartKind::Table(head, rows) => {
                let scope = scopes.last().cloned().unwrap_or_default();
                rows.iter().skip(1).try_for_each(|row| {
                    let more = reader.row(file, &scope, &head, row);
                    more.map(|more| cases.extend(more))
                        .map_err(|message| format!("line {}: {message}", row.line))
                })
            }
            PartKind::Unclosed => Err("a block that does not end".to_owned()),
        };
        if let Err(message) = outcome {
            problems.push(Problem { file: file.to_owned(), line, message });
        }
    }
    if cases.len() == before {
        problems.push(Problem { file: file.to_owned(), line: 1, message: "the page has no case".to_owned() });
    }
}
