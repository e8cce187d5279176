//! Verification of JSON Web Tokens: may these claims be believed?
//!
//! In: a token as it came over the wire, the issuer's keys, what the issuer's tokens must look like, and the time.
//! Out: the claims of a verified token, or the one check that refused it.
//! Never here: what claims mean (that is `bailiwick::identity`), clocks, networks, private keys.
//!
//! The order is that of SEMANTICS G20.10: form, header, algorithm, key, signature; only then the claims are looked at.
//!
//! ```
//! use bailiwick_token::{Expectations, KeySet, Verifier};
//!
//! let keys = KeySet::parse(r#"{"keys": []}"#)?;
//! let verifier = Verifier { keys, expectations: Expectations::default() };
//! let refused = verifier.verify("not.a.token", 1_700_000_000).unwrap_err();
//! assert_eq!(refused.check.name(), "form");
//! # Ok::<(), bailiwick_token::Refusal>(())
//! ```

mod algorithm;
mod cache;
mod compact;
mod expectations;
mod header;
mod keys;
mod refusal;
mod verifier;

pub use algorithm::Algorithm;
pub use cache::CachingVerifier;
pub use expectations::{Expectations, MAX_LEEWAY, Organization};
pub use keys::{Key, KeySet};
pub use refusal::{Check, Refusal};
pub use verifier::{Verified, Verifier, unverified_issuer};
