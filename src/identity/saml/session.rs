//! The attributes by which an assertion says what session is to begin (SEMANTICS G13).

use crate::identity::claims::scalar;
use crate::identity::{ClaimFate, Loss, Refusal, SessionTags};
use crate::source::Span;
use crate::source::json::{Member, Value};

/// What all their names begin with.
const NAMESPACE: &str = "https://aws.amazon.com/SAML/Attributes/";
/// Seconds that a session may last.
const DURATION: std::ops::RangeInclusive<u32> = 900..=43_200;

/// What is read so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    /// Roles and the providers that they are offered by.
    pub(super) roles: Vec<(String, String)>,
    pub(super) name: Option<String>,
    pub(super) duration: Option<u32>,
    pub(super) source_identity: Option<String>,
    pub(super) tags: SessionTags,
    transitive: Vec<(String, Span)>,
}

impl Session {
    /// Reads an attribute if its name is one of these; names are compared letter for letter. What it became, or none if
    /// the attribute is another's to read.
    pub(super) fn read(&mut self, attribute: &Member) -> Option<Result<ClaimFate, Refusal>> {
        let span = attribute.value.span;
        let Some(name) = attribute.key.strip_prefix(NAMESPACE) else {
            let near = attribute.key.get(..NAMESPACE.len());
            return near.is_some_and(|start| start.eq_ignore_ascii_case(NAMESPACE)).then(|| Ok(misspelt()));
        };
        let only = || {
            values(attribute).and_then(|list| match list.as_slice() {
                [only] => Some((*only).to_owned()),
                _ => None,
            })
        };
        let one = |code, wanted: &str| {
            only().ok_or_else(|| {
                let message = format!("attribute `{name}` has not one value");
                Refusal::new(code, span, message, format!("have the identity provider send {wanted}"))
            })
        };
        Some(match name {
            "Role" => self.pairs(attribute),
            "RoleSessionName" => one("E181", "one name").map(|text| {
                self.name = Some(text);
                ClaimFate::Session("name")
            }),
            "SourceIdentity" => one("E181", "one name").map(|text| {
                self.source_identity = Some(text);
                ClaimFate::Key("aws:SourceIdentity".to_owned())
            }),
            "SessionDuration" => one("E181", "one number").and_then(|text| self.lasts(&text, span)),
            "TransitiveTagKeys" => {
                if let Some(keys) = values(attribute) {
                    self.transitive.extend(keys.into_iter().map(|key| (key.to_owned(), span)));
                    Ok(ClaimFate::Session("tags that go on"))
                } else {
                    let message = "the transitive keys are not a list of texts";
                    Err(Refusal::new("E118", span, message, "have the identity provider send texts"))
                }
            }
            name => match name.strip_prefix("PrincipalTag:") {
                Some(key) => one("E118", "one text").and_then(|value| self.tag(key, &value, span)),
                None => Ok(misspelt()),
            },
        })
    }

    /// Keys that go on; each must be one of the tags.
    pub(super) fn transitive(&self) -> Result<Vec<String>, Refusal> {
        let mut keys: Vec<String> = Vec::new();
        for (key, span) in &self.transitive {
            if !self.tags.iter().any(|(tag, _)| tag.eq_ignore_ascii_case(key)) {
                let message = format!("`{key}` is to be transitive but is no tag of the assertion");
                return Err(Refusal::new(
                    "E118",
                    *span,
                    message,
                    "have the identity provider send the tag too",
                ));
            }
            if !keys.iter().any(|other| other.eq_ignore_ascii_case(key)) {
                keys.push(key.clone());
            }
        }
        Ok(keys)
    }

    /// `roleArn,providerArn`, in either order. A pair that is not one refuses: nobody can tell what was meant.
    fn pairs(&mut self, attribute: &Member) -> Result<ClaimFate, Refusal> {
        let refuse = |message: String| {
            let help = "send `arn:aws:iam::ACCOUNT:role/NAME,arn:aws:iam::ACCOUNT:saml-provider/NAME`";
            Refusal::new("E181", attribute.value.span, message, help)
        };
        let list =
            values(attribute).ok_or_else(|| refuse("attribute `Role` is not a list of texts".into()))?;
        for text in list {
            let parts: Vec<&str> = text.split(',').map(str::trim).collect();
            let pair = match parts.as_slice() {
                [one, other] if is(one, "role") && is(other, "saml-provider") => (*one, *other),
                [one, other] if is(one, "saml-provider") && is(other, "role") => (*other, *one),
                _ => return Err(refuse(format!("`{text}` is not a role and a provider"))),
            };
            let pair = (pair.0.to_owned(), pair.1.to_owned());
            if !self.roles.contains(&pair) {
                self.roles.push(pair);
            }
        }
        Ok(ClaimFate::Session("roles to choose from"))
    }

    fn lasts(&mut self, text: &str, span: Span) -> Result<ClaimFate, Refusal> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = text.parse::<u32>().ok().filter(|seconds| digits && DURATION.contains(seconds));
        let Some(seconds) = seconds else {
            let message = format!("a session cannot last `{text}`");
            return Err(Refusal::new("E181", span, message, "send seconds from 900 to 43200"));
        };
        self.duration = Some(seconds);
        Ok(ClaimFate::Session("duration"))
    }

    fn tag(&mut self, key: &str, value: &str, span: Span) -> Result<ClaimFate, Refusal> {
        let added = self.tags.add(key, value);
        added
            .map(|()| ClaimFate::Tag(key.to_owned()))
            .map_err(|message| Refusal::new("E110", span, message, "change the tag at the identity provider"))
    }
}

/// The values of an attribute; none if one of them is no text.
pub(super) fn values(attribute: &Member) -> Option<Vec<&str>> {
    match &attribute.value.value {
        Value::Array(items) => items.iter().map(|item| scalar(&item.value)).collect(),
        value => scalar(value).map(|text| vec![text]),
    }
}

/// Whether a text is the ARN of a role or a provider in IAM.
fn is(arn: &str, kind: &str) -> bool {
    let Some([_, service, region, _, resource]) = crate::value::arn_fields(arn) else { return false };
    service == "iam"
        && region.is_empty()
        && resource.split_once('/').is_some_and(|(found, name)| found == kind && !name.is_empty())
}

fn misspelt() -> ClaimFate {
    ClaimFate::Dropped { target: "anything".to_owned(), why: Loss::Misspelt }
}
