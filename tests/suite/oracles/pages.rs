//! What the pages of the reader's codes call wrong is refused with that code; what they call right is not.

use std::path::Path;

use bailiwick::source::json::{Limits, Node, Value, canonical_number, read, repeated};
use bailiwick::source::{Code, Source};

/// The codes that a text is refused with.
fn refusals(text: &str) -> Vec<Code> {
    match read(&Source::from(text), Limits::default()) {
        Err(refusal) => vec![refusal.code],
        Ok(node) => {
            let mut codes: Vec<Code> = repeated(&node).iter().map(|refusal| refusal.code).collect();
            too_long(&node, &mut codes);
            codes
        }
    }
}

fn too_long(node: &Node, codes: &mut Vec<Code>) {
    match &node.value {
        Value::Number(text) => {
            codes.extend(canonical_number(text, node.span).err().map(|refusal| refusal.code));
        }
        Value::Array(items) => items.iter().for_each(|item| too_long(item, codes)),
        Value::Object(members) => members.iter().for_each(|member| too_long(&member.value, codes)),
        _ => {}
    }
}

#[test]
fn pages_of_the_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    let mut examples = 0;
    for code in ["E001", "E002", "E003", "E004", "E005", "E006", "E007", "E008", "E009"] {
        let page = std::fs::read_to_string(folder.join(format!("{code}.md"))).unwrap();
        assert!(page.starts_with(&format!("# {code}: ")), "{code}");
        let (before, right) = page.split_once("\nRight:").expect(code);
        let (_, wrong) = before.split_once("\nWrong:").expect(code);
        for (text, is_wrong) in
            blocks(wrong).map(|text| (text, true)).chain(blocks(right).map(|text| (text, false)))
        {
            let expected = if is_wrong { vec![Code(code)] } else { vec![] };
            assert_eq!(refusals(text), expected, "{code}: {text}");
            examples += 1;
        }
    }
    assert!(examples > 12);
}

fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("```json\n").skip(1).filter_map(|block| block.split("\n```").next())
}
