//! Bytes as a row of choices. After the last byte every choice is the first, so that each input is a finite story, and
//! cutting an input's tail leaves its beginning as it was.

/// Choices still to be made.
pub struct Choices<'a>(pub &'a [u8]);

impl<'a> Choices<'a> {
    /// The next byte, 0 at the end.
    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// One of a list.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::from(self.byte()) % list.len()]
    }

    /// A number below.
    pub fn below(&mut self, bound: u8) -> usize {
        usize::from(self.byte() % bound)
    }

    /// True once in so many.
    pub fn once_in(&mut self, many: u8) -> bool {
        self.byte() % many == 1
    }
}
