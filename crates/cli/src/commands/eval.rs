//! `bailiwick eval`: one decision.

use std::fmt::Write as _;

use bailiwick::ast::{Attached, PolicySet};
use bailiwick::decide::Decision;
use bailiwick::explain::StatementReport;
use bailiwick::value::{Effect, Layer, Truth};
use bailiwick::{Explanation, Principal, Request, Verdict};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::diagnostics::span_json;
use crate::failure::{Exit, Failure};
use crate::output::style::{BAD, GOOD, NAME, paint};
use crate::output::{Format, OutputArgs, clean, json};
use crate::question::{self, AskArgs, Question, who};

/// Decide one request
#[derive(Args, Clone, Debug)]
#[command(visible_alias = "authorize")]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    ask: AskArgs,
    /// End with status 0 if this is the answer, else 1
    #[arg(long, value_enum, value_name = "ANSWER", help_heading = "Output")]
    expect: Option<Expect>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Expect {
    /// Allowed
    Allow,
    /// Either denial
    Deny,
    /// No statement denies it, and none that is needed allows it
    ImplicitDeny,
    /// A statement denies it
    ExplicitDeny,
    /// It depends on a key given with `--unknown`
    Undetermined,
}

pub(crate) fn run(args: &EvalArgs) -> Result<Exit, Failure> {
    let question = args.ask.read()?;
    let request = question.request()?;
    let decision = bailiwick::compile(&question.set).decide(&question.principal, &request);
    let undetermined = is_undetermined(&question, &request);
    let answer = Answer {
        set: &question.set,
        principal: &question.principal,
        request: &request,
        decision,
        undetermined,
    };
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Human => answer.human(),
        Format::Plain => answer.plain(),
        Format::Json | Format::Jsonl => json(&answer.to_json(), format),
    })?;
    question::hint(&question, &decision, &request, args.output.shape());
    Ok(exit(decision.verdict, undetermined, args.expect))
}

/// The exit code of an answer.
pub(crate) fn exit(verdict: Verdict, undetermined: bool, expect: Option<Expect>) -> Exit {
    let Some(expect) = expect else {
        return match (verdict, undetermined) {
            (_, true) => Exit::Undetermined,
            (Verdict::Allow, false) => Exit::Yes,
            (_, false) => Exit::No,
        };
    };
    let met = match expect {
        Expect::Undetermined => undetermined,
        Expect::Allow => !undetermined && verdict == Verdict::Allow,
        Expect::Deny => !undetermined && verdict != Verdict::Allow,
        Expect::ImplicitDeny => !undetermined && verdict == Verdict::ImplicitDeny,
        Expect::ExplicitDeny => !undetermined && verdict == Verdict::ExplicitDeny,
    };
    if met { Exit::Yes } else { Exit::No }
}

/// Whether a denial may be due to a value that was not delivered only. Without `--unknown` nothing is (SEMANTICS D3).
///
/// Errs on the side of "undetermined": whether the statement would have mattered is not worked out.
pub(crate) fn is_undetermined(question: &Question, request: &Request<'_>) -> bool {
    if !question.has_unknown {
        return false;
    }
    depends_on_unknown(&bailiwick::explain(&question.set, &question.principal, request))
}

/// A denial where no deny is certain, and some statement is open only for want of a value.
pub(crate) fn depends_on_unknown(explanation: &Explanation) -> bool {
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

/// A decision with what it is about.
struct Answer<'a, 'r> {
    set: &'a PolicySet,
    principal: &'a Principal,
    request: &'a Request<'r>,
    decision: Decision,
    undetermined: bool,
}

impl Answer<'_, '_> {
    fn statement(&self) -> Option<Attached<'_>> {
        let id = self.decision.statement?;
        self.set.statements().nth(id.0 as usize)
    }

    fn word(&self) -> &'static str {
        if self.undetermined { "undetermined" } else { word(self.decision.verdict) }
    }

    fn human(&self) -> String {
        let style = if self.decision.is_allowed() { GOOD } else { BAD };
        let mut text = format!(
            "{}  {} on {}\n",
            paint(style, self.word()),
            paint(NAME, &clean(self.request.action())),
            paint(NAME, &clean(self.request.resource()))
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}", clean(&self.reason()));
        text
    }

    fn plain(&self) -> String {
        let fields = [self.word(), self.request.action(), self.request.resource(), &self.reason()].map(clean);
        format!("{}\n", fields.join("\t"))
    }

    /// Who decided, in a few words.
    fn reason(&self) -> String {
        let layer = layer_words(&self.decision);
        if let Some(error) = self.decision.error {
            return format!("the request cannot be evaluated: {error}");
        }
        match (self.statement(), self.decision.verdict) {
            (Some(attached), Verdict::Allow) => {
                format!("allowed by {} ({layer})", statement_words(&attached))
            }
            (Some(attached), _) => format!("denied by {} ({layer})", statement_words(&attached)),
            (None, Verdict::Allow) => format!("allowed by the {layer}"),
            (None, _) => {
                format!("no statement of the {layer} allows it; `bailiwick explain` tells what is missing")
            }
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "schema": "bailiwick/decision/1",
            "decision": self.word(),
            "allowed": self.decision.is_allowed(),
            "verdict": word(self.decision.verdict),
            "layer": self.decision.layer.name(),
            "level": self.decision.level,
            "statement": self.statement().map(|attached| statement_json(&attached)),
            "error": self.decision.error.map(|error| error.to_string()),
            "principal": who::words(self.principal),
            "action": self.request.action(),
            "resource": self.request.resource(),
        })
    }
}

/// `allow`, `implicit-deny`, `explicit-deny`.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::ImplicitDeny => "implicit-deny",
        Verdict::ExplicitDeny => "explicit-deny",
    }
}

fn layer_words(decision: &Decision) -> String {
    match decision.layer {
        Layer::ServiceControl | Layer::ResourceControl => {
            format!("{} layer, level {}", decision.layer.name(), decision.level)
        }
        layer => format!("{} layer", layer.name()),
    }
}

/// `` `Sid` of policies/a.json:5:7 ``
pub(crate) fn statement_words(attached: &Attached<'_>) -> String {
    let (line, column) = attached.document.source.position(attached.statement.span.start as usize);
    let name = match &attached.statement.sid {
        Some(sid) if !sid.value.is_empty() => format!("`{}`", sid.value),
        _ => format!("statement {}", attached.position + 1),
    };
    format!("{name} of {}:{line}:{column}", attached.document.source.name)
}

/// A statement as data.
pub(crate) fn statement_json(attached: &Attached<'_>) -> Value {
    json!({
        "policy": &*attached.document.source.name,
        "sid": attached.statement.sid.as_ref().map(|sid| &sid.value),
        "position": attached.position,
        "span": span_json(&attached.document.source, attached.statement.span),
    })
}
