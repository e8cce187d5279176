//! Rules seen through one action on a range of resources: what is left of each when nothing else is ever asked.

use crate::explain::action;
use crate::explain::asked::Asked;
use crate::request::{Request, RequestError};
use crate::source::Span;
use crate::value::{
    ArnPattern, Effect, KeyName, Part, Piece, Profile, ResourcePattern, Template, Truth, covers, glob,
    glob_ignoring_case, overlap,
};

use super::outside::has_variable;
use super::rule::{Resources, Rule};
use super::text;
use crate::ast::{ActionPattern, Clause, Target};

/// One action on a range of resources, asked with known keys only.
#[derive(Clone, Debug)]
pub struct Focus {
    action: String,
    resource: ArnPattern,
    keys: Vec<KeyName>,
}

impl Focus {
    /// An action; an ARN whose first four fields are plain text; and the only keys that requests may bring, so that
    /// every other one is missing for good (SEMANTICS D3).
    ///
    /// Errors: what is no action, or a resource with wildcards before its last field.
    pub fn new(action: &str, resource: ArnPattern, keys: &[&str]) -> Result<Self, RequestError> {
        let text = text::arn(&resource);
        Request::new(action, text.as_str())?;
        if resource.fields.iter().take(4).any(|field| field.as_literal().is_none()) {
            return Err(RequestError::Resource(text));
        }
        let keys = keys.iter().map(|key| KeyName::new(key)).collect();
        Ok(Self { action: action.to_owned(), resource, keys })
    }

    /// The action.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The resources as policy text.
    pub fn resource_text(&self) -> String {
        text::arn(&self.resource)
    }

    pub(super) fn keys(&self) -> &[KeyName] {
        &self.keys
    }

    /// What is left of the rules. One that covers the action covers every action, and one that covers the range covers
    /// every resource: nothing else is asked.
    pub(super) fn narrow(&self, asked: &Asked<'_, '_>, rules: Vec<Rule>) -> Vec<Rule> {
        rules.into_iter().filter_map(|rule| self.narrowed(asked, rule)).collect()
    }

    fn narrowed(&self, asked: &Asked<'_, '_>, mut rule: Rule) -> Option<Rule> {
        let covered = action::clause(asked, &rule.actions).truth;
        if covered == Truth::No || covered == Truth::Maybe && rule.effect == Effect::Allow {
            return None;
        }
        rule.actions = every_action();
        let deny = rule.effect == Effect::Deny;
        if let Some(Target::Resource(pattern)) = &rule.target {
            match self.part(asked, pattern, deny) {
                In::Nothing => return None,
                In::Everything => rule.target = None,
                In::Some(part) => rule.target = Some(Target::Resource(part)),
            }
        }
        // What is not sure to match is enough for a Deny, and enough to be left out of an Allow.
        let wide = deny != rule.resources.negated;
        let mut kept = Vec::new();
        let mut whole = false;
        // SEMANTICS X6: there, an entry whose variable may lack a value counts even where it excludes nothing.
        let strict = rule.resources.negated && asked.profile() == Profile::Strict;
        let open = |entry: &ResourcePattern| strict && has_variable(entry);
        for entry in &rule.resources.entries {
            match self.part(asked, entry, wide) {
                _ if open(entry) => kept.push(entry.clone()),
                In::Nothing => {}
                In::Everything => whole = true,
                In::Some(part) if kept.contains(&part) => {}
                In::Some(part) => kept.push(part),
            }
        }
        let all = || Resources { negated: false, entries: vec![ResourcePattern::Any] };
        if whole && deny && kept.iter().any(open) {
            kept.push(ResourcePattern::Arn { pattern: self.resource.clone(), capped: false });
            whole = false;
        }
        rule.resources = match (rule.resources.negated, whole, kept.is_empty()) {
            (true, true, _) | (false, false, true) => return None,
            (false, true, _) | (true, false, true) => all(),
            (negated, false, false) => Resources { negated, entries: kept },
        };
        Some(rule)
    }

    /// How much of the range an entry covers; wide takes in what may match, narrow only what does.
    fn part(&self, asked: &Asked<'_, '_>, entry: &ResourcePattern, wide: bool) -> In {
        let (pattern, capped) = match entry {
            ResourcePattern::Any | ResourcePattern::Attached => return In::Everything,
            ResourcePattern::Arn { pattern, capped } => (pattern.clone(), *capped),
            ResourcePattern::Api(path) => match self.of_api(path) {
                Some(pattern) => (pattern, false),
                None => return In::Nothing,
            },
        };
        let fits = |field: usize| {
            let text = self.resource.fields.get(field).and_then(Template::as_literal).unwrap_or_default();
            pattern.fields.get(field).is_some_and(|own| {
                if wide { glob_ignoring_case(parts(own), text) } else { glob(parts(own), text) }
            })
        };
        let [.., own] = &pattern.fields;
        let [.., range] = &self.resource.fields;
        let heads = (0..4).all(fits) && (wide || !capped);
        // SEMANTICS X2: a `*` of an inner field may run over colons.
        let crossing = || {
            wide && asked.profile() == Profile::Strict && overlap(&whole(&pattern), &whole(&self.resource))
        };
        if heads && covers(own, range) {
            In::Everything
        } else if wide && asked.profile() == Profile::Strict {
            let meets = heads && overlap(own, range) || crossing();
            if meets { In::Some(ResourcePattern::Arn { pattern, capped }) } else { In::Nothing }
        } else if heads && overlap(own, range) {
            let mut fields = self.resource.fields.clone();
            fields[4] = own.clone();
            In::Some(ResourcePattern::Arn { pattern: ArnPattern { fields }, capped: false })
        } else {
            In::Nothing
        }
    }

    /// SEMANTICS H3: stage, method and path of this API.
    fn of_api(&self, path: &Template) -> Option<ArnPattern> {
        let [_, service, _, _, range] = &self.resource.fields;
        let Some(Piece::Literal(start)) = range.pieces.first() else { return None };
        let (api, _) = start.split_once('/')?;
        if !service.as_literal()?.eq_ignore_ascii_case("execute-api") {
            return None;
        }
        let mut fields = self.resource.fields.clone();
        fields[4] = Template::literal(api);
        for piece in &path.pieces {
            fields[4].push(piece.clone());
        }
        Some(ArnPattern { fields })
    }
}

/// How much of a range something covers.
enum In {
    Nothing,
    Some(ResourcePattern),
    Everything,
}

fn every_action() -> Clause<ActionPattern> {
    let span = Span::default();
    let entry = ActionPattern { span, text: "*".to_owned(), service: None, name: Template::any() };
    Clause { span, negated: false, entries: vec![entry] }
}

/// Its fields as one text with colons.
fn whole(pattern: &ArnPattern) -> Template {
    let mut out = Template::default();
    for (i, field) in pattern.fields.iter().enumerate() {
        if i > 0 {
            out.push(Piece::Literal(":".to_owned()));
        }
        for piece in &field.pieces {
            out.push(piece.clone());
        }
    }
    out
}

/// A variable in one of the first four fields stands for nothing that is known.
fn parts(template: &Template) -> impl Iterator<Item = Part<'_>> + Clone {
    template.pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => Part::Literal(text),
        Piece::Any | Piece::Variable(_) => Part::Any,
        Piece::One => Part::One,
    })
}
