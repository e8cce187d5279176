//! Attributes of directories that fill `saml:` keys of a trust policy (SEMANTICS G14), as the documents list them.

use crate::value::Arity::{self, Many, One};

/// The attribute's name, the key that it fills, how many values that has.
const KEYS: &[(&str, &str, Arity)] = &[
    // eduPerson and eduOrg.
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "saml:edupersonaffiliation", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.2", "saml:edupersonnickname", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.3", "saml:edupersonorgdn", One),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.4", "saml:edupersonorgunitdn", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.5", "saml:edupersonprimaryaffiliation", One),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "saml:edupersonprincipalname", One),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "saml:edupersonentitlement", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.8", "saml:edupersonprimaryorgunitdn", One),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "saml:edupersonscopedaffiliation", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "saml:edupersontargetedid", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.11", "saml:edupersonassurance", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.2", "saml:eduorghomepageuri", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.3", "saml:eduorgidentityauthnpolicyuri", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.4", "saml:eduorglegalname", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.5", "saml:eduorgsuperioruri", Many),
    ("urn:oid:1.3.6.1.4.1.5923.1.2.1.6", "saml:eduorgwhitepagesuri", Many),
    ("urn:oid:2.5.4.3", "saml:cn", Many),
    // Active Directory. The documents map the group's SID to `saml:uid` and list a key of its own name; that one it is.
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "saml:name", One),
    ("http://schemas.xmlsoap.org/claims/CommonName", "saml:commonName", One),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "saml:givenName", One),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "saml:surname", One),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "saml:mail", One),
    ("http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", "saml:primaryGroupSID", One),
    // X.500: three numbers that the documents misprint are here as they are registered.
    ("2.5.4.3", "saml:commonName", One),
    ("2.5.4.4", "saml:surname", One),
    ("2.5.4.42", "saml:givenName", One),
    ("2.5.4.45", "saml:x500UniqueIdentifier", One),
    ("0.9.2342.19200300.100.1.1", "saml:uid", One),
    ("0.9.2342.19200300.100.1.3", "saml:mail", One),
    ("0.9.2342.19200300.100.1.45", "saml:organizationStatus", One),
];

/// The key that an attribute fills, letter for letter.
pub(super) fn of_attribute(name: &str) -> Option<(&'static str, Arity)> {
    KEYS.iter().find(|(attribute, ..)| *attribute == name).map(|(_, key, arity)| (*key, *arity))
}

/// All keys, with how many values they have.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, Arity)> {
    KEYS.iter().map(|(_, key, arity)| (*key, *arity))
}
