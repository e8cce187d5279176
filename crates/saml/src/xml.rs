//! XML with bounds, and the few ways in which elements are looked at here.

use uppsala::{Document, NodeId, NodeKind, Parser};

use crate::{Check, Refusal};

/// SAML's assertions.
pub(crate) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML's protocol.
pub(crate) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// SAML's metadata.
pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// XML signatures.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Elements inside each other.
const MAX_DEPTH: u32 = 32;
/// Attributes, and namespaces declared, of one element.
const MAX_ATTRIBUTES: usize = 64;

/// A document within bounds: no document type, no processing instructions, nothing too deep or too wide.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Refusal> {
    // Wherever it stands, in a comment even: no response has a reason to hold one.
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        let help = "a response needs none; entities could change what is read after it was signed";
        return Err(Refusal::new(Check::Dtd, "the document declares a document type", help));
    }
    let parser = Parser::new().with_max_depth(MAX_DEPTH).with_forbid_dtd(true).with_forbid_entities(true);
    let document = parser.parse(text).map_err(|error| {
        let message = format!("the document cannot be read as XML: {error}");
        Refusal::new(Check::Form, message, "give the response as the identity provider sent it")
    })?;
    for node in nodes(&document, document.root()) {
        match document.node_kind(node) {
            Some(NodeKind::ProcessingInstruction(_)) => {
                let help = "a response needs none; readers disagree on what they do to a text";
                return Err(Refusal::new(Check::Form, "the document holds a processing instruction", help));
            }
            Some(NodeKind::Element(element))
                if element.attributes.len() > MAX_ATTRIBUTES
                    || element.namespace_declarations.len() > MAX_ATTRIBUTES =>
            {
                let message = format!("element `{}` has too many attributes", element.name.local_name);
                return Err(Refusal::new(Check::Size, message, format!("at most {MAX_ATTRIBUTES} are read")));
            }
            Some(NodeKind::Element(element))
                if element
                    .namespace_declarations
                    .iter()
                    .any(|(_, uri)| uri.contains(char::is_whitespace)) =>
            {
                let help = "give the response as the identity provider sent it";
                return Err(Refusal::new(Check::Form, "a namespace is not a URI", help));
            }
            _ => {}
        }
    }
    Ok(document)
}

/// The octets that a digest was taken of, as a text again.
pub(crate) fn text_of(octets: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(octets).map_err(|_| {
        Refusal::new(Check::Form, "the canonical form is not UTF-8", "give the response as it was sent")
    })
}

/// An element and all below it, in document order, without recursion.
pub(crate) fn nodes(document: &Document<'_>, top: NodeId) -> Vec<NodeId> {
    let (mut found, mut open) = (Vec::new(), vec![top]);
    while let Some(node) = open.pop() {
        found.push(node);
        open.extend(document.children_iter(node).rev());
    }
    found
}

/// Whether it is an element of this name.
pub(crate) fn is(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> bool {
    document.element(node).is_some_and(|element| {
        element.name.namespace_uri.as_deref() == Some(namespace) && element.name.local_name == name
    })
}

/// The elements right below.
pub(crate) fn elements(document: &Document<'_>, node: NodeId) -> Vec<NodeId> {
    document.children_iter(node).filter(|child| document.element(*child).is_some()).collect()
}

/// Those of one name.
pub(crate) fn named(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Vec<NodeId> {
    document.children_iter(node).filter(|child| is(document, *child, namespace, name)).collect()
}

/// The only one of its name, if there is one; two are refused.
pub(crate) fn only(
    document: &Document<'_>,
    node: NodeId,
    namespace: &str,
    name: &str,
) -> Result<Option<NodeId>, Refusal> {
    match named(document, node, namespace, name).as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        _ => {
            let message = format!("there is more than one `{name}` where one is meant");
            Err(Refusal::new(
                Check::Structure,
                message,
                "refuse the response: readers may take different ones",
            ))
        }
    }
}

/// An attribute without a namespace; one of the same name in a namespace is another.
pub(crate) fn attribute<'d>(document: &'d Document<'_>, node: NodeId, name: &str) -> Option<&'d str> {
    let attributes = &document.element(node)?.attributes;
    let found = attributes
        .iter()
        .find(|attribute| attribute.name.namespace_uri.is_none() && attribute.name.local_name == name);
    found.map(|attribute| &*attribute.value)
}

/// All its text, also where a comment or a CDATA section cuts it; none if it holds elements.
pub(crate) fn text(document: &Document<'_>, node: NodeId) -> Option<String> {
    let mut whole = String::new();
    for child in document.children_iter(node) {
        match document.node_kind(child) {
            Some(NodeKind::Text(part) | NodeKind::CData(part)) => whole.push_str(part),
            Some(NodeKind::Element(_)) => return None,
            _ => {}
        }
    }
    Some(whole)
}
