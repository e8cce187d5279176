//! Standard base64 with padding (SEMANTICS D14).

/// Decodes; `None` for anything but canonical standard base64 with padding.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let _ = text;
    None
}

/// Encodes.
pub fn encode_base64(bytes: &[u8]) -> String {
    let _ = bytes;
    String::new()
}
