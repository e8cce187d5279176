//! Requests out of nothing but the policies and the catalogue: three of four aim at a statement, the rest are anything
//! of the services that the policies speak of. The same seed draws the same requests.

use std::collections::BTreeSet;
use std::path::Path;

use bailiwick::ast::{Attached, Condition, OperandValue, Target};
use bailiwick::identity::Claims;
use bailiwick::request::ContextValue;
use bailiwick::value::{
    Arity, ArnPattern, Base, Catalogue, Held, Owner, Piece, ResourcePattern, Service, Template,
};
use bailiwick::{Caller, Principal, Request, Source};
use bailiwick_deployment::{Deployment, Files, IdentityOptions, MANIFEST};

use super::requests::{Pair, Wanted};
use crate::failure::Failure;
use crate::question::clock;
use crate::question::everybody::everybody;

const REGION: &str = "eu-west-1";

pub(super) fn draw(
    folder: &Path,
    deployment: &Deployment,
    wanted: &Wanted<'_>,
) -> Result<Vec<Pair>, Failure> {
    let people = people(folder, deployment, wanted.now)?;
    let statements: Vec<Attached<'_>> = deployment.set.statements().collect();
    let catalogue = bailiwick_catalog::aws().with(deployment.services.iter().cloned());
    let services = services(&statements, &catalogue);
    if statements.is_empty() {
        let place = folder.to_string_lossy();
        let help = "give requests with `--requests FILE`";
        let message = format!("`{place}` has no statement to draw requests from");
        return Err(Failure::refused(&place, "E273", message, help));
    }
    let mut drawing = Drawing { deployment, catalogue: &catalogue, random: Random(wanted.seed) };
    let mut pairs = Vec::with_capacity(wanted.count);
    // A pattern such as `arn:*` may make no request; what is drawn again is bounded for sets of nothing else.
    for _ in 0..wanted.count.saturating_mul(4) {
        if pairs.len() == wanted.count {
            break;
        }
        pairs.extend(drawing.pair(&people, &statements, &services, wanted.now));
    }
    Ok(pairs)
}

/// Whoever the deployment knows, and the tokens whose claims lie in the folder.
fn people(folder: &Path, deployment: &Deployment, now: u64) -> Result<Vec<Principal>, Failure> {
    let mut people: Vec<Principal> =
        everybody(deployment, &[], now)?.into_iter().map(|somebody| somebody.principal).collect();
    let files = Files::read(folder).map_err(|error| Failure::Refused(error.problems))?;
    let policies: BTreeSet<&str> = deployment.policies.iter().map(|policy| policy.file.as_str()).collect();
    for name in files.names().filter(|name| *name != MANIFEST && !policies.contains(name)) {
        // Most files hold no token, and some tokens are there to be refused.
        let claims = Claims::parse(Source::new(name, files.get(name).unwrap_or_default()));
        let identified = claims
            .ok()
            .and_then(|claims| deployment.principal_from_claims(&claims, IdentityOptions::default()).ok());
        people.extend(identified.map(|identified| identified.principal));
    }
    if people.is_empty() {
        let first = deployment.identities.issuers.first();
        let issuer = first.and_then(|issuer| issuer.mapping.issuers.first().cloned());
        let caller = Caller::Subject {
            account: deployment.account.clone(),
            issuer: issuer.unwrap_or_default(),
            subject: "somebody".to_owned(),
        };
        people.push(Principal::new(caller));
    }
    Ok(people)
}

/// Those that the policies name, with all that the catalogue knows of them.
fn services<'a>(statements: &[Attached<'_>], catalogue: &'a Catalogue) -> Vec<&'a Service> {
    let entries = statements.iter().flat_map(|attached| &attached.statement.action.entries);
    let prefixes: BTreeSet<String> = entries
        .filter_map(|entry| entry.text.split_once(':'))
        .map(|(prefix, _)| prefix.to_ascii_lowercase())
        .collect();
    let known: Vec<&Service> = prefixes.iter().filter_map(|prefix| catalogue.service(prefix)).collect();
    if known.is_empty() { catalogue.services().collect() } else { known }
}

struct Drawing<'a> {
    deployment: &'a Deployment,
    catalogue: &'a Catalogue,
    random: Random,
}

impl Drawing<'_> {
    fn pair(
        &mut self,
        people: &[Principal],
        statements: &[Attached<'_>],
        services: &[&Service],
        now: u64,
    ) -> Option<Pair> {
        let attached = self.random.pick(statements)?;
        let fitting: Vec<&Principal> =
            people.iter().filter(|person| fits(&attached.attachment.target, person)).collect();
        let person = match self.random.pick(&fitting) {
            Some(person) => *person,
            None => self.random.pick(people)?,
        };
        let aimed = self.random.percent(75);
        let named = if aimed { self.action(attached, services) } else { None };
        let action = match named {
            Some(action) => action,
            None => self.any_action(services)?,
        };
        let resource = if aimed { self.resource(attached, &action, person) } else { None };
        let resource = match resource {
            Some(resource) => resource,
            None => self.any_resource(&action, person),
        };
        let mut context = Vec::new();
        for condition in attached.statement.conditions.iter().filter(|_| aimed) {
            if self.random.percent(80) {
                self.add(condition, person, &mut context);
            }
        }
        clock::add(&mut context, now);
        let request = Request::new(action, resource).ok()?.owned_by(self.deployment.account.clone());
        Some((person.clone(), context.into_iter().fold(request, |all, (key, value)| all.with(key, value))))
    }

    /// An action that the statement is about.
    fn action(&mut self, attached: &Attached<'_>, services: &[&Service]) -> Option<String> {
        let clause = &attached.statement.action;
        let entry = self.random.pick(&clause.entries).filter(|_| !clause.negated)?;
        if !entry.text.contains(['*', '?']) {
            return Some(entry.text.clone());
        }
        let Some((prefix, _)) = entry.text.split_once(':') else { return self.any_action(services) };
        let service = self.catalogue.service(prefix)?;
        let covered: Vec<&str> = service.matching(&entry.name).map(|action| &*action.name).collect();
        Some(format!("{}:{}", service.prefix(), self.random.pick(&covered)?))
    }

    fn any_action(&mut self, services: &[&Service]) -> Option<String> {
        let service = self.random.pick(services)?;
        let action = self.random.pick(service.actions())?;
        Some(format!("{}:{}", service.prefix(), action.name))
    }

    /// A resource that the statement is about; `None` if it says nothing of resources.
    fn resource(&mut self, attached: &Attached<'_>, action: &str, person: &Principal) -> Option<String> {
        let clause = attached.statement.resource.as_ref().filter(|clause| !clause.negated)?;
        match &self.random.pick(&clause.entries)?.pattern {
            ResourcePattern::Arn { pattern, .. } => Some(self.arn(pattern, action, person)),
            _ => None,
        }
    }

    /// A resource that the action takes.
    fn any_resource(&mut self, action: &str, person: &Principal) -> String {
        let Some((service, known)) = self.catalogue.action(action) else { return "*".to_owned() };
        let takes = self.random.pick(&known.takes).map(|takes| usize::from(takes.resource));
        match takes.and_then(|at| service.resources().get(at)) {
            Some(kind) => self.arn(&kind.pattern, action, person),
            None => "*".to_owned(),
        }
    }

    fn arn(&mut self, pattern: &ArnPattern, action: &str, person: &Principal) -> String {
        let service = action.split(':').next().unwrap_or_default();
        let item = format!("item{:03}", self.random.below(1000));
        let usual = ["aws", service, REGION, &self.deployment.account, &item];
        let fields: Vec<String> =
            pattern.fields.iter().zip(usual).map(|(field, usual)| filled(field, usual, person)).collect();
        format!("arn:{}", fields.join(":"))
    }

    /// A value under which the condition holds, if one is easily found.
    fn add(
        &mut self,
        condition: &Condition,
        person: &Principal,
        context: &mut Vec<(String, ContextValue<'static>)>,
    ) {
        let key = &condition.key.value;
        let known = context.iter().any(|(name, _)| name.eq_ignore_ascii_case(key.as_str()));
        let Some(operand) = self.random.pick(&condition.operands) else { return };
        if known || self.deployment.keys.owner(key.as_str()) != Owner::Request {
            return;
        }
        let operator = condition.operator.value;
        let value = match &operand.value {
            OperandValue::Null(true) => return,
            OperandValue::Null(false) => "something".to_owned(),
            _ if operator.base.is_negated() => "something else".to_owned(),
            OperandValue::Text(template) => filled(template, "something", person),
            OperandValue::Arn(pattern) => self.arn(pattern, "service:", person),
            OperandValue::Ip(_) => operand.text.split('/').next().unwrap_or_default().to_owned(),
            _ => operand.text.clone(),
        };
        let many = operator.set.is_some() || self.deployment.keys.arity(key.as_str()) == Some(Arity::Many);
        let value = if many && operator.base != Base::Null { vec![value].into() } else { value.into() };
        context.push((key.as_str().to_owned(), value));
    }
}

/// Whether the attachment can be this person's.
fn fits(target: &Target, person: &Principal) -> bool {
    match target {
        Target::Group(name) => person.groups.contains(name),
        Target::Role(arn) => person.role_arn().is_some_and(|role| {
            role == *arn || arn.rsplit('/').next().is_some_and(|name| role.rsplit('/').next() == Some(name))
        }),
        Target::User(user) => matches!(&person.caller, Caller::User { arn, .. } if arn == user),
        Target::SessionPolicy(name) => person.session_policies.contains(name),
        Target::Subject { subject, .. } => {
            matches!(&person.caller, Caller::Subject { subject: known, .. } if known == subject)
        }
        _ => true,
    }
}

/// The template's text with wildcards and variables filled in.
fn filled(template: &Template, usual: &str, person: &Principal) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Any => usual.to_owned(),
        Piece::One => "x".to_owned(),
        Piece::Variable(variable) => match person.context.get(&variable.key) {
            Held::One(text) => text.to_owned(),
            _ => variable.default.clone().unwrap_or_else(|| usual.to_owned()),
        },
    };
    template.pieces.iter().map(piece).collect()
}

/// Good enough to draw with, and the same on every machine: the mix is that of `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let once = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((twice ^ (twice >> 31)) % (limit.max(1) as u64)).unwrap_or(0)
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them; `None` of none.
    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}
