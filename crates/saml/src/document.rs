//! What a response is made of, looked at as a whole before any signature: one assertion in its place, signatures in
//! theirs, no `ID` twice, nothing encrypted.

use std::collections::BTreeSet;

use uppsala::{Document, NodeId};

use crate::xml::{DSIG, SAML, SAMLP, attribute, is, nodes};
use crate::{Check, Refusal};

/// Names of attributes that somebody may take for an identifier.
const IDENTIFIERS: &[&str] = &["ID", "Id", "id", "iD", "AssertionID", "ResponseID"];
/// What holds ciphertext.
const ENCRYPTED: &[&str] = &["EncryptedAssertion", "EncryptedAttribute", "EncryptedID"];

/// The parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The response; none where an assertion comes alone.
    pub(crate) response: Option<NodeId>,
    /// The assertion.
    pub(crate) assertion: NodeId,
    /// The response's signature.
    pub(crate) response_signature: Option<NodeId>,
    /// The assertion's signature.
    pub(crate) assertion_signature: Option<NodeId>,
}

/// Finds them, or says what is out of place.
pub(crate) fn parts(document: &Document<'_>) -> Result<Parts, Refusal> {
    let structure = |message: &str| {
        let help =
            "a response holds one assertion right below it; each is signed by a signature right below it";
        Refusal::new(Check::Structure, message, help)
    };
    let all = document.document_element().map(|top| (top, nodes(document, top)));
    let Some((top, all)) = all else { return Err(structure("the document is empty")) };
    identifiers(document, &all)?;
    if all.iter().any(|node| ENCRYPTED.iter().any(|name| is(document, *node, SAML, name))) {
        let help = "assertions are not decrypted here: have the identity provider send them signed and in the clear, over TLS";
        return Err(Refusal::new(Check::Encrypted, "the assertion, or a part of it, is encrypted", help));
    }
    let response = is(document, top, SAMLP, "Response").then_some(top);
    if response.is_none() && !is(document, top, SAML, "Assertion") {
        return Err(structure("the document is neither a SAML 2.0 response nor an assertion"));
    }
    let of = |namespace: &str, name: &str| -> Vec<NodeId> {
        all.iter().copied().filter(|node| is(document, *node, namespace, name)).collect()
    };
    let assertion = match of(SAML, "Assertion").as_slice() {
        [only] if response.is_none_or(|response| document.parent(*only) == Some(response)) => *only,
        [] => return Err(structure("the response holds no assertion")),
        [_] => return Err(structure("the assertion is not right below the response")),
        _ => return Err(structure("there is more than one assertion")),
    };
    if of(SAMLP, "Response").len() > 1 {
        return Err(structure("there is more than one response"));
    }
    let mut found = Parts { response, assertion, response_signature: None, assertion_signature: None };
    for signature in of(DSIG, "Signature") {
        let parent = document.parent(signature);
        let place = if parent == Some(assertion) {
            &mut found.assertion_signature
        } else if parent.is_some() && parent == response {
            &mut found.response_signature
        } else {
            return Err(structure("a signature is neither the response's nor the assertion's"));
        };
        if place.replace(signature).is_some() {
            return Err(structure("an element has two signatures"));
        }
    }
    for node in response.into_iter().chain([assertion]) {
        if attribute(document, node, "Version") != Some("2.0") {
            let help = "give a response of SAML 2.0";
            return Err(Refusal::new(Check::Version, "the `Version` is not 2.0", help));
        }
    }
    Ok(found)
}

/// No two elements share one, whatever its name, and none is empty.
fn identifiers(document: &Document<'_>, all: &[NodeId]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for element in all.iter().filter_map(|node| document.element(*node)) {
        for given in &element.attributes {
            if IDENTIFIERS.contains(&&*given.name.local_name)
                && (given.value.is_empty() || !seen.insert(&*given.value))
            {
                let message = format!("`{}` is there twice, or empty", given.value.escape_debug());
                let help = "refuse the response: a signature over an `ID` must mean one element";
                return Err(Refusal::new(Check::Ids, message, help));
            }
        }
    }
    Ok(())
}
