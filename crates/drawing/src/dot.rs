//! Graphviz.

use std::fmt::Write as _;

use super::{Drawing, Kind, Look, shown};

/// The drawing in the language of `dot`.
pub fn dot(drawing: &Drawing) -> String {
    let mut text = String::from(
        "digraph tree {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\", fontsize=10, margin=\"0.1,0.05\"];\n",
    );
    let mut label = drawing.summary.clone();
    if !drawing.left_out.is_empty() {
        label = format!("{label} Left out: {}.", drawing.left_out.join("; "));
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  label={};", quoted(&label));
    for (id, shape) in drawing.boxes.iter().enumerate() {
        let lines =
            shape.lines.iter().fold(String::new(), |lines, line| lines + &escaped(&line.text) + "\\l");
        let denies = shape.lines.iter().any(|line| line.look == Look::Deny);
        let allows = shape.lines.iter().any(|line| line.look == Look::Allow);
        let look = match shape.kind {
            Kind::Set => ", style=bold",
            Kind::Bucket => ", style=rounded",
            Kind::Action | Kind::Branch => ", shape=plain",
            // Colour is not the only sign: each run's heading says allow or deny.
            Kind::Leaf if denies && allows => ", color=\"#9a6700\"",
            Kind::Leaf if denies => ", color=\"#cf222e\"",
            Kind::Leaf => ", color=\"#1a7f37\"",
        };
        let _ = writeln!(text, "  n{id} [label=\"{lines}\"{look}];");
    }
    for (from, to) in &drawing.edges {
        let _ = writeln!(text, "  n{from} -> n{to};");
    }
    text.push_str("}\n");
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    shown(text).replace('\\', "\\\\").replace('"', "\\\"")
}
