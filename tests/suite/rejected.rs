//! Every code of a refused policy has a page whose examples do what it says, and a document in `fixtures/rejected`
//! with its expected rendering. `INSTA_UPDATE=always cargo test --test suite rejected` rewrites the renderings.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::ast::{CODES, Kind, Options, parse};
use bailiwick::{Diagnostics, Profile, Source};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A fenced block of a page: `json wrong kind=trust profile=strict`.
struct Block {
    wrong: bool,
    options: Options,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for fenced in page.split("\n```json ").skip(1) {
        let (head, rest) = fenced.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n```").unwrap();
        let mut options = Options::default();
        let mut wrong = None;
        for word in head.split(' ') {
            match word.split_once('=').unwrap_or((word, "")) {
                ("wrong", "") => wrong = Some(true),
                ("right", "") => wrong = Some(false),
                ("kind", "trust") => options.kind = Kind::Trust,
                ("kind", "session") => options.kind = Kind::Session,
                ("kind", "resource") => options.kind = Kind::Resource,
                ("kind", "resource-control") => options.kind = Kind::ResourceControl,
                ("profile", "strict") => options.profile = Profile::Strict,
                other => panic!("unknown word {other:?} on a fence"),
            }
        }
        blocks.push(Block { wrong: wrong.unwrap(), options, text: text.to_owned() });
    }
    blocks
}

/// Like a compiler does: the line, what is marked in it, the remedy.
fn render(refused: &Diagnostics) -> String {
    let mut out = String::new();
    for one in &refused.list {
        let (line, column) = refused.source.position(one.span().start as usize);
        let name = &refused.source.name;
        writeln!(out, "{}[{}]: {}", one.severity.name(), one.code.0, one.message).unwrap();
        writeln!(out, "  --> {name}:{line}:{column}").unwrap();
        for label in &one.labels {
            let (line, column) = refused.source.position(label.span.start as usize);
            let text: String =
                refused.source.text.lines().nth(line - 1).unwrap_or_default().chars().take(100).collect();
            let marked =
                refused.source.text[label.span.range()].lines().next().unwrap_or_default().chars().count();
            let marked = marked.clamp(1, (text.chars().count() + 1).saturating_sub(column).max(1));
            let mark = format!("{}{} {}", " ".repeat(column - 1), "^".repeat(marked), label.text);
            writeln!(out, "{line:>3} | {text}\n    | {}", mark.trim_end()).unwrap();
        }
        writeln!(out, "    = help: {}\n", one.help.as_deref().unwrap_or("none")).unwrap();
    }
    out
}

#[test]
fn renderings() {
    let mut wrong = Vec::new();
    for code in CODES {
        let name = format!("{}.json", code.0);
        let path = root().join("fixtures/rejected").join(&name);
        let page = read(&root().join("docs/codes").join(format!("{}.md", code.0)));
        let options = blocks(&page).pop().unwrap().options;
        let refused = parse(Source::new(&name, &read(&path)), &options).expect_err(code.0);
        for one in &refused.list {
            assert_eq!(one.code, *code, "{name} is refused for something else as well: {}", one.message);
            assert!(one.help.is_some(), "{name}: no remedy");
            let first = one.message.chars().next().unwrap();
            assert!(
                !first.is_uppercase() || one.message.starts_with("ARN") || one.message.starts_with("Sid"),
                "{name}"
            );
            assert!(!one.message.ends_with('.'), "{name}");
        }
        let rendering = render(&refused);
        let golden = path.with_extension("txt");
        if std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
            fs::write(&golden, &rendering).unwrap();
        } else if rendering != read(&golden) {
            wrong.push(rendering);
        }
    }
    assert!(wrong.is_empty(), "renderings differ from fixtures/rejected/*.txt:\n{}", wrong.join("\n"));
}

#[test]
fn pages() {
    for code in CODES {
        let page = read(&root().join("docs/codes").join(format!("{}.md", code.0)));
        assert!(page.starts_with(&format!("# {}: ", code.0)), "{}: title", code.0);
        assert!(page.contains("\nThe rule: SEMANTICS "), "{}: rule", code.0);
        let blocks = blocks(&page);
        assert!(blocks.iter().any(|block| !block.wrong), "{}: no right example", code.0);
        for block in blocks {
            match parse(block.text.as_str(), &block.options) {
                Ok(_) => assert!(!block.wrong, "{}: the wrong example is accepted", code.0),
                Err(refused) => {
                    assert!(block.wrong, "{}: the right example is refused: {refused}", code.0);
                    assert!(refused.list.iter().all(|one| one.code == *code), "{}: {refused}", code.0);
                }
            }
        }
    }
}

/// Nothing lies about that no code explains.
#[test]
fn no_strays() {
    for entry in fs::read_dir(root().join("fixtures/rejected")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(CODES.iter().any(|code| code.0 == stem), "{} belongs to no code", path.display());
    }
    let ours = |code: &str| ("E010".."E100").contains(&code);
    for entry in fs::read_dir(root().join("docs/codes")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !ours(stem) || CODES.iter().any(|code| code.0 == stem),
            "{} explains no code",
            path.display()
        );
    }
}
