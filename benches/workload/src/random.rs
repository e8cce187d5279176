//! A small generator of numbers: the same on every machine, good enough to draw with (the mix is that of `SplitMix64`).

pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let once = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        twice ^ (twice >> 31)
    }

    /// A number below `limit`; 0 for a limit of 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = limit as u64;
        usize::try_from(self.next() % limit.max(1)).unwrap_or(0)
    }

    /// A number below `limit`, signed as times are.
    pub(crate) fn up_to(&mut self, limit: i64) -> i64 {
        i64::try_from(self.below(usize::try_from(limit).unwrap_or(0))).unwrap_or(0)
    }

    /// True in so many of a hundred draws.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items, which are never none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Up to `count` different items, in their order of drawing.
    pub(crate) fn some(&mut self, items: &[&str], count: usize) -> Vec<String> {
        let mut chosen = Vec::new();
        for _ in 0..count {
            let item = (*self.pick(items)).to_owned();
            if !chosen.contains(&item) {
                chosen.push(item);
            }
        }
        chosen
    }
}
