//! Statements under construction, and their JSON.

use crate::value::{ArnPattern, Effect, Piece, ResourcePattern};

use super::rule::{Residual, Rule};
use super::text;

/// A statement of an identity policy.
pub(super) struct Draft {
    pub(super) effect: Effect,
    /// Whether it is `NotAction`, and the entries.
    pub(super) actions: (bool, Vec<String>),
    /// Whether it is `NotResource`, and the entries.
    pub(super) resources: (bool, Vec<String>),
    pub(super) conditions: Vec<Residual>,
}

impl Draft {
    /// The rule's own actions and conditions on these resources.
    pub(super) fn of(rule: &Rule, resources: (bool, Vec<String>)) -> Self {
        let actions = rule.actions.entries.iter().map(|entry| entry.text.clone()).collect();
        Self {
            effect: rule.effect,
            actions: (rule.actions.negated, actions),
            resources,
            conditions: rule.conditions.clone(),
        }
    }

    pub(super) fn deny(actions: (bool, Vec<String>), resources: (bool, Vec<String>)) -> Self {
        Self { effect: Effect::Deny, actions, resources, conditions: Vec::new() }
    }

    /// Whether it is about every action on every resource, without conditions.
    pub(super) fn is_unlimited(&self) -> bool {
        let every = |(negated, texts): &(bool, Vec<String>)| !negated && texts.iter().any(|text| text == "*");
        every(&self.actions) && every(&self.resources) && self.conditions.is_empty()
    }

    /// Whether it is about nothing at all.
    pub(super) fn is_idle(&self) -> bool {
        self.actions.0 && self.actions.1.iter().any(|text| text == "*")
    }

    /// Writes an action for every action, and resources for every resource.
    pub(super) fn speak_of(&mut self, action: &str, resource: &str) {
        self.actions = (false, vec![action.to_owned()]);
        for text in self.resources.1.iter_mut().filter(|text| *text == "*") {
            resource.clone_into(text);
        }
    }

    fn write(&self, out: &mut String) {
        out.push_str("    {\n      \"Effect\": ");
        text::json(out, if self.effect == Effect::Allow { "Allow" } else { "Deny" });
        list(out, if self.actions.0 { "NotAction" } else { "Action" }, &self.actions.1);
        list(out, if self.resources.0 { "NotResource" } else { "Resource" }, &self.resources.1);
        if !self.conditions.is_empty() {
            self.write_conditions(out);
        }
        out.push_str("\n    }");
    }

    fn write_conditions(&self, out: &mut String) {
        out.push_str(",\n      \"Condition\": {");
        let mut operators: Vec<_> = self.conditions.iter().map(|condition| condition.operator).collect();
        operators.sort_unstable();
        operators.dedup();
        for (i, operator) in operators.iter().enumerate() {
            out.push_str(if i == 0 { "\n        " } else { ",\n        " });
            text::json(out, &operator.to_string());
            out.push_str(": {");
            let keys = self.conditions.iter().filter(|condition| condition.operator == *operator);
            for (j, condition) in keys.enumerate() {
                out.push_str(if j == 0 { " " } else { ", " });
                text::json(out, &condition.key);
                out.push_str(": ");
                values(out, &condition.values);
            }
            out.push_str(" }");
        }
        out.push_str("\n      }");
    }
}

/// A whole document.
pub(super) fn document(drafts: &[Draft]) -> String {
    let mut out = String::from("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n");
    for (i, draft) in drafts.iter().enumerate() {
        if i > 0 {
            out.push_str(",\n");
        }
        draft.write(&mut out);
    }
    out.push_str("\n  ]\n}\n");
    out
}

fn list(out: &mut String, name: &str, texts: &[String]) {
    out.push_str(",\n      ");
    text::json(out, name);
    out.push_str(": ");
    values(out, texts);
}

fn values(out: &mut String, texts: &[String]) {
    if let [one] = texts {
        text::json(out, one);
        return;
    }
    out.push('[');
    for (i, one) in texts.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        text::json(out, one);
    }
    out.push(']');
}

/// An entry's text, if an identity policy can say it: wildcards and variables are plain characters only in the last
/// field of an ARN (SEMANTICS C2).
pub(super) fn writable(entry: &ResourcePattern) -> Option<String> {
    match entry {
        ResourcePattern::Any | ResourcePattern::Attached => Some("*".to_owned()),
        ResourcePattern::Arn { pattern, .. } => plain_head(pattern).then(|| text::arn(pattern)),
        ResourcePattern::Api(_) => None,
    }
}

fn plain_head(pattern: &ArnPattern) -> bool {
    let plain = |piece: &Piece| match piece {
        Piece::Literal(text) => !text.contains(['*', '?', '$']),
        Piece::Any | Piece::One => true,
        Piece::Variable(_) => false,
    };
    pattern.fields.iter().take(4).all(|field| field.pieces.iter().all(plain))
}
