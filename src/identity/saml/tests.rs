use super::*;
use crate::identity::Claims;
use crate::value::{Arity, KeyTable};

#[test]
fn the_key_table_knows_every_key_that_an_attribute_fills() {
    let table = KeyTable::default();
    for (key, arity) in keys::all() {
        assert_eq!(table.arity(key), Some(arity), "{key}");
        assert!(crate::value::owned_by_principal(key), "{key}");
        assert!(crate::identity::Mapping::is_reserved(key), "{key}");
    }
    for key in ["aud", "doc", "iss", "namequalifier", "sub", "sub_type"] {
        assert_eq!(table.arity(&format!("saml:{key}")), Some(Arity::One), "{key}");
    }
}

fn provider() -> SamlProvider {
    SamlProvider {
        issuer: "https://idp.example".to_owned(),
        account: "111122223333".to_owned(),
        name: "corp".to_owned(),
        audiences: vec!["urn:amazon:webservices".to_owned()],
        recipients: vec!["https://sign-in.example".to_owned()],
        qualifier: Some("hash".to_owned()),
        ..SamlProvider::default()
    }
}

/// The report of an assertion with these attributes, in lines; or the codes that refuse it.
fn report(attributes: &str) -> String {
    let name = "\"https://aws.amazon.com/SAML/Attributes/RoleSessionName\": \"maria\"";
    let text = format!(
        r#"{{"iss": "https://idp.example", "sub": "s", "recipient": "https://sign-in.example",
            "aud": "urn:amazon:webservices", "attributes": {{{name}{attributes}}}}}"#
    );
    let claims = Claims::parse(text.as_str()).unwrap();
    match Assertion::read(&provider(), &claims) {
        Err(reasons) => reasons.iter().map(|reason| reason.code.0).collect::<Vec<_>>().join(" "),
        Ok(assertion) => {
            let lines = assertion.report.iter().skip(4).map(|entry| {
                let fates: Vec<String> = entry.fates.iter().map(ToString::to_string).collect();
                let name = entry.claim.rsplit('/').next().unwrap_or_default();
                format!("{name} -> {}", fates.join("; "))
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn each_attribute_is_told() {
    let ns = "https://aws.amazon.com/SAML/Attributes";
    let rows = [
        (format!(", \"{ns}/PrincipalTag:team\": \"red\""), "PrincipalTag:team -> aws:PrincipalTag/team"),
        (format!(", \"{ns}/SessionDuration\": [\"900\"]"), "SessionDuration -> session: duration"),
        (format!(", \"{ns}/Role\": []"), "Role -> session: roles to choose from"),
        (format!(", \"{ns}/SourceIdentity\": [\"maria\"]"), "SourceIdentity -> aws:SourceIdentity"),
        (", \"urn:oid:2.5.4.3\": [\"a\", \"b\"]".to_owned(), "urn:oid:2.5.4.3 -> saml:cn"),
        (", \"groups\": [\"admins\"]".to_owned(), "groups -> "),
        (
            format!(", \"{ns}/Roles\": []"),
            "Roles -> not anything: no attribute is called so; names are compared letter for letter",
        ),
        (
            ", \"2.5.4.4\": [\"a\"], \"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname\": [\"a\"]".to_owned(),
            "2.5.4.4 -> saml:surname\nsurname -> not saml:surname: another attribute fills the same key, so its value is unknown",
        ),
        (
            ", \"2.5.4.4\": [{}]".to_owned(),
            "2.5.4.4 -> not saml:surname: a list or an object is not one value",
        ),
        (format!(", \"{ns}/Role\": [\"x\"], \"{ns}/PrincipalTag:a\": [], \"{ns}/SessionDuration\": [\"1\"]"), "E181 E118 E181"),
    ];
    for (attributes, expected) in rows {
        let found = report(&attributes);
        let found = found.strip_prefix("RoleSessionName -> session: name\n").unwrap_or(&found);
        assert_eq!(found, expected, "{attributes}");
    }
}

#[test]
fn a_session_takes_fifty_tags() {
    let tags = |count: usize| -> String {
        let mut text = String::new();
        for i in 0..count {
            text += &format!(", \"https://aws.amazon.com/SAML/Attributes/PrincipalTag:k{i}\": \"v\"");
        }
        text
    };
    assert_eq!(report(&tags(51)), "E110");
    assert_eq!(report(&tags(50)).lines().count(), 51);
}
