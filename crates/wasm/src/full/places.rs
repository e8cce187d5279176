//! Places as scripts count them: in units of UTF-16.

use bailiwick::source::Span;

use super::json::Json;

/// One text, and how far it has been counted. Places come mostly in order, so a text is read about once.
#[derive(Debug)]
pub(super) struct Places<'t> {
    text: &'t str,
    byte: usize,
    unit: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, byte: 0, unit: 0 }
    }

    /// Writes a place as a list of two numbers.
    pub(super) fn write(&mut self, json: &mut Json, span: Span) {
        let range = span.range();
        let ends = [self.units(range.start), self.units(range.end)];
        json.list(ends, Json::number);
    }

    /// Units before a byte; before a character that it is within.
    fn units(&mut self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        if byte < self.byte {
            (self.byte, self.unit) = (0, 0);
        }
        let between = self.text.get(self.byte..byte).unwrap_or_default();
        self.unit += between.chars().map(char::len_utf16).sum::<usize>();
        self.byte = byte;
        self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn places_are_those_of_a_script() {
        let text = "aä😀b";
        let mut places = Places::new(text);
        for (byte, unit) in [(0, 0), (1, 1), (2, 1), (3, 2), (7, 4), (8, 5), (99, 5), (3, 2), (5, 2)] {
            assert_eq!(places.units(byte), unit, "{byte}");
        }
    }
}
