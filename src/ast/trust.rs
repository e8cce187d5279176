//! Trust in identity providers that many customers share (SEMANTICS A19, G9, G22).

use super::code::SHARED_ISSUER;
use super::parse::{Read, Reader, error};
use super::{Condition, Kind, OperandValue, PrincipalName, PrincipalPattern, Statement};
use crate::value::{Base, Effect, SetOperator, shared_issuer_claims};

/// A shared provider that a trust statement allows.
struct Shared<'a> {
    /// The entry that names it.
    entry: &'a PrincipalPattern,
    /// Its name, also the prefix of its condition keys.
    provider: &'a str,
    /// The claims of which one must be tested.
    claims: &'static [&'static str],
}

/// The shared providers of a statement of a role trust policy.
fn shared_issuers(statement: &Statement) -> impl Iterator<Item = Shared<'_>> {
    let allowed = statement
        .principal
        .iter()
        .filter(|clause| statement.effect.value == Effect::Allow && !clause.negated);
    allowed.flat_map(|clause| &clause.entries).filter_map(|entry| {
        let PrincipalName::Federated(text) = &entry.name else { return None };
        let provider = text.split_once(":oidc-provider/").map_or(text.as_str(), |(_, provider)| provider);
        shared_issuer_claims(provider).map(|claims| Shared { entry, provider, claims })
    })
}

impl Shared<'_> {
    /// Whether the statement fails when the provider's claim is missing or has another value.
    fn demands(&self, statement: &Statement, claim: &str) -> bool {
        statement.conditions.iter().any(|condition| demands(condition, self.provider, claim))
    }

    /// The condition keys of which one must be tested, for messages.
    fn keys(&self) -> String {
        self.claims
            .iter()
            .map(|claim| format!("`{}:{claim}`", self.provider))
            .collect::<Vec<_>>()
            .join(" or ")
    }
}

fn demands(condition: &Condition, provider: &str, claim: &str) -> bool {
    let operator = condition.operator.value;
    let key = condition.key.value.as_str();
    let is_any = |value: &OperandValue| matches!(value, OperandValue::Text(text) if text.is_any());
    key.rsplit_once(':').is_some_and(|(issuer, name)| {
        issuer.eq_ignore_ascii_case(provider) && name.eq_ignore_ascii_case(claim)
    }) && !operator.if_exists
        && !operator.base.is_negated()
        && operator.base != Base::Null
        && operator.set != Some(SetOperator::ForAllValues)
        && !condition.operands.iter().any(|operand| is_any(&operand.value))
}

/// Under `strict` such trust is refused unless one of its claims is tested; under `aws` a lint tells.
pub(super) fn guarded(reader: &mut Reader<'_>, statement: &Statement) -> Read<()> {
    if reader.options.kind != Kind::Trust || !reader.is_strict() {
        return Ok(());
    }
    let mut whole = Ok(());
    for shared in shared_issuers(statement) {
        if shared.claims.iter().any(|claim| shared.demands(statement, claim)) {
            continue;
        }
        let message = format!("every customer of `{}` could assume this role", shared.provider);
        let help = format!("test {} in `Condition`", shared.keys());
        whole = Err(reader.refuse(error(SHARED_ISSUER, shared.entry.span, message, help)));
    }
    whole
}
