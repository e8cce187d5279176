//! Whose the resource is, and which control policies bind it (SEMANTICS F2, F7, F8).

use super::env::Env;
use crate::request::Caller;
use crate::value::{Held, ResourceFields, Truth, resource_control_covers};

/// The key by which a request can tell the owner.
const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";
/// Its folded hash; a test holds the two together.
const RESOURCE_ACCOUNT_HASH: u64 = 0xa669_04e8_456e_ba40;

impl<'a> Env<'a, '_> {
    /// The account that owns the resource, if it is known.
    pub(super) fn resource_account(&self) -> Option<&'a str> {
        let tree = self.tree;
        if let Some(account) = self.request.resource_account.as_deref() {
            return Some(account);
        }
        match self.request.context.find(RESOURCE_ACCOUNT_HASH, RESOURCE_ACCOUNT.as_bytes()) {
            Held::One(account) if !account.is_empty() => return Some(account),
            _ => {}
        }
        let home = tree.text(tree.home_account);
        let fields = self.request.resource_fields();
        let ResourceFields::Arn { fields: [partition, service, _, account, _], .. } = fields else {
            return Some(self.principal.account().unwrap_or(home));
        };
        let own = tree.own_services.iter().any(|own| tree.text(*own) == service);
        if own || !is_aws_partition(partition) {
            return Some(home);
        }
        if !account.is_empty() {
            return Some(account);
        }
        let owner = tree.owned.iter().find(|owned| {
            tree.resource_tests
                .get(owned.resource as usize)
                .is_some_and(|test| self.resource_entry(test) == Truth::Yes)
        });
        owner.map(|owned| tree.text(owned.account))
    }

    /// Whether resource control policies bind this request at all.
    pub(super) fn is_under_resource_control(&self, account: Option<&str>) -> bool {
        let tree = self.tree;
        if matches!(self.principal.caller, Caller::RoleSession { service_linked: true, .. }) {
            return false;
        }
        let management = tree.text(tree.management_account);
        if !management.is_empty() && account == Some(management) {
            return false;
        }
        if self.request.action().eq_ignore_ascii_case("kms:RetireGrant") {
            return false;
        }
        match self.request.resource_fields() {
            ResourceFields::Arn { fields: [partition, ..], .. } if !is_aws_partition(partition) => true,
            _ => {
                let service = self.request.service();
                let own = tree.own_services.iter().any(|own| tree.text(*own) == service);
                own || resource_control_covers(service)
            }
        }
    }
}

/// `aws`, `aws-cn`, ...: everything else is a deployment's own.
fn is_aws_partition(partition: &str) -> bool {
    partition == "aws" || partition.starts_with("aws-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_of_the_name() {
        assert_eq!(crate::value::hash_folded(RESOURCE_ACCOUNT.as_bytes()), RESOURCE_ACCOUNT_HASH);
    }
}
