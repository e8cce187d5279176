//! Whether two documents say the same, wherever they stand in their texts.

use super::{
    ActionPattern, Clause, Condition, Document, Operand, PrincipalPattern, ResourceEntry, Spanned, Statement,
};

impl Document {
    /// Whether the other has the same syntax: everything but sources and spans.
    ///
    /// Spelling counts where it is kept: letter case of actions and keys, not the layout or a list of one.
    pub fn same_syntax(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.profile == other.profile
            && self.version == other.version
            && self.version_span.is_some() == other.version_span.is_some()
            && optional(self.id.as_ref(), other.id.as_ref(), spanned)
            && all(&self.statements, &other.statements, statement)
    }
}

fn all<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
}

fn optional<T>(one: Option<&T>, other: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn spanned<T: PartialEq>(one: &Spanned<T>, other: &Spanned<T>) -> bool {
    one.value == other.value
}

fn statement(one: &Statement, other: &Statement) -> bool {
    optional(one.sid.as_ref(), other.sid.as_ref(), spanned)
        && spanned(&one.effect, &other.effect)
        && optional(one.principal.as_ref(), other.principal.as_ref(), |one, other| {
            clause(one, other, principal)
        })
        && clause(&one.action, &other.action, action)
        && optional(one.resource.as_ref(), other.resource.as_ref(), |one, other| clause(one, other, resource))
        && one.condition_span.is_some() == other.condition_span.is_some()
        && all(&one.conditions, &other.conditions, condition)
        && all(&one.empty_operators, &other.empty_operators, spanned)
}

fn clause<T>(one: &Clause<T>, other: &Clause<T>, same: impl Fn(&T, &T) -> bool) -> bool {
    one.negated == other.negated && all(&one.entries, &other.entries, same)
}

fn principal(one: &PrincipalPattern, other: &PrincipalPattern) -> bool {
    one.text == other.text && one.name == other.name
}

fn action(one: &ActionPattern, other: &ActionPattern) -> bool {
    one.text == other.text && one.service == other.service && one.name == other.name
}

fn resource(one: &ResourceEntry, other: &ResourceEntry) -> bool {
    one.text == other.text && one.pattern == other.pattern
}

fn condition(one: &Condition, other: &Condition) -> bool {
    spanned(&one.operator, &other.operator)
        && one.key.value.as_str() == other.key.value.as_str()
        && all(&one.operands, &other.operands, operand)
}

fn operand(one: &Operand, other: &Operand) -> bool {
    one.text == other.text && one.form == other.form && one.value == other.value
}
