//! Standard base64 with padding (SEMANTICS D14).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Decodes; `None` for anything but canonical standard base64 with padding.
///
/// Canonical: the unused low bits of the last group are zero, so that equal bytes have one text.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    visit(text, |bytes| out.extend_from_slice(bytes)).then_some(out)
}

/// Whether [`decode_base64`] takes it.
pub(super) fn is_base64(text: &str) -> bool {
    visit(text, |_| ())
}

/// Hands over the bytes in runs of three or fewer; false if there is something wrong.
fn visit(text: &str, mut take: impl FnMut(&[u8])) -> bool {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    let last = groups.len().saturating_sub(1);
    let mut group_is_fine = |(i, group): (usize, &[u8; 4])| {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        let bits =
            group.iter().take(4 - padding.min(4)).try_fold(0, |bits, byte| Some(bits << 6 | digit(*byte)?));
        match (padding, bits) {
            (0, Some(bits)) => take(&low_bytes(bits)),
            (1, Some(bits)) if i == last && bits.trailing_zeros() >= 2 => take(&low_bytes(bits << 6)[..2]),
            (2, Some(bits)) if i == last && bits.trailing_zeros() >= 4 => take(&low_bytes(bits << 12)[..1]),
            _ => return false,
        }
        true
    };
    rest.is_empty() && groups.iter().enumerate().all(&mut group_is_fine)
}

/// The three low bytes, highest first.
fn low_bytes(bits: u32) -> [u8; 3] {
    let [_, a, b, c] = bits.to_be_bytes();
    [a, b, c]
}

/// Encodes.
pub fn encode_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4u32 {
            // Three bytes fill four digits, two fill three, one fills two.
            let filled = i as usize <= chunk.len();
            let index = (bits >> (18 - 6 * i)) as usize & 63;
            out.push(if filled { char::from(ALPHABET[index]) } else { '=' });
        }
    }
    out
}

fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn there_and_back() {
        for (bytes, text) in [
            (b"".as_slice(), ""),
            (b"A", "QQ=="),
            (b"AB", "QUI="),
            (b"ABC", "QUJD"),
            (b"ABCD", "QUJDRA=="),
            (b"\xff\xfe\xfd", "//79"),
            (b"\xfb\xef\xbe", "++++"),
            (b"\0", "AA=="),
        ] {
            assert_eq!(encode_base64(bytes), text);
            assert_eq!(decode_base64(text).as_deref(), Some(bytes));
        }
    }

    #[test]
    fn what_is_not_canonical() {
        for text in [
            "Q", "QQ", "QQ=", "QQ===", "QR==", "QUJ=", "Q===", "====", "QQ==QQ==", "QU-_", "QQ= =", "QQ==\n",
            " QQ==", "Q=Q=", "QUI", "é===",
        ] {
            assert_eq!(decode_base64(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_run_of_bytes_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode_base64(&encode_base64(&bytes)), Some(bytes));
        }

        #[test]
        fn one_text_for_equal_bytes(text in "[AQgw+/=]{0,9}") {
            if let Some(bytes) = decode_base64(&text) {
                prop_assert_eq!(encode_base64(&bytes), text);
            }
        }
    }
}
