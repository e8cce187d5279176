//! Why a token is refused.

use bailiwick::source::Code;

/// The check that refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// Longer than the guards allow.
    Size,
    /// Not three parts of base64url.
    Form,
    /// The header is not what a header is.
    Header,
    /// `crit` names something that must be understood and is not.
    Crit,
    /// The algorithm is not allowed for this issuer.
    Alg,
    /// No key, or no single key, for this token.
    Kid,
    /// The signature is not by that key over these bytes.
    Signature,
    /// The header's `typ` is not the one that is asked for.
    Typ,
    /// Signed by another load balancer.
    Signer,
    /// The payload is not a claims set, or names a claim twice.
    Claims,
    /// Another issuer.
    Iss,
    /// For somebody else.
    Aud,
    /// The wrong kind of token: an access token where an ID token is asked for, or the other way round.
    TokenUse,
    /// Of an organization that is not asked for, or of none where one is.
    Organization,
    /// Given to another application.
    Azp,
    /// Expired, or without an expiry.
    Exp,
    /// Not valid yet.
    Nbf,
    /// Issued in the future.
    Iat,
    /// The key set cannot be used.
    Keys,
}

impl Check {
    /// A short stable name, as `token map` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Form => "form",
            Self::Header => "header",
            Self::Crit => "crit",
            Self::Alg => "alg",
            Self::Kid => "kid",
            Self::Signature => "signature",
            Self::Typ => "typ",
            Self::Signer => "signer",
            Self::Claims => "claims",
            Self::Iss => "iss",
            Self::Aud => "aud",
            Self::TokenUse => "token_use",
            Self::Organization => "org_id",
            Self::Azp => "azp",
            Self::Exp => "exp",
            Self::Nbf => "nbf",
            Self::Iat => "iat",
            Self::Keys => "keys",
        }
    }

    /// Its diagnostic code.
    pub fn code(self) -> Code {
        Code(match self {
            Self::Size | Self::Form => "E300",
            Self::Header | Self::Crit => "E301",
            Self::Alg => "E302",
            Self::Kid => "E303",
            Self::Signature => "E304",
            Self::Exp | Self::Nbf | Self::Iat => "E305",
            Self::Typ | Self::Signer | Self::Azp => "E306",
            Self::Keys => "E307",
            Self::Claims => "E100",
            Self::Iss => "E104",
            Self::Aud => "E109",
            Self::TokenUse => "E108",
            Self::Organization => "E116",
        })
    }
}

/// A token that is not to be believed. It says nothing of what stood in it beyond what the check needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which check.
    pub check: Check,
    /// `E300`..`E307`, or the code of the claim that is wrong.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    pub(crate) fn new(check: Check, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { check, code: check.code(), message: message.into(), help: help.into() }
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} [{}]", self.message, self.code.0)
    }
}

impl std::error::Error for Refusal {}
