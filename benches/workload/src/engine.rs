//! The workload in the engine's terms.

use std::sync::Arc;

use bailiwick::ast::{Attachment, Document, Options, PolicySet, SetError, Target, parse};
use bailiwick::value::Layer;
use bailiwick::{Caller, Diagnostics, Principal, Request, Source};

use crate::{ACCOUNT, Case, Person, Tag, Workload};

/// Who vouches for the people.
const ISSUER: &str = "https://login.example.com";

impl Workload {
    /// Every person as a principal, in order.
    pub fn principals(&self) -> Vec<Principal> {
        self.people.iter().map(principal).collect()
    }

    /// Its documents, read; what the workload makes is legal.
    pub fn read(&self) -> Result<Vec<Arc<Document>>, Diagnostics> {
        let read = |(name, text): (String, String)| parse(Source::new(&name, &text), &Options::default());
        self.documents().into_iter().map(|document| read(document).map(Arc::new)).collect()
    }

    /// Every case as a request, in order; strings are borrowed from the workload.
    pub fn requests(&self) -> Vec<Request<'_>> {
        // What the workload makes is well-formed; a test holds it.
        self.cases.iter().filter_map(request).collect()
    }
}

/// Documents attached to everyone, as identity policies.
pub fn set_of(documents: Vec<Arc<Document>>) -> Result<PolicySet, SetError> {
    let attachment = Attachment { layer: Layer::Identity, level: 0, target: Target::Everyone, documents };
    Ok(PolicySet::new(vec![attachment])?.home_account(ACCOUNT))
}

fn principal(person: &Person) -> Principal {
    let caller = Caller::Subject {
        account: ACCOUNT.to_owned(),
        issuer: ISSUER.to_owned(),
        subject: person.subject.clone(),
    };
    let mut principal = Principal::new(caller)
        .with("token:groups", person.groups.clone())
        .with("aws:MultiFactorAuthPresent", person.second_factor);
    for tag in [Tag::Tenant, Tag::Department, Tag::Role, Tag::Clearance] {
        principal = principal.with_tag(tag.name(), person.tag(tag));
    }
    for group in &person.groups {
        principal = principal.in_group(group);
    }
    principal
}

fn request(case: &Case) -> Option<Request<'_>> {
    let mut request = Request::new(case.action.as_str(), case.resource.as_str())
        .ok()?
        .owned_by(ACCOUNT)
        .with("aws:SourceIp", case.address.as_str())
        .with("aws:CurrentTime", case.time_text.as_str());
    for (name, value) in &case.tags {
        let key = match *name {
            "tenant" => "aws:ResourceTag/tenant",
            "env" => "aws:ResourceTag/env",
            _ => "aws:ResourceTag/class",
        };
        request = request.with(key, value.as_str());
    }
    Some(request)
}
