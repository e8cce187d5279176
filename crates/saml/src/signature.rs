//! The signature of an element, as SAML allows it (SAML Core 5.4): one reference, to the element that holds it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use uppsala::{Document, NodeId};

use crate::algorithm::{ENVELOPED, EXCLUSIVE, Hash, Key, Method};
use crate::xml::{DSIG, attribute, elements, is, only, parse, text, text_of};
use crate::{Check, Refusal};

/// Namespaces that are written though nothing uses them.
const INCLUSIVE: &str = "InclusiveNamespaces";

/// What `SignedInfo` says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SignedInfo {
    /// For the canonical form of itself.
    own_prefixes: Vec<String>,
    method: Method,
    reference: String,
    /// For the canonical form of the signed element.
    prefixes: Vec<String>,
    hash: Hash,
    digest: Vec<u8>,
}

/// The octets that were signed, and by which key.
pub(crate) struct Signed {
    /// The canonical form of the element, without its signature.
    pub(crate) text: String,
    /// SHA-256 of the key's certificate.
    pub(crate) fingerprint: String,
}

/// Verifies an element's own signature.
pub(crate) fn verify(
    document: &Document<'_>,
    element: NodeId,
    signature: NodeId,
    keys: &[Key],
) -> Result<Signed, Refusal> {
    let (info_node, value) = parts(document, signature)?;
    let info = SignedInfo::read(document, info_node)?;
    let id = attribute(document, element, "ID").filter(|id| !id.is_empty());
    let Some(id) = id else {
        let help = "have the identity provider give what it signs an `ID`";
        return Err(Refusal::new(Check::Ids, "a signed element has no `ID`", help));
    };
    if info.reference.strip_prefix('#') != Some(id) {
        let message =
            format!("the signature in `{}` is over `{}`", id.escape_debug(), info.reference.escape_debug());
        return Err(Refusal::new(Check::Reference, message, "a signature is over the element that holds it"));
    }

    let signed_info =
        canonical(document, &NodeSet::tree_without_comments(info_node, document), &info.own_prefixes)?;
    let Some(key) = keys.iter().find(|key| key.verifies(info.method, &signed_info, &value)) else {
        let help = "it was changed, or signed by another key; if the identity provider has a new one, fetch its metadata";
        return Err(Refusal::new(Check::Signature, "the signature is by no key of the metadata", help));
    };
    // From here on only what was signed counts: the digest too.
    let signed_info = text_of(signed_info)?;
    let again = parse(&signed_info)?;
    let top = again.document_element().unwrap_or_else(|| again.root());
    if SignedInfo::read(&again, top)? != info {
        let help = "refuse the response: it was made to be read in two ways";
        return Err(Refusal::new(
            Check::Reference,
            "the signature reads differently in canonical form",
            help,
        ));
    }

    let whole = NodeSet::tree_without_comments(element, document)
        .subtract(&NodeSet::tree_with_comments(signature, document));
    let octets = canonical(document, &whole, &info.prefixes)?;
    if info.hash.digest(&octets) != info.digest {
        let help = "it was changed after it was signed";
        return Err(Refusal::new(Check::Digest, "the signed element is not what it was", help));
    }
    Ok(Signed { text: text_of(octets)?, fingerprint: key.fingerprint.clone() })
}

/// `SignedInfo` and the octets of `SignatureValue`. A `KeyInfo` may follow: it is not read, keys come from the metadata.
fn parts(document: &Document<'_>, signature: NodeId) -> Result<(NodeId, Vec<u8>), Refusal> {
    let children = elements(document, signature);
    let names = ["SignedInfo", "SignatureValue", "KeyInfo"];
    let fits = (2..=3).contains(&children.len())
        && children.iter().zip(names).all(|(child, name)| is(document, *child, DSIG, name));
    match children.as_slice() {
        [info, value, ..] if fits => Ok((*info, base64(document, *value)?)),
        _ => {
            let help = "a signature holds `SignedInfo`, `SignatureValue` and perhaps `KeyInfo`, no objects";
            Err(Refusal::new(Check::Structure, "a signature is not made as SAML's are", help))
        }
    }
}

impl SignedInfo {
    fn read(document: &Document<'_>, node: NodeId) -> Result<Self, Refusal> {
        let refuse = |check, message: &str, help: &str| Err(Refusal::new(check, message, help));
        let children = elements(document, node);
        let names = ["CanonicalizationMethod", "SignatureMethod", "Reference"];
        let [canonicalization, method, reference] = children.as_slice() else {
            let help = "a signature has one canonicalization, one method and one reference";
            return refuse(Check::Reference, "the signature is not over one element", help);
        };
        if !children.iter().zip(names).all(|(child, name)| is(document, *child, DSIG, name)) {
            let help = "a signature has one canonicalization, one method and one reference";
            return refuse(Check::Reference, "the signature is not over one element", help);
        }
        let uri = |node: NodeId| attribute(document, node, "Algorithm").unwrap_or_default();
        if uri(*canonicalization) != EXCLUSIVE {
            let help = "only exclusive canonicalization without comments is allowed";
            return refuse(Check::Algorithm, "the signature's canonicalization is not allowed", help);
        }
        let Some(method_of) = Method::of(uri(*method)).filter(|_| elements(document, *method).is_empty())
        else {
            let message = format!("signature method `{}` is not allowed", uri(*method).escape_debug());
            return refuse(Check::Algorithm, &message, "allowed are RSA and ECDSA with SHA-256 or longer");
        };
        let parts = elements(document, *reference);
        let [transforms, hash, value] = parts.as_slice() else {
            let help = "a reference has transforms, a digest method and a digest";
            return refuse(Check::Reference, "the signature's reference is not made as SAML's are", help);
        };
        let names = ["Transforms", "DigestMethod", "DigestValue"];
        if !parts.iter().zip(names).all(|(child, name)| is(document, *child, DSIG, name)) {
            let help = "a reference has transforms, a digest method and a digest";
            return refuse(Check::Reference, "the signature's reference is not made as SAML's are", help);
        }
        let Some(hash_of) = Hash::of(uri(*hash)).filter(|_| elements(document, *hash).is_empty()) else {
            let message = format!("digest method `{}` is not allowed", uri(*hash).escape_debug());
            return refuse(Check::Algorithm, &message, "allowed are SHA-256, SHA-384 and SHA-512");
        };
        let listed = elements(document, *transforms);
        let [enveloped, exclusive] = listed.as_slice() else {
            return refuse(Check::Transforms, "the signature does not have two transforms", TRANSFORMS);
        };
        let transform =
            |node: NodeId, wanted: &str| is(document, node, DSIG, "Transform") && uri(node) == wanted;
        if !transform(*enveloped, ENVELOPED)
            || !elements(document, *enveloped).is_empty()
            || !transform(*exclusive, EXCLUSIVE)
        {
            return refuse(Check::Transforms, "the signature's transforms are not allowed", TRANSFORMS);
        }
        Ok(Self {
            own_prefixes: prefixes(document, *canonicalization)?,
            method: method_of,
            reference: attribute(document, *reference, "URI").unwrap_or_default().to_owned(),
            prefixes: prefixes(document, *exclusive)?,
            hash: hash_of,
            digest: base64(document, *value)?,
        })
    }
}

/// What the two transforms must be.
const TRANSFORMS: &str =
    "allowed are the enveloped signature, then exclusive canonicalization without comments, no others";

/// The prefixes of `InclusiveNamespaces`, if it is there.
fn prefixes(document: &Document<'_>, node: NodeId) -> Result<Vec<String>, Refusal> {
    let list = only(document, node, EXCLUSIVE, INCLUSIVE)?;
    if elements(document, node).len() != usize::from(list.is_some()) {
        return Err(Refusal::new(
            Check::Transforms,
            "a transform has parameters that are not known",
            TRANSFORMS,
        ));
    }
    let text = list.and_then(|list| attribute(document, list, "PrefixList")).unwrap_or_default();
    Ok(text.split_ascii_whitespace().map(str::to_owned).collect())
}

fn canonical(document: &Document<'_>, nodes: &NodeSet, prefixes: &[String]) -> Result<Vec<u8>, Refusal> {
    canonicalize_doc(document, C14nMode::Exclusive, Some(nodes), prefixes).map_err(|error| {
        let message = format!("the canonical form cannot be made: {error}");
        Refusal::new(Check::Form, message, "give the response as the identity provider sent it")
    })
}

fn base64(document: &Document<'_>, node: NodeId) -> Result<Vec<u8>, Refusal> {
    let written = text(document, node).unwrap_or_default();
    let bare: String = written.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let octets = STANDARD.decode(bare).ok().filter(|octets| !octets.is_empty());
    octets.ok_or_else(|| {
        let help = "give the response as the identity provider sent it";
        Refusal::new(Check::Form, "a part of the signature is not Base64, or empty", help)
    })
}
