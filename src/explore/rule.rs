//! A statement as one principal meets it: what the principal decides is decided, the rest stands.

use crate::ast::{
    ActionPattern, Attached, Clause, Condition, OperandValue, PolicySet, ResourceEntry, Target,
};
use crate::decide::Grants;
use crate::explain::asked::Asked;
use crate::explain::variable::{self, Gap};
use crate::explain::{attachment, condition, principal};
use crate::source::{Source, Span};
use crate::value::{
    ArnPattern, Effect, KeyName, Layer, Operator, Piece, Profile, ResourcePattern, SetOperator, StatementId,
    Template, Truth,
};

use super::text;

/// A statement, narrowed to one principal.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its number in the set.
    pub id: StatementId,
    /// The layer in which it is attached.
    pub layer: Layer,
    /// Organization level in the control layers, else 0.
    pub level: u8,
    /// The text that it stands in; its name is the policy's.
    pub source: Source,
    /// The statement in that text.
    pub span: Span,
    /// Its place in the document, from 0.
    pub position: usize,
    /// `Sid`, if it has one.
    pub sid: Option<String>,
    /// Allow or deny.
    pub effect: Effect,
    /// What it is attached to, where only a request can tell whether that is meant.
    pub target: Option<Target>,
    /// By what names a statement of a resource policy means the caller.
    pub grants: Grants,
    /// `Action` or `NotAction`.
    pub actions: Clause<ActionPattern>,
    /// `Resource` or `NotResource`, with the principal's variables as text.
    pub resources: Resources,
    /// The conditions that only a request can decide.
    pub conditions: Vec<Residual>,
}

/// What is left of `Resource` or `NotResource`.
#[derive(Clone, Debug, PartialEq)]
pub struct Resources {
    /// Whether everything but these is meant.
    pub negated: bool,
    /// At least one, unless negated.
    pub entries: Vec<ResourcePattern>,
}

/// A condition that only a request can decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residual {
    /// The operator.
    pub operator: Operator,
    /// The key.
    pub key: String,
    /// Its values as policy text, with the principal's variables as text.
    pub values: Vec<String>,
}

impl core::fmt::Display for Residual {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {}", self.operator, self.key)?;
        for (i, value) in self.values.iter().enumerate() {
            write!(f, "{} `{value}`", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl Rule {
    /// The resources as policy text; of a policy attached to a resource that names all, the resource.
    pub fn resource_texts(&self) -> Vec<String> {
        let target = super::shown::targets(self);
        let attached = self
            .resources
            .entries
            .iter()
            .any(|entry| matches!(entry, ResourcePattern::Any | ResourcePattern::Attached));
        let entries = if attached && !target.is_empty() { &target } else { &self.resources.entries };
        entries.iter().map(text::resource).collect()
    }

    /// Whether it covers every resource, whatever it is attached to.
    pub(super) fn covers_all_resources(&self) -> bool {
        self.target.is_none() && self.is_unlimited()
    }

    /// Whether it covers every resource wherever its policy is in force.
    pub(super) fn is_unlimited(&self) -> bool {
        let whole =
            |entry: &ResourcePattern| matches!(entry, ResourcePattern::Any | ResourcePattern::Attached);
        let attached = matches!(self.target, Some(Target::Resource(_)));
        !attached && !self.resources.negated && self.resources.entries.iter().any(whole)
    }
}

/// The rules of a set that can matter to the principal. What cannot apply any more is gone.
pub(super) fn rules(set: &PolicySet, asked: &Asked<'_, '_>) -> Vec<Rule> {
    let mut reach: Vec<Option<Truth>> = vec![None; set.attachments().len()];
    let mut rules = Vec::new();
    for attached in set.statements() {
        let Some(known) = reach.get_mut(attached.index) else { continue };
        let reach = *known.get_or_insert_with(|| reach_of(asked, &attached));
        rules.extend(narrow(asked, &attached, reach));
    }
    rules
}

/// Whether the attachment can concern the principal; where the request decides, it can.
fn reach_of(asked: &Asked<'_, '_>, attached: &Attached<'_>) -> Truth {
    match attached.attachment.layer {
        Layer::Resource => Truth::Yes,
        Layer::Endpoint if !knows_endpoint(asked) => Truth::Yes,
        Layer::ResourceControl if asked.open.is_none() => Truth::of(!asked.is_service_linked()),
        _ => attachment::truth(asked, attached.attachment),
    }
}

pub(super) fn knows_endpoint(asked: &Asked<'_, '_>) -> bool {
    !asked.is_open(&KeyName::new("aws:SourceVpce"))
}

fn narrow(asked: &Asked<'_, '_>, attached: &Attached<'_>, reach: Truth) -> Option<Rule> {
    let (statement, at) = (attached.statement, attached.attachment);
    let effect = statement.effect.value;
    let by_request = match at.layer {
        Layer::Resource | Layer::ResourceControl => true,
        Layer::Endpoint => !knows_endpoint(asked),
        _ => false,
    };
    let mut truth = reach;
    let mut grants = Grants::default();
    if truth != Truth::No {
        match &statement.principal {
            Some(clause) => {
                let (report, by) = principal::clause(asked, at.layer, effect, clause);
                truth = truth.and(report.truth);
                grants = by;
            }
            None if matches!(at.layer, Layer::Resource | Layer::Endpoint) => truth = Truth::No,
            None => {}
        }
    }
    let mut conditions = Vec::new();
    for condition in &statement.conditions {
        match left(asked, effect, condition) {
            Left::Decided(decided) => truth = truth.and(decided),
            Left::Open(residual) => conditions.push(residual),
        }
        if truth == Truth::No {
            return None;
        }
    }
    if truth == Truth::No || effect == Effect::Allow && truth == Truth::Maybe {
        return None;
    }
    if !statement.action.negated && statement.action.entries.is_empty() {
        return None;
    }
    Some(Rule {
        id: attached.id,
        layer: at.layer,
        level: at.level,
        source: attached.document.source.clone(),
        span: statement.span,
        position: attached.position,
        sid: statement.sid.as_ref().map(|sid| sid.value.clone()),
        effect,
        target: (by_request && at.target != Target::Everyone).then(|| at.target.clone()),
        grants,
        actions: statement.action.clone(),
        resources: resources(asked, effect, statement.resource.as_ref())?,
        conditions,
    })
}

/// What is left of the resource clause; `None` if it can never hold.
fn resources(
    asked: &Asked<'_, '_>,
    effect: Effect,
    clause: Option<&Clause<ResourceEntry>>,
) -> Option<Resources> {
    let all = |entry| Some(Resources { negated: false, entries: vec![entry] });
    let Some(clause) = clause else { return all(ResourcePattern::Attached) };
    let mut entries = Vec::new();
    for entry in &clause.entries {
        let (pattern, gap) = substituted(asked, &entry.pattern);
        let capped = matches!(pattern, ResourcePattern::Arn { capped: true, .. });
        let unsure = match gap {
            None => capped,
            Some(gap) => match gap.entry_truth(asked.profile()) {
                // SEMANTICS C5, X6.
                Truth::No if clause.negated && asked.profile() == Profile::Strict => true,
                Truth::No => continue,
                _ => true,
            },
        };
        match (unsure, effect, clause.negated) {
            (true, Effect::Allow, true) if !capped => return None,
            (true, Effect::Deny, true) if !capped && asked.profile() == Profile::Strict => {
                return all(ResourcePattern::Any);
            }
            // Never sure to match, never sure to exclude.
            (true, Effect::Allow, false) | (true, Effect::Deny, true) => {}
            (true, Effect::Deny, false) if !capped => return all(ResourcePattern::Any),
            _ => entries.push(pattern),
        }
    }
    match (clause.negated, entries.is_empty()) {
        (false, true) => None,
        (true, true) => all(ResourcePattern::Any),
        (negated, false) => Some(Resources { negated, entries }),
    }
}

fn substituted(asked: &Asked<'_, '_>, pattern: &ResourcePattern) -> (ResourcePattern, Option<Gap>) {
    match pattern {
        ResourcePattern::Arn { pattern, capped } => {
            let (pattern, gap) = substituted_arn(asked, pattern);
            (ResourcePattern::Arn { pattern, capped: *capped }, gap)
        }
        ResourcePattern::Api(path) => {
            let (path, gap) = substitute(asked, path, true);
            (ResourcePattern::Api(path), gap)
        }
        other => (other.clone(), None),
    }
}

fn substituted_arn(asked: &Asked<'_, '_>, pattern: &ArnPattern) -> (ArnPattern, Option<Gap>) {
    let mut worst = None;
    let mut last = 0;
    let fields = pattern.fields.each_ref().map(|field| {
        last += 1;
        let (field, gap) = substitute(asked, field, last == 5);
        worst = worst.max(gap);
        field
    });
    (ArnPattern { fields }, worst)
}

/// The template with the principal's variables as text, and the worst gap among those that have none.
fn substitute(asked: &Asked<'_, '_>, template: &Template, colons: bool) -> (Template, Option<Gap>) {
    let mut out = Template::default();
    let mut worst = None;
    for piece in &template.pieces {
        let Piece::Variable(variable) = piece else {
            out.push(piece.clone());
            continue;
        };
        if asked.is_open(&variable.key) {
            out.push(piece.clone());
            continue;
        }
        match variable::value_of(asked, variable) {
            // A colon in an inner field could not be written back.
            Ok(text) if colons || !text.contains(':') => out.push(Piece::Literal(text.to_owned())),
            Ok(_) => out.push(piece.clone()),
            Err(gap) => {
                worst = worst.max(Some(gap));
                out.push(piece.clone());
            }
        }
    }
    (out, worst)
}

enum Left {
    Decided(Truth),
    Open(Residual),
}

fn left(asked: &Asked<'_, '_>, effect: Effect, condition: &Condition) -> Left {
    let operator = condition.operator.value;
    let mut variables =
        condition.operands.iter().flat_map(condition::templates).flat_map(Template::variables);
    if !asked.is_open(&condition.key.value) && variables.all(|variable| !asked.is_open(&variable.key)) {
        let templates = condition.operands.iter().flat_map(condition::templates);
        let gaps = variable::gaps(asked, templates);
        let held = asked.held(&condition.key.value);
        return Left::Decided(condition::truth(asked, condition, held, &gaps));
    }
    let negated = operator.base.is_negated();
    let mut kept = Vec::new();
    let mut dropped = Vec::new();
    for operand in &condition.operands {
        let (text, gap) = match &operand.value {
            OperandValue::Text(template) => {
                let (template, gap) = substitute(asked, template, true);
                (text::template(&template), gap)
            }
            OperandValue::Arn(pattern) => {
                let (pattern, gap) = substituted_arn(asked, pattern);
                (text::arn(&pattern), gap)
            }
            _ => (operand.text.clone(), None),
        };
        // Whoever decides what a focus leaves open does not know the principal any more.
        let lost = gap.is_some_and(|gap| gap != Gap::NoValue) && asked.open.is_some();
        if lost || gap.is_some() && negated && asked.profile() == Profile::Strict {
            return Left::Decided(Truth::Maybe);
        }
        // What has no value equals nothing (SEMANTICS C5).
        if gap == Some(Gap::NoValue) { dropped.push(text) } else { kept.push(text) }
    }
    if kept.is_empty() {
        let plain = !negated && !operator.if_exists && operator.set != Some(SetOperator::ForAllValues);
        if plain && !dropped.is_empty() && effect == Effect::Allow {
            return Left::Decided(Truth::No);
        }
        kept = dropped;
    }
    Left::Open(Residual { operator, key: condition.key.value.as_str().to_owned(), values: kept })
}
