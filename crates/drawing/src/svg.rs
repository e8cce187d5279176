//! SVG that reads in light and in dark, and by ear: title, description, and the full text of each box.

use std::fmt::Write as _;

use super::layout::{CHARACTERS, LINE, PADDING, Place, Placed, layout, number};
use super::{Drawing, Kind, Look, Shape, shown};

const STYLE: &str = "\
svg{color-scheme:light dark;--ink:#1f2328;--faint:#59636e;--line:#8c959f;--paper:#ffffff;--box:#f6f8fa;\
--allow:#1a7f37;--deny:#cf222e}\
@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--faint:#9198a1;--line:#6e7681;--paper:#0d1117;--box:#151b23;\
--allow:#3fb950;--deny:#ff7b72}}\
text{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--ink);white-space:pre}\
.paper{fill:var(--paper)}.box{fill:var(--box);stroke:var(--line)}.set{stroke-width:2}.bare{fill:none;stroke:none}\
.edge{fill:none;stroke:var(--line)}.faint{fill:var(--faint)}.allow{fill:var(--allow);font-weight:bold}\
.deny{fill:var(--deny);font-weight:bold}";

/// The drawing as one SVG file.
pub fn svg(drawing: &Drawing) -> String {
    let Placed { boxes: places, width, height } = layout(drawing);
    let notes = notes(drawing);
    let width = width.max(640.0);
    let tall = height + number(notes.len()) * LINE + if notes.is_empty() { 0.0 } else { 8.0 };
    let description = format!("{} {}", drawing.summary, notes.join(" "));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {tall:.0}\" width=\"{width:.0}\" \
         height=\"{tall:.0}\" role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">Decision tree</title>\n<desc id=\"description\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n",
        escaped(description.trim())
    );
    for (from, to) in &drawing.edges {
        edge(&mut text, places[*from], places[*to]);
    }
    for (shape, place) in drawing.boxes.iter().zip(&places) {
        draw(&mut text, shape, *place);
    }
    for (row, note) in notes.iter().enumerate() {
        let y = height + number(row) * LINE + 6.0;
        let _ = writeln!(text, "<text class=\"faint\" x=\"12\" y=\"{y:.0}\">{}</text>", escaped(note));
    }
    text.push_str("</svg>\n");
    text
}

/// What was left out: a line each, of many a few.
fn notes(drawing: &Drawing) -> Vec<String> {
    const MOST: usize = 4;
    let all = &drawing.left_out;
    let mut notes: Vec<String> = all.iter().take(MOST).map(|what| format!("Left out: {what}.")).collect();
    if all.len() > MOST {
        notes.push(format!("Left out: {} things more.", all.len() - MOST));
    }
    notes
}

fn edge(text: &mut String, from: Place, to: Place) {
    let (x1, y1) = (from.x + from.width, from.y + from.height / 2.0);
    let (x2, y2) = (to.x, to.y + to.height / 2.0);
    let bend = f64::midpoint(x1.max(x2 - 34.0), x2);
    let _ = writeln!(
        text,
        "<path class=\"edge\" d=\"M{x1:.0} {y1:.1}L{:.0} {y1:.1}C{bend:.0} {y1:.1} {bend:.0} {y2:.1} {x2:.0} {y2:.1}\"/>",
        x1.max(x2 - 34.0)
    );
}

fn draw(text: &mut String, shape: &Shape, place: Place) {
    let Place { x, y, width, height } = place;
    let (class, round) = match shape.kind {
        Kind::Set => ("box set", 2),
        Kind::Bucket => ("box", 8),
        Kind::Action | Kind::Branch => ("box bare", 0),
        Kind::Leaf => ("box", 2),
    };
    let full: Vec<String> = shape.lines.iter().map(|line| escaped(&line.text)).collect();
    let _ = writeln!(text, "<g><title>{}</title>", full.join("\n"));
    let _ = writeln!(
        text,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round}\"/>"
    );
    for (row, line) in shape.lines.iter().enumerate() {
        let (x, y) = (x + PADDING, y + PADDING + number(row) * LINE + 9.0);
        let class = match line.look {
            Look::Plain => "",
            Look::Faint => " class=\"faint\"",
            Look::Allow => " class=\"allow\"",
            Look::Deny => " class=\"deny\"",
        };
        let _ = writeln!(text, "<text{class} x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(&cut(&line.text)));
    }
    text.push_str("</g>\n");
}

/// A text of at most so many characters; the middle of longer ones goes, for their ends tell them apart.
pub fn cut(text: &str) -> String {
    let letters: Vec<char> = shown(text).chars().collect();
    if letters.len() <= CHARACTERS {
        return letters.into_iter().collect();
    }
    let head = CHARACTERS / 2;
    let tail = CHARACTERS - head - 1;
    letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect()
}

/// XML's own characters are written out, and so is what cannot stand in XML.
fn escaped(text: &str) -> String {
    shown(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
