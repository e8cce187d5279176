//! From what each layer said to a verdict: the table of SEMANTICS F.2, as the code of F.3.
//!
//! A finite function of small sets, so that a truth table can hold it.

use crate::request::{Caller, Principal};
use crate::value::{Layer, Profile};

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Inside what the caller may do.
    Allow,
    /// Nothing allows it, or a layer whose allow is needed has none.
    ImplicitDeny,
    /// A statement denies it.
    ExplicitDeny,
}

impl Verdict {
    /// Whether it is `Allow`.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }

    /// `allow`, `implicit deny`, `explicit deny`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::ImplicitDeny => "implicit deny",
            Self::ExplicitDeny => "explicit deny",
        }
    }
}

/// A layer at one organization level. Ordered as explicit denies are reported (SEMANTICS F.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u8);

impl Slot {
    /// The slot of a layer; `level` counts only for the two control layers and is at most 15.
    pub fn new(layer: Layer, level: u8) -> Self {
        Self(match layer {
            Layer::ResourceControl => level & 15,
            Layer::ServiceControl => 16 + (level & 15),
            // Endpoint, resource, identity, boundary, session: 32 to 36.
            other => 30 + other as u8,
        })
    }

    /// Its layer.
    pub fn layer(self) -> Layer {
        match self.0 {
            0..16 => Layer::ResourceControl,
            16..32 => Layer::ServiceControl,
            32 => Layer::Endpoint,
            33 => Layer::Resource,
            34 => Layer::Identity,
            35 => Layer::Boundary,
            _ => Layer::Session,
        }
    }

    /// Its level; 0 outside the control layers.
    pub fn level(self) -> u8 {
        if self.0 < 32 { self.0 & 15 } else { 0 }
    }
}

/// A set of slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Slots(u64);

impl Slots {
    /// Puts a slot in.
    pub fn insert(&mut self, slot: Slot) {
        self.0 |= 1 << slot.0;
    }

    /// Whether a slot is in.
    pub fn contains(self, slot: Slot) -> bool {
        self.0 >> slot.0 & 1 == 1
    }

    /// The first slot in order, if any.
    pub fn first(self) -> Option<Slot> {
        let place = u8::try_from(self.0.trailing_zeros()).ok()?;
        (self.0 != 0).then_some(Slot(place))
    }

    /// From one bit a slot.
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Those that are in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// All slots of a layer.
    pub fn of_layer(layer: Layer) -> Self {
        Self(match layer {
            Layer::ResourceControl => 0xffff,
            Layer::ServiceControl => 0xffff_0000,
            other => 1 << Slot::new(other, 0).0,
        })
    }

    /// Whether none is in.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// By what name an allowing statement of a resource policy meant the caller (SEMANTICS F10, F.3). Kept as a set:
/// one caller can be meant in several ways at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grants(pub u16);

impl Grants {
    /// By role-session ARN.
    pub const SESSION: Self = Self(1);
    /// By federated-user ARN.
    pub const FEDERATED_SESSION: Self = Self(2);
    /// By role ARN or id.
    pub const ROLE: Self = Self(4);
    /// By user ARN or id.
    pub const USER: Self = Self(8);
    /// By the ARN of the user that created the federated session.
    pub const FEDERATED_PARENT: Self = Self(16);
    /// By `*`.
    pub const EVERYONE: Self = Self(32);
    /// By account: delegation only (SEMANTICS F9).
    pub const ACCOUNT: Self = Self(64);
    /// By service principal.
    pub const SERVICE: Self = Self(128);
    /// By identity provider.
    pub const PROVIDER: Self = Self(256);

    /// Both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of the other's is in.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether none is in.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What kind of caller, as far as the table cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// Unsigned.
    Anonymous,
    /// Service principal.
    Service,
    /// Unsigned STS federation call.
    Federated,
    /// Root user.
    Root,
    /// IAM user, or a token's bearer without role.
    User,
    /// Role session.
    RoleSession,
    /// Federated user.
    FederatedUser,
}

impl CallerKind {
    /// The kind of a caller.
    pub fn of(principal: &Principal) -> Self {
        match principal.caller {
            Caller::Anonymous => Self::Anonymous,
            Caller::Service { .. } => Self::Service,
            Caller::Federated { .. } => Self::Federated,
            Caller::Root { .. } => Self::Root,
            Caller::User { .. } | Caller::Subject { .. } => Self::User,
            Caller::RoleSession { .. } => Self::RoleSession,
            Caller::FederatedUser { .. } => Self::FederatedUser,
        }
    }

    /// Whether identity policies, a boundary and session policies can be in force for it (SEMANTICS F2, F14..F16).
    pub fn has_identity(self) -> bool {
        matches!(self, Self::User | Self::RoleSession | Self::FederatedUser)
    }
}

/// What the layers said. Only slots in force may be in `allowed` and `denied`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Which reading (SEMANTICS X7).
    pub profile: Profile,
    /// Who asks.
    pub caller: CallerKind,
    /// Whether caller and resource belong to one account; unknown is not the same (SEMANTICS F8).
    pub same_account: bool,
    /// A KMS key or a role's trust policy: the resource must say yes itself (SEMANTICS F12).
    pub needs_own_grant: bool,
    /// Where policies are in force. A layer that is not in force does not limit.
    pub in_force: Slots,
    /// Where an `Allow` applies.
    pub allowed: Slots,
    /// Where a `Deny` applies.
    pub denied: Slots,
    /// How the allowing statements of resource policies meant the caller.
    pub grants: Grants,
}

impl Tally {
    /// Verdict and the slot that decided: the denying one, the one that lacks an allow, or the one that granted.
    pub fn verdict(&self) -> (Verdict, Slot) {
        let slot = |layer| Slot::new(layer, 0);
        let silent = |layer| (Verdict::ImplicitDeny, slot(layer));
        if let Some(denied) = self.denied.first() {
            return (Verdict::ExplicitDeny, denied);
        }
        let identity = slot(Layer::Identity);
        if self.in_force == Slots::of_layer(Layer::Identity)
            && self.grants.is_empty()
            && self.same_account
            && !self.needs_own_grant
            && matches!(self.caller, CallerKind::User | CallerKind::RoleSession)
        {
            // The usual case: identity policies alone. What follows says the same, but not as fast.
            let allowed = self.allowed.contains(identity);
            return (if allowed { Verdict::Allow } else { Verdict::ImplicitDeny }, identity);
        }
        // RCP levels, SCP levels, endpoint: each in force must allow. The order of slots is the order of the table.
        let ceilings = Slots(
            Slots::of_layer(Layer::ResourceControl).0 | Slots::of_layer(Layer::ServiceControl).0 | 1 << 32,
        );
        if let Some(lacking) = self.in_force.and(ceilings).without(self.allowed).first() {
            return (Verdict::ImplicitDeny, lacking);
        }
        let resource_allow = (Verdict::Allow, slot(Layer::Resource));
        let named = |kinds: Grants| self.grants.has(kinds.or(Grants::EVERYONE));
        match self.caller {
            CallerKind::Federated if named(Grants::PROVIDER) => return resource_allow,
            CallerKind::Anonymous if named(Grants::EVERYONE) => return resource_allow,
            CallerKind::Service if named(Grants::SERVICE) => return resource_allow,
            CallerKind::Federated | CallerKind::Anonymous | CallerKind::Service => {
                return silent(Layer::Resource);
            }
            _ => {}
        }
        let boundary = self.permits(Layer::Boundary);
        let session = self.permits(Layer::Session);
        let identity = self.lacking_on_identity_path(boundary, session);
        if self.same_account {
            let direct = Grants::SESSION.or(Grants::FEDERATED_SESSION).or(Grants::EVERYONE);
            // SEMANTICS X7: by the documents a session policy does not limit a grant to the session itself.
            if self.grants.has(direct) && (self.profile == Profile::Aws || session)
                || self.grants.has(Grants::USER) && self.caller == CallerKind::User
                || self.grants.has(Grants::ROLE.or(Grants::FEDERATED_PARENT)) && boundary && session
            {
                return resource_allow;
            }
            if self.needs_own_grant && !self.grants.has(Grants::ACCOUNT) {
                return silent(Layer::Resource);
            }
        } else if identity.is_none() && self.grants.is_empty() {
            return silent(Layer::Resource);
        }
        match identity {
            None => (Verdict::Allow, slot(Layer::Identity)),
            Some(lacking) => silent(lacking),
        }
    }

    /// Whether a layer of the identity path lets the request pass: not in force, or allowing.
    fn permits(&self, layer: Layer) -> bool {
        let slot = Slot::new(layer, 0);
        !self.in_force.contains(slot) || self.allowed.contains(slot)
    }

    /// The layer that keeps the identity path from allowing, if one does.
    fn lacking_on_identity_path(&self, boundary: bool, session: bool) -> Option<Layer> {
        if self.caller == CallerKind::Root {
            return None;
        }
        let session_required = self.caller == CallerKind::FederatedUser;
        if !self.allowed.contains(Slot::new(Layer::Identity, 0)) {
            Some(Layer::Identity)
        } else if !boundary {
            Some(Layer::Boundary)
        } else if !session || session_required && !self.in_force.contains(Slot::new(Layer::Session, 0)) {
            Some(Layer::Session)
        } else {
            None
        }
    }
}
