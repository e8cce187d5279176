//! Members that stand twice in one object (SEMANTICS A3, G19).

use super::words;
use super::{Code, Diagnostic, Member, Node, Value, shown};

/// More than anybody reads; a hostile text could hold a hundred thousand.
const MOST: usize = 100;

/// Every member whose name stood in its object before, anywhere in the tree, in order of place; at most 100.
///
/// Names are compared exactly. Which names are equal beyond that, as condition keys are, is the caller's to say.
pub fn repeated(node: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    visit(node, &mut found);
    found.sort_by_key(Diagnostic::span);
    found.truncate(MOST);
    found
}

// The reader has bounded the depth.
fn visit(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Array(items) => {
            for item in items {
                visit(item, found);
            }
        }
        Value::Object(members) => {
            in_object(members, found);
            for member in members {
                visit(&member.value, found);
            }
        }
        _ => {}
    }
}

fn in_object(members: &[Member], found: &mut Vec<Diagnostic>) {
    if members.len() < 2 {
        return;
    }
    let mut sorted: Vec<&Member> = members.iter().collect();
    // Stable, so that equal names stay in order of place.
    sorted.sort_by_key(|member| member.key.as_str());
    let mut here = Vec::new();
    let mut first: Option<&Member> = None;
    for member in sorted {
        match first {
            Some(earlier) if earlier.key == member.key => here.push((earlier, member)),
            _ => first = Some(member),
        }
    }
    here.sort_by_key(|(_, member)| member.key_span);
    found.extend(here.into_iter().take(MOST).map(|(earlier, member)| {
        Diagnostic::error(
            Code("E004"),
            member.key_span,
            words!("member `{}` is given twice", shown(&member.key)),
        )
        .at("given again")
        .label(earlier.key_span, "first given here")
        .help("keep one of the two; other programs would silently take the first or the last")
    }));
}
