//! Rows of little-endian words: what every table of the artifact is made of.

/// A value of a fixed number of 32-bit words.
pub(crate) trait Words: Sized {
    /// How many.
    const COUNT: usize;
    /// Appends them.
    fn put(&self, out: &mut Vec<u32>);
    /// Reads them; `None` at the end of the words.
    fn take(words: &mut &[u32]) -> Option<Self>;
}

impl Words for u32 {
    const COUNT: usize = 1;

    fn put(&self, out: &mut Vec<u32>) {
        out.push(*self);
    }

    fn take(words: &mut &[u32]) -> Option<Self> {
        let (first, rest) = words.split_first()?;
        *words = rest;
        Some(*first)
    }
}

impl Words for u64 {
    const COUNT: usize = 2;

    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    fn put(&self, out: &mut Vec<u32>) {
        out.push(*self as u32);
        out.push((*self >> 32) as u32);
    }

    fn take(words: &mut &[u32]) -> Option<Self> {
        let low = u32::take(words)?;
        let high = u32::take(words)?;
        Some(Self::from(low) | Self::from(high) << 32)
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

            fn take(words: &mut &[u32]) -> Option<Self> {
                Some(Self { $($field: <$type as Words>::take(words)?,)* })
            }
        }
    };
}
pub(crate) use row;
