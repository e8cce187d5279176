//! Sizes of documents by kind, as data with their source, and the engine's own guards (SEMANTICS I).

use super::Kind;
use crate::source::json;

/// How a vendor counts the size of a document (SEMANTICS I1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Characters, without JSON white space outside strings.
    WithoutWhiteSpace,
    /// Characters as sent.
    Characters,
    /// Bytes as sent.
    Bytes,
}

/// How large a document of one kind may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeLimit {
    /// Of which kind.
    pub kind: Kind,
    /// How much.
    pub most: usize,
    /// Of what.
    pub measure: Measure,
    /// Where the number comes from, as SEMANTICS names the page.
    pub source: &'static str,
}

const fn size(kind: Kind, most: usize, measure: Measure, source: &'static str) -> SizeLimit {
    SizeLimit { kind, most, measure, source }
}

/// The vendor's numbers as of 2026-11. A kind without an entry has no limit.
pub const SIZE_LIMITS: [SizeLimit; 11] = [
    size(Kind::Identity, 6_144, Measure::WithoutWhiteSpace, "QUOTA, managed policy"),
    size(Kind::Boundary, 6_144, Measure::WithoutWhiteSpace, "QUOTA, managed policy"),
    size(Kind::Session, 2_048, Measure::Characters, "QUOTA, session policy"),
    size(Kind::Resource, 20_480, Measure::Bytes, "S3 quotas, bucket policy"),
    size(Kind::Trust, 2_048, Measure::WithoutWhiteSpace, "QUOTA, role trust policy"),
    size(Kind::KmsKey, 32_768, Measure::Bytes, "KMS quotas, key policy"),
    size(Kind::ServiceControl, 5_120, Measure::Characters, "Organizations quotas"),
    size(Kind::ResourceControl, 5_120, Measure::Characters, "Organizations quotas"),
    size(Kind::Endpoint, 20_480, Measure::Characters, "VPCE"),
    size(Kind::Api, 8_192, Measure::Characters, "AGW-Q"),
    size(Kind::Authorizer, 8_192, Measure::Bytes, "AGW-LA"),
];

/// Bounds on a document. The sizes of [`SIZE_LIMITS`] refuse under `strict` only, the rest always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text and depth of nesting (SEMANTICS I2).
    pub read: json::Limits,
    /// Statements of a document (SEMANTICS I2).
    pub statements: usize,
    /// `*` in one pattern (SEMANTICS I2).
    pub stars: usize,
    /// Values in one list (SEMANTICS I2).
    pub values: usize,
    /// Sizes by kind.
    pub sizes: Vec<SizeLimit>,
    /// Characters of one `Resource` text in an authorizer's output (AGW-Q).
    pub authorizer_resource: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            read: json::Limits::default(),
            statements: 10_000,
            stars: 64,
            values: 10_000,
            sizes: SIZE_LIMITS.to_vec(),
            authorizer_resource: 512,
        }
    }
}

impl Limits {
    /// The limit that a document is over, and its size; `None` if it is small enough.
    pub fn exceeded(&self, kind: Kind, text: &str) -> Option<(SizeLimit, usize)> {
        let limit = self.sizes.iter().find(|limit| limit.kind == kind)?;
        // The raw text is never smaller than what is counted.
        if text.len() <= limit.most {
            return None;
        }
        let size = limit.measure.count(text);
        (size > limit.most).then_some((*limit, size))
    }
}

impl Measure {
    /// The size of a JSON text.
    ///
    /// ```
    /// use bailiwick::ast::Measure;
    /// assert_eq!(Measure::WithoutWhiteSpace.count(r#"{ "a b": 1 }"#), 9);
    /// ```
    pub fn count(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().count(),
            Self::WithoutWhiteSpace => {
                let (mut in_string, mut escaped) = (false, false);
                text.chars()
                    .filter(|char| {
                        let counts = in_string || !matches!(char, ' ' | '\t' | '\r' | '\n');
                        if *char == '"' && !escaped {
                            in_string = !in_string;
                        }
                        escaped = in_string && *char == '\\' && !escaped;
                        counts
                    })
                    .count()
            }
        }
    }

    /// "characters", ...
    pub fn unit(self) -> &'static str {
        match self {
            Self::WithoutWhiteSpace => "characters without white space",
            Self::Characters => "characters",
            Self::Bytes => "bytes",
        }
    }
}
