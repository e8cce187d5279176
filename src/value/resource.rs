//! Whether a resource pattern covers a request's resource (SEMANTICS B3..B8, X2, X3, X4, X16).

use super::pattern::glob_ignoring_case;
use super::{Part, Profile, Truth, arn_fields, glob};

/// An entry of `Resource` or `NotResource`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ResourcePattern {
    /// `*`: every resource, also of actions without resource-level support (SEMANTICS B8).
    Any,
    /// An ARN, matched field by field.
    Arn {
        /// The five fields after `arn`.
        pattern: super::ArnPattern,
        /// The narrow reading never matches: a shape that only a Deny may use (SEMANTICS B6, X3).
        capped: bool,
    },
    /// `execute-api:/stage/METHOD/path`: the rest, from its slash on, of the API that the policy is attached to (SEMANTICS H3).
    Api(super::Template),
    /// `Resource` left out: what the policy is attached to (SEMANTICS A.3, note 2).
    Attached,
}

/// A request's resource, cut once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceFields<'a> {
    /// `*`: the action has no resource-level support.
    Star,
    /// The five fields after `arn`, and the whole text.
    Arn {
        /// Partition, service, region, account, resource.
        fields: [&'a str; 5],
        /// All of it.
        text: &'a str,
    },
}

impl<'a> ResourceFields<'a> {
    /// Cuts `*` or a full ARN; `None` for anything else.
    pub fn new(text: &'a str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Star);
        }
        arn_fields(text).map(|fields| Self::Arn { fields, text })
    }

    /// The service field, empty for `*`.
    pub fn service(&self) -> &'a str {
        match self {
            Self::Star => "",
            Self::Arn { fields, .. } => fields[1],
        }
    }

    /// The account field, empty for `*`.
    pub fn account(&self) -> &'a str {
        match self {
            Self::Star => "",
            Self::Arn { fields, .. } => fields[3],
        }
    }
}

/// Whether the fields' patterns cover the resource: `parts(i)` gives the parts of field `i` with variables resolved.
///
/// Narrow: every field exactly. Wide: the first four ignore ASCII case (SEMANTICS B5); under `strict` also IAM user
/// names (SEMANTICS X16), and a `*` of the first four fields may run over colons (SEMANTICS X2).
pub fn match_resource<'p, P>(
    profile: Profile,
    parts: impl Fn(usize) -> P,
    resource: &ResourceFields<'_>,
) -> Truth
where
    P: Iterator<Item = Part<'p>> + Clone,
{
    let ResourceFields::Arn { fields, text } = resource else { return Truth::No };
    let last = glob(parts(4), fields[4]);
    let by_field = if last {
        let narrow = (0..4).all(|i| glob(parts(i), fields[i]));
        if narrow {
            Truth::Yes
        } else {
            Truth::between(false, (0..4).all(|i| glob_ignoring_case(parts(i), fields[i])))
        }
    } else {
        Truth::No
    };
    if profile == Profile::Aws {
        return by_field;
    }
    let user_name = || {
        fields[1].eq_ignore_ascii_case("iam")
            && fields[4].starts_with("user/")
            && (0..5).all(|i| glob_ignoring_case(parts(i), fields[i]))
    };
    let crossing = || {
        let colon = || core::iter::once(Part::Literal(":"));
        let head = core::iter::once(Part::Literal("arn:"));
        let whole = head
            .chain(parts(0))
            .chain(colon())
            .chain(parts(1))
            .chain(colon())
            .chain(parts(2))
            .chain(colon())
            .chain(parts(3))
            .chain(colon())
            .chain(parts(4));
        glob(whole, text)
    };
    match by_field {
        // What matches field by field matches as a whole too: its colons are literal there.
        Truth::Yes | Truth::Maybe => by_field,
        Truth::No => Truth::between(false, user_name() || crossing()),
    }
}
