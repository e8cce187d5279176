//! From a table's row to cases.

use std::collections::BTreeMap;

use crate::markdown::Row;
use crate::scope::{Block, BlockVerdict, Info, Scope, heading};
use crate::values::{self, assignments, plain};
use crate::{Caller, Case, Document, Expected, Kind, Layer, Principal, Profile, Request, Target, Value};

/// Who asks for what, where a page says nothing else.
const DEFAULTS: &[(&str, &str)] = &[
    ("principal", "arn:aws:iam::111122223333:user/alice"),
    ("action", "s3:GetObject"),
    ("resource", "arn:aws:s3:::b/k"),
    ("account", "111122223333"),
];

/// A table, and what holds for all its rows.
pub(crate) struct Table<'a> {
    file: &'a str,
    name: String,
    blocks: Vec<&'a Block>,
    defaults: Vec<&'a (String, String)>,
    columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    /// `principal`, `action`, `resource`, `account`: replaces the default.
    Assignment(String),
    /// Assignments.
    Context,
    /// What must come out under these profiles.
    Decision(Vec<Profile>),
    /// The same, of a condition.
    Truth(Vec<Profile>),
    /// The members of a `Condition` object.
    Condition,
    /// The layer that must decide.
    By,
    /// Prose.
    Why,
    /// Fills `<name>` in blocks and defaults.
    Placeholder(String),
}

/// A row, sorted by what its cells are for.
#[derive(Default)]
struct Cells<'a> {
    assignments: Vec<(String, String)>,
    placeholders: Vec<(String, &'a str)>,
    condition: Option<&'a str>,
    by: &'a str,
    why: &'a str,
}

impl<'a> Table<'a> {
    pub(crate) fn new(file: &'a str, scopes: &'a [Scope], head: Vec<String>) -> Result<Self, String> {
        let blocks: Vec<_> = scopes.iter().flat_map(|scope| &scope.blocks).collect();
        let defaults: Vec<_> = scopes.iter().flat_map(|scope| &scope.defaults).collect();
        let on_conditions = head.iter().any(|name| name == "condition");
        let verdict = |profiles: &[Profile]| {
            if on_conditions { Column::Truth(profiles.to_vec()) } else { Column::Decision(profiles.to_vec()) }
        };
        let mut columns = Vec::new();
        for name in head {
            columns.push(match name.as_str() {
                "principal" | "action" | "resource" | "account" => Column::Assignment(name),
                "context" => Column::Context,
                "decision" | "truth" | "aws" => verdict(&[Profile::Aws]),
                "strict" => verdict(&[Profile::Strict]),
                "both profiles" => verdict(&[Profile::Aws, Profile::Strict]),
                "condition" => Column::Condition,
                "by" => Column::By,
                "why" => Column::Why,
                _ => {
                    let hole = format!("<{name}>");
                    let filled =
                        blocks.iter().any(|block| block.text.contains(&hole) || block.info.contains(&hole))
                            || defaults.iter().any(|(_, value)| value.contains(&hole));
                    if !filled {
                        return Err(format!("no block above has a place `{hole}` for column `{name}`"));
                    }
                    Column::Placeholder(hole)
                }
            });
        }
        if !columns.iter().any(|column| matches!(column, Column::Decision(_) | Column::Truth(_))) {
            return Err(
                "a table needs a column `decision`, `truth`, `aws`, `strict` or `both profiles`".to_owned()
            );
        }
        if on_conditions && !blocks.is_empty() {
            return Err("a table of conditions has no policy but the condition".to_owned());
        }
        Ok(Self { file, name: heading(scopes), blocks, defaults, columns })
    }

    /// The cases of a row: one for each profile that it speaks of, two for a condition.
    pub(crate) fn cases(&self, row: &Row) -> Result<Vec<Case>, String> {
        if row.cells.len() != self.columns.len() {
            return Err(format!("the row has {} cells, the head {}", row.cells.len(), self.columns.len()));
        }
        let cells = self.sort(row)?;
        let mut cases = Vec::new();
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            match column {
                Column::Decision(profiles) => {
                    let expected = values::decision(cell)?;
                    let documents = self.documents(&cells)?;
                    for profile in profiles {
                        cases.push(self.case(
                            row.line,
                            &cells,
                            *profile,
                            documents.clone(),
                            expected.clone(),
                            "",
                        )?);
                    }
                }
                Column::Truth(profiles) => {
                    let (allow, deny) = values::truth(cell)?;
                    let condition = cells.condition.unwrap_or_default();
                    let [in_allow, in_deny] = wrapped(condition, row.line);
                    for profile in profiles {
                        let (allow, deny) = (allow.clone(), deny.clone());
                        cases.push(self.case(
                            row.line,
                            &cells,
                            *profile,
                            vec![in_allow.clone()],
                            allow,
                            "allow",
                        )?);
                        cases.push(self.case(
                            row.line,
                            &cells,
                            *profile,
                            vec![in_deny.clone()],
                            deny,
                            "deny",
                        )?);
                    }
                }
                _ => {}
            }
        }
        Ok(cases)
    }

    fn sort<'r>(&self, row: &'r Row) -> Result<Cells<'r>, String> {
        let mut cells = Cells::default();
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            match column {
                // An empty cell leaves the default.
                Column::Assignment(_) if cell.is_empty() => {}
                Column::Assignment(name) => cells.assignments.push((name.clone(), cell.clone())),
                Column::Context => cells.assignments.extend(assignments(&cell.replace('`', ""))?),
                Column::Condition => cells.condition = Some(cell),
                Column::By => cells.by = cell,
                Column::Why => cells.why = cell,
                Column::Placeholder(hole) => cells.placeholders.push((hole.clone(), cell)),
                Column::Decision(_) | Column::Truth(_) => {}
            }
        }
        Ok(cells)
    }

    fn documents(&self, cells: &Cells<'_>) -> Result<Vec<Document>, String> {
        let mut documents = Vec::new();
        for block in &self.blocks {
            let info = Info::read(&cells.fill(&block.info))?;
            documents.push(document(block.line, &info, &cells.fill(&block.text)));
        }
        Ok(documents)
    }

    fn case(
        &self,
        line: usize,
        cells: &Cells<'_>,
        profile: Profile,
        documents: Vec<Document>,
        expected: Expected,
        part: &str,
    ) -> Result<Case, String> {
        let asks = !matches!(expected, Expected::Accepted | Expected::Refused(_));
        Ok(Case {
            id: id(self.file, line, profile, part),
            file: self.file.to_owned(),
            line,
            name: self.name.clone(),
            why: cells.why.to_owned(),
            items: values::items(cells.why),
            profile,
            documents,
            request: if asks { Some(self.request(cells)?) } else { None },
            expected,
            by: cells.by.to_owned(),
        })
    }

    fn request(&self, cells: &Cells<'_>) -> Result<Request, String> {
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in DEFAULTS {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        for (name, value) in self.defaults.iter().copied().chain(&cells.assignments) {
            fields.insert(name.clone(), cells.fill(value));
        }
        // `(missing)` takes a default away again.
        fields.retain(|_, value| value != "(missing)");
        let mut take = |name: &str| fields.remove(name).map(|text| plain(&text)).transpose();
        let required = |name: &str, text: Option<String>| text.ok_or_else(|| format!("no `{name}` is given"));
        let principal = Principal {
            caller: caller(&required("principal", take("principal")?)?)?,
            role: take("role")?,
            id: take("id")?,
            service_linked: take("service-linked")?.as_deref() == Some("true"),
            parent: take("parent")?,
            groups: Vec::new(),
            groups_known: true,
        };
        let mut request = Request {
            principal,
            action: required("action", take("action")?)?,
            resource: required("resource", take("resource")?)?,
            resource_account: take("account")?,
            management_account: take("management")?,
            context: BTreeMap::new(),
            claimed: BTreeMap::new(),
        };
        for (name, text) in fields {
            let value = values::value(&text)?;
            match (name.as_str(), value) {
                ("groups", Value::List(groups)) => request.principal.groups = groups,
                ("groups", Value::Unknown) => request.principal.groups_known = false,
                ("groups", Value::Text(text)) => return Err(format!("`{text}` is no list of groups")),
                (_, value) => {
                    match name.strip_prefix("request ") {
                        Some(key) => request.claimed.insert(key.to_owned(), value),
                        None => request.context.insert(name, value),
                    };
                }
            }
        }
        Ok(request)
    }
}

impl Cells<'_> {
    fn fill(&self, text: &str) -> String {
        self.placeholders.iter().fold(text.to_owned(), |text, (hole, value)| text.replace(hole, value))
    }
}

/// The cases of a block that carries its own verdict: one for each profile.
pub(crate) fn block_cases(file: &str, name: &str, block: &Block, info: &Info) -> Vec<Case> {
    let case = |profile: &Profile| Case {
        id: id(file, block.line, *profile, ""),
        file: file.to_owned(),
        line: block.line,
        name: name.to_owned(),
        why: block.info.clone(),
        items: info.items.clone(),
        profile: *profile,
        documents: vec![document(block.line, info, &block.text)],
        request: None,
        expected: match &info.verdict {
            Some(BlockVerdict::Refused(codes)) => Expected::Refused(codes.clone()),
            _ => Expected::Accepted,
        },
        by: String::new(),
    };
    info.profiles.iter().map(case).collect()
}

fn id(file: &str, line: usize, profile: Profile, part: &str) -> String {
    let profile = if profile == Profile::Strict { ":strict" } else { "" };
    let part = if part.is_empty() { String::new() } else { format!(":{part}") };
    format!("{file}:{line}{profile}{part}")
}

fn document(line: usize, info: &Info, text: &str) -> Document {
    let text = match text.trim() {
        "" => None,
        _ if info.raw => Some(text.to_owned()),
        _ => Some(values::document(text)),
    };
    let Info { kind, level, ref target, .. } = *info;
    Document { layer: kind.layer(), level, kind, target: target.clone(), text, line }
}

/// A condition's members in an Allow, and in a Deny beside an Allow of everything.
fn wrapped(condition: &str, line: usize) -> [Document; 2] {
    let statement = |effect: &str| {
        format!(r#"{{"Effect": "{effect}", "Action": "*", "Resource": "*", "Condition": {{{condition}}}}}"#)
    };
    let everything = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    [statement("Allow"), format!("[{everything}, {}]", statement("Deny"))].map(|text| Document {
        layer: Layer::Identity,
        level: 0,
        kind: Kind::Identity,
        target: Target::Everyone,
        text: Some(values::document(&text)),
        line,
    })
}

fn caller(text: &str) -> Result<Caller, String> {
    Ok(match text.split_once(' ') {
        None if text == "anonymous" => Caller::Anonymous,
        None if text.starts_with("arn:") => Caller::Arn(text.to_owned()),
        Some(("service", name)) => Caller::Service(name.to_owned()),
        Some(("federated", provider)) => Caller::Federated(provider.to_owned()),
        Some(("subject", rest)) => match rest.split_once(' ') {
            Some((issuer, subject)) => {
                Caller::Subject { issuer: issuer.to_owned(), subject: subject.to_owned() }
            }
            None => return Err(format!("`{text}` needs an issuer and a subject")),
        },
        _ => {
            return Err(format!(
                "`{text}` is no principal; write an ARN, `anonymous`, `service NAME`, `federated PROVIDER` \
                 or `subject ISSUER SUBJECT`"
            ));
        }
    })
}
