//! `Resource` and `NotResource` (SEMANTICS B3..B8, C5).

use crate::ast::{Clause, ResourceEntry};
use crate::value::{Profile, ResourceFields, ResourcePattern, Template, Truth, glob, match_resource};

use super::asked::Asked;
use super::report::{ClauseReport, Found, Listed, Part};
use super::variable;

pub(crate) fn clause(asked: &Asked<'_, '_>, clause: &Clause<ResourceEntry>) -> ClauseReport {
    let mut any = Truth::No;
    let mut gaps = Vec::new();
    let mut listed = Vec::with_capacity(clause.entries.len());
    for entry in &clause.entries {
        let truth = covers(asked, &entry.pattern);
        any = any.or(truth);
        gaps.extend(variable::gaps(asked, templates(&entry.pattern)));
        listed.push(Listed { span: entry.span, text: text(asked, entry), truth });
    }
    let truth = match (clause.negated, asked.profile()) {
        // SEMANTICS C5, X6: what cannot be excluded for sure.
        (true, Profile::Strict) if !gaps.is_empty() => Truth::Maybe,
        (true, _) => any.not(),
        (false, _) => any,
    };
    let test = if clause.negated { "NotResource" } else { "Resource" };
    let mut report = ClauseReport::new(Part::Resource, test, clause.span, truth);
    report.negated = clause.negated;
    report.found = Found::One(asked.request.resource().to_owned());
    report.listed = listed;
    report.note_gaps(&gaps);
    report
}

/// Whether the pattern covers the request's resource.
pub(crate) fn covers(asked: &Asked<'_, '_>, pattern: &ResourcePattern) -> Truth {
    match pattern {
        ResourcePattern::Any | ResourcePattern::Attached => Truth::Yes,
        ResourcePattern::Arn { pattern, capped } => {
            let truth = match variable::fill_arn(asked, pattern) {
                Ok(fields) => match_resource(asked.profile(), |i| fields[i].iter().copied(), &asked.resource),
                Err(gap) => gap.entry_truth(asked.profile()),
            };
            if *capped { truth.at_most_maybe() } else { truth }
        }
        ResourcePattern::Api(path) => api(asked, path),
    }
}

/// SEMANTICS H3: stage, method and path of the API that the policy is attached to.
fn api(asked: &Asked<'_, '_>, path: &Template) -> Truth {
    let ResourceFields::Arn { fields, .. } = asked.resource else { return Truth::No };
    let Some(slash) = fields[4].find('/').filter(|_| fields[1].eq_ignore_ascii_case("execute-api")) else {
        return Truth::No;
    };
    match variable::fill(asked, path) {
        Ok(parts) => Truth::of(glob(parts.iter().copied(), &fields[4][slash..])),
        Err(gap) => gap.entry_truth(asked.profile()),
    }
}

fn templates(pattern: &ResourcePattern) -> impl Iterator<Item = &Template> {
    let list: &[Template] = match pattern {
        ResourcePattern::Arn { pattern, .. } => &pattern.fields,
        ResourcePattern::Api(path) => core::slice::from_ref(path),
        ResourcePattern::Any | ResourcePattern::Attached => &[],
    };
    list.iter()
}

/// As written, or with its variables' values where it has some.
fn text(asked: &Asked<'_, '_>, entry: &ResourceEntry) -> String {
    let has_variables = templates(&entry.pattern).any(|template| template.variables().next().is_some());
    match &entry.pattern {
        ResourcePattern::Arn { pattern, .. } if has_variables => variable::arn_words(asked, pattern),
        _ => entry.text.clone(),
    }
}

/// A pattern without a question: variables stand as written.
pub(crate) fn words(pattern: &ResourcePattern) -> String {
    match pattern {
        ResourcePattern::Any => "*".to_owned(),
        ResourcePattern::Arn { pattern, .. } => {
            let fields: Vec<String> = pattern.fields.iter().map(variable::written).collect();
            format!("arn:{}", fields.join(":"))
        }
        ResourcePattern::Api(path) => format!("execute-api:{}", variable::written(path)),
        ResourcePattern::Attached => "what it is attached to".to_owned(),
    }
}
