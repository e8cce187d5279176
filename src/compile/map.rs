//! Hash maps for tables under construction: thousands of short keys, where the standard hasher takes half of the time.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};

pub(super) type Map<K, V> = HashMap<K, V, Seeded>;
pub(super) type Set<K> = HashSet<K, Seeded>;

/// A seed of its own for each map, so that policies made to collide do not.
#[derive(Clone)]
pub(super) struct Seeded(u64);

impl Default for Seeded {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8))
    }
}

impl BuildHasher for Seeded {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding { state: self.0, seed: self.0 | 1 }
    }
}

/// Takes in a word by a multiplication whose upper half is folded into the lower.
pub(super) struct Folding {
    state: u64,
    seed: u64,
}

impl Folding {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    fn fold(&mut self, word: u64) {
        let product =
            u128::from(self.state ^ word) * u128::from(self.seed.rotate_left(23) ^ 0x9e37_79b9_7f4a_7c15);
        self.state = (product as u64) ^ (product >> 64) as u64;
    }
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        self.fold(rest ^ (bytes.len() as u64).rotate_right(8));
    }

    fn write_u8(&mut self, number: u8) {
        self.fold(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.fold(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.fold(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.fold(number as u64);
    }

    fn finish(&self) -> u64 {
        // Once more, so that the last word reaches every bit.
        let product = u128::from(self.state) * u128::from(self.seed);
        (product >> 64) as u64 ^ self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_of_many_short_keys_collide() {
        let build = Seeded::default();
        let hashes: Set<u64> = (0..100_000u32).map(|n| build.hash_one(("arn:aws:s3:::bucket/", n))).collect();
        assert!(hashes.len() > 99_990, "{}", hashes.len());
        // The table takes its places from the low bits.
        let low: Set<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
        assert!(low.len() > 45_000, "{}", low.len());
    }
}
