//! Cases that want a document accepted or refused: `{id, policyType, document, expect: "valid" | "invalid"}`.

use bailiwick::Source;
use bailiwick::ast::{Kind, Options};
use bailiwick::source::json::{self, Limits, Node, Value};

use super::test_report::Outcome;
use crate::diagnostics::{self, Shape};

/// A document and whether it must be accepted.
#[derive(Clone, Debug)]
pub(crate) struct Validation {
    /// Its name.
    pub(crate) id: String,
    kind: Kind,
    document: Source,
    valid: bool,
}

impl Validation {
    /// Reads a case; `None` for one of another form.
    pub(crate) fn parse(source: &Source) -> Option<Self> {
        let node = json::read(source, Limits { bytes: 16 << 20, depth: 32 }).ok()?;
        let text = |name: &str| node.get(name).and_then(Node::as_str);
        let valid = match text("expect")? {
            "valid" => true,
            "invalid" => false,
            _ => return None,
        };
        let document = node.get("document")?;
        let written = match &document.value {
            // A text is the policy's own, for what JSON inside JSON could not keep.
            Value::String(text) => text.as_str(),
            _ => source.text.get(document.span.range())?,
        };
        let id = text("id").unwrap_or(&source.name).to_owned();
        let document = Source::new(&format!("{id}#document"), written);
        Some(Self { kind: kind_of(text("policyType").unwrap_or_default()), id, document, valid })
    }

    /// Reads the document.
    pub(crate) fn run(&self, file: &str) -> Outcome {
        let options = Options { kind: self.kind, ..Options::default() };
        let refused = bailiwick::parse_with(self.document.clone(), &options).err();
        let word = |valid: bool| if valid { "valid" } else { "invalid" }.to_owned();
        Outcome {
            id: self.id.clone(),
            file: file.to_owned(),
            expect: word(self.valid),
            got: word(refused.is_none()),
            ok: refused.is_none() == self.valid,
            why: refused.map(|refused| diagnostics::draw(&refused, Shape::Plain)).unwrap_or_default(),
        }
    }
}

/// The kind by the words that other tools have for it.
fn kind_of(words: &str) -> Kind {
    let words: String =
        words.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let has = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if has(&["trust", "assume"]) {
        Kind::Trust
    } else if has(&["servicecontrol", "scp"]) {
        Kind::ServiceControl
    } else if has(&["resourcecontrol", "rcp"]) {
        Kind::ResourceControl
    } else if has(&["kms", "key"]) {
        Kind::KmsKey
    } else if has(&["boundary"]) {
        Kind::Boundary
    } else if has(&["session"]) {
        Kind::Session
    } else if has(&["endpoint"]) {
        Kind::Endpoint
    } else if has(&["resource", "bucket"]) {
        Kind::Resource
    } else {
        Kind::Identity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_accepted_or_refused_as_expected() {
        let good =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        for (line, ok) in [
            (
                format!(r#"{{"id":"1","policyType":"managedPolicy","document":{good},"expect":"valid"}}"#),
                true,
            ),
            (
                format!(r#"{{"id":"2","policyType":"managedPolicy","document":{good},"expect":"invalid"}}"#),
                false,
            ),
            (
                format!(r#"{{"id":"3","policyType":"trustPolicy","document":{good},"expect":"invalid"}}"#),
                true,
            ),
            (r#"{"id":"4","document":"no json","expect":"invalid"}"#.to_owned(), true),
            (r#"{"id":"5","document":"no json","expect":"valid"}"#.to_owned(), false),
        ] {
            let case = Validation::parse(&Source::new("it", &line)).unwrap();
            assert_eq!(case.run("it").ok, ok, "{line}");
        }
        assert!(Validation::parse(&Source::new("it", r#"{"expect":"allowed","document":{}}"#)).is_none());
    }
}
