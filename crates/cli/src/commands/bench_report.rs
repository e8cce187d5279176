//! What `bench` prints for people and for pipes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick::ast::{Attached, PolicySet};
use bailiwick::source::Diagnostics;
use bailiwick::value::StatementId;

use super::eval::statement_words;
use crate::bench::{HotLeaf, HotStatement, Origin, Report, Timing, float};
use crate::diagnostics::{self, Shape};
use crate::output::clean;
use crate::output::style::{DIM, NAME, TITLE, paint};

/// What is told, and of what.
pub(super) struct Told<'a> {
    pub(super) directory: &'a str,
    pub(super) set: &'a PolicySet,
    pub(super) origin: &'a Origin,
    pub(super) rounds: usize,
    pub(super) report: &'a Report<'a>,
}

/// Rounds that differ by more than this say more of the machine than of the policies.
const NOISY: f64 = 0.15;

impl Told<'_> {
    fn origin(&self) -> String {
        match self.origin {
            Origin::File(name) => format!("from {}", clean(name)),
            Origin::Suites(names) => format!("from {}", clean(&names.join(", "))),
            Origin::Drawn { seed } => {
                format!("drawn from the policies and the catalogue, seed {seed}: not what your users ask")
            }
        }
    }

    pub(super) fn statements(&self) -> BTreeMap<u32, Attached<'_>> {
        self.set.statements().map(|attached| (attached.id.0, attached)).collect()
    }

    fn share(&self, visits: usize) -> f64 {
        100.0 * float(visits) / float(self.report.requests)
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = &HotLeaf> {
        self.report.hot.leaves.iter()
    }

    pub(super) fn hottest(&self) -> impl Iterator<Item = &HotStatement> {
        self.report.hot.statements.iter()
    }

    /// Rules in the leaves of a request: in the middle, and at most.
    pub(super) fn met(&self) -> (usize, usize) {
        let met = &self.report.hot.met;
        (met.get(met.len() / 2).copied().unwrap_or(0), met.last().copied().unwrap_or(0))
    }

    /// What to think of the figures.
    pub(super) fn notes(&self) -> Vec<String> {
        let spread = [self.report.session.spread, self.report.direct.spread].into_iter().fold(0.0, f64::max);
        let mut notes = vec![format!(
            "times are medians of {} rounds on one core; a request is asked up to 64 times in a row, each time when the \
             answer before is known; decisions a second are of all requests in order",
            self.rounds
        )];
        if spread > NOISY {
            notes.push(format!(
                "the machine is busy: rounds differ by {:.0} %; trust factors more than figures, or measure again",
                spread * 100.0
            ));
        }
        if cfg!(debug_assertions) {
            notes
                .push("this program was built without optimization; measure with a release build".to_owned());
        }
        notes
    }
}

// Writing to a string cannot fail; the results below are dropped for that.
pub(super) fn human(told: &Told<'_>) -> String {
    let report = told.report;
    let mut text = String::new();
    let _ = writeln!(text, "{}", paint(TITLE, &clean(told.directory)));
    let [allow, implicit, explicit] = report.answers;
    let _ = writeln!(
        text,
        "{} requests of {} principals, {}\n{allow} allow, {implicit} implicit deny, {explicit} explicit deny",
        report.requests,
        report.principals,
        told.origin()
    );
    let _ = writeln!(
        text,
        "\n{}{:>14}{:>11}{:>11}{:>11}",
        paint(TITLE, "decisions                "),
        "a second",
        "p50",
        "p99",
        "max"
    );
    for (name, timing) in [("with a session", report.session), ("without a session", report.direct)] {
        let Timing { p50, p99, max, .. } = timing;
        let rate = thousands(timing.per_second());
        let _ = writeln!(text, "  {name:<23}{rate:>14}{:>11}{:>11}{:>11}", time(p50), time(p99), time(max));
    }
    let _ = writeln!(text, "  {:<23}{:>14}", "decide_many", thousands(1e9 / report.many.max(0.01)));
    let Timing { p50, p99, max, .. } = report.sessions;
    let _ = writeln!(text, "\n{}", paint(TITLE, "before them"));
    let _ = writeln!(text, "  {:<23}{:>14}", "reading the folder", time(report.read));
    let _ = writeln!(text, "  {:<23}{:>14}", "compiling", time(report.compile));
    let bytes = report.shape.bytes;
    let _ = writeln!(text, "  {:<23}{:>14}  of {bytes} bytes", "loading the artifact", time(report.load));
    let (middle, greatest) = (time(p99), time(max));
    let _ = writeln!(text, "  {:<23}{:>14}  p99 {middle}, max {greatest}", "a session, p50", time(p50));

    let _ = writeln!(text, "\n{}", paint(TITLE, "the tree"));
    for (name, number) in shape(report) {
        let _ = writeln!(text, "  {name:<23}{number:>14}");
    }
    let (middle, most) = told.met();
    let _ = writeln!(text, "  {:<23}{middle:>14}  at most {most}", "rules met, p50");

    let statements = told.statements();
    let _ = writeln!(
        text,
        "\n{}",
        paint(TITLE, "hottest leaves: how many requests come there, to how many rules")
    );
    for leaf in told.leaves() {
        let way = clean(&leaf.way.join(" > "));
        let _ =
            writeln!(text, "  {:>5.1} %  {:>4} rules  {way}", told.share(leaf.visits), leaf.statements.len());
        let names = names(&leaf.statements, &statements);
        let _ = writeln!(text, "                       {}", paint(DIM, &names));
    }
    let title = "hottest statements: how many requests meet them, and how many they decide";
    let _ = writeln!(text, "\n{}", paint(TITLE, title));
    for HotStatement { id, met, decided } in told.hottest() {
        let name = statements.get(&id.0).map(statement_words).unwrap_or_default();
        let (met, decided) = (told.share(*met), told.share(*decided));
        let _ = writeln!(text, "  {met:>5.1} %  {decided:>5.1} %  {}", paint(NAME, &clean(&name)));
    }
    let _ = writeln!(text, "\n{}", paint(TITLE, "statements that no index serves"));
    if report.unserved.is_empty() {
        let _ = writeln!(text, "  none");
    }
    // Colours are taken out again where they are not wanted.
    for one in findings(report) {
        text.push_str(&diagnostics::draw(&one, Shape::Human { colored: true }));
    }
    for note in told.notes() {
        let _ = writeln!(text, "{}", paint(DIM, &format!("note: {note}")));
    }
    text
}

pub(super) fn plain(told: &Told<'_>) -> String {
    let report = told.report;
    let mut text = String::new();
    let mut line = |cells: &[&str]| {
        let _ = writeln!(text, "{}", cells.join("\t"));
    };
    let [allow, implicit, explicit] = report.answers.map(|count| count.to_string());
    line(&["requests", &report.requests.to_string(), &told.origin()]);
    line(&["principals", &report.principals.to_string()]);
    line(&["answers", &allow, &implicit, &explicit]);
    for (name, timing) in
        [("session", report.session), ("no session", report.direct), ("making a session", report.sessions)]
    {
        let [p50, p99, max] = [timing.p50, timing.p99, timing.max].map(nanoseconds);
        line(&[name, &format!("{:.0} a second", timing.per_second()), &p50, &p99, &max]);
    }
    line(&["decide_many", &format!("{:.0} a second", 1e9 / report.many.max(0.01))]);
    for (name, value) in [("read", report.read), ("compile", report.compile), ("load", report.load)] {
        line(&[name, &nanoseconds(value)]);
    }
    for (name, number) in shape(report) {
        line(&[name, &number.to_string()]);
    }
    let (middle, most) = told.met();
    line(&["rules met", &middle.to_string(), &most.to_string()]);
    for leaf in told.leaves() {
        let share = format!("{:.1} %", told.share(leaf.visits));
        let rules = leaf.statements.len().to_string();
        line(&["leaf", &share, &rules, &clean(&leaf.way.join(" > "))]);
    }
    let statements = told.statements();
    for HotStatement { id, met, decided } in told.hottest() {
        let name = statements.get(&id.0).map(statement_words).unwrap_or_default();
        let [met, decided] = [*met, *decided].map(|count| format!("{:.1} %", told.share(count)));
        line(&["statement", &met, &decided, &clean(&name)]);
    }
    for note in told.notes() {
        line(&["note", &note]);
    }
    for one in findings(report) {
        text.push_str(&diagnostics::draw(&one, Shape::Plain));
    }
    text
}

/// By document, each once: a document that is attached twice has its findings twice.
pub(super) fn findings(report: &Report<'_>) -> Vec<Diagnostics> {
    let mut all: Vec<Diagnostics> = Vec::new();
    for one in &report.unserved {
        let source = &one.attached.document.source;
        let place = all.iter().position(|known| known.source.name == source.name);
        let at = place.unwrap_or_else(|| {
            all.push(Diagnostics { source: source.clone(), list: Vec::new() });
            all.len() - 1
        });
        let known = all[at]
            .list
            .iter()
            .any(|known| known.code == one.finding.code && known.span() == one.finding.span());
        if !known {
            all[at].list.push(one.finding.clone());
        }
    }
    for one in &mut all {
        one.list.sort_by_key(|finding| (finding.span().start, finding.code));
    }
    all
}

pub(super) fn shape(report: &Report<'_>) -> [(&'static str, usize); 9] {
    let shape = report.shape;
    [
        ("documents", shape.documents),
        ("statements", shape.statements),
        ("rules", shape.rules),
        ("conditions", shape.conditions),
        ("buckets", shape.buckets),
        ("nodes", shape.nodes),
        ("splits", shape.splits),
        ("largest leaf", shape.largest_leaf),
        ("bytes", shape.bytes),
    ]
}

/// A few of them; a leaf may hold hundreds.
const NAMED: usize = 3;

fn names(ids: &[StatementId], statements: &BTreeMap<u32, Attached<'_>>) -> String {
    let known = ids.iter().filter_map(|id| statements.get(&id.0));
    let mut names: Vec<String> =
        known.take(NAMED).map(|attached| clean(&statement_words(attached))).collect();
    if ids.len() > NAMED {
        names.push(format!("and {} more", ids.len() - NAMED));
    }
    names.join(", ")
}

/// `12 ns`, `3.4 us`, `1.2 ms`.
fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 999.5 => format!("{small:.0} ns"),
        middle if middle < 999_950.0 => format!("{:.1} us", middle / 1e3),
        large => format!("{:.1} ms", large / 1e6),
    }
}

fn nanoseconds(value: f64) -> String {
    format!("{value:.0} ns")
}

/// `12,345`
fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_in_their_unit() {
        let check = |value, expected: &str| assert_eq!(time(value), expected);
        check(99.6, "100 ns");
        check(999.7, "1.0 us");
        check(1_500.0, "1.5 us");
        check(22_000_000.0, "22.0 ms");
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(999.0), "999");
    }
}
