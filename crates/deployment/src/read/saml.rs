//! `[[saml_provider]]`: whose SAML assertions roles trust (SEMANTICS G13, G14).

use bailiwick::identity::{Issuer, SamlProvider};
use bailiwick::source::Source;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

use super::attach;
use super::table::{Table, Text};
use crate::files::Files;
use crate::problems::Problems;

/// Where browsers bring assertions, unless the folder says otherwise.
const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";
/// What assertions for AWS name as their audience.
const SERVICES: &str = "urn:amazon:webservices";
/// Characters of a provider's name.
const MAX_NAME: usize = 128;

pub(super) fn read(
    root: &mut Table<'_>,
    problems: &mut Problems,
    files: &Files,
    issuers: &[Issuer],
    home: &str,
) -> Vec<SamlProvider> {
    let mut providers: Vec<SamlProvider> = Vec::new();
    for mut table in root.tables(problems, "saml_provider", "a SAML provider") {
        let name = table.required(problems, "name");
        let issuer = table.required(problems, "issuer");
        let account = table.string(problems, "account");
        let account = super::account(problems, account).unwrap_or_else(|| home.to_owned());
        let audiences = texts(table.strings(problems, "audiences"), &[SERVICES, SIGN_IN]);
        let recipients = texts(table.strings(problems, "recipients"), &[SIGN_IN]);
        for (key, list) in [("audiences", &audiences), ("recipients", &recipients)] {
            if list.is_empty() {
                let message = format!("a SAML provider with empty `{key}` takes no assertion");
                problems.add("E153", table.span, message, "leave the key out for what AWS takes");
            }
        }
        let metadata = table.string(problems, "metadata");
        let metadata = metadata.and_then(|name| file(problems, files, &name));
        let leeway = table.number(problems, "leeway", 60).unwrap_or(0);
        table.finish(problems);
        let (Some(name), Some(issuer)) = (name, issuer) else { continue };
        check_name(problems, &name);
        unique(problems, &providers, issuers, &name, &issuer);
        providers.push(SamlProvider {
            qualifier: Some(qualifier(&issuer.value, &account, &name.value)),
            issuer: issuer.value,
            account,
            name: name.value,
            audiences,
            recipients,
            metadata,
            leeway,
        });
    }
    providers
}

/// `saml:namequalifier` (SEMANTICS G14).
fn qualifier(issuer: &str, account: &str, name: &str) -> String {
    STANDARD.encode(Sha1::digest(format!("{issuer}{account}/{name}")))
}

fn texts(given: Option<Vec<Text>>, otherwise: &[&str]) -> Vec<String> {
    match given {
        Some(texts) => texts.into_iter().map(|text| text.value).collect(),
        None => otherwise.iter().map(|text| (*text).to_owned()).collect(),
    }
}

fn file(problems: &mut Problems, files: &Files, name: &Text) -> Option<Source> {
    let Some(text) = files.get(&name.value) else {
        let message = format!("there is no file `{}` in this folder", name.value);
        problems.add("E161", name.span, message, "put the provider's metadata there, as an `.xml` file");
        return None;
    };
    Some(Source::new(&files.label(&name.value), text))
}

fn check_name(problems: &mut Problems, name: &Text) {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.value.is_empty() || name.value.len() > MAX_NAME || !name.value.bytes().all(allowed) {
        let message = format!("`{}` is not the name of a SAML provider", name.value);
        problems.add("E153", name.span, message, "use 1 to 128 letters, digits and `._-`, as in its ARN");
    }
}

/// An issuer must mean one thing: its tokens and its assertions are verified in different ways.
fn unique(
    problems: &mut Problems,
    providers: &[SamlProvider],
    issuers: &[Issuer],
    name: &Text,
    issuer: &Text,
) {
    if providers.iter().any(|other| other.issuer == issuer.value) {
        attach::twice(problems, "SAML issuer", issuer);
    }
    if providers.iter().any(|other| other.name == name.value) {
        attach::twice(problems, "SAML provider", name);
    }
    if issuers.iter().any(|other| other.mapping.issuers.contains(&issuer.value)) {
        let message = format!("`{}` is an issuer of tokens too", issuer.value);
        problems.add("E157", issuer.span, message, "a SAML provider's entity id is of its own");
    }
}

#[cfg(test)]
mod tests {
    use super::qualifier;

    /// The example of the documents: base64 of SHA-1 of the three, one after the other.
    #[test]
    fn the_qualifier_is_the_documented_hash() {
        let found = qualifier("https://example.com/saml", "123456789012", "MySAMLIdP");
        assert_eq!(found, "1uAJanUnBc2XeUkHURMht+xam2c=");
    }
}
