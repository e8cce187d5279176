//! Refusals and lints, as data.

use bailiwick::source::{Diagnostic, Diagnostics};
use bailiwick_deployment::Files;

use super::json::Json;
use super::places::Places;

/// One finding about one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) file: String,
    pub(super) diagnostic: Diagnostic,
}

/// Each finding for itself.
pub(super) fn of(problems: Vec<Diagnostics>) -> Vec<Finding> {
    let each = |problem: Diagnostics| {
        let file = problem.source.name.to_string();
        problem.list.into_iter().map(move |diagnostic| Finding { file: file.clone(), diagnostic })
    };
    problems.into_iter().flat_map(each).collect()
}

/// Writes the member `findings`.
pub(super) fn write(json: &mut Json, files: &Files, found: &[Finding]) {
    json.name("findings").list(found, |json, finding| {
        let mut places = Places::new(files.get(&finding.file).unwrap_or_default());
        diagnostic(json, &finding.diagnostic, Some(&finding.file), &mut places);
    });
}

/// Writes one.
pub(super) fn diagnostic(
    json: &mut Json,
    diagnostic: &Diagnostic,
    file: Option<&str>,
    places: &mut Places<'_>,
) {
    json.object(|json| {
        if let Some(file) = file {
            json.name("file").text(file);
        }
        json.name("code").text(diagnostic.code.0);
        json.name("severity").text(diagnostic.severity.name());
        json.name("message").text(&diagnostic.message);
        json.name("help").optional(diagnostic.help.as_deref());
        json.name("labels").list(&diagnostic.labels, |json, label| {
            json.object(|json| {
                json.name("span");
                places.write(json, label.span);
                json.name("text").text(&label.text);
            });
        });
    });
}
