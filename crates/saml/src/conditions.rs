//! When and for whom an assertion holds.

use uppsala::{Document, NodeId};

use crate::metadata::seconds;
use crate::verifier::{Expectations, InResponseTo};
use crate::xml::{SAML, SAMLP, attribute, elements, is, named, only, text};
use crate::{Check, Refusal};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// The time of the question and how far clocks may differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pub(crate) now: i64,
    pub(crate) leeway: i64,
}

/// Times in which an assertion holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
}

impl Span {
    fn narrow(&mut self, other: Self) {
        self.from = self.from.max(other.from);
        self.until = match (self.until, other.until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

impl Clock {
    /// Looks at `NotBefore` and `NotOnOrAfter` of an element; what is there must hold.
    fn holds(self, document: &Document<'_>, node: NodeId) -> Result<Span, Refusal> {
        let span = Span {
            from: time(document, node, "NotBefore", Check::NotBefore)?,
            until: time(document, node, "NotOnOrAfter", Check::NotOnOrAfter)?,
        };
        if let Some(from) = span.from.filter(|from| self.now < from.saturating_sub(self.leeway)) {
            let message = format!("the assertion holds from {from} on, it is {}", self.now);
            return Err(Refusal::new(Check::NotBefore, message, "set the clocks, or wait"));
        }
        self.ends(span.until)?;
        Ok(span)
    }

    fn ends(self, until: Option<i64>) -> Result<(), Refusal> {
        match until.filter(|until| self.now >= until.saturating_add(self.leeway)) {
            Some(until) => {
                let message = format!("the assertion held until {until}, it is {}", self.now);
                Err(Refusal::new(Check::NotOnOrAfter, message, "sign in again"))
            }
            None => Ok(()),
        }
    }
}

/// `IssueInstant`, which is there and not in the future.
pub(crate) fn issued(document: &Document<'_>, node: NodeId, clock: Clock) -> Result<i64, Refusal> {
    let Some(issued) = time(document, node, "IssueInstant", Check::IssueInstant)? else {
        let help = "have the identity provider say when it issued it";
        return Err(Refusal::new(Check::IssueInstant, "there is no `IssueInstant`", help));
    };
    if issued > clock.now.saturating_add(clock.leeway) {
        let message = format!("it was issued at {issued}, it is {}", clock.now);
        return Err(Refusal::new(Check::IssueInstant, message, "set the clocks, or wait"));
    }
    Ok(issued)
}

/// What the response around the assertion says. It may be unsigned: it can refuse, and nothing is taken from it.
pub(crate) fn response(
    document: &Document<'_>,
    response: NodeId,
    expected: &Expectations,
    clock: Clock,
) -> Result<(), Refusal> {
    let status = only(document, response, SAMLP, "Status")?;
    let code = match status {
        Some(status) => only(document, status, SAMLP, "StatusCode")?,
        None => None,
    };
    let value = code.and_then(|code| attribute(document, code, "Value")).unwrap_or_default();
    if value != SUCCESS {
        let message = format!("the sign-in did not succeed: status `{}`", value.escape_debug());
        return Err(Refusal::new(Check::Status, message, "look at the identity provider's log"));
    }
    if let Some(issuer) = only(document, response, SAML, "Issuer")? {
        self::issuer(document, issuer, expected)?;
    }
    if let Some(destination) = attribute(document, response, "Destination")
        && !expected.recipients.iter().any(|known| known == destination)
    {
        let message = format!("the response was sent to `{}`", destination.escape_debug());
        let help = format!("expected one of `{}`", expected.recipients.join("`, `"));
        return Err(Refusal::new(Check::Destination, message, help));
    }
    answers(attribute(document, response, "InResponseTo"), &expected.in_response_to)?;
    issued(document, response, clock).map(|_| ())
}

/// `Issuer`, letter for letter.
pub(crate) fn issuer(document: &Document<'_>, node: NodeId, expected: &Expectations) -> Result<(), Refusal> {
    let found = text(document, node).unwrap_or_default();
    if found == expected.issuer {
        return Ok(());
    }
    let message = format!("the issuer is `{}`", found.escape_debug());
    let help = format!("expected `{}`, letter for letter", expected.issuer);
    Err(Refusal::new(Check::Issuer, message, help))
}

/// `Conditions`: times, audiences, and none that is not understood.
pub(crate) fn conditions(
    document: &Document<'_>,
    assertion: NodeId,
    expected: &Expectations,
    clock: Clock,
) -> Result<(Span, Vec<String>), Refusal> {
    let help = "have the identity provider restrict its assertions to an audience";
    let Some(conditions) = only(document, assertion, SAML, "Conditions")? else {
        return Err(Refusal::new(Check::Audience, "the assertion is for everybody", help));
    };
    let span = clock.holds(document, conditions)?;
    let mut audiences = Vec::new();
    let mut restricted = false;
    for condition in elements(document, conditions) {
        let known = |name: &str| is(document, condition, SAML, name);
        if known("AudienceRestriction") {
            restricted = true;
            let listed: Vec<String> = named(document, condition, SAML, "Audience")
                .into_iter()
                .map(|audience| text(document, audience).unwrap_or_default())
                .collect();
            // Each restriction must hold: of several, the strictest counts (SAML Core 2.5.1.4).
            if !listed.iter().any(|audience| expected.audiences.contains(audience)) {
                let message = format!("the assertion is for `{}`", listed.join("`, `").escape_debug());
                let help = format!("expected one of `{}`", expected.audiences.join("`, `"));
                return Err(Refusal::new(Check::Audience, message, help));
            }
            audiences.extend(listed);
        } else if !known("OneTimeUse") && !known("ProxyRestriction") {
            let help = "a condition that nobody understands cannot be met";
            return Err(Refusal::new(Check::Conditions, "the assertion has an unknown condition", help));
        }
    }
    if !restricted {
        return Err(Refusal::new(Check::Audience, "the assertion is for everybody", help));
    }
    Ok((span, audiences))
}

/// The first confirmation as bearer that holds: its times, and the recipient.
pub(crate) fn confirmation(
    document: &Document<'_>,
    subject: NodeId,
    expected: &Expectations,
    clock: Clock,
) -> Result<(Span, String), Refusal> {
    let mut refused = None;
    for confirmation in named(document, subject, SAML, "SubjectConfirmation") {
        if attribute(document, confirmation, "Method") != Some(BEARER) {
            continue;
        }
        match bearer(document, confirmation, expected, clock) {
            Ok(found) => return Ok(found),
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    Err(refused.unwrap_or_else(|| {
        let help =
            "have the identity provider confirm the subject as bearer, with `Recipient` and `NotOnOrAfter`";
        Refusal::new(Check::Confirmation, "the subject is not confirmed as the bearer", help)
    }))
}

fn bearer(
    document: &Document<'_>,
    confirmation: NodeId,
    expected: &Expectations,
    clock: Clock,
) -> Result<(Span, String), Refusal> {
    let Some(data) = only(document, confirmation, SAML, "SubjectConfirmationData")? else {
        let help = "have the identity provider send `Recipient` and `NotOnOrAfter`";
        return Err(Refusal::new(Check::Confirmation, "the confirmation has no data", help));
    };
    let recipient = attribute(document, data, "Recipient").unwrap_or_default();
    if !expected.recipients.iter().any(|known| known == recipient) {
        let message = format!("the assertion was sent to `{}`", recipient.escape_debug());
        let help = format!("expected one of `{}`", expected.recipients.join("`, `"));
        return Err(Refusal::new(Check::Recipient, message, help));
    }
    let span = clock.holds(document, data)?;
    if span.until.is_none() {
        let help = "a bearer's confirmation without `NotOnOrAfter` would hold for ever";
        return Err(Refusal::new(Check::NotOnOrAfter, "the confirmation does not end", help));
    }
    answers(attribute(document, data, "InResponseTo"), &expected.in_response_to)?;
    Ok((span, recipient.to_owned()))
}

/// `SessionNotOnOrAfter`: the identity provider's session ends there, and so does what was made of it.
pub(crate) fn sessions(document: &Document<'_>, assertion: NodeId, clock: Clock) -> Result<Span, Refusal> {
    let mut span = Span::default();
    for statement in named(document, assertion, SAML, "AuthnStatement") {
        let until = time(document, statement, "SessionNotOnOrAfter", Check::NotOnOrAfter)?;
        clock.ends(until)?;
        span.narrow(Span { from: None, until });
    }
    Ok(span)
}

/// All of them together.
pub(crate) fn together(spans: [Span; 3]) -> Span {
    let mut whole = Span::default();
    for span in spans {
        whole.narrow(span);
    }
    whole
}

fn answers(given: Option<&str>, expected: &InResponseTo) -> Result<(), Refusal> {
    let fits = match expected {
        InResponseTo::Any => true,
        InResponseTo::Nothing => given.is_none(),
        InResponseTo::Request(id) => given == Some(id),
    };
    if fits {
        return Ok(());
    }
    let help = "take only answers to requests of your own, each once";
    Err(Refusal::new(Check::InResponseTo, "it is not the answer to this request", help))
}

fn time(document: &Document<'_>, node: NodeId, name: &str, check: Check) -> Result<Option<i64>, Refusal> {
    let Some(written) = attribute(document, node, name) else { return Ok(None) };
    let found = seconds(written);
    found.map(Some).ok_or_else(|| {
        let message = format!("`{name}` is `{}`", written.escape_debug());
        Refusal::new(check, message, "it must be an instant in UTC: 2026-11-22T23:00:00Z")
    })
}
