//! A verified assertion as data: the JSON object that its verifier makes of it.

use super::SamlProvider;
use super::keys::of_attribute;
use super::session::{Session, values};
use crate::identity::claims::scalar;
use crate::identity::{ClaimFate, ClaimReport, Claims, Loss, Refusal, SessionTags, guard};
use crate::request::ContextValue;
use crate::source::Span;
use crate::source::json::{Member, Value};
use crate::value::Arity;

/// What a verified assertion says.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// `NameID`.
    pub subject: String,
    /// Its `Format`.
    pub format: Option<String>,
    /// The `Recipient` that the assertion was sent to: `saml:aud`, which is not the `Audience` (SEMANTICS G14).
    pub recipient: String,
    /// Roles that it offers by this provider, in order, each once.
    pub roles: Vec<String>,
    /// `RoleSessionName`.
    pub session_name: String,
    /// `SessionDuration` in seconds.
    pub duration: Option<u32>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
    /// `PrincipalTag:...`.
    pub tags: SessionTags,
    /// `TransitiveTagKeys`.
    pub transitive: Vec<String>,
    /// Keys that attributes of directories fill.
    pub keys: Vec<(String, ContextValue<'static>)>,
    /// What became of each claim, then of each attribute.
    pub report: Vec<ClaimReport>,
}

impl Assertion {
    /// Reads `iss`, `sub`, `sub_format`, `recipient`, `aud` and `attributes`: names and values of the assertion's
    /// attributes.
    ///
    /// Errors, all at once: it is not an assertion (`E182`), another's (`E104`), for somebody else (`E109`), an attribute of
    /// the session is wrong (`E181`), or its tags are (`E110`, `E118`).
    ///
    /// ```
    /// # use bailiwick::identity::{Assertion, Claims, SamlProvider};
    /// let provider = SamlProvider {
    ///     issuer: "https://idp.example".into(),
    ///     account: "111122223333".into(),
    ///     name: "corp".into(),
    ///     recipients: vec!["https://signin.aws.amazon.com/saml".into()],
    ///     ..SamlProvider::default()
    /// };
    /// let claims = Claims::parse(
    ///     r#"{"iss": "https://idp.example", "sub": "maria", "recipient": "https://signin.aws.amazon.com/saml",
    ///         "attributes": {
    ///           "https://aws.amazon.com/SAML/Attributes/Role":
    ///             ["arn:aws:iam::111122223333:saml-provider/corp,arn:aws:iam::111122223333:role/dev"],
    ///           "https://aws.amazon.com/SAML/Attributes/RoleSessionName": "maria",
    ///           "https://aws.amazon.com/SAML/Attributes/PrincipalTag:team": "red"}}"#,
    /// )?;
    /// let assertion = Assertion::read(&provider, &claims).map_err(|_| "refused")?;
    /// assert_eq!(assertion.roles, ["arn:aws:iam::111122223333:role/dev"]);
    /// assert_eq!(assertion.tags.iter().collect::<Vec<_>>(), [("team", "red")]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(provider: &SamlProvider, claims: &Claims) -> Result<Self, Vec<Refusal>> {
        let mut reading =
            Reading { claims, reasons: Vec::new(), report: Vec::new(), session: Session::default() };
        reading.issuer(provider);
        let subject = reading.text("sub").unwrap_or_default();
        let recipient = reading.text("recipient").unwrap_or_default();
        let format = claims.named("sub_format").and_then(|_| reading.text("sub_format"));
        reading.addressed(provider, &recipient);
        let attributes = reading.attributes();
        reading.claims_report();
        let keys = reading.attributes_report(attributes);
        let name = reading.session.name.take();
        if name.is_none() && reading.reasons.is_empty() {
            let message = "the assertion names no session: it has no attribute `RoleSessionName`";
            let help =
                "have the identity provider send `https://aws.amazon.com/SAML/Attributes/RoleSessionName`";
            reading.reasons.push(Refusal::new("E181", reading.whole(), message, help));
        }
        let transitive = reading.session.transitive().unwrap_or_else(|refusal| {
            reading.reasons.push(refusal);
            Vec::new()
        });
        let Reading { reasons, report, session, .. } = reading;
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let own = provider.principal();
        let mut roles: Vec<String> = Vec::new();
        for (role, by) in session.roles {
            if by == own && !roles.contains(&role) {
                roles.push(role);
            }
        }
        Ok(Self {
            subject,
            format,
            recipient,
            roles,
            session_name: name.unwrap_or_default(),
            duration: session.duration,
            source_identity: session.source_identity,
            tags: session.tags,
            transitive,
            keys,
            report,
        })
    }
}

struct Reading<'a> {
    claims: &'a Claims,
    reasons: Vec<Refusal>,
    report: Vec<ClaimReport>,
    session: Session,
}

impl<'a> Reading<'a> {
    fn issuer(&mut self, provider: &SamlProvider) {
        if self.claims.text("iss") != Some(&provider.issuer) {
            let span = self.claims.named("iss").map_or_else(|| self.whole(), |node| node.span);
            let help = format!("expected `{}`, letter for letter", provider.issuer);
            self.reasons.push(Refusal::new("E104", span, "the assertion is of another issuer", help));
        }
    }

    /// A text that is there and not empty.
    fn text(&mut self, name: &str) -> Option<String> {
        let node = self.claims.named(name);
        match node.map(|node| &node.value) {
            Some(Value::String(text)) if !text.is_empty() && text.len() <= guard::MAX_VALUE => {
                Some(text.clone())
            }
            _ => {
                let message = match node {
                    Some(node) => format!("`{name}` is {}, or too long or empty", node.value.kind()),
                    None => format!("an assertion without `{name}`"),
                };
                let help = "`sub` is the NameID, `recipient` the Recipient of its SubjectConfirmationData";
                let span = node.map_or_else(|| self.whole(), |node| node.span);
                self.reasons.push(Refusal::new("E182", span, message, help));
                None
            }
        }
    }

    /// For whom it is: one of the audiences, sent to one of the sign-in addresses.
    fn addressed(&mut self, provider: &SamlProvider, recipient: &str) {
        let (claims, whole) = (self.claims, self.whole());
        let mut refuse = |name: &str, found: &str, known: &[String]| {
            let span = claims.named(name).map_or(whole, |node| node.span);
            let help = format!("expected one of `{}`", known.join("`, `"));
            self.reasons.push(Refusal::new("E109", span, format!("the assertion is for {found}"), help));
        };
        if !provider.recipients.iter().any(|known| known == recipient) && !recipient.is_empty() {
            refuse("recipient", &format!("recipient `{recipient}`"), &provider.recipients);
        }
        if provider.audiences.is_empty() {
            return;
        }
        let audiences: Vec<&str> = match claims.named("aud").map(|node| &node.value) {
            Some(Value::Array(items)) => items.iter().filter_map(|item| scalar(&item.value)).collect(),
            Some(value) => scalar(value).into_iter().collect(),
            None => Vec::new(),
        };
        if !audiences.iter().any(|given| provider.audiences.iter().any(|known| known == given)) {
            let found = if audiences.is_empty() { "no audience".to_owned() } else { audiences.join(", ") };
            refuse("aud", &found, &provider.audiences);
        }
    }

    fn attributes(&mut self) -> &'a [Member] {
        match self.claims.named("attributes").map(|node| (&node.value, node.span)) {
            Some((Value::Object(members), _)) => members,
            other => {
                let span = other.map_or_else(|| self.whole(), |(_, span)| span);
                let help = "write `\"attributes\": {NAME: [VALUES]}`, as the verifier does";
                self.reasons.push(Refusal::new("E182", span, "an assertion without `attributes`", help));
                &[]
            }
        }
    }

    fn claims_report(&mut self) {
        for member in self.claims.members().iter().filter(|member| member.key != "attributes") {
            let fates = match member.key.as_str() {
                "iss" => vec![ClaimFate::Checked, ClaimFate::Key("saml:iss".to_owned())],
                "aud" => vec![ClaimFate::Checked],
                "recipient" => vec![ClaimFate::Checked, ClaimFate::Key("saml:aud".to_owned())],
                "sub" => vec![ClaimFate::Subject, ClaimFate::Key("saml:sub".to_owned())],
                "sub_format" => vec![ClaimFate::Key("saml:sub_type".to_owned())],
                _ => Vec::new(),
            };
            self.report.push(ClaimReport { claim: member.key.clone(), span: member.key_span, fates });
        }
    }

    /// Every attribute: what it became. The keys that they fill.
    fn attributes_report(&mut self, attributes: &[Member]) -> Vec<(String, ContextValue<'static>)> {
        let mut keys: Vec<(String, ContextValue<'static>)> = Vec::new();
        for attribute in attributes {
            let mut fates = Vec::new();
            match (self.session.read(attribute), of_attribute(&attribute.key)) {
                (Some(Ok(fate)), _) => fates.push(fate),
                (Some(Err(refusal)), _) => self.reasons.push(refusal),
                (None, Some((key, arity))) => fates.push(fill(&mut keys, key, arity, attribute)),
                (None, None) => {}
            }
            self.report.push(ClaimReport { claim: attribute.key.clone(), span: attribute.key_span, fates });
        }
        keys
    }

    fn whole(&self) -> Span {
        Span::new(0, self.claims.source().text.len())
    }
}

/// A key that two attributes fill, or one with values that it cannot have, is *unknown*: no Allow relies on it, and every
/// Deny that looks at it applies. The documents only say that one of two is taken.
fn fill(
    keys: &mut Vec<(String, ContextValue<'static>)>,
    key: &str,
    arity: Arity,
    attribute: &Member,
) -> ClaimFate {
    let lost = |why| ClaimFate::Dropped { target: key.to_owned(), why };
    if let Some((_, value)) = keys.iter_mut().find(|(other, _)| other == key) {
        *value = ContextValue::Unknown;
        return lost(Loss::Twice);
    }
    let fitting = values(attribute).filter(|list| {
        list.len() <= guard::MAX_LIST && list.iter().all(|text| text.len() <= guard::MAX_VALUE)
    });
    let value: Option<ContextValue<'static>> = match (arity, fitting.as_deref()) {
        (Arity::Many, Some(list)) => {
            Some(list.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>().into())
        }
        (Arity::One, Some([only])) => Some((*only).to_owned().into()),
        _ => None,
    };
    let fate = if value.is_some() { ClaimFate::Key(key.to_owned()) } else { lost(Loss::NotOneValue) };
    keys.push((key.to_owned(), value.unwrap_or(ContextValue::Unknown)));
    fate
}
