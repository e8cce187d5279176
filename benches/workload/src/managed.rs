//! The policies that AWS manages, each attached to a group of its own, and members of 20 groups.
//!
//! The policies are data beside the project: `aws_managed_policies.jsonl` in the folder that `BAILIWICK_CORPUS` names.

use std::path::Path;
use std::sync::Arc;

use bailiwick::ast::{
    ActionPattern, Attachment, Document, Options, PolicySet, ResourceEntry, Statement, Target, parse,
};
use bailiwick::value::{ArnPattern, KeyTable, Layer, Owner, Piece, ResourcePattern, Template};
use bailiwick::{Caller, Diagnostics, Principal, Request, Source};
use serde_json::Value;

use crate::ACCOUNT;
use crate::random::Random;

/// Members.
pub const PRINCIPALS: usize = 1000;
/// Groups of each.
const GROUPS: usize = 20;
const REGION: &str = "eu-west-1";

/// They allow or deny everything, so that nothing else would decide.
const LEFT_OUT: [&str; 2] = ["AWSDenyAll", "AdministratorAccess"];

/// The policies, who is in which groups, and what is asked.
#[derive(Clone, Debug)]
pub struct Managed {
    /// Names and texts.
    pub policies: Vec<(String, String)>,
    /// For each member places in `policies`.
    members: Vec<Vec<usize>>,
    /// What they ask.
    pub cases: Vec<ManagedCase>,
}

/// A request.
#[derive(Clone, Debug)]
pub struct ManagedCase {
    /// Who asks.
    pub member: usize,
    action: String,
    resource: String,
    context: Vec<(String, String)>,
}

impl Managed {
    /// Reads the policies and draws members and requests: three of four requests aim at a statement that the member has.
    pub fn read(corpus: &Path, requests: usize, seed: u64) -> Result<Self, String> {
        let file = corpus.join("aws_managed_policies.jsonl");
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut policies = Vec::new();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let name = line["name"].as_str().unwrap_or_default();
            if !LEFT_OUT.contains(&name) {
                policies.push((name.to_owned(), line["document"].to_string()));
            }
        }
        let mut managed = Self { policies, members: Vec::new(), cases: Vec::new() };
        let documents = managed.documents().map_err(|refused| format!("{refused}"))?;
        let mut random = Random::new(seed);
        managed.members = (0..PRINCIPALS)
            .map(|_| (0..GROUPS).map(|_| random.below(managed.policies.len())).collect())
            .collect();
        let names = exact_names(&documents);
        while managed.cases.len() < requests {
            let case = managed.case(&documents, &names, &mut random);
            // A pattern such as `arn:*` makes no ARN.
            if case.request().is_some() {
                managed.cases.push(case);
            }
        }
        Ok(managed)
    }

    /// The documents, read.
    pub fn documents(&self) -> Result<Vec<Arc<Document>>, Diagnostics> {
        let read = |(name, text): &(String, String)| parse(Source::new(name, text), &Options::default());
        self.policies.iter().map(|policy| read(policy).map(Arc::new)).collect()
    }

    /// Each document attached to the group of its name.
    pub fn set_of(&self, documents: Vec<Arc<Document>>) -> Result<PolicySet, bailiwick::ast::SetError> {
        let attach = |((name, _), document): (&(String, String), Arc<Document>)| Attachment {
            layer: Layer::Identity,
            level: 0,
            target: Target::Group(name.clone()),
            documents: vec![document],
        };
        let attachments = self.policies.iter().zip(documents).map(attach).collect();
        Ok(PolicySet::new(attachments)?.home_account(ACCOUNT))
    }

    /// The members.
    pub fn principals(&self) -> Vec<Principal> {
        let principal = |(number, groups): (usize, &Vec<usize>)| {
            let caller = Caller::Subject {
                account: ACCOUNT.to_owned(),
                issuer: "https://login.example.com".to_owned(),
                subject: format!("person-{number}"),
            };
            groups.iter().fold(Principal::new(caller).with_tag("team", "blue"), |principal, group| {
                principal.in_group(&self.policies[*group].0)
            })
        };
        self.members.iter().enumerate().map(principal).collect()
    }

    /// What is asked, in the order of `cases`.
    pub fn requests(&self) -> Vec<Request<'_>> {
        self.cases.iter().filter_map(ManagedCase::request).collect()
    }

    fn case(&self, documents: &[Arc<Document>], names: &[String], random: &mut Random) -> ManagedCase {
        let member = random.below(self.members.len());
        let policy = if random.percent(75) {
            *random.pick(&self.members[member])
        } else {
            random.below(self.policies.len())
        };
        let statement = random.pick(&documents[policy].statements);
        let action = action(random.pick(&statement.action.entries), names, random);
        let resource = match &statement.resource {
            Some(clause) => resource(random.pick(&clause.entries), &action, random),
            None => "*".to_owned(),
        };
        let mut context = vec![
            ("aws:ResourceAccount".to_owned(), ACCOUNT.to_owned()),
            ("aws:RequestedRegion".to_owned(), REGION.to_owned()),
            ("aws:SourceIp".to_owned(), "10.20.30.40".to_owned()),
            ("aws:CurrentTime".to_owned(), "2026-11-22T23:00:00Z".to_owned()),
            ("aws:SecureTransport".to_owned(), "true".to_owned()),
        ];
        if random.percent(60) {
            add_conditions(statement, &mut context, random);
        }
        ManagedCase { member, action, resource, context }
    }
}

impl ManagedCase {
    fn request(&self) -> Option<Request<'_>> {
        let request = Request::new(self.action.as_str(), self.resource.as_str()).ok()?.owned_by(ACCOUNT);
        let context = self.context.iter();
        Some(context.fold(request, |request, (key, value)| request.with(key.as_str(), value.as_str())))
    }
}

/// Every action that some policy names in full.
fn exact_names(documents: &[Arc<Document>]) -> Vec<String> {
    let statements = documents.iter().flat_map(|document| &document.statements);
    let entries = statements.flat_map(|statement| &statement.action.entries);
    let exact = entries.filter(|entry| !entry.text.contains(['*', '?']));
    let mut names: Vec<String> = exact.map(|entry| entry.text.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// An action that the pattern covers.
fn action(pattern: &ActionPattern, names: &[String], random: &mut Random) -> String {
    let Some((start, _)) = pattern.text.split_once('*') else { return pattern.text.clone() };
    let begin = names.partition_point(|name| name.as_str() < start);
    let covered = names[begin..].iter().take_while(|name| name.starts_with(start)).count();
    if covered > 0 {
        return names[begin + random.below(covered)].clone();
    }
    let text = pattern.text.replace(['*', '?'], "Something");
    if text.contains(':') { text } else { format!("service:{text}") }
}

/// A resource that the entry covers, as far as an ARN can tell.
fn resource(entry: &ResourceEntry, action: &str, random: &mut Random) -> String {
    let item = format!("item{:04}", random.below(10_000));
    if let ResourcePattern::Arn { pattern, .. } = &entry.pattern {
        return arn(pattern, &item);
    }
    let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:thing/{item}")
}

fn arn(pattern: &ArnPattern, item: &str) -> String {
    let usual = ["aws", "service", REGION, ACCOUNT, item];
    let fields = pattern.fields.iter().zip(usual).map(|(field, usual)| filled(field, usual));
    format!("arn:{}", fields.collect::<Vec<_>>().join(":"))
}

fn filled(template: &Template, usual: &str) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Any => usual.to_owned(),
        Piece::One => "x".to_owned(),
        Piece::Variable(variable) => match variable.key.as_str() {
            "aws:PrincipalAccount" => ACCOUNT.to_owned(),
            _ => "blue".to_owned(),
        },
    };
    template.pieces.iter().map(piece).collect()
}

/// What the statement's conditions compare the request's keys with.
fn add_conditions(statement: &Statement, context: &mut Vec<(String, String)>, random: &mut Random) {
    let keys = KeyTable::default();
    for condition in &statement.conditions {
        let key = condition.key.value.as_str();
        let known = context.iter().any(|(name, _)| name.eq_ignore_ascii_case(key));
        if known || keys.owner(key) != Owner::Request || condition.operands.is_empty() {
            continue;
        }
        let operand = random.pick(&condition.operands).text.replace(['*', '?'], "x");
        if !operand.contains("${") {
            context.push((key.to_owned(), operand));
        }
    }
}
