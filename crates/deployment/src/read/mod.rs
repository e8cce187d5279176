//! `bailiwick.toml` and the files that it names, lowered to attachments and mappings.

mod api;
mod arn;
mod attach;
mod issuer;
mod organization;
mod pool;
mod provider;
mod saml;
mod service;
mod table;
mod verification;

use std::sync::Arc;

use bailiwick::Profile;
use bailiwick::ast::{PolicySet, SetError};
use bailiwick::identity::Identities;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use bailiwick::value::{Arity, KeyTable, Layer, Owner};
use toml::de::DeTable;

use crate::files::Files;
use crate::folder::Deployment;
use crate::problems::{DeploymentError, Problems};
use attach::Attacher;
use table::{Table, Text};

pub(crate) fn deployment(source: &Source, files: &Files) -> Result<Deployment, DeploymentError> {
    let parsed = match DeTable::parse(&source.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let span = error.span().map_or_else(Span::default, |range| Span::new(range.start, range.end));
            let message = error.message().trim().to_owned();
            let diagnostic = Diagnostic::error(Code("E150"), span, message).help("mend the TOML syntax here");
            return Err(Diagnostics { source: source.clone(), list: vec![diagnostic] }.into());
        }
    };
    let mut problems = Problems::new(source.clone());
    let whole = Span::new(0, 0);
    let mut root = Table::new(parsed.get_ref(), whole, "`bailiwick.toml`");
    let problem = &mut problems;

    let profile = root.choice(problem, "profile", &[("aws", Profile::Aws), ("strict", Profile::Strict)]);
    let profile = profile.unwrap_or_default();
    let account_id = root.string(problem, "account");
    let account = account(problem, account_id);
    let home = account.unwrap_or_else(|| "000000000000".to_owned());
    let mut keys = KeyTable::default();
    declared_keys(&mut root, problem, &mut keys);
    let services = service::read(&mut root, problem, &mut keys);
    let issuers = issuer::read(&mut root, problem, files, profile, &home, &mut keys);
    let providers = provider::read(&mut root, problem, &issuers, &home, &mut keys);
    let saml_providers = saml::read(&mut root, problem, files, &issuers, &home);
    let keys = Arc::new(keys);

    let mut attacher = Attacher::new(files, profile, Arc::clone(&keys));
    let organization = organization::read(&mut root, problem, &mut attacher, &home);
    let roles = attacher.roles(&mut root, problem);
    let groups = attacher.groups(&mut root, problem);
    let users = attacher.users(&mut root, problem);
    attacher.subjects(&mut root, problem, &issuers);
    attacher.everyone(&mut root, problem);
    attacher.resources(&mut root, problem);
    attacher.endpoints(&mut root, problem);
    attacher.session_policies(&mut root, problem);
    let apis = api::read(&mut root, problem, &mut attacher, &issuers, &home);
    let owned = attach::owned(&mut root, problem);
    let pools = pool::read(&mut root, problem, &issuers, &roles);
    if pools.iter().any(|pool| pool.unauthenticated_role.is_some()) {
        attacher.guests(problem);
    }
    root.finish(problem);
    let (attachments, policies) = attacher.finish();

    let finish = |set: PolicySet| {
        let own = services.iter().map(|service| service.prefix().to_owned()).collect();
        let set = set
            .profile(profile)
            .home_account(&home)
            .own_services(own)
            .owned(owned.clone())
            .keys(Arc::clone(&keys));
        match &organization.management {
            Some(account) => set.management_account(account),
            None => set,
        }
    };
    let trust = attachments
        .iter()
        .filter(|attachment| matches!(attachment.layer, Layer::Resource | Layer::ResourceControl))
        .cloned()
        .collect();
    let sets = PolicySet::new(attachments).and_then(|set| Ok((set, PolicySet::new(trust)?)));
    let sets = sets.map_err(|error: SetError| {
        problems.add("E155", whole, error.to_string(), "attach the document where its kind belongs");
    });
    problems.finish()?;
    let Ok((set, trust)) = sets else { return Err(DeploymentError { problems: Vec::new() }) };
    Ok(Deployment {
        set: finish(set),
        trust: finish(trust),
        profile,
        account: home,
        identities: Identities {
            profile,
            issuers,
            pools,
            providers,
            saml_providers,
            roles,
            organization: organization.id.map(|id| (id, organization.accounts)),
        },
        groups,
        users,
        apis,
        services,
        keys,
        policies,
    })
}

/// `[[key]]`: keys that hosts of the deployment fill.
fn declared_keys(root: &mut Table<'_>, problems: &mut Problems, keys: &mut KeyTable) {
    for mut table in root.tables(problems, "key", "a key") {
        let name = table.required(problems, "name");
        let arity = table.choice(problems, "arity", &ARITIES).unwrap_or(Arity::One);
        if let Some(name) = name {
            declare(problems, keys, &name, arity, Owner::Request);
        }
        table.finish(problems);
    }
}

const ARITIES: [(&str, Arity); 2] = [("one", Arity::One), ("many", Arity::Many)];

/// Declares a key of the deployment's own; the global table and reserved names are not ours to change (SEMANTICS E3).
fn declare(problems: &mut Problems, keys: &mut KeyTable, name: &Text, arity: Arity, owner: Owner) {
    if keys.declared().iter().any(|(other, ..)| other.as_str().eq_ignore_ascii_case(&name.value)) {
        let message = format!("key `{}` is declared twice", name.value);
        problems.add("E157", name.span, message, "declare it once, with one arity");
        return;
    }
    keys.declare(&name.value, arity, owner);
}

fn account(problems: &mut Problems, text: Option<Text>) -> Option<String> {
    let text = text?;
    if text.value.len() == 12 && text.value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.value);
    }
    let message = format!("`{}` is not an account id", text.value);
    problems.add("E158", text.span, message, "an account id has twelve digits");
    None
}
