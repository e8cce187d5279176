//! Drawing diagnostics: for people, one a line, or as JSON.

use std::fmt::Write as _;
use std::io::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use bailiwick::Source;
use bailiwick::source::{Diagnostic, Diagnostics, Severity, Span};
use serde_json::{Value, json};

use crate::output::{Color, clean, is_colored};
use crate::pages;

/// How diagnostics look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// With the lines they speak of.
    Human {
        /// In colour.
        colored: bool,
    },
    /// `file:line:column: severity[code]: message; help`.
    Plain,
    /// One JSON document a line.
    Json,
}

impl Shape {
    /// For people, on standard error.
    pub(crate) fn human(color: Color) -> Self {
        Self::Human {
            colored: match color {
                Color::Auto => is_colored(&std::io::stderr()),
                Color::Always => true,
                Color::Never => false,
            },
        }
    }
}

/// So many of one document are drawn; a document with more is broken as a whole.
const MOST: usize = 50;

/// Bytes of a line that are drawn around a place, at most.
const WINDOW: usize = 240;

/// Puts diagnostics on standard error. If that fails there is nobody left to tell.
pub(crate) fn to_stderr(all: &[Diagnostics], shape: Shape) {
    let mut stderr = std::io::stderr().lock();
    let shown = if shape == Shape::Json { usize::MAX } else { MOST };
    for diagnostics in all.iter().take(shown) {
        let _ = stderr.write_all(draw(diagnostics, shape).as_bytes());
    }
    if all.len() > shown {
        let _ = writeln!(stderr, "and {} more like these", all.len() - shown);
    }
}

/// All diagnostics of one source as text.
pub(crate) fn draw(diagnostics: &Diagnostics, shape: Shape) -> String {
    let mut text = String::new();
    let shown = if shape == Shape::Json { usize::MAX } else { MOST };
    for diagnostic in diagnostics.list.iter().take(shown) {
        match shape {
            Shape::Human { colored } => {
                text.push_str(&human(&diagnostics.source, diagnostic, colored));
                text.push_str("\n\n");
            }
            Shape::Plain => text.push_str(&plain(&diagnostics.source, diagnostic)),
            Shape::Json => {
                let mut value = to_json(&diagnostics.source, diagnostic);
                if let Value::Object(members) = &mut value {
                    members.shift_insert(0, "schema".to_owned(), "bailiwick/diagnostic/1".into());
                }
                text.push_str(&value.to_string());
                text.push('\n');
            }
        }
    }
    if diagnostics.list.len() > shown {
        let more = diagnostics.list.len() - shown;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: and {more} more like these", clean(&diagnostics.source.name));
    }
    text
}

fn plain(source: &Source, diagnostic: &Diagnostic) -> String {
    let (line, column) = source.position(diagnostic.span().start as usize);
    let place = if source.text.is_empty() { String::new() } else { format!(":{line}:{column}") };
    let help = help(diagnostic).map(|help| format!("; help: {help}")).unwrap_or_default();
    let (severity, code) = (diagnostic.severity.name(), diagnostic.code.0);
    let message = clean(&format!("{}{place}: {severity}[{code}]: {}{help}", source.name, diagnostic.message));
    format!("{message}\n")
}

/// The remedy. Where the message says it all, the code's page still has an example.
fn help(diagnostic: &Diagnostic) -> Option<String> {
    let page =
        || pages::find(diagnostic.code.0).map(|(code, _)| format!("see `bailiwick explain-code {code}`"));
    diagnostic.help.clone().or_else(page)
}

/// A diagnostic as data: byte offsets from 0, lines and columns from 1, columns in characters.
pub(crate) fn to_json(source: &Source, diagnostic: &Diagnostic) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| json!({ "span": span_json(source, label.span), "text": label.text }))
        .collect();
    json!({
        "code": diagnostic.code.0,
        "severity": diagnostic.severity.name(),
        "message": diagnostic.message,
        "file": &*source.name,
        "span": span_json(source, diagnostic.span()),
        "labels": labels,
        "help": help(diagnostic),
        "url": format!("{}/blob/main/docs/codes/{}.md", env!("CARGO_PKG_REPOSITORY"), diagnostic.code.0),
    })
}

/// A place as data.
pub(crate) fn span_json(source: &Source, span: Span) -> Value {
    let place = |offset: u32| {
        let (line, column) = source.position(offset as usize);
        json!({ "byte": offset, "line": line, "column": column })
    };
    json!({ "start": place(span.start), "end": place(span.end) })
}

fn human(source: &Source, diagnostic: &Diagnostic, colored: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::SecurityWarning => Level::WARNING.with_name("security warning"),
        Severity::Warning => Level::WARNING,
        Severity::Suggestion => Level::NOTE.with_name("suggestion"),
    };
    let message = clean(&diagnostic.message);
    let name = clean(&source.name);
    let help = help(diagnostic).as_deref().map(clean);
    let mut report: Group<'_> =
        level.primary_title(&*message).id(diagnostic.code.0).elements(None::<Origin<'_>>);
    let excerpts = excerpts(source, diagnostic);
    if excerpts.is_empty() {
        report = report.element(Origin::path(&*name));
    }
    for excerpt in &excerpts {
        let mut snippet = Snippet::source(&*excerpt.text).line_start(excerpt.line).fold(true);
        if excerpt.cut {
            let (line, column) = source.position(diagnostic.span().start as usize);
            report = report.element(Origin::path(&*name).line(line).char_column(column));
        } else {
            snippet = snippet.path(&*name);
        }
        for (kind, range, label) in &excerpt.annotations {
            let annotation = kind.span(range.clone());
            snippet =
                snippet.annotation(if label.is_empty() { annotation } else { annotation.label(&**label) });
        }
        report = report.element(snippet);
    }
    if let Some(help) = &help {
        report = report.element(Level::HELP.message(&**help));
    }
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[report])
}

/// A few lines of a source, small enough to draw whatever the source is.
struct Excerpt {
    text: String,
    line: usize,
    /// Whether it begins within a line, so that its columns are not the source's.
    cut: bool,
    annotations: Vec<(AnnotationKind, std::ops::Range<usize>, String)>,
}

/// Cuts the lines of each label out of the source. Labels on neighbouring lines share an excerpt.
fn excerpts(source: &Source, diagnostic: &Diagnostic) -> Vec<Excerpt> {
    if source.text.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    // The primary place says where the excerpt is; the others join it if they fit, else they stand on their own.
    let mut rest: Vec<(AnnotationKind, Span, &str)> = Vec::new();
    for (i, label) in diagnostic.labels.iter().enumerate() {
        let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        rest.push((kind, label.span, &label.text));
    }
    while let Some((_, first, _)) = rest.first().copied() {
        let (start, end) = window(&source.text, first);
        let mut annotations = Vec::new();
        rest.retain(|(kind, span, text)| {
            let inside = *span == first || (span.start as usize >= start && span.end as usize <= end);
            if inside {
                let from = floor(&source.text, span.start as usize).clamp(start, end) - start;
                let to = floor(&source.text, span.end as usize).clamp(start + from, end) - start;
                annotations.push((*kind, from..to, clean(text)));
            }
            !inside
        });
        let (line, column) = source.position(start);
        let cut = column > 1;
        let text = source.text.get(start..end).unwrap_or_default().replace('\0', " ");
        out.push(Excerpt { text, line, cut, annotations });
    }
    out
}

/// The lines of a span: all if there are few and they are short, else its first line, cut around its start.
fn window(text: &str, span: Span) -> (usize, usize) {
    let (start, end) = (floor(text, span.start as usize), floor(text, span.end as usize));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end_of_line = |from: usize| text[from..].find('\n').map_or(text.len(), |at| from + at);
    let whole = (line_start, end_of_line(end.max(start)));
    if whole.1 - whole.0 <= 4 * WINDOW {
        return whole;
    }
    let first_line = (line_start, end_of_line(start));
    if first_line.1 - first_line.0 <= WINDOW {
        return first_line;
    }
    let from = floor(text, start.saturating_sub(WINDOW / 4)).max(line_start);
    (from, floor(text, start + WINDOW / 2).min(first_line.1))
}

/// The offset, or the nearest one before it where a character begins.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
