//! A decision with its reasons, as data: the members of `bailiwick explain --format json`, with places as scripts count.

use bailiwick::Verdict;
use bailiwick::explain::{ClauseReport, Explanation, Found, Part, StatementReport};
use bailiwick::value::{Effect, Truth};

use super::json::Json;
use super::places::Places;

pub(super) fn write(explanation: &Explanation) -> String {
    let decision = &explanation.decision;
    let near: Vec<_> = explanation.lacking.iter().flat_map(|lacking| &lacking.nearest).collect();
    let mut json = Json::default();
    json.object(|json| {
        json.name("verdict").text(verdict(decision.verdict));
        json.name("allowed").flag(decision.is_allowed());
        json.name("undetermined").flag(explanation_is_open(explanation));
        json.name("layer").text(decision.layer.name());
        json.name("level").number(decision.level.into());
        json.name("statement").optional_number(decision.statement.map(|id| id.0 as usize));
        json.name("error").optional(decision.error.map(|error| error.to_string()).as_deref());
        json.name("profile").text(explanation.profile.name());
        json.name("caller").text(&explanation.caller);
        json.name("action").text(&explanation.action);
        json.name("resource").text(&explanation.resource);
        json.name("resourceAccount").optional(explanation.resource_account.as_deref());
        json.name("sameAccount").flag(explanation.same_account);
        json.name("layers").list(&explanation.layers, |json, layer| {
            json.object(|json| {
                json.name("layer").text(layer.layer.name());
                json.name("level").number(layer.level.into());
                json.name("allows").flag(layer.allows);
                json.name("denies").flag(layer.denies);
            });
        });
        json.name("lacking").list(&explanation.lacking, |json, lacking| {
            json.object(|json| {
                json.name("layer").text(lacking.layer.name());
                json.name("level").number(lacking.level.into());
                json.name("nearest").list(&lacking.nearest, |json, id| json.number(id.0 as usize));
            });
        });
        json.name("statements").list(&explanation.statements, |json, report| {
            statement(json, report, near.contains(&&report.id));
        });
        json.name("words").text(&explanation.to_string());
    });
    json.finish()
}

fn statement(json: &mut Json, report: &StatementReport, near: bool) {
    let mut places = Places::new(&report.source.text);
    json.object(|json| {
        json.name("id").number(report.id.0 as usize);
        json.name("policy").text(&report.source.name);
        json.name("sid").optional(report.sid.as_deref());
        json.name("position").number(report.position);
        json.name("span");
        places.write(json, report.span);
        json.name("layer").text(report.layer.name());
        json.name("level").number(report.level.into());
        json.name("effect").text(effect(report.effect));
        json.name("truth").text(truth(report.truth));
        json.name("applies").flag(report.applies);
        json.name("near").flag(near);
        json.name("clauses").list(&report.clauses, |json, one| {
            let holds = !report.failing().any(|failing| core::ptr::eq(failing, one));
            clause(json, one, holds, &mut places);
        });
    });
}

fn clause(json: &mut Json, clause: &ClauseReport, holds: bool, places: &mut Places<'_>) {
    json.object(|json| {
        json.name("part").text(part(clause.part));
        json.name("span");
        places.write(json, clause.span);
        json.name("truth").text(truth(clause.truth));
        json.name("holds").flag(holds);
        json.name("test").text(&clause.test);
        json.name("negated").flag(clause.negated);
        json.name("key").optional(clause.key.as_deref());
        json.name("found");
        found(json, &clause.found);
        json.name("listed").list(&clause.listed, |json, listed| {
            json.object(|json| {
                json.name("span");
                places.write(json, listed.span);
                json.name("text").text(&listed.text);
                json.name("fits").text(truth(listed.truth));
            });
        });
        json.name("missing").texts(&clause.missing);
        json.name("unknown").texts(&clause.unknown);
        json.name("note").optional(clause.note.as_deref());
        json.name("words").text(&clause.to_string());
    });
}

fn found(json: &mut Json, found: &Found) {
    json.object(|json| {
        let (is, one, many) = match found {
            Found::Missing => ("missing", None, None),
            Found::One(text) => ("one", Some(text), None),
            Found::Many(list) => ("list", None, Some(list)),
            Found::Unknown => ("unknown", None, None),
            Found::Ambiguous => ("ambiguous", None, None),
        };
        json.name("is").text(is);
        if let Some(text) = one {
            json.name("value").text(text);
        }
        if let Some(list) = many {
            json.name("value").texts(list);
        }
    });
}

/// A denial where no deny is certain, and some statement is open only for want of a value.
fn explanation_is_open(explanation: &Explanation) -> bool {
    let certain = |one: &StatementReport| one.effect == Effect::Deny && one.truth == Truth::Yes;
    let open = |one: &StatementReport| {
        one.truth == Truth::Maybe
            && one.clauses.iter().any(|clause| clause.truth == Truth::Maybe && !clause.unknown.is_empty())
    };
    !explanation.decision.is_allowed()
        && explanation.decision.error.is_none()
        && !explanation.statements.iter().any(certain)
        && explanation.statements.iter().any(open)
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::ImplicitDeny => "implicit-deny",
        Verdict::ExplicitDeny => "explicit-deny",
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Attachment => "attachment",
        Part::Principal => "principal",
        Part::Action => "action",
        Part::Resource => "resource",
        Part::Condition => "condition",
    }
}

pub(super) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    }
}

fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::No => "no",
        Truth::Maybe => "maybe",
        Truth::Yes => "yes",
    }
}
