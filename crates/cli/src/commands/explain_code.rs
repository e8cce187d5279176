//! `bailiwick explain-code`: the page of a diagnostic.

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use crate::failure::{Exit, Failure};
use crate::output::style::{DIM, NAME, TITLE, paint};
use crate::output::{Format, OutputArgs, json};
use crate::pages::{PAGES, find, title};

/// Show what a diagnostic means, or list all of them
#[derive(Args, Clone, Debug)]
pub(crate) struct ExplainCodeArgs {
    /// Code of a diagnostic, such as E013 [default: list all]
    code: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

pub(crate) fn run(args: &ExplainCodeArgs) -> Result<Exit, Failure> {
    let format = args.output.format();
    let text = match &args.code {
        Some(code) => {
            let (code, page) = find(code).ok_or_else(|| unknown(code))?;
            match format {
                Format::Human => markdown(page),
                Format::Plain => page.to_owned(),
                _ => json(
                    &json!({ "schema": "bailiwick/code/1", "code": code, "title": title(page), "page": page }),
                    format,
                ),
            }
        }
        None => list(format),
    };
    args.output.sink.write(&text)?;
    Ok(Exit::Yes)
}

fn list(format: Format) -> String {
    let mut text = String::new();
    let codes = PAGES.iter().map(|(code, page)| (*code, title(page)));
    match format {
        Format::Json => {
            let codes: Vec<_> = codes.map(|(code, title)| json!({ "code": code, "title": title })).collect();
            return json(&json!({ "schema": "bailiwick/codes/1", "codes": codes }), format);
        }
        Format::Jsonl => codes.for_each(|(code, title)| {
            text.push_str(&json(
                &json!({ "schema": "bailiwick/code/1", "code": code, "title": title }),
                format,
            ));
        }),
        // Writing to a string cannot fail.
        Format::Human => codes.for_each(|(code, title)| {
            let _ = writeln!(text, "{}  {title}", paint(NAME, code));
        }),
        Format::Plain => codes.for_each(|(code, title)| {
            let _ = writeln!(text, "{code}\t{title}");
        }),
    }
    text
}

fn unknown(code: &str) -> Failure {
    let near = PAGES.iter().map(|(known, _)| *known).find(|known| {
        known.len() == code.len()
            && known.chars().zip(code.to_ascii_uppercase().chars()).filter(|(a, b)| a != b).count() <= 1
    });
    let help = near.map_or_else(
        || "list all with `bailiwick explain-code`".to_owned(),
        |near| format!("did you mean `{near}`? list all with `bailiwick explain-code`"),
    );
    Failure::refused("CODE", "E254", format!("there is no diagnostic `{code}`"), &help)
}

/// Titles bold, code dimmed; the text stays as it is, it reads well.
fn markdown(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            code = !code;
            continue;
        }
        let line = if code {
            format!("    {}", paint(DIM, line))
        } else if let Some(title) = line.strip_prefix('#') {
            paint(TITLE, title.trim_start_matches('#').trim())
        } else {
            line.to_owned()
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}
