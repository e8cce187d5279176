//! One question: set, principal and request side by side, with what follows from them before any statement is read.

use crate::ast::{PolicySet, Target};
use crate::decide::{CallerKind, DecisionError};
use crate::request::{Caller, Principal, Request};
use crate::value::{Held, KeyName, Layer, Owner, Profile, ResourceFields, Truth};

use super::{attachment, resource};

pub(crate) struct Asked<'a, 'r> {
    pub(crate) set: &'a PolicySet,
    pub(crate) principal: &'a Principal,
    pub(crate) request: &'a Request<'r>,
    pub(crate) caller: CallerKind,
    pub(crate) service: &'a str,
    pub(crate) name: &'a str,
    pub(crate) resource: ResourceFields<'a>,
    /// Whose the resource is, if that is known (SEMANTICS F8).
    pub(crate) resource_account: Option<&'a str>,
    /// Whether a permissions boundary is in force for the caller (SEMANTICS A16).
    pub(crate) has_boundary: bool,
    /// The only keys that requests can bring, where that is known; the others are missing for good.
    pub(crate) open: Option<&'a [KeyName]>,
}

impl<'a, 'r> Asked<'a, 'r> {
    pub(crate) fn new(set: &'a PolicySet, principal: &'a Principal, request: &'a Request<'r>) -> Self {
        let (service, name) = request.action().split_once(':').unwrap_or((request.action(), ""));
        let mut asked = Self {
            set,
            principal,
            request,
            caller: CallerKind::of(principal),
            service,
            name,
            resource: request.resource_fields(),
            resource_account: None,
            has_boundary: false,
            open: None,
        };
        asked.resource_account = asked.account_of_resource();
        asked.has_boundary = set
            .attachments()
            .iter()
            .any(|it| it.layer == Layer::Boundary && attachment::truth(&asked, it) != Truth::No);
        asked
    }

    pub(crate) fn profile(&self) -> Profile {
        self.set.profile
    }

    /// What stands under a key: the principal's word goes first.
    pub(crate) fn held(&self, key: &KeyName) -> Held<'a> {
        match self.principal.context.get(key) {
            Held::Missing => self.request.context().get(key),
            held => held,
        }
    }

    /// Whether a request may still bring a value for the key.
    pub(crate) fn is_open(&self, key: &KeyName) -> bool {
        self.set.keys.owner(key.as_str()) == Owner::Request
            && matches!(self.held(key), Held::Missing)
            && self.open.is_none_or(|open| open.contains(key))
    }

    /// Why the request cannot be evaluated (SEMANTICS E3, F5, I2).
    pub(crate) fn error(&self) -> Option<DecisionError> {
        let context = self.request.context();
        if context.iter().any(|(name, _)| self.set.keys.owner(name) == Owner::Principal) {
            return Some(DecisionError::PrincipalKey);
        }
        let too_large = context.is_oversized() || self.principal.context.is_oversized();
        too_large.then_some(DecisionError::TooLarge)
    }

    /// `sts:GetCallerIdentity` needs no permission (SEMANTICS F13).
    pub(crate) fn needs_no_permission(&self) -> bool {
        self.caller != CallerKind::Anonymous
            && self.request.action().eq_ignore_ascii_case("sts:GetCallerIdentity")
    }

    /// Whether caller and resource belong to one account; unknown is not the same (SEMANTICS F8).
    pub(crate) fn same_account(&self) -> bool {
        self.resource_account.is_some() && self.principal.account() == self.resource_account
    }

    /// KMS keys and roles that are assumed must say yes themselves (SEMANTICS F12).
    pub(crate) fn needs_own_grant(&self) -> bool {
        let ResourceFields::Arn { fields, .. } = self.resource else { return false };
        let is = |service: &str, owner: &str, kind: &str| {
            self.service.eq_ignore_ascii_case(service)
                && fields[1].eq_ignore_ascii_case(owner)
                && fields[4].starts_with(kind)
        };
        is("kms", "kms", "key/") || is("sts", "iam", "role/")
    }

    /// Whether the caller is a session of a service-linked role (SEMANTICS F2).
    pub(crate) fn is_service_linked(&self) -> bool {
        matches!(self.principal.caller, Caller::RoleSession { service_linked: true, .. })
    }

    /// Whether the resource is of one of the deployment's own services or of a partition of its own.
    pub(crate) fn is_own(&self) -> bool {
        let ResourceFields::Arn { fields, .. } = self.resource else { return false };
        self.is_own_partition() || self.set.own_services.iter().any(|own| own == fields[1])
    }

    /// Whether the resource is of a partition that is not AWS's.
    pub(crate) fn is_own_partition(&self) -> bool {
        let ResourceFields::Arn { fields, .. } = self.resource else { return false };
        fields[0] != "aws" && !fields[0].starts_with("aws-")
    }

    fn account_of_resource(&self) -> Option<&'a str> {
        if let Some(account) = self.request.resource_account() {
            return Some(account);
        }
        if let Held::One(account) = self.request.context().get(&KeyName::new("aws:ResourceAccount"))
            && !account.is_empty()
        {
            return Some(account);
        }
        let home = self.set.home_account.as_str();
        if self.resource == ResourceFields::Star {
            return Some(self.principal.account().unwrap_or(home));
        }
        if self.is_own() {
            return Some(home);
        }
        let written = self.resource.account();
        if !written.is_empty() {
            return Some(written);
        }
        let owner = self.set.owned.iter().find(|owned| resource::covers(self, &owned.pattern) == Truth::Yes);
        owner.map(|owned| owned.account.as_str())
    }
}

/// What an attachment is attached to, in words.
pub(crate) fn target_words(target: &Target) -> String {
    match target {
        Target::Everyone => "everyone".to_owned(),
        Target::Group(name) => format!("group `{name}`"),
        Target::Role(arn) => format!("role `{arn}`"),
        Target::User(arn) => format!("user `{arn}`"),
        Target::Subject { issuer, subject } => format!("subject `{subject}` of `{issuer}`"),
        Target::Accounts(list) => format!("accounts `{}`", list.join("`, `")),
        Target::SessionPolicy(name) => format!("sessions begun with `{name}`"),
        Target::Resource(pattern) => format!("resource `{}`", resource::words(pattern)),
        Target::Endpoint(id) => format!("endpoint `{id}`"),
    }
}
