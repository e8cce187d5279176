//! The tree as text, for goldens and for `inspect`.

use core::fmt::{self, Write};

use super::{
    ACTION_PROVEN, ATOM_PROVEN, Compiled, ENTRY_RULE, NONE, Node, ROOT_ANY, ROOT_IDENTITY, Tree, filter,
    layer_of, target,
};
use crate::value::Effect;

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tree = &*self.inner;
        writeln!(f, "profile {}", tree.profile.name())?;
        for (id, bucket) in (0u32..).zip(&tree.buckets) {
            write!(f, "bucket {id}: {}", root(tree, bucket.root))?;
            if bucket.key != NONE {
                let some = if bucket.set == 1 { "some " } else { "" };
                write!(f, ", {some}{} = {:?}", key(tree, bucket.key), tree.text(bucket.value))?;
            }
            writeln!(f)?;
            if bucket.star != NONE {
                writeln!(f, "  any action")?;
                node(f, tree, bucket.star, 2)?;
            }
            for (symbol, row) in (0u32..).zip(&tree.symbols) {
                let found = tree.dispatch.get(super::table::pair(id, symbol));
                if found != NONE {
                    writeln!(f, "  {}", tree.text(row.text))?;
                    node(f, tree, found & !super::table::CLOSED, 2)?;
                }
            }
        }
        Ok(())
    }
}

fn node(f: &mut fmt::Formatter<'_>, tree: &Compiled, id: u32, depth: usize) -> fmt::Result {
    let Some(&Node { start, end, split, .. }) = tree.nodes.get(id as usize) else { return Ok(()) };
    let indent = "  ".repeat(depth);
    if let Some(split) = tree.splits.get(split as usize) {
        for row in split.filters.of(&tree.filters) {
            match row.kind {
                filter::KEY => writeln!(f, "{indent}by {}", key(tree, row.key))?,
                filter::PREFIX => writeln!(f, "{indent}by start of resource")?,
                _ => writeln!(f, "{indent}by {} bytes of resource", row.key)?,
            }
        }
        if split.rest != NONE && depth < 16 {
            writeln!(f, "{indent}else")?;
            node(f, tree, split.rest, depth + 1)?;
        }
    }
    for entry in tree.lists.get(start as usize..end as usize).unwrap_or_default() {
        let Some(rule) = tree.rules.get((entry & ENTRY_RULE) as usize) else { continue };
        let effect = match rule.effect() {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        };
        let mut proven = String::new();
        if entry & ACTION_PROVEN == 0 {
            proven.push_str(", if action");
        }
        let atoms = rule.atoms.len().saturating_sub(usize::from(entry & ATOM_PROVEN != 0));
        if atoms > 0 {
            write!(proven, ", {atoms} conditions")?;
        }
        writeln!(f, "{indent}{effect} statement {}{proven}", rule.statement)?;
    }
    Ok(())
}

fn key(tree: &Compiled, key: u32) -> &str {
    tree.keys.get(key as usize).map_or("", |row| tree.text(row.name))
}

pub(super) fn root(tree: &Compiled, root: u32) -> String {
    match root {
        ROOT_ANY => "every request".to_owned(),
        ROOT_IDENTITY => "every identity".to_owned(),
        other => {
            let Some(row) = tree.attachments.get((other - super::ROOT_ATTACHMENT) as usize) else {
                return String::new();
            };
            let names: Vec<&str> =
                row.texts.of(&tree.attachment_texts).iter().map(|text| tree.text(*text)).collect();
            let kind = match row.kind {
                target::GROUP => "group",
                target::ROLE => "role",
                target::USER => "user",
                target::SUBJECT => "subject",
                target::ACCOUNTS => "accounts",
                target::SESSION_POLICY => "session policy",
                _ => "everyone",
            };
            format!("{} of {kind} {}", layer_of(row.layer).name(), names.join(" ")).trim_end().to_owned()
        }
    }
}
