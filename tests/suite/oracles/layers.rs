//! The table of SEMANTICS F.2, row by row, and the table of F10 for its row 10.

use bailiwick::Profile;
use bailiwick::decide::{CallerKind, Grants, Slot, Slots, Tally, Verdict};
use bailiwick::value::Layer;

/// What the policies of one slot said.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    NotInForce,
    Nothing,
    Allow,
    Deny,
    /// Both at once; the deny must win.
    AllowAndDeny,
}

use Said::{Allow, AllowAndDeny, Deny, NotInForce, Nothing};

/// Two levels of each organization layer are enough to see that each must allow.
#[derive(Clone, Copy, Debug)]
struct Case {
    profile: Profile,
    caller: CallerKind,
    same_account: bool,
    needs_own_grant: bool,
    resource_control: [Said; 2],
    service_control: [Said; 2],
    endpoint: Said,
    /// Its allows are the grants.
    resource_denies: bool,
    identity: Said,
    boundary: Said,
    session: Said,
    grants: Grants,
}

const NOTHING: Case = Case {
    profile: Profile::Aws,
    caller: CallerKind::User,
    same_account: true,
    needs_own_grant: false,
    resource_control: [NotInForce; 2],
    service_control: [NotInForce; 2],
    endpoint: NotInForce,
    resource_denies: false,
    identity: NotInForce,
    boundary: NotInForce,
    session: NotInForce,
    grants: Grants(0),
};

/// Levels far apart, so that a slip in their numbering shows.
const LEVELS: [u8; 2] = [0, 7];

impl Case {
    fn slots(&self) -> Vec<(Slot, Said)> {
        let mut slots = vec![
            (Slot::new(Layer::Endpoint, 0), self.endpoint),
            (Slot::new(Layer::Identity, 0), self.identity),
            (Slot::new(Layer::Boundary, 0), self.boundary),
            (Slot::new(Layer::Session, 0), self.session),
        ];
        for (i, level) in LEVELS.into_iter().enumerate() {
            slots.push((Slot::new(Layer::ResourceControl, level), self.resource_control[i]));
            slots.push((Slot::new(Layer::ServiceControl, level), self.service_control[i]));
        }
        let resource = match (self.resource_denies, self.grants.is_empty()) {
            (true, true) => Deny,
            (true, false) => AllowAndDeny,
            (false, true) => Nothing,
            (false, false) => Allow,
        };
        slots.push((Slot::new(Layer::Resource, 0), resource));
        slots
    }

    fn tally(&self) -> Tally {
        let [mut in_force, mut allowed, mut denied] = [Slots::default(); 3];
        for (slot, said) in self.slots() {
            if said != NotInForce {
                in_force.insert(slot);
            }
            if matches!(said, Allow | AllowAndDeny) {
                allowed.insert(slot);
            }
            if matches!(said, Deny | AllowAndDeny) {
                denied.insert(slot);
            }
        }
        let Self { profile, caller, same_account, needs_own_grant, grants, .. } = *self;
        Tally { profile, caller, same_account, needs_own_grant, in_force, allowed, denied, grants }
    }

    /// SEMANTICS F.2 from row 2 on, and the layer where the table names one.
    fn expected(&self) -> (Verdict, Option<(Layer, u8)>) {
        let implicit = |layer| (Verdict::ImplicitDeny, Some((layer, 0)));
        // Row 2, in the order that F.3 gives for the reason.
        let order = [
            (Layer::ResourceControl, LEVELS[0], self.resource_control[0]),
            (Layer::ResourceControl, LEVELS[1], self.resource_control[1]),
            (Layer::ServiceControl, LEVELS[0], self.service_control[0]),
            (Layer::ServiceControl, LEVELS[1], self.service_control[1]),
            (Layer::Endpoint, 0, self.endpoint),
            (Layer::Resource, 0, if self.resource_denies { Deny } else { Nothing }),
            (Layer::Identity, 0, self.identity),
            (Layer::Boundary, 0, self.boundary),
            (Layer::Session, 0, self.session),
        ];
        for (layer, level, said) in order {
            if matches!(said, Deny | AllowAndDeny) {
                return (Verdict::ExplicitDeny, Some((layer, level)));
            }
        }
        // Rows 3, 4, 5.
        for (layer, level, said) in order.into_iter().take(5) {
            if said == Nothing {
                return (Verdict::ImplicitDeny, Some((layer, level)));
            }
        }
        let has = |grant: Grants| self.grants.has(grant);
        let allow = (Verdict::Allow, None);
        // Rows 6, 7, 8.
        let by_resource_alone = match self.caller {
            CallerKind::Federated => Some(has(Grants::PROVIDER) || has(Grants::EVERYONE)),
            CallerKind::Anonymous => Some(has(Grants::EVERYONE)),
            CallerKind::Service => Some(has(Grants::SERVICE) || has(Grants::EVERYONE)),
            _ => None,
        };
        match by_resource_alone {
            Some(true) => return allow,
            Some(false) => return implicit(Layer::Resource),
            None => {}
        }
        let root = self.caller == CallerKind::Root;
        let federated = self.caller == CallerKind::FederatedUser;
        let limits_not = |said| said == NotInForce || said == Allow;
        let id = self.identity == Allow
            && limits_not(self.boundary)
            && limits_not(self.session)
            && (!federated || self.session != NotInForce);
        if self.same_account {
            // Row 9.
            if root && !self.needs_own_grant {
                return allow;
            }
            // Row 10.
            if self.direct_grant_holds() {
                return allow;
            }
            // Rows 11 and 12.
            if id && !self.needs_own_grant {
                return allow;
            }
            if self.needs_own_grant && has(Grants::ACCOUNT) && (id || root) {
                return allow;
            }
            // Row 13.
            return (Verdict::ImplicitDeny, None);
        }
        // Rows 14 and 15.
        if (id || root) && !self.grants.is_empty() { allow } else { (Verdict::ImplicitDeny, None) }
    }

    /// SEMANTICS F10, its rows from top to bottom, and X7 for `strict`.
    fn direct_grant_holds(&self) -> bool {
        let boundary = matches!(self.boundary, NotInForce | Allow);
        let session = matches!(self.session, NotInForce | Allow);
        let session_if_strict = self.profile == Profile::Aws || session;
        [
            (Grants::USER, CallerKind::User, true),
            (Grants::ROLE, CallerKind::RoleSession, boundary && session),
            (Grants::SESSION, CallerKind::RoleSession, session_if_strict),
            (Grants::FEDERATED_SESSION, CallerKind::FederatedUser, session_if_strict),
            (Grants::FEDERATED_PARENT, CallerKind::FederatedUser, boundary && session),
            (Grants::EVERYONE, self.caller, session_if_strict),
        ]
        .into_iter()
        .any(|(grant, caller, holds)| self.grants.has(grant) && self.caller == caller && holds)
    }

    #[track_caller]
    fn check(&self) {
        let (verdict, slot) = self.tally().verdict();
        let (expected, place) = self.expected();
        assert_eq!(verdict, expected, "{self:?}");
        if let Some(place) = place {
            assert_eq!((slot.layer(), slot.level()), place, "{self:?}");
        }
    }
}

/// Callers with the grants by which a policy can mean each.
const CALLERS: [(CallerKind, &[Grants]); 7] = [
    (CallerKind::Anonymous, &[Grants::EVERYONE]),
    (CallerKind::Service, &[Grants::EVERYONE, Grants::SERVICE]),
    (CallerKind::Federated, &[Grants::EVERYONE, Grants::PROVIDER]),
    (CallerKind::Root, &[Grants::EVERYONE, Grants::ACCOUNT]),
    (CallerKind::User, &[Grants::EVERYONE, Grants::ACCOUNT, Grants::USER]),
    (CallerKind::RoleSession, &[Grants::EVERYONE, Grants::ACCOUNT, Grants::ROLE, Grants::SESSION]),
    (
        CallerKind::FederatedUser,
        &[Grants::EVERYONE, Grants::ACCOUNT, Grants::FEDERATED_SESSION, Grants::FEDERATED_PARENT],
    ),
];

/// Every caller in every situation, with every set of grants that can mean it.
fn situations() -> Vec<Case> {
    let mut cases = Vec::new();
    for (caller, kinds) in CALLERS {
        for subset in 0..1 << kinds.len() {
            let chosen = kinds.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
            let grants = chosen.fold(Grants::default(), |all, (_, kind)| all.or(*kind));
            for bits in 0..8 {
                let profile = if bits & 1 == 0 { Profile::Aws } else { Profile::Strict };
                let (same_account, needs_own_grant) = (bits & 2 == 0, bits & 4 == 0);
                cases.push(Case { profile, caller, same_account, needs_own_grant, grants, ..NOTHING });
            }
        }
    }
    cases
}

const STATES: [Said; 5] = [NotInForce, Nothing, Allow, Deny, AllowAndDeny];

/// Identity, boundary and session policies in every state; a layer that a caller cannot have stays out.
fn with_identity_side(case: Case) -> Vec<Case> {
    if !case.caller.has_identity() {
        return vec![case];
    }
    let mut cases = Vec::new();
    for identity in STATES {
        for boundary in STATES {
            for session in STATES {
                if case.caller != CallerKind::User || session == NotInForce {
                    cases.push(Case { identity, boundary, session, ..case });
                }
            }
        }
    }
    cases
}

#[test]
fn every_caller_grant_and_identity_side() {
    let mut count = 0;
    for case in situations().into_iter().flat_map(with_identity_side) {
        for resource_denies in [false, true] {
            Case { resource_denies, ..case }.check();
            count += 1;
        }
    }
    assert!(count > 60_000, "{count}");
}

#[test]
fn every_ceiling() {
    for case in situations() {
        // Without a ceiling these would be allowed whenever anything can allow them.
        let case =
            if case.caller.has_identity() { Case { identity: Allow, session: Allow, ..case } } else { case };
        for high in STATES {
            for low in STATES {
                for endpoint in STATES {
                    for service_control in [[NotInForce; 2], [high, low], [Allow, low]] {
                        for resource_control in [[NotInForce; 2], [low, high], [high, Allow]] {
                            Case { resource_control, service_control, endpoint, ..case }.check();
                        }
                    }
                }
            }
        }
    }
}

/// Where several layers deny or lack an allow, the first in order is the reason.
#[test]
fn the_first_reason_is_given() {
    let all_deny = Case {
        resource_control: [Nothing, Deny],
        service_control: [Deny; 2],
        endpoint: Deny,
        resource_denies: true,
        identity: Deny,
        boundary: Deny,
        session: Deny,
        ..NOTHING
    };
    assert_eq!(all_deny.expected(), (Verdict::ExplicitDeny, Some((Layer::ResourceControl, 7))));
    all_deny.check();
    let all_silent = Case {
        service_control: [Allow, Nothing],
        endpoint: Nothing,
        identity: Nothing,
        boundary: Nothing,
        ..NOTHING
    };
    assert_eq!(all_silent.expected(), (Verdict::ImplicitDeny, Some((Layer::ServiceControl, 7))));
    all_silent.check();
}
