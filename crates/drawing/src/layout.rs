//! Where boxes stand: a column for each step from the set, parents beside the middle of what they lead to first.

use super::Drawing;

/// Height of a line of text.
pub(super) const LINE: f64 = 15.0;
/// Width of a character: the face is one of fixed width.
pub(super) const CHARACTER: f64 = 6.65;
/// Inside a box, around its text.
pub(super) const PADDING: f64 = 6.0;
/// Characters of a line; longer ones are cut.
pub(super) const CHARACTERS: usize = 46;
const COLUMN_GAP: f64 = 34.0;
const ROW_GAP: f64 = 8.0;
const MARGIN: f64 = 12.0;

/// A box's place.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Of its left edge.
    pub x: f64,
    /// Of its upper edge.
    pub y: f64,
    /// Right from there.
    pub width: f64,
    /// Down from there.
    pub height: f64,
}

/// Where everything stands, in pixels.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// Of each box.
    pub boxes: Vec<Place>,
    /// Of the whole.
    pub width: f64,
    /// Of the whole.
    pub height: f64,
}

/// Places of all boxes, and how large the whole is.
pub fn layout(drawing: &Drawing) -> Placed {
    let count = drawing.boxes.len();
    // What leads to a box first owns it; boxes come in order, so owners stand before what they own.
    let mut owned: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut columns = vec![0_usize; count];
    let mut has_owner = vec![false; count];
    for &(from, to) in &drawing.edges {
        if !has_owner[to] {
            has_owner[to] = true;
            owned[from].push(to);
            columns[to] = columns[from] + 1;
        }
    }
    let mut places: Vec<Place> = drawing
        .boxes
        .iter()
        .map(|shape| {
            let longest = shape.lines.iter().map(|line| length(&line.text)).max().unwrap_or(0);
            Place {
                width: number(longest) * CHARACTER + 2.0 * PADDING,
                height: number(shape.lines.len().max(1)) * LINE + 2.0 * PADDING - 3.0,
                ..Place::default()
            }
        })
        .collect();
    let last = columns.iter().copied().max().unwrap_or(0);
    let mut x = MARGIN;
    for column in 0..=last {
        let widest = (0..count).filter(|id| columns[*id] == column).map(|id| places[id].width);
        let widest = widest.fold(0.0, f64::max);
        for id in (0..count).filter(|id| columns[*id] == column) {
            places[id].x = x;
        }
        x += widest + COLUMN_GAP;
    }
    // From the last to the first: how high each box is with all that it owns.
    let mut extents = vec![0.0; count];
    for id in (0..count).rev() {
        extents[id] = below(&owned[id], &extents).max(places[id].height);
    }
    let mut tops = vec![MARGIN; count];
    for id in 0..count {
        places[id].y = tops[id] + (extents[id] - places[id].height) / 2.0;
        let mut top = tops[id] + (extents[id] - below(&owned[id], &extents)) / 2.0;
        for &child in &owned[id] {
            tops[child] = top;
            top += extents[child] + ROW_GAP;
        }
    }
    let height = extents.first().copied().unwrap_or(0.0) + 2.0 * MARGIN;
    Placed { boxes: places, width: x - COLUMN_GAP + MARGIN, height }
}

fn below(owned: &[usize], extents: &[f64]) -> f64 {
    let gaps = number(owned.len().saturating_sub(1)) * ROW_GAP;
    owned.iter().map(|id| extents[*id]).sum::<f64>() + gaps
}

/// Characters of a line as it is drawn.
pub(super) fn length(text: &str) -> usize {
    super::shown(text).chars().count().min(CHARACTERS)
}

pub(super) fn number(of: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap_or(u32::MAX))
}
