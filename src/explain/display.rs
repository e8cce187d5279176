//! An explanation read out: verdict first, then who decided, then what would be needed.

use core::fmt::{self, Display, Formatter};

use crate::decide::{DecisionError, Verdict};
use crate::value::{Effect, Layer, Truth};

use super::report::{ClauseReport, Explanation, Found, Lacking, Listed, Part, StatementReport};

/// Longer lists are cut; the data has them all.
const SHOWN: usize = 5;

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let verdict = self.decision.verdict;
        write!(f, "{}: {} on {} for {}", verdict.name(), self.action, self.resource, self.caller)?;
        if let Some(error) = self.decision.error {
            return write!(f, "\n  the request cannot be evaluated: {error}");
        }
        match verdict {
            Verdict::ExplicitDeny => self.applying(f, Effect::Deny, "denied by"),
            Verdict::Allow => self.allowed(f),
            Verdict::ImplicitDeny => {
                for (i, lacking) in self.lacking.iter().enumerate() {
                    self.needed(f, lacking, i)?;
                }
                Ok(())
            }
        }
    }
}

impl Explanation {
    /// The statement of that number.
    pub fn statement(&self, id: crate::value::StatementId) -> Option<&StatementReport> {
        self.statements.get(id.0 as usize)
    }

    fn applying(&self, f: &mut Formatter<'_>, effect: Effect, words: &str) -> fmt::Result {
        for report in self.statements.iter().filter(|report| report.applies && report.effect == effect) {
            write!(f, "\n  {words} {report}")?;
            for clause in &report.clauses {
                if clause.part == Part::Condition || clause.truth != Truth::Yes || clause.negated {
                    write!(f, "\n    because {clause}")?;
                }
            }
        }
        Ok(())
    }

    fn allowed(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.decision.statement.is_none() {
            let why = if self.action.eq_ignore_ascii_case("sts:GetCallerIdentity") {
                "it needs no permission"
            } else {
                "the root user of an account needs no identity policy"
            };
            write!(f, "\n  {why}")?;
        }
        self.applying(f, Effect::Allow, "allowed by")
    }

    fn needed(&self, f: &mut Formatter<'_>, lacking: &Lacking, position: usize) -> fmt::Result {
        let also = if position == 0 { "" } else { "also, " };
        let level = if matches!(lacking.layer, Layer::ServiceControl | Layer::ResourceControl) {
            format!(" at level {}", lacking.level)
        } else {
            String::new()
        };
        write!(f, "\n  {also}no statement of the {} layer{level} allows it", lacking.layer.name())?;
        for report in lacking.nearest.iter().filter_map(|id| self.statement(*id)) {
            write!(f, "\n    nearest is {report}")?;
            for clause in report.failing() {
                write!(f, "\n      it needs {clause}")?;
            }
        }
        Ok(())
    }
}

/// `"Sid" in photos.json:4:5, identity layer`
impl Display for StatementReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.sid {
            Some(sid) if !sid.is_empty() => write!(f, "`{sid}`")?,
            _ => write!(f, "statement {}", self.position + 1)?,
        }
        let (line, column) = self.source.position(self.span.start as usize);
        write!(f, " of {}:{line}:{column} ({} layer", self.source.name, self.layer.name())?;
        if matches!(self.layer, Layer::ServiceControl | Layer::ResourceControl) {
            write!(f, ", level {}", self.level)?;
        }
        write!(f, ")")
    }
}

/// What was tested, what is listed, what the request has.
impl Display for ClauseReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.part == Part::Attachment {
            write!(f, "to be attached to the caller or resource; it is attached to {}", self.test)?;
        } else {
            f.write_str(&self.test)?;
            let texts: Vec<&str> = self.listed.iter().map(|listed: &Listed| listed.text.as_str()).collect();
            list(f, " ", &texts)?;
        }
        self.found_words(f)?;
        for key in self.missing.iter().filter(|key| self.key.as_ref() != Some(key)) {
            write!(f, "; `${{{key}}}` has no value")?;
        }
        for key in self.unknown.iter().filter(|key| self.key.as_ref() != Some(key)) {
            write!(f, "; the value of `${{{key}}}` was not delivered")?;
        }
        if let Some(note) = &self.note {
            write!(f, "; {note}")?;
        }
        Ok(())
    }
}

impl ClauseReport {
    fn found_words(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.found {
            Found::Missing if self.key.is_some() => f.write_str("; the key is missing"),
            Found::Missing => f.write_str("; the request has none"),
            Found::Unknown => f.write_str("; its value was not delivered"),
            Found::Ambiguous => f.write_str("; it has two values under names that differ only by case"),
            Found::One(text) => write!(f, "; the request has `{text}`"),
            Found::Many(texts) if texts.is_empty() => f.write_str("; the request has none"),
            Found::Many(texts) => {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                list(f, "; the request has ", &texts)
            }
        }
    }
}

/// `a`, `b` and 3 more
fn list(f: &mut Formatter<'_>, before: &str, texts: &[&str]) -> fmt::Result {
    for (i, text) in texts.iter().take(SHOWN).enumerate() {
        write!(f, "{}`{text}`", if i == 0 { before } else { ", " })?;
    }
    match texts.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

impl Display for DecisionError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrincipalKey => "it sets a key that only the principal may own",
            Self::TooLarge => "a value, or a list of values, of its context is too large",
        })
    }
}
