//! Who asks, as a case writes it.

use bailiwick::value::arn_fields;
use bailiwick::{Caller, Principal};

/// A caller: an ARN, a bare name, or an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrincipalSpec {
    /// `anonymous`, `service`, `federated`; empty where an ARN or name says it.
    pub kind: String,
    /// ARN or bare name; of a service or provider its id.
    pub name: String,
    /// The role's full ARN, for a role session.
    pub role: Option<String>,
    /// The creating user's ARN, for a federated user.
    pub parent: Option<String>,
    /// `AIDA...` or `AROA...`.
    pub id: Option<String>,
    /// Said to be service-linked.
    pub service_linked: bool,
    /// Groups whose policies it has.
    pub groups: Vec<String>,
    /// Principal tags.
    pub tags: Vec<(String, String)>,
}

impl PrincipalSpec {
    /// The caller; `home` is the account of a bare name. `None` if it is no principal.
    pub fn principal(&self, home: &str) -> Option<Principal> {
        let caller = match self.kind.as_str() {
            "anonymous" => Caller::Anonymous,
            "service" => Caller::Service { name: self.name.clone() },
            "federated" => Caller::Federated { provider: self.name.clone() },
            _ if self.name.starts_with("arn:") => self.by_arn()?,
            _ if self.name.is_empty() => return None,
            _ => Caller::User { arn: format!("arn:aws:iam::{home}:user/{}", self.name), id: self.id.clone() },
        };
        let mut principal = Principal::new(caller);
        principal.groups.clone_from(&self.groups);
        for (tag, value) in &self.tags {
            principal = principal.with_tag(tag, value);
        }
        Some(principal)
    }

    fn by_arn(&self) -> Option<Caller> {
        if let Some(session) = session_of_role(&self.name) {
            let service_linked = self.service_linked || is_service_linked(&self.name);
            let role = Some(self.name.clone());
            return Some(Caller::RoleSession { arn: session, role, id: self.id.clone(), service_linked });
        }
        Some(match Principal::from_arn(&self.name)?.caller {
            Caller::User { arn, .. } => Caller::User { arn, id: self.id.clone() },
            Caller::RoleSession { arn, .. } => {
                let path = self.role.as_deref().unwrap_or_default();
                let service_linked =
                    self.service_linked || is_service_linked(path) || is_service_linked(&arn);
                Caller::RoleSession { arn, role: self.role.clone(), id: self.id.clone(), service_linked }
            }
            Caller::FederatedUser { arn, .. } => Caller::FederatedUser { arn, parent: self.parent.clone() },
            other => other,
        })
    }
}

/// A role's own ARN as caller means some session of it.
fn session_of_role(role: &str) -> Option<String> {
    let [partition, service, _, account, resource] = arn_fields(role)?;
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    (service == "iam").then(|| format!("arn:{partition}:sts::{account}:assumed-role/{name}/session"))
}

/// By the path or the name that IAM keeps for them (SEMANTICS F2).
fn is_service_linked(arn: &str) -> bool {
    arn.contains(":role/aws-service-role/") || arn.contains(":assumed-role/AWSServiceRoleFor")
}
