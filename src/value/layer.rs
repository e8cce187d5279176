//! Layers, effects and names of statements: what syntax and tree both speak of.

/// One kind of policy in force (SEMANTICS F2), in the order in which an explicit deny is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Resource control policies.
    ResourceControl,
    /// Service control policies.
    ServiceControl,
    /// VPC endpoint policy.
    Endpoint,
    /// Resource-based policies, role trust and key policies included.
    Resource,
    /// Policies of users, groups, roles.
    Identity,
    /// Permissions boundary.
    Boundary,
    /// Session policies.
    Session,
}

impl Layer {
    /// Every layer, in order.
    pub const ALL: [Self; 7] = [
        Self::ResourceControl,
        Self::ServiceControl,
        Self::Endpoint,
        Self::Resource,
        Self::Identity,
        Self::Boundary,
        Self::Session,
    ];

    /// The words used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResourceControl => "resource control",
            Self::ServiceControl => "service control",
            Self::Endpoint => "endpoint",
            Self::Resource => "resource",
            Self::Identity => "identity",
            Self::Boundary => "boundary",
            Self::Session => "session policy",
        }
    }
}

/// Allow or deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `"Allow"`
    Allow,
    /// `"Deny"`
    Deny,
}

/// Number of a statement within one policy set, in order of attachment, document and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId(pub u32);
