//! The hash that the artifact format defines: the same numbers on every target.
//!
//! Not for tables whose keys a stranger inserts; the artifact's tables hold only what policies say.

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hash of bytes.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    hash_words(bytes, |word| word)
}

/// Hash of bytes with ASCII upper case folded to lower case.
pub fn hash_folded(bytes: &[u8]) -> u64 {
    hash_words(bytes, fold_word)
}

/// Whether two texts are the same bytes: for the short ones that names and values are, quicker than a call.
#[inline]
pub(crate) fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match (left.last_chunk::<8>(), right.last_chunk::<8>()) {
        (Some(last), Some(other)) => {
            // The last eight may overlap what the others cover.
            let (chunks, others) = (left.as_chunks::<8>().0, right.as_chunks::<8>().0);
            last == other && chunks.iter().zip(others).all(|(chunk, other)| chunk == other)
        }
        _ => left.iter().zip(right).all(|(byte, other)| byte == other),
    }
}

fn hash_words(bytes: &[u8], fold: impl Fn(u64) -> u64) -> u64 {
    let mut hash = (bytes.len() as u64).wrapping_mul(MULTIPLIER);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = mix(hash ^ fold(u64::from_le_bytes(word)));
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let word = match bytes.last_chunk::<8>() {
            // The last eight bytes without those that are in already.
            Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        hash = mix(hash ^ fold(word));
    }
    hash ^ (hash >> 32)
}

fn mix(word: u64) -> u64 {
    let product = word.wrapping_mul(MULTIPLIER);
    (product ^ (product >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Eight bytes at once: every `A`..=`Z` gains bit 5, all others stay.
fn fold_word(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // 0x41 is `A`, 0x5a is `Z`.
    let low = word & (ONES * 0x7f);
    let at_least_a = low + ONES * (0x80 - 0x41);
    let above_z = low + ONES * (0x80 - 0x5b);
    let upper = at_least_a & !above_z & !word & (ONES * 0x80);
    word | (upper >> 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_format() {
        for (text, hash) in [
            ("", 0),
            ("a", 0xb1cd_f7e2_8493_2025),
            ("abcdefg", 0x7ac7_b6bc_b7ab_adf8),
            ("abcdefgh", 0x7896_be67_3999_fd42),
            ("abcdefghi", 0x6bc3_eb01_986f_27fe),
            ("the same on every target", 0x3aca_1143_1d62_5dcf),
        ] {
            assert_eq!(hash_bytes(text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn folding_is_ascii_lower_casing() {
        for byte in 0..=255u8 {
            assert_eq!(fold_word(u64::from(byte)), u64::from(byte.to_ascii_lowercase()), "byte {byte}");
        }
        assert_eq!(
            hash_folded("AWS:PrincipalTag/Té".as_bytes()),
            hash_folded("aws:principaltag/té".as_bytes())
        );
        assert_ne!(hash_folded("É".as_bytes()), hash_folded("é".as_bytes()));
    }
}
