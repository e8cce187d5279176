//! From the signed octets of an assertion to claims.

use bailiwick::identity::Claims;
use bailiwick::source::Source;
use serde_json::{Map, Value, json};
use uppsala::{Document, NodeId};

use crate::conditions::{Clock, conditions, confirmation, issued, issuer, sessions, together};
use crate::verifier::Expectations;
use crate::xml::{SAML, attribute, named, only, text};
use crate::{Check, Refusal};

/// What an assertion says, and until when.
pub(crate) struct Said {
    pub(crate) claims: Claims,
    pub(crate) id: String,
    pub(crate) until: i64,
}

/// Checks and reads an assertion. Every value comes from this document: the one that was signed.
pub(crate) fn read(
    document: &Document<'_>,
    assertion: NodeId,
    expected: &Expectations,
    clock: Clock,
) -> Result<Said, Refusal> {
    let structure = |message: &str, help: &str| Refusal::new(Check::Structure, message, help);
    let Some(issuer_node) = only(document, assertion, SAML, "Issuer")? else {
        return Err(Refusal::new(
            Check::Issuer,
            "the assertion names no issuer",
            "have the identity provider do so",
        ));
    };
    issuer(document, issuer_node, expected)?;
    let issued = issued(document, assertion, clock)?;
    let Some(subject) = only(document, assertion, SAML, "Subject")? else {
        return Err(structure("the assertion has no subject", "have the identity provider name the subject"));
    };
    let (confirmed, recipient) = confirmation(document, subject, expected, clock)?;
    let (conditioned, audiences) = conditions(document, assertion, expected, clock)?;
    let span = together([confirmed, conditioned, sessions(document, assertion, clock)?]);
    let name = only(document, subject, SAML, "NameID")?;
    let name_text = name.and_then(|name| text(document, name)).filter(|text| !text.is_empty());
    let (Some(name), Some(name_text)) = (name, name_text) else {
        return Err(structure("the subject has no name", "have the identity provider send a `NameID`"));
    };

    // A confirmation always ends.
    let exp = span.until.unwrap_or(clock.now);
    let id = attribute(document, assertion, "ID").unwrap_or_default().to_owned();
    let mut claims = json!({
        "iss": expected.issuer,
        "sub": name_text,
        "recipient": recipient,
        "aud": audiences,
        "jti": id,
        "iat": issued,
        "exp": exp,
    });
    if let Some(members) = claims.as_object_mut() {
        if let Some(format) = attribute(document, name, "Format") {
            members.insert("sub_format".to_owned(), json!(format));
        }
        if let Some(from) = span.from {
            members.insert("nbf".to_owned(), json!(from));
        }
        members.insert("attributes".to_owned(), Value::Object(attributes(document, assertion)?));
    }
    let claims = Claims::parse(Source::new("assertion", &claims.to_string())).map_err(|diagnostics| {
        let why = diagnostics.list.first().map(|one| one.message.clone()).unwrap_or_default();
        Refusal::new(Check::Size, format!("the assertion cannot be read: {why}"), "send fewer attributes")
    })?;
    Ok(Said { claims, id, until: exp.saturating_add(clock.leeway) })
}

/// Names and values of all attributes. A value that holds elements is an object, which no rule takes for a text.
fn attributes(document: &Document<'_>, assertion: NodeId) -> Result<Map<String, Value>, Refusal> {
    let mut found = Map::new();
    for statement in named(document, assertion, SAML, "AttributeStatement") {
        for given in named(document, statement, SAML, "Attribute") {
            let name = attribute(document, given, "Name").unwrap_or_default();
            let values: Vec<Value> = named(document, given, SAML, "AttributeValue")
                .into_iter()
                .map(|value| text(document, value).map_or_else(|| json!({}), Value::String))
                .collect();
            if name.is_empty() || found.insert(name.to_owned(), Value::Array(values)).is_some() {
                let message = format!("attribute `{}` is there twice, or has no name", name.escape_debug());
                let help = "have the identity provider send one attribute with all its values";
                return Err(Refusal::new(Check::Duplicate, message, help));
            }
        }
    }
    Ok(found)
}
