//! Verification of SAML 2.0 responses: may this assertion be believed?
//!
//! In: a response as the browser brought it, the identity provider's metadata, what its assertions must say, the time.
//! Out: the claims of a verified assertion, as `bailiwick::identity::Assertion` reads them, or the one check that refused.
//! Never here: what attributes mean, clocks, networks, private keys, decryption.
//!
//! Most attacks on SAML make two readers see two documents: the signature is checked on one part, the names are taken
//! from another. Here only the signed octets are read: the canonical form of the signed element, whose digest has held,
//! is parsed anew, and every value comes from there. What stood around it in the document can refuse it, no more.
//!
//! Of the many things that XML signatures can say only the profile of SAML (SAML Core 5.4) is understood: one reference,
//! to the element that holds the signature, two transforms, exclusive canonicalization without comments, SHA-2, RSA or
//! ECDSA. Keys come from the metadata, never from the document.
//!
//! ```
//! use bailiwick_saml::{Expectations, Metadata, Verifier};
//!
//! let refused = Metadata::parse("<EntityDescriptor/>").unwrap_err();
//! assert_eq!((refused.check.name(), refused.code.0), ("keys", "E179"));
//! ```

mod algorithm;
mod conditions;
mod document;
mod metadata;
mod reading;
mod refusal;
mod signature;
mod verifier;
mod xml;

pub use metadata::Metadata;
pub use refusal::{Check, Refusal};
pub use verifier::{Expectations, InResponseTo, MAX_LEEWAY, Verified, Verifier, unverified_issuer};
