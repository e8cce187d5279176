//! Who asks (SEMANTICS C8, F2, F13..F19).

use super::{Context, ContextValue};

/// What kind of caller it is, with the names by which a `Principal` element can mean it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Unsigned request.
    Anonymous,
    /// An AWS service acting for itself (SEMANTICS F14).
    Service {
        /// `lambda.amazonaws.com`.
        name: String,
    },
    /// The root user of an account (SEMANTICS F16).
    Root {
        /// Its account.
        account: String,
    },
    /// An IAM user.
    User {
        /// `arn:aws:iam::ACCOUNT:user/path/name`.
        arn: String,
        /// `AIDA...`, if known.
        id: Option<String>,
    },
    /// A session of a role.
    RoleSession {
        /// `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`.
        arn: String,
        /// The role's own ARN with its path, if known (SEMANTICS F19).
        role: Option<String>,
        /// `AROA...`, if known.
        id: Option<String>,
        /// Service-linked roles are outside SCPs and RCPs (SEMANTICS F2).
        service_linked: bool,
    },
    /// A session from `GetFederationToken` (SEMANTICS F17).
    FederatedUser {
        /// `arn:aws:sts::ACCOUNT:federated-user/NAME`.
        arn: String,
        /// ARN of the IAM user that created it, if known.
        parent: Option<String>,
    },
    /// An unsigned `AssumeRoleWithWebIdentity` or `AssumeRoleWithSAML` call (SEMANTICS F13).
    Federated {
        /// The value that `Principal: {"Federated": ...}` must equal.
        provider: String,
    },
    /// A token's bearer without a role: identity policies are those of its groups, its own and everyone's.
    Subject {
        /// Home account of the deployment.
        account: String,
        /// Issuer and subject together name it (SEMANTICS G19).
        issuer: String,
        /// The issuer's name for it.
        subject: String,
    },
}

/// A caller with all that its token, tags and groups say of it. Fixed for the life of a session.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who.
    pub caller: Caller,
    /// Groups whose policies it has.
    pub groups: Vec<String>,
    /// False if the token left the groups out for want of room (SEMANTICS G16): then policies of *any* group may deny.
    pub groups_known: bool,
    /// Names of the session policies passed when the session began (SEMANTICS F2, G10).
    pub session_policies: Vec<String>,
    /// Context keys that the principal owns: `aws:PrincipalTag/...`, `token:...`, provider keys.
    pub context: Context<'static>,
}

impl Principal {
    /// A caller without groups, and with the context keys that follow from what it is (SEMANTICS C8, E).
    pub fn new(caller: Caller) -> Self {
        let mut principal = Self {
            caller,
            groups: Vec::new(),
            groups_known: true,
            session_policies: Vec::new(),
            context: Context::default(),
        };
        principal.derive_keys();
        principal
    }

    /// From an ARN: user, root, assumed role or federated user. `None` for any other text.
    pub fn from_arn(arn: &str) -> Option<Self> {
        let [_, service, _, account, resource] = crate::value::arn_fields(arn)?;
        let account = account.to_owned();
        let caller = match (service, resource.split_once('/')) {
            ("iam", None) if resource == "root" => Caller::Root { account },
            ("iam", Some(("user", _))) => Caller::User { arn: arn.to_owned(), id: None },
            ("sts", Some(("assumed-role", rest))) if rest.contains('/') => {
                Caller::RoleSession { arn: arn.to_owned(), role: None, id: None, service_linked: false }
            }
            ("sts", Some(("federated-user", _))) => {
                Caller::FederatedUser { arn: arn.to_owned(), parent: None }
            }
            _ => return None,
        };
        Some(Self::new(caller))
    }

    /// The same in one more group.
    #[must_use]
    pub fn in_group(mut self, group: &str) -> Self {
        self.groups.push(group.to_owned());
        self
    }

    /// The same with a context key that it owns; replaces a derived one.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<ContextValue<'static>>) -> Self {
        self.context.replace(key.to_owned(), value);
        self
    }

    /// The same with a principal tag.
    #[must_use]
    pub fn with_tag(self, tag: &str, value: &str) -> Self {
        self.with(&["aws:PrincipalTag/", tag].concat(), value.to_owned())
    }

    /// Its account; `None` for anonymous, services and unsigned federation calls.
    pub fn account(&self) -> Option<&str> {
        match &self.caller {
            Caller::Anonymous | Caller::Service { .. } | Caller::Federated { .. } => None,
            Caller::Root { account } | Caller::Subject { account, .. } => Some(account),
            Caller::User { arn, .. }
            | Caller::RoleSession { arn, .. }
            | Caller::FederatedUser { arn, .. } => crate::value::arn_fields(arn).map(|fields| fields[3]),
        }
    }

    /// The role's own ARN: as given, or without path from the session's ARN.
    pub fn role_arn(&self) -> Option<String> {
        match &self.caller {
            Caller::RoleSession { role: Some(role), .. } => Some(role.clone()),
            Caller::RoleSession { arn, .. } => {
                let [partition, _, _, account, resource] = crate::value::arn_fields(arn)?;
                let name = resource.split('/').nth(1)?;
                Some(["arn:", partition, ":iam::", account, ":role/", name].concat())
            }
            _ => None,
        }
    }

    fn derive_keys(&mut self) {
        let account = self.account().map(str::to_owned);
        let (kind, arn, user_id, user_name) = match &self.caller {
            Caller::Anonymous => ("Anonymous", None, Some("anonymous".to_owned()), None),
            Caller::Service { name } => {
                let name = name.clone();
                self.context.replace("aws:PrincipalServiceName", name);
                ("AWSService", None, None, None)
            }
            Caller::Root { account } => {
                ("Account", Some(["arn:aws:iam::", account, ":root"].concat()), Some(account.clone()), None)
            }
            Caller::User { arn, id } => {
                ("User", Some(arn.clone()), id.clone(), arn.rsplit('/').next().map(str::to_owned))
            }
            Caller::RoleSession { arn, id, .. } => {
                let session = arn.rsplit('/').next().unwrap_or_default();
                let user_id = id.as_ref().map(|id| [id.as_str(), ":", session].concat());
                ("AssumedRole", self.role_arn(), user_id, None)
            }
            Caller::FederatedUser { arn, .. } => {
                let name = arn.rsplit('/').next().unwrap_or_default();
                let user_id = account.as_ref().map(|account| [account.as_str(), ":", name].concat());
                ("FederatedUser", Some(arn.clone()), user_id, None)
            }
            Caller::Federated { .. } => return,
            Caller::Subject { .. } => ("Subject", None, None, None),
        };
        let is_service = matches!(self.caller, Caller::Service { .. });
        if !matches!(self.caller, Caller::Anonymous) {
            self.context.replace("aws:PrincipalIsAWSService", is_service);
        }
        self.context.replace("aws:PrincipalType", kind);
        if matches!(self.caller, Caller::Anonymous) {
            self.context.replace("aws:PrincipalAccount", "anonymous");
        } else if let Some(account) = account {
            self.context.replace("aws:PrincipalAccount", account);
        }
        if let Some(arn) = arn {
            self.context.replace("aws:PrincipalArn", arn);
        }
        if let Some(id) = user_id {
            self.context.replace("aws:userid", id);
        }
        if let Some(name) = user_name {
            self.context.replace("aws:username", name);
        }
    }
}
