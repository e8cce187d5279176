//! `Action` and `NotAction` (SEMANTICS B1, B2, X3b).

use crate::ast::{ActionPattern, Clause};
use crate::value::{Profile, Template, Truth, glob_ignoring_case};

use super::asked::Asked;
use super::report::{ClauseReport, Found, Listed, Part};
use super::variable;

pub(crate) fn clause(asked: &Asked<'_, '_>, clause: &Clause<ActionPattern>) -> ClauseReport {
    let mut any = Truth::No;
    let mut listed = Vec::with_capacity(clause.entries.len());
    for entry in &clause.entries {
        let truth = covers(asked, entry);
        any = any.or(truth);
        listed.push(Listed { span: entry.span, text: entry.text.clone(), truth });
    }
    let truth = if clause.negated { any.not() } else { any };
    let test = if clause.negated { "NotAction" } else { "Action" };
    let mut report = ClauseReport::new(Part::Action, test, clause.span, truth);
    report.negated = clause.negated;
    report.found = Found::One(asked.request.action().to_owned());
    report.listed = listed;
    report
}

fn covers(asked: &Asked<'_, '_>, entry: &ActionPattern) -> Truth {
    let Some(service) = &entry.service else { return Truth::Yes };
    if !globs(asked, &entry.name, asked.name) {
        return Truth::No;
    }
    let literal = variable::written(service).eq_ignore_ascii_case(asked.service);
    match asked.profile() {
        Profile::Aws => Truth::of(literal),
        Profile::Strict => Truth::between(literal, globs(asked, service, asked.service)),
    }
}

fn globs(asked: &Asked<'_, '_>, template: &Template, text: &str) -> bool {
    // Actions take no variables (SEMANTICS C2).
    variable::fill(asked, template).is_ok_and(|parts| glob_ignoring_case(parts.iter().copied(), text))
}
