//! A frozen hash table that the artifact holds as it is: open addressing, bounded probes.

use super::words::{Words, row};

row! {
    /// A place in the table: a hash and its row, or `NONE`.
    Slot { hash: u64, row: u32, }
}

/// From 64-bit hashes to row numbers. A hash may stand for several rows; whoever asks compares the rows themselves,
/// unless the hash is a bijection of what it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) slots: Vec<Slot>,
    /// No entry stands further from its place.
    pub(crate) reach: u32,
}

/// No row.
pub(crate) const NONE: u32 = u32::MAX;

impl Table {
    /// A table of these pairs, at most half full.
    pub(crate) fn new(pairs: &[(u64, u32)]) -> Self {
        if pairs.is_empty() {
            return Self::default();
        }
        let size = (pairs.len() * 2).next_power_of_two();
        let mut table = Self { slots: vec![Slot { hash: 0, row: NONE }; size], reach: 0 };
        for &(hash, row) in pairs {
            let mut at = table.place(hash);
            let mut distance = 0;
            while table.slots[at].row != NONE {
                at = (at + 1) & (size - 1);
                distance += 1;
            }
            table.slots[at] = Slot { hash, row };
            table.reach = table.reach.max(distance);
        }
        table
    }

    /// Whether nothing is filed.
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Rows under a hash, in no particular order.
    pub(crate) fn find(&self, hash: u64) -> Found<'_> {
        Found { slots: &self.slots, hash, at: self.place(hash), left: self.reach.saturating_add(1) }
    }

    /// The only row under a hash that is a bijection of what it stands for.
    pub(crate) fn get(&self, hash: u64) -> u32 {
        self.find(hash).next().unwrap_or(NONE)
    }

    fn place(&self, hash: u64) -> usize {
        // The high half: hashes of small numbers differ there.
        (hash >> 32) as usize & self.slots.len().wrapping_sub(1)
    }
}

/// The probes of one question.
pub(crate) struct Found<'a> {
    slots: &'a [Slot],
    hash: u64,
    at: usize,
    left: u32,
}

impl Iterator for Found<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        while self.left > 0 {
            let slot = self.slots.get(self.at)?;
            self.left -= 1;
            self.at = (self.at + 1) & (self.slots.len() - 1);
            if slot.row == NONE {
                self.left = 0;
            } else if slot.hash == self.hash {
                return Some(slot.row);
            }
        }
        None
    }
}

/// Factors of [`pair`], and their inverses.
const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd6e8_feb8_6659_fd93;
const INVERSE_FIRST: u64 = 0xf1de_83e1_9937_733d;
const INVERSE_SECOND: u64 = 0xcfee_444d_8b59_a89b;

/// A bijection of two numbers.
pub(crate) fn pair(high: u32, low: u32) -> u64 {
    let word = (u64::from(high) << 32 | u64::from(low)).wrapping_mul(FIRST);
    let word = (word ^ (word >> 32)).wrapping_mul(SECOND);
    word ^ (word >> 32)
}

/// The two numbers of a [`pair`].
pub(crate) fn unpair(pair: u64) -> (u32, u32) {
    // Each step of `pair` the other way round: a shift by half undoes itself, the factors are the inverses.
    let word = (pair ^ (pair >> 32)).wrapping_mul(INVERSE_SECOND);
    let word = (word ^ (word >> 32)).wrapping_mul(INVERSE_FIRST);
    // The two halves.
    ((word >> 32) as u32, (word & 0xffff_ffff) as u32)
}

/// A hash under which a value of field `field` is filed.
pub(crate) fn filed(field: u64, value: u64) -> u64 {
    let word = (field.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word ^ (word >> 29)
}

/// Set in a row of `dispatch` if the node of an action has what the bucket holds for its service too.
pub(crate) const CLOSED: u32 = 1 << 31;

/// The bit of a symbol in a bucket's summary.
pub(crate) fn symbol_bit(symbol: u32) -> u64 {
    1 << (symbol.wrapping_mul(0x9e37_79b9) >> 26)
}

/// The value of up to eight bytes: what a gram filter files.
pub(crate) fn gram(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    for (to, from) in word.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(word)
}

/// Where the start of a resource may be cut for a filter.
pub(crate) fn is_boundary(byte: u8) -> bool {
    matches!(byte, b'/' | b':' | b'-' | b'.')
}

/// The bit of a length in a filter's summary.
pub(crate) fn length_bit(length: usize) -> u64 {
    1 << (length & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_apart_again() {
        for (high, low) in [(0, 0), (1, 0), (0, 1), (7, NONE), (NONE, 7), (NONE, NONE), (123_456, 654_321)] {
            assert_eq!(unpair(pair(high, low)), (high, low));
        }
    }
}
