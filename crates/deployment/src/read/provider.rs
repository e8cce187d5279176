//! `[[oidc_provider]]`: issuers that roles trust directly (SEMANTICS G11).

use bailiwick::identity::{Issuer, MAX_CLIENT_IDS, WebIdentityProvider};
use bailiwick::value::KeyTable;

use super::attach;
use super::table::Table;
use crate::problems::Problems;

pub(super) fn read(
    root: &mut Table<'_>,
    problems: &mut Problems,
    issuers: &[Issuer],
    home: &str,
    keys: &mut KeyTable,
) -> Vec<WebIdentityProvider> {
    let mut providers: Vec<WebIdentityProvider> = Vec::new();
    for mut table in root.tables(problems, "oidc_provider", "an OIDC provider") {
        let name = table.required(problems, "issuer");
        let issuer = name.as_ref().and_then(|name| attach::find_issuer(problems, issuers, name));
        let account = table.string(problems, "account");
        let account = super::account(problems, account).unwrap_or_else(|| home.to_owned());
        let ids = table.strings(problems, "client_ids").unwrap_or_default();
        if ids.is_empty() {
            let help = "list the clients that its tokens may have been given to: `client_ids = [...]`";
            problems.add("E152", table.span, "an OIDC provider without `client_ids` takes no token", help);
        } else if ids.len() > MAX_CLIENT_IDS {
            let message = format!("more than {MAX_CLIENT_IDS} client ids");
            problems.add("E153", table.span, message, "an OIDC provider takes a hundred");
        }
        table.finish(problems);
        let client_ids: Vec<String> = ids.into_iter().map(|id| id.value).collect();
        for text in issuer.into_iter().flat_map(|issuer| &issuer.mapping.issuers) {
            let provider = WebIdentityProvider {
                issuer: text.clone(),
                account: account.clone(),
                client_ids: client_ids.clone(),
            };
            if let (true, Some(name)) = (providers.iter().any(|other| other.issuer == *text), &name) {
                attach::twice(problems, "OIDC provider", name);
            }
            provider.declare(keys);
            providers.push(provider);
        }
    }
    providers
}
