//! Why a response is refused.

use bailiwick::source::Code;

/// The check that refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// Longer, deeper or wider than the guards allow.
    Size,
    /// Neither XML nor Base64 of XML, or with processing instructions.
    Form,
    /// A document type declaration: entities change what is read.
    Dtd,
    /// Not one response with one assertion in its place, or a signature out of place.
    Structure,
    /// Two elements of one `ID`, or a signed one without.
    Ids,
    /// Not SAML 2.0.
    Version,
    /// Something is encrypted.
    Encrypted,
    /// Neither the response nor the assertion is signed.
    Unsigned,
    /// An algorithm that is not allowed.
    Algorithm,
    /// Transforms other than those of the profile.
    Transforms,
    /// The signature is over another element than the one that holds it.
    Reference,
    /// The signed element was changed.
    Digest,
    /// The signature is not by a key of the metadata.
    Signature,
    /// The response does not say that the sign-in succeeded.
    Status,
    /// Another issuer.
    Issuer,
    /// Sent to another address: the response's `Destination`.
    Destination,
    /// Sent to another address: the assertion's `Recipient`.
    Recipient,
    /// For somebody else.
    Audience,
    /// The bearer is not confirmed as one.
    Confirmation,
    /// Not the answer to this request.
    InResponseTo,
    /// A condition that is not understood.
    Conditions,
    /// Not valid yet.
    NotBefore,
    /// No longer valid, or valid for ever.
    NotOnOrAfter,
    /// Issued in the future.
    IssueInstant,
    /// Two attributes of one name.
    Duplicate,
    /// The metadata cannot be used.
    Keys,
}

impl Check {
    /// A short stable name, as `token map` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Form => "form",
            Self::Dtd => "dtd",
            Self::Structure => "structure",
            Self::Ids => "ids",
            Self::Version => "version",
            Self::Encrypted => "encrypted",
            Self::Unsigned => "unsigned",
            Self::Algorithm => "algorithm",
            Self::Transforms => "transforms",
            Self::Reference => "reference",
            Self::Digest => "digest",
            Self::Signature => "signature",
            Self::Status => "status",
            Self::Issuer => "issuer",
            Self::Destination => "destination",
            Self::Recipient => "recipient",
            Self::Audience => "audience",
            Self::Confirmation => "confirmation",
            Self::InResponseTo => "in_response_to",
            Self::Conditions => "conditions",
            Self::NotBefore => "not_before",
            Self::NotOnOrAfter => "not_on_or_after",
            Self::IssueInstant => "issue_instant",
            Self::Duplicate => "duplicate",
            Self::Keys => "keys",
        }
    }

    /// Its diagnostic code.
    pub fn code(self) -> Code {
        Code(match self {
            Self::Size | Self::Form | Self::Dtd => "E170",
            Self::Structure | Self::Ids | Self::Version => "E171",
            Self::Encrypted => "E172",
            Self::Unsigned => "E173",
            Self::Algorithm | Self::Transforms | Self::Reference => "E174",
            Self::Digest | Self::Signature => "E175",
            Self::NotBefore | Self::NotOnOrAfter | Self::IssueInstant => "E176",
            Self::Issuer | Self::Destination | Self::Recipient | Self::Audience => "E177",
            Self::Status | Self::Confirmation | Self::InResponseTo | Self::Conditions => "E178",
            Self::Keys => "E179",
            Self::Duplicate => "E101",
        })
    }
}

/// A response that is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which check.
    pub check: Check,
    /// `E170`..`E179`.
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
        write!(f, "{} [{}, check {}]", self.message, self.code.0, self.check.name())
    }
}

impl std::error::Error for Refusal {}
