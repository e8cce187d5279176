//! `[organization]`: accounts and the control policies of each level, root first.

use bailiwick::ast::{Kind, Target};
use bailiwick::value::Layer;

use super::account;
use super::attach::Attacher;
use super::table::{Table, Text};
use crate::problems::Problems;

/// Levels that a set can tell apart.
const MAX_LEVELS: usize = 16;

#[derive(Default)]
pub(super) struct Organization {
    pub(super) id: Option<String>,
    pub(super) accounts: Vec<String>,
    pub(super) management: Option<String>,
}

pub(super) fn read(
    root: &mut Table<'_>,
    problems: &mut Problems,
    attacher: &mut Attacher<'_>,
    home: &str,
) -> Organization {
    let Some(mut table) = root.table(problems, "organization", "`organization`") else {
        return Organization::default();
    };
    let id = table.string(problems, "id").map(|id| id.value);
    let management = table.string(problems, "management_account");
    let management = account(problems, management);
    let accounts = match table.strings(problems, "accounts") {
        Some(texts) => accounts(problems, texts),
        None => vec![home.to_owned()],
    };
    let levels = table.tables(problems, "level", "a level of the organization");
    for (level, mut table) in levels.into_iter().enumerate() {
        if level >= MAX_LEVELS {
            let message = format!("more than {MAX_LEVELS} levels");
            problems.add(
                "E153",
                table.span,
                message,
                "an organization has a root, units five deep, and accounts",
            );
            break;
        }
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        table.string(problems, "name");
        let here = match table.strings(problems, "accounts") {
            Some(texts) => self::accounts(problems, texts),
            None => accounts.clone(),
        };
        let target = Target::Accounts(here);
        let place = (Layer::ServiceControl, level, &target);
        attacher.attach(problems, &mut table, "service_control", Kind::ServiceControl, place);
        let place = (Layer::ResourceControl, level, &target);
        attacher.attach(problems, &mut table, "resource_control", Kind::ResourceControl, place);
        table.finish(problems);
    }
    table.finish(problems);
    Organization { id, accounts, management }
}

fn accounts(problems: &mut Problems, texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().filter_map(|text| account(problems, Some(text))).collect()
}
