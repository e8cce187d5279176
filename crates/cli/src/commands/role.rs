//! `bailiwick role chain`: from one role to the next, and what each session carries (SEMANTICS F18).

use std::fmt::Write as _;

use bailiwick::Principal;
use bailiwick::decide::sign_in::{Hop, Step};
use bailiwick_deployment::{Deployment, Identified, NotIdentified};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::simulate_json::context_value;
use crate::diagnostics::Shape;
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::style::{BAD, GOOD, NAME, paint};
use crate::output::{Format, OutputArgs, clean, json};
use crate::question::clock::{self, ClockArgs};
use crate::question::deployment::{DeploymentArgs, TokenArgs};
use crate::question::who::{self, PrincipalArgs};

/// Look at sessions of roles
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum RoleCommands {
    /// Take one role after the other, and show what each session carries and who allowed it
    Chain(Box<ChainArgs>),
}

/// Who begins, and which roles follow.
#[derive(Args, Clone, Debug)]
pub(crate) struct ChainArgs {
    /// Role to take next; once for each hop
    #[arg(long, value_name = "ARN", required_unless_present = "hops", conflicts_with = "hops")]
    hop: Vec<String>,
    /// JSON file with the hops: a list of objects with `role` and, if wanted, `sessionName`, `tags`, `transitiveTagKeys`,
    /// `sourceIdentity`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    hops: Option<String>,
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[command(flatten)]
    token: TokenArgs,
    #[command(flatten)]
    principal: PrincipalArgs,
    #[command(flatten)]
    clock: ClockArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// One session of the chain, or where it broke.
struct Link {
    steps: Vec<Step>,
    session: Result<Identified, NotIdentified>,
}

impl RoleCommands {
    /// How diagnostics look.
    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Chain(args) => args.output.shape(),
        }
    }
}

pub(crate) fn run(command: &RoleCommands) -> Result<Exit, Failure> {
    let RoleCommands::Chain(args) = command;
    let deployment = args.deployment.require()?;
    let hops = args.hops()?;
    let now = clock::written(args.clock.seconds()?);
    let first = args.first(&deployment)?;
    let mut links = Vec::new();
    let mut session = first.clone();
    for hop in &hops {
        let set = &deployment.set;
        let decide = |caller: &Principal, request: &bailiwick::Request<'_>| {
            bailiwick::explain(set, caller, request).decision
        };
        match deployment.identities.hop(&session, hop, Some(&now), decide) {
            Ok(next) => {
                links.push(Link { steps: next.chain.clone(), session: Ok(next.clone()) });
                session = next;
            }
            Err(refused) => {
                links.push(Link { steps: refused.chain.clone(), session: Err(refused) });
                break;
            }
        }
    }
    let whole = links.iter().all(|link| link.session.is_ok());
    let format = args.output.format();
    args.output.sink.write(&match format {
        Format::Json | Format::Jsonl => json(&document(&first, &links), format),
        Format::Human | Format::Plain => text(&first, &links, format == Format::Human),
    })?;
    Ok(if whole { Exit::Yes } else { Exit::No })
}

impl ChainArgs {
    fn first(&self, deployment: &Deployment) -> Result<Identified, Failure> {
        if self.token.is_given() {
            return Ok(self.token.identify(deployment, self.clock.seconds()?)?.identified);
        }
        let principal = who::read(&self.principal, None, Some(deployment))?.ok_or_else(|| {
            Failure::Usage("say who begins: `--claims FILE`, `--token FILE` or `--principal ARN`".to_owned())
        })?;
        Ok(Identified {
            principal,
            issuer: None,
            pool: None,
            report: Vec::new(),
            chain: Vec::new(),
            transitive: Vec::new(),
        })
    }

    fn hops(&self) -> Result<Vec<Hop>, Failure> {
        let Some(path) = &self.hops else {
            let simple =
                |role: &String| Hop { role: role.clone(), session_name: NAMED.to_owned(), ..Hop::default() };
            return Ok(self.hop.iter().map(simple).collect());
        };
        let source = input::read(path)?;
        let help = "write a list of objects with `role`, `sessionName`, `tags`, `transitiveTagKeys`, `sourceIdentity`";
        let refuse = |message: String| Failure::refused(path, "E258", message, help);
        let value: Value = serde_json::from_str(&source.text).map_err(|error| refuse(error.to_string()))?;
        let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
            return Err(refuse("the hops are not a list, or an empty one".to_owned()));
        };
        list.iter().map(|value| read_hop(value).map_err(&refuse)).collect()
    }
}

/// What sessions are called that nobody named.
const NAMED: &str = "bailiwick";

fn read_hop(value: &Value) -> Result<Hop, String> {
    let members = value.as_object().ok_or("a hop is not an object")?;
    let mut hop = Hop { session_name: NAMED.to_owned(), ..Hop::default() };
    let text = |name: &str, value: &Value| {
        value.as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` is not a text"))
    };
    for (name, value) in members {
        match name.as_str() {
            "role" => hop.role = text(name, value)?,
            "sessionName" => hop.session_name = text(name, value)?,
            "sourceIdentity" => hop.source_identity = Some(text(name, value)?),
            "tags" => {
                let tags = value.as_object().ok_or("`tags` is not an object")?;
                for (key, value) in tags {
                    hop.tags.push((key.clone(), text(key, value)?));
                }
            }
            "transitiveTagKeys" => {
                let keys = value.as_array().ok_or("`transitiveTagKeys` is not a list")?;
                hop.transitive = keys.iter().map(|key| text(name, key)).collect::<Result<_, _>>()?;
            }
            other => return Err(format!("a hop has no member `{other}`")),
        }
    }
    if hop.role.is_empty() { Err("a hop without `role`".to_owned()) } else { Ok(hop) }
}

const TAG: &str = "aws:PrincipalTag/";

fn session(found: &Identified) -> Value {
    let (mut tags, mut keys) = (Map::new(), Map::new());
    for (key, value) in found.principal.context.iter() {
        match key.get(..TAG.len()).filter(|start| start.eq_ignore_ascii_case(TAG)) {
            Some(_) => tags.insert(key.get(TAG.len()..).unwrap_or_default().to_owned(), context_value(value)),
            None => keys.insert(key.to_owned(), context_value(value)),
        };
    }
    json!({
        "principal": who::words(&found.principal),
        "role": found.principal.role_arn(),
        "tags": tags,
        "transitiveTagKeys": found.transitive,
        "keys": keys,
    })
}

fn document(first: &Identified, links: &[Link]) -> Value {
    let hops: Vec<Value> = links
        .iter()
        .map(|link| {
            let steps: Vec<Value> = link
                .steps
                .iter()
                .map(|step| json!({ "step": step.name, "passed": step.passed, "outcome": step.outcome }))
                .collect();
            let refused = link.session.as_ref().err().map(|refused| {
                let reasons = refused.diagnostics.list.iter();
                let reasons: Vec<Value> = reasons
                    .map(|one| json!({ "code": one.code.0, "message": one.message, "help": one.help }))
                    .collect();
                reasons
            });
            json!({ "steps": steps, "session": link.session.as_ref().ok().map(session), "refused": refused })
        })
        .collect();
    let whole = links.iter().all(|link| link.session.is_ok());
    json!({ "schema": "bailiwick/chain/1", "complete": whole, "first": session(first), "hops": hops })
}

// Writing to a string cannot fail; the results below are dropped for that.
fn text(first: &Identified, links: &[Link], human: bool) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", clean(&who::words(&first.principal)));
    for (i, link) in links.iter().enumerate() {
        if human {
            let _ = writeln!(text, "\n{}", paint(NAME, &format!("hop {}", i + 1)));
        }
        for step in &link.steps {
            let mark = if step.passed { paint(GOOD, "ok") } else { paint(BAD, "no") };
            let _ = if human {
                writeln!(text, "  {mark}  {:<16}{}", step.name, clean(&step.outcome))
            } else {
                let mark = if step.passed { "ok" } else { "no" };
                writeln!(text, "{}\t{mark}\t{}\t{}", i + 1, step.name, clean(&step.outcome))
            };
        }
        if let Err(refused) = &link.session {
            for one in &refused.diagnostics.list {
                let help = one.help.as_deref().unwrap_or_default();
                let _ = if human {
                    writeln!(text, "  {} [{}]\n  {}", clean(&one.message), one.code.0, clean(help))
                } else {
                    writeln!(text, "{}\tno\t{}\t{}", i + 1, one.code.0, clean(&one.message))
                };
            }
        }
    }
    text
}
