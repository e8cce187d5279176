//! Which elements a document of each kind takes (SEMANTICS A.3, A6, A7, A16, B6), as data.

use super::Kind;

/// What a kind says of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Its absence is an error.
    Required,
    /// May be left out.
    Optional,
    /// Its presence is an error.
    Forbidden,
    /// Its presence is an error under `strict`.
    ForbiddenInStrict,
}

/// What becomes of an ARN with fewer than six fields (SEMANTICS B6, X4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incomplete {
    /// The rest is `*`.
    Fill,
    /// The rest is `*`; an error under `strict`.
    FillOrRefuse,
    /// The rest is `*` for a Deny, an Allow never matches; an error under `strict`.
    CapOrRefuse,
    /// An error.
    Refuse,
}

/// What a kind's documents look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) id: Rule,
    pub(super) principal: Rule,
    pub(super) not_principal: Rule,
    pub(super) resource: Rule,
    /// Characters of a Sid other than letters and digits (SEMANTICS A7).
    pub(super) odd_sid: Rule,
    /// The same Sid twice (SEMANTICS A7).
    pub(super) duplicate_sid: Rule,
    /// Characters outside of what IAM stores (SEMANTICS A1).
    pub(super) odd_character: Rule,
    pub(super) incomplete: Incomplete,
}

use Incomplete::{CapOrRefuse, Fill, FillOrRefuse, Refuse};
use Rule::{Forbidden, ForbiddenInStrict, Optional, Required};

const IDENTITY: Shape = Shape {
    id: ForbiddenInStrict,
    principal: Forbidden,
    not_principal: Forbidden,
    resource: Required,
    odd_sid: Forbidden,
    duplicate_sid: Forbidden,
    odd_character: ForbiddenInStrict,
    incomplete: Fill,
};

const RESOURCE: Shape = Shape {
    id: Optional,
    principal: Optional,
    not_principal: Optional,
    resource: Optional,
    odd_sid: Optional,
    duplicate_sid: Optional,
    odd_character: Optional,
    incomplete: CapOrRefuse,
};

impl Shape {
    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Identity => IDENTITY,
            Kind::Boundary => Self { incomplete: FillOrRefuse, ..IDENTITY },
            Kind::Session => Self { incomplete: Refuse, ..IDENTITY },
            Kind::ServiceControl => {
                Self { odd_sid: ForbiddenInStrict, odd_character: Optional, incomplete: Refuse, ..IDENTITY }
            }
            Kind::Authorizer => Self {
                id: Forbidden,
                odd_sid: Optional,
                duplicate_sid: Optional,
                odd_character: Optional,
                incomplete: FillOrRefuse,
                ..IDENTITY
            },
            Kind::Resource | Kind::KmsKey | Kind::Api => RESOURCE,
            Kind::Endpoint => Self { resource: Required, ..RESOURCE },
            Kind::Trust => Self {
                principal: Required,
                not_principal: Forbidden,
                resource: Forbidden,
                odd_sid: ForbiddenInStrict,
                duplicate_sid: Forbidden,
                odd_character: ForbiddenInStrict,
                ..RESOURCE
            },
            Kind::ResourceControl => Self {
                id: Forbidden,
                principal: Required,
                not_principal: Forbidden,
                resource: Required,
                odd_sid: ForbiddenInStrict,
                duplicate_sid: Forbidden,
                incomplete: Refuse,
                ..RESOURCE
            },
        }
    }
}
