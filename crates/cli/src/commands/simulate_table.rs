//! What a principal can do, for people and for line tools.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick::Caller;
use bailiwick::explore::{Can, Cut, CutBy, Named, Row, Rule, Shown, Within};
use bailiwick::request::ContextValue;
use bailiwick::value::{AccessLevel, Layer};

use crate::output::clean;
use crate::output::style::{BAD, DIM, GOOD, NAME, TITLE, paint};
use crate::question::{Scene, who};

/// So many actions of one level are named before "and more".
const NAMED: usize = 12;

/// The table: who it is, what it can do by service, what takes away from that.
// Writing to a string cannot fail; the results below are dropped for that.
pub(crate) fn human(scene: &Scene, found: &Can, full: bool, width: usize) -> String {
    let mut text = String::new();
    header(&mut text, scene);
    let marks = Marks::new(found);
    let mut service = None;
    for row in &found.rows {
        if service != Some(&row.service) {
            service = Some(&row.service);
            let _ = writeln!(text, "\n{}", paint(TITLE, &clean(&row.service)));
        }
        row_lines(&mut text, found, row, &marks, full, width);
    }
    marks.write(&mut text, found, width);
    in_vain(&mut text, found, full, width);
    let services: std::collections::BTreeSet<&str> =
        found.rows.iter().map(|row| row.service.as_str()).collect();
    let actions: usize = found.rows.iter().map(|row| row.actions.len()).sum();
    let summary = match (found.rows.len(), actions) {
        (0, _) => paint(BAD, "nothing is allowed"),
        (_, 1) => paint(GOOD, "1 action of 1 service"),
        (_, actions) if services.len() == 1 => paint(GOOD, &format!("{actions} actions of 1 service")),
        (_, actions) => paint(GOOD, &format!("{actions} actions of {} services", services.len())),
    };
    let _ = writeln!(text, "\n{summary}");
    text
}

fn header(text: &mut String, scene: &Scene) {
    let principal = &scene.principal;
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{}  {}", paint(DIM, &format!("{name:<9}")), clean(value));
        }
    };
    if let Some(identified) = &scene.identified {
        line("issuer", identified.issuer.as_deref().unwrap_or("none: a guest"));
    }
    let name = who::words(principal);
    line("verified", scene.verified.as_deref().unwrap_or_default());
    line("token", scene.token.as_deref().filter(|token| *token != name).unwrap_or_default());
    line("principal", &name);
    if !principal.groups.is_empty() {
        line("groups", &principal.groups.join(", "));
    }
    if !principal.groups_known {
        line("groups", "unknown: the token left them out, so the denies of every group count");
    }
    let tags: Vec<String> = principal
        .context
        .iter()
        .filter_map(|(key, value)| Some((tag_of(key)?, value)))
        .map(|(tag, value)| format!("{tag} = {}", value_words(value)))
        .collect();
    line("tags", &tags.join(", "));
    let keys: Vec<String> = principal
        .context
        .iter()
        .filter(|(key, _)| {
            key.starts_with("token:") && !matches!(*key, "token:groups" | "token:iss" | "token:sub")
        })
        .map(|(key, value)| format!("{key} = {}", value_words(value)))
        .collect();
    line("keys", &keys.join(", "));
    if let Caller::RoleSession { .. } = principal.caller {
        line("role", &principal.role_arn().unwrap_or_default());
    }
    if !principal.session_policies.is_empty() {
        line("scoped by", &principal.session_policies.join(", "));
    }
    for (i, step) in scene.identified.iter().flat_map(|identified| &identified.chain).enumerate() {
        let mark = if step.passed { "" } else { " (refused)" };
        line(if i == 0 { "sign-in" } else { " " }, &format!("{}: {}{mark}", step.name, step.outcome));
    }
    line("profile", scene.profile().name());
}

fn tag_of(key: &str) -> Option<&str> {
    const PREFIX: &str = "aws:PrincipalTag/";
    key.get(..PREFIX.len())
        .filter(|start| start.eq_ignore_ascii_case(PREFIX))
        .and_then(|_| key.get(PREFIX.len()..))
}

fn value_words(value: &ContextValue<'_>) -> String {
    match value {
        ContextValue::Text(text) => text.to_string(),
        ContextValue::List(list) => format!("[{}]", list.join(", ")),
        ContextValue::Unknown => "(unknown)".to_owned(),
        ContextValue::Ambiguous => "(ambiguous)".to_owned(),
    }
}

fn row_lines(text: &mut String, found: &Can, row: &Row, marks: &Marks, full: bool, width: usize) {
    for (level, actions) in by_level(&row.actions) {
        let named = action_list(&actions, row.whole && actions.len() == row.actions.len(), full);
        let lines = wrap(&named, width.saturating_sub(15));
        for (i, line) in lines.iter().enumerate() {
            let name = if i == 0 { level_name(level) } else { "" };
            let _ = writeln!(
                text,
                "  {}  {}",
                level_style(level, &format!("{name:<11}")),
                paint(NAME, &clean(line))
            );
        }
    }
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "    {} {}", paint(DIM, &format!("{name:<10}")), clean(value));
    };
    for (i, resource) in resources(&row.resources).enumerate() {
        line(if i == 0 { on_word(&row.resources) } else { "" }, resource);
    }
    let by = row.by.and_then(|by| found.rules.get(by));
    if let Some(rule) = by {
        for (i, condition) in rule.conditions.iter().enumerate() {
            line(if i == 0 { "if" } else { "and" }, &condition.to_string());
        }
    }
    line("granted by", &by.map_or_else(|| "being the root user".to_owned(), rule_words));
    let except: Vec<String> = row.except.iter().map(|at| marks.deny(*at)).collect();
    if !except.is_empty() {
        line("except", &except.join(", "));
    }
    let within: Vec<String> = row.within.iter().map(|within| marks.within(within)).collect();
    if !within.is_empty() {
        line("within", &within.join(" and "));
    }
}

/// Actions by what they do, in order of severity; unknown ones last.
fn by_level(actions: &[Named]) -> Vec<(Option<AccessLevel>, Vec<&Named>)> {
    let mut levels: BTreeMap<(bool, Option<AccessLevel>), Vec<&Named>> = BTreeMap::new();
    for action in actions {
        levels.entry((action.level.is_none(), action.level)).or_default().push(action);
    }
    levels.into_iter().map(|((_, level), actions)| (level, actions)).collect()
}

fn action_list(actions: &[&Named], whole: bool, full: bool) -> String {
    if whole && !full && actions.len() > NAMED {
        return format!("* (all {} actions)", actions.len());
    }
    let shown = if full { actions.len() } else { NAMED };
    let names: Vec<&str> = actions.iter().take(shown).map(|action| action.name.as_str()).collect();
    match actions.len().saturating_sub(shown) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn level_name(level: Option<AccessLevel>) -> &'static str {
    match level {
        Some(AccessLevel::List) => "list",
        Some(AccessLevel::Read) => "read",
        Some(AccessLevel::Write) => "write",
        Some(AccessLevel::Permissions) => "permissions",
        Some(AccessLevel::Tagging) => "tagging",
        None => "other",
    }
}

fn level_style(level: Option<AccessLevel>, text: &str) -> String {
    match level {
        Some(AccessLevel::Permissions) => paint(BAD, text),
        Some(AccessLevel::Write | AccessLevel::Tagging) | None => text.to_owned(),
        Some(_) => paint(DIM, text),
    }
}

fn on_word(shown: &Shown) -> &'static str {
    if shown.negated { "on all but" } else { "on" }
}

fn resources(shown: &Shown) -> impl Iterator<Item = &str> {
    shown.list.iter().map(String::as_str)
}

/// `` `Sid` of policies/a.json:5:7 (identity) ``
pub(crate) fn rule_words(rule: &Rule) -> String {
    let (line, column) = rule.source.position(rule.span.start as usize);
    let name = match &rule.sid {
        Some(sid) if !sid.is_empty() => format!("`{sid}`"),
        _ => format!("statement {}", rule.position + 1),
    };
    format!("{name} of {}:{line}:{column} ({})", rule.source.name, layer_words(rule.layer, rule.level))
}

pub(crate) fn layer_words(layer: Layer, level: u8) -> String {
    match layer {
        Layer::ServiceControl | Layer::ResourceControl => format!("{} level {level}", layer.name()),
        layer => layer.name().to_owned(),
    }
}

/// Short names for what many rows share: denies D1, D2 ..., ceilings W1, W2 ...
struct Marks<'a> {
    denies: Vec<usize>,
    within: Vec<&'a Within>,
}

impl<'a> Marks<'a> {
    fn new(found: &'a Can) -> Self {
        let mut marks = Self { denies: Vec::new(), within: Vec::new() };
        for row in &found.rows {
            for deny in &row.except {
                if !marks.denies.contains(deny) {
                    marks.denies.push(*deny);
                }
            }
            for within in &row.within {
                if !marks.within.contains(&within) {
                    marks.within.push(within);
                }
            }
        }
        marks.denies.sort_unstable();
        marks.within.sort();
        marks
    }

    fn deny(&self, rule: usize) -> String {
        let position = self.denies.iter().position(|other| *other == rule).unwrap_or_default();
        format!("D{}", position + 1)
    }

    fn within(&self, within: &Within) -> String {
        let position = self.within.iter().position(|other| *other == within).unwrap_or_default();
        format!("W{}", position + 1)
    }

    fn write(&self, text: &mut String, found: &Can, width: usize) {
        if !self.denies.is_empty() {
            let _ = writeln!(text, "\n{}", paint(TITLE, "except: denies that bite"));
            for deny in self.denies.iter().filter_map(|at| Some((self.deny(*at), found.rules.get(*at)?))) {
                let (mark, rule) = deny;
                let _ =
                    writeln!(text, "  {} {}", paint(BAD, &format!("{mark:<4}")), clean(&rule_words(rule)));
                rule_lines(text, rule, width);
            }
        }
        if !self.within.is_empty() {
            let _ = writeln!(text, "\n{}", paint(TITLE, "within: what must allow it too"));
            for within in &self.within {
                let mark = format!("{:<4}", self.within(within));
                let endpoint = within.endpoint.as_ref().map(|id| format!(" for calls through {id}"));
                let layer = layer_words(within.layer, within.level);
                let _ = writeln!(
                    text,
                    "  {} the {layer} layer{}: {}",
                    paint(NAME, &mark),
                    clean(&endpoint.unwrap_or_default()),
                    if within.rules.is_empty() { "nothing" } else { "one of" }
                );
                for rule in within.rules.iter().filter_map(|at| found.rules.get(*at)) {
                    let _ = writeln!(text, "       {}", clean(&rule_words(rule)));
                    rule_lines(text, rule, width);
                }
            }
        }
    }
}

/// Actions, resources and conditions of a deny or ceiling.
fn rule_lines(text: &mut String, rule: &Rule, width: usize) {
    let actions: Vec<&str> = rule.actions.entries.iter().map(|action| action.text.as_str()).collect();
    let word = if rule.actions.negated { "all but " } else { "" };
    for line in wrap(&format!("{word}{}", actions.join(", ")), width.saturating_sub(9)) {
        let _ = writeln!(text, "         {}", paint(NAME, &clean(&line)));
    }
    let resources = rule.resource_texts();
    let word = if rule.resources.negated { "on all but" } else { "on" };
    let _ = writeln!(text, "         {}", clean(&format!("{word} {}", resources.join(", "))));
    for (i, condition) in rule.conditions.iter().enumerate() {
        let word = if i == 0 { "if" } else { "and" };
        let _ = writeln!(text, "         {word} {}", clean(&condition.to_string()));
    }
}

fn in_vain(text: &mut String, found: &Can, full: bool, width: usize) {
    if found.cut.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", paint(TITLE, "granted in vain"));
    for cut in &found.cut {
        let actions: Vec<&Named> = cut.actions.iter().collect();
        let list = format!("{}: {}", cut.service, action_list(&actions, false, full));
        for (i, line) in wrap(&list, width.saturating_sub(4)).iter().enumerate() {
            let _ = writeln!(text, "  {}{}", if i == 0 { "" } else { "  " }, paint(DIM, &clean(line)));
        }
        let by = cut.by.and_then(|by| found.rules.get(by));
        let by = by.map_or_else(|| "being the root user".to_owned(), rule_words);
        let _ = writeln!(text, "      granted by {}", clean(&by));
        let _ = writeln!(text, "      but {}", clean(&why(found, cut)));
    }
}

/// What takes a grant away.
pub(crate) fn why(found: &Can, cut: &Cut) -> String {
    match cut.why {
        CutBy::Deny(at) => {
            found.rules.get(at).map_or_else(String::new, |rule| format!("denied by {}", rule_words(rule)))
        }
        CutBy::Lacks(layer, level) => format!("the {} layer does not allow it", layer_words(layer, level)),
    }
}

/// Breaks a list at its blanks.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let room = lines
            .last()
            .is_some_and(|line| line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width);
        if !room {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_break_at_blanks_and_lose_nothing() {
        for (text, width, lines) in [
            ("", 5, vec![""]),
            ("one", 2, vec!["one"]),
            ("a, b, c", 4, vec!["a,", "b, c"]),
            ("a, b, c", 5, vec!["a, b,", "c"]),
            ("a, b, c", usize::MAX, vec!["a, b, c"]),
        ] {
            assert_eq!(wrap(text, width), lines, "{text} {width}");
        }
    }

    #[test]
    fn actions_are_named_or_counted() {
        let named: Vec<Named> = (0..14).map(|i| Named { name: format!("A{i}"), level: None }).collect();
        let all: Vec<&Named> = named.iter().collect();
        for (actions, whole, full, expected) in [
            (&all[..2], false, false, "A0, A1"),
            (&all[..2], true, false, "A0, A1"),
            (&all[..], true, false, "* (all 14 actions)"),
            (&all[..], false, false, "A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11 and 2 more"),
            (&all[..13], true, true, "A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12"),
        ] {
            assert_eq!(action_list(actions, whole, full), expected);
        }
    }
}
