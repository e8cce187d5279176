//! What somebody can do, as data: the members of `bailiwick simulate --format json`.

use bailiwick::explore::{Can, Cut, CutBy, Named, Row, Rule, Shown};
use bailiwick::value::AccessLevel;

use super::explanation::effect;
use super::json::Json;
use super::places::Places;

/// Rows, `except`, `within` and `cut` speak of `rules` by position.
pub(super) fn write(found: &Can) -> String {
    let mut json = Json::default();
    json.object(|json| {
        json.name("rows").list(&found.rows, row);
        json.name("cut").list(&found.cut, cut);
        json.name("rules").list(&found.rules, rule);
    });
    json.finish()
}

fn row(json: &mut Json, row: &Row) {
    json.object(|json| {
        json.name("service").text(&row.service);
        json.name("actions").list(&row.actions, named);
        json.name("whole").flag(row.whole);
        json.name("resources");
        shown(json, &row.resources);
        json.name("by").optional_number(row.by);
        json.name("except").list(row.except.iter().copied(), Json::number);
        json.name("within").list(&row.within, |json, within| {
            json.object(|json| {
                json.name("layer").text(within.layer.name());
                json.name("level").number(within.level.into());
                json.name("endpoint").optional(within.endpoint.as_deref());
                json.name("rules").list(within.rules.iter().copied(), Json::number);
            });
        });
    });
}

fn cut(json: &mut Json, cut: &Cut) {
    json.object(|json| {
        json.name("service").text(&cut.service);
        json.name("actions").list(&cut.actions, named);
        json.name("by").optional_number(cut.by);
        match cut.why {
            CutBy::Deny(rule) => json.name("deny").number(rule),
            CutBy::Lacks(layer, level) => {
                json.name("layer").text(layer.name());
                json.name("level").number(level.into());
            }
        }
    });
}

fn named(json: &mut Json, named: &Named) {
    json.object(|json| {
        json.name("name").text(&named.name);
        json.name("level").optional(named.level.map(AccessLevel::name));
    });
}

fn shown(json: &mut Json, shown: &Shown) {
    json.object(|json| {
        json.name("negated").flag(shown.negated);
        json.name("list").texts(&shown.list);
    });
}

fn rule(json: &mut Json, rule: &Rule) {
    json.object(|json| {
        json.name("policy").text(&rule.source.name);
        json.name("sid").optional(rule.sid.as_deref());
        json.name("position").number(rule.position);
        json.name("span");
        Places::new(&rule.source.text).write(json, rule.span);
        json.name("layer").text(rule.layer.name());
        json.name("level").number(rule.level.into());
        json.name("effect").text(effect(rule.effect));
        json.name("actions").object(|json| {
            json.name("negated").flag(rule.actions.negated);
            json.name("list").texts(rule.actions.entries.iter().map(|action| &action.text));
        });
        json.name("resources").object(|json| {
            json.name("negated").flag(rule.resources.negated);
            json.name("list").texts(rule.resource_texts());
        });
        json.name("conditions").texts(rule.conditions.iter().map(ToString::to_string));
    });
}
