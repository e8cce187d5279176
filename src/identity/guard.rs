//! Names that no token may fill (SEMANTICS E3), and sizes that no value may pass (SEMANTICS I2).

/// Bytes of one value.
pub(super) const MAX_VALUE: usize = 64 << 10;
/// Values of one list.
pub(super) const MAX_LIST: usize = 10_000;

const RESERVED: &[&str] = &[
    "accounts.google.com:",
    "appleid.apple.com:",
    "aws:",
    "cognito-identity.amazonaws.com:",
    "graph.facebook.com:",
    "saml:",
    "sts:",
    "www.amazon.com:",
];

/// What the mapping itself fills.
const FILLED: &[&str] =
    &["token:amr", "token:aud", "token:groups", "token:iss", "token:scopes", "token:sub", "token:tenant"];

/// Whether a mapping may not declare a key of this name.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|prefix| starts_with(name, prefix))
        || FILLED.iter().any(|key| key.eq_ignore_ascii_case(name))
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}
