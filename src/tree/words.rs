//! Rows of little-endian words: what every table of the artifact is made of.

/// A value of a fixed number of 32-bit words.
pub(crate) trait Words: Sized {
    /// How many.
    const COUNT: usize;
    /// Appends them.
    fn put(&self, out: &mut Vec<u32>);
    /// Reads them from the front of at least so many; what is not there is 0.
    fn read(words: &mut core::slice::Iter<'_, u32>) -> Self;

    /// Reads them; `None` at the end of the words.
    fn take(words: &mut &[u32]) -> Option<Self> {
        let (row, rest) = words.split_at_checked(Self::COUNT)?;
        *words = rest;
        Some(Self::read(&mut row.iter()))
    }
}

impl Words for u32 {
    const COUNT: usize = 1;

    fn put(&self, out: &mut Vec<u32>) {
        out.push(*self);
    }

    #[inline]
    fn read(words: &mut core::slice::Iter<'_, u32>) -> Self {
        words.next().copied().unwrap_or_default()
    }
}

impl Words for u64 {
    const COUNT: usize = 2;

    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(*self as u32);
        out.push((*self >> 32) as u32);
    }

    #[inline]
    fn read(words: &mut core::slice::Iter<'_, u32>) -> Self {
        let low = u32::read(words);
        let high = u32::read(words);
        Self::from(low) | Self::from(high) << 32
    }
}

/// Declares a row: a plain struct whose fields are words or rows.
macro_rules! row {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name { $($(#[$doc])* pub(crate) $field: $type,)* }

        impl Words for $name {
            const COUNT: usize = 0 $(+ <$type as Words>::COUNT)*;

            fn put(&self, out: &mut Vec<u32>) {
                $(self.$field.put(out);)*
            }

            #[inline]
            fn read(words: &mut core::slice::Iter<'_, u32>) -> Self {
                Self { $($field: <$type as Words>::read(words),)* }
            }
        }
    };
}
pub(crate) use row;
