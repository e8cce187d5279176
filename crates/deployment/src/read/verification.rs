//! The part of `[[issuer]]` that says how its tokens are verified, and where its keys come from.

use bailiwick::identity::{Mapping, Published, TokenSettings};
use bailiwick::source::{Source, Span};

use super::table::{Table, Text};
use crate::files::Files;
use crate::problems::Problems;

/// How an issuer's tokens are verified.
pub(super) fn read(
    table: &mut Table<'_>,
    problems: &mut Problems,
    files: &Files,
    mapping: &Mapping,
) -> TokenSettings {
    let list = |texts: Option<Vec<Text>>| -> Vec<String> {
        texts.unwrap_or_default().into_iter().map(|text| text.value).collect()
    };
    let jwks = table.string(problems, "jwks");
    let published = published(table, problems, mapping, jwks.as_ref());
    TokenSettings {
        jwks: jwks.and_then(|jwks| set(problems, files, &jwks)),
        published,
        algorithms: list(table.strings(problems, "algorithms")),
        typ: table.string(problems, "typ").map(|text| text.value),
        signer: table.string(problems, "signer").map(|text| text.value),
        token_use: table.string(problems, "token_use").map(|text| text.value),
        organization: table.string(problems, "organization").map(|text| text.value),
        parties: list(table.strings(problems, "parties")),
        leeway: table.number(problems, "leeway", 60).unwrap_or(0),
    }
}

/// The key set: a file of the folder, or the set itself.
fn set(problems: &mut Problems, files: &Files, jwks: &Text) -> Option<Source> {
    if jwks.value.trim_start().starts_with('{') {
        return Some(Source::new("jwks", &jwks.value));
    }
    if let Some(text) = files.get(&jwks.value) {
        return Some(Source::new(&files.label(&jwks.value), text));
    }
    let message = format!("there is no file `{}` in this folder", jwks.value);
    problems.add("E161", jwks.span, message, "put the issuer's JWK set there, as a `.json` file");
    None
}

/// Where the keys are published: an address, or the issuer says it. One source is enough, and more would be a question of
/// which one counts.
fn published(
    table: &mut Table<'_>,
    problems: &mut Problems,
    mapping: &Mapping,
    jwks: Option<&Text>,
) -> Option<Published> {
    let uri = table.string(problems, "jwks_uri");
    let discovery = table.flag(problems, "discovery");
    let loopback_http = table.flag(problems, "loopback_http");
    let mut refuse = |span: Span, message: &str, help: &str| {
        problems.add("E190", span, message.to_owned(), help);
    };
    if usize::from(jwks.is_some()) + usize::from(uri.is_some()) + usize::from(discovery) > 1 {
        let help =
            "keep one of `jwks` (a file), `jwks_uri` (an address) and `discovery` (the issuer says it)";
        refuse(table.span, "the issuer's keys come from several places", help);
        return None;
    }
    let fits =
        |address: &str| address.starts_with("https://") || (loopback_http && address.starts_with("http://"));
    let https = "use https: whoever sits on the way could put in keys of their own";
    if let Some(uri) = uri {
        if !fits(&uri.value) {
            refuse(uri.span, &format!("`{}` is not an https address", uri.value), https);
            return None;
        }
        return Some(Published { jwks_uri: Some(uri.value), loopback_http });
    }
    if discovery && !mapping.issuers.iter().any(|issuer| fits(issuer)) {
        refuse(table.span, "an issuer whose name is no https address cannot be asked for its keys", https);
        return None;
    }
    discovery.then_some(Published { jwks_uri: None, loopback_http })
}
