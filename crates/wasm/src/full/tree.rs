//! The tree as boxes and lines, and those that a request comes by.

use bailiwick::Tree;
use bailiwick::decide::Way;
use bailiwick_drawing::{Kind, Look, Placed, cut, drawing, layout};

use super::json::Json;

pub(super) fn write(tree: &Tree, way: Option<&Way>, most: usize) -> String {
    let drawing = drawing(tree, most);
    let Placed { boxes: places, width, height } = layout(&drawing);
    let lit = way.map(|way| drawing.on(way)).unwrap_or_default();
    let is_lit = |at: usize| lit.get(at).copied().unwrap_or(false);
    let shape = tree.shape();
    let mut json = Json::default();
    json.object(|json| {
        json.name("summary").text(&drawing.summary);
        json.name("leftOut").texts(&drawing.left_out);
        json.name("scanned").flag(way.is_some_and(|way| way.scanned));
        json.name("width").number(pixels(width));
        json.name("height").number(pixels(height));
        json.name("statements").number(shape.statements);
        json.name("rules").number(shape.rules);
        json.name("bytes").number(shape.bytes);
        let boxes = drawing.boxes.iter().zip(&places).enumerate();
        json.name("boxes").list(boxes, |json, (at, (shape, place))| {
            json.object(|json| {
                json.name("kind").text(kind(shape.kind));
                json.name("lit").flag(is_lit(at));
                let numbers = [place.x, place.y, place.width, place.height];
                json.name("place").list(numbers.map(pixels), Json::number);
                json.name("lines").list(&shape.lines, |json, line| {
                    json.object(|json| {
                        json.name("text").text(&line.text);
                        json.name("short").text(&cut(&line.text));
                        json.name("look").text(look(line.look));
                    });
                });
            });
        });
        json.name("edges").list(&drawing.edges, |json, (from, to)| {
            json.list([*from, *to], Json::number);
        });
    });
    json.finish()
}

/// Whole pixels: nothing is placed left of or above the margin.
fn pixels(length: f64) -> usize {
    // A drawing of a few hundred boxes is small.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and far below 2^32"
    )]
    let pixels = length.round().clamp(0.0, 1e9) as usize;
    pixels
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Set => "set",
        Kind::Bucket => "bucket",
        Kind::Action => "action",
        Kind::Branch => "branch",
        Kind::Leaf => "leaf",
    }
}

fn look(look: Look) -> &'static str {
    match look {
        Look::Plain => "plain",
        Look::Faint => "faint",
        Look::Allow => "allow",
        Look::Deny => "deny",
    }
}
