//! Pages about AppSync: `fixtures/spec/appsync/*.md`. Settings, a schema and claims stand in blocks; rows say who asks, for
//! what, and what must come of it.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::markdown::Row;
use crate::pages::{self, Block, Reader};
use crate::{Problem, Profile, token, values};

/// One schema, one caller, one question, one answer.
#[derive(Clone, Debug, Serialize)]
pub struct AppSyncCase {
    /// `appsync/directives.md:12`.
    pub id: String,
    /// The heading above it.
    pub name: String,
    /// What stands in the row's `why` cell.
    pub why: String,
    /// Items of the conformance quiz that it settles (SEMANTICS J).
    pub items: Vec<u16>,
    /// Under which reading.
    pub profile: Profile,
    /// Settings of the API, as `get-graphql-api` prints them.
    pub api: String,
    /// SDL.
    pub schema: String,
    /// Who asks: `key`, `token`, `function`, `signed` (requests), `guest`, `signed-in`; nobody where only the schema counts.
    pub caller: String,
    /// The claims as JSON text.
    pub claims: String,
    /// What the authorizer function returned.
    pub function: String,
    /// An identity policy of the caller's.
    pub policy: String,
    /// RFC 3339.
    pub now: String,
    /// What is asked.
    pub asks: Asks,
    /// What must come out: a state or a verdict, what is refused, codes.
    pub result: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// Whether the schema and the settings are accepted, and which lints there are.
    Schema,
    /// What `Type.field` is to the caller.
    Field(String),
    /// Which fields of a query are refused.
    Query(String),
    /// `Model operation` or `Model.field operation`.
    Model(String),
}

const NOW: &str = "2027-01-15T08:00:00Z";

#[derive(Clone, Default)]
struct Scope {
    depth: usize,
    name: String,
    api: String,
    schema: String,
    claims: Map<String, Value>,
    function: String,
    policy: String,
}

impl pages::Scope for Scope {
    fn depth(&self) -> usize {
        self.depth
    }

    fn below(self, depth: usize, name: String) -> Self {
        Self { depth, name, ..self }
    }
}

/// Every page about AppSync of this checkout, case by case; or everything that cannot be read.
pub fn appsync_cases() -> Result<Vec<AppSyncCase>, Vec<Problem>> {
    pages::cases("appsync", &AppSync)
}

struct AppSync;

impl Reader for AppSync {
    type Scope = Scope;
    type Case = AppSyncCase;

    fn block(&self, scope: &mut Scope, found: Block<'_>) -> Result<Vec<AppSyncCase>, String> {
        block(scope, found.file, found.line, found.info, found.content)
    }

    fn row(&self, file: &str, scope: &Scope, head: &[String], row: &Row) -> Result<Vec<AppSyncCase>, String> {
        rows_cases(file, scope, head, row)
    }
}

/// `graphql`: the schema; with `refused CODES`, `lints CODES` or `accepted` a case of its own, under `strict` if it says so.
/// `json api`, `json claims`, `json function`, `json policy`.
fn block(
    scope: &mut Scope,
    file: &str,
    line: usize,
    info: &str,
    content: String,
) -> Result<Vec<AppSyncCase>, String> {
    match info.split_once(' ').unwrap_or((info, "")) {
        ("graphql", "") => scope.schema = content,
        ("graphql", verdict) => {
            let (profile, result) = match verdict.strip_prefix("strict ") {
                Some(rest) => (Profile::Strict, rest),
                None => (Profile::Aws, verdict),
            };
            if !["accepted", "refused E", "lints L"].iter().any(|word| result.starts_with(word)) {
                return Err(format!("`{verdict}` is nothing that becomes of a schema"));
            }
            let own = Scope { schema: content, ..scope.clone() };
            return Ok(vec![AppSyncCase { result: result.to_owned(), profile, ..start(file, line, &own) }]);
        }
        ("json", "api") => scope.api = content,
        ("json", "claims") => match serde_json::from_str(&content) {
            Ok(Value::Object(claims)) => scope.claims = claims,
            Ok(_) => return Err("claims are an object".to_owned()),
            Err(error) => return Err(error.to_string()),
        },
        ("json", "function") => scope.function = content,
        ("json", "policy") => scope.policy = values::document(&content),
        _ => return Err(format!("`{info}` is no kind of block of a page about AppSync")),
    }
    Ok(Vec::new())
}

fn start(file: &str, line: usize, scope: &Scope) -> AppSyncCase {
    AppSyncCase {
        id: format!("{file}:{line}"),
        name: scope.name.clone(),
        why: String::new(),
        items: Vec::new(),
        profile: Profile::Aws,
        api: scope.api.clone(),
        schema: scope.schema.clone(),
        caller: String::new(),
        claims: Value::Object(scope.claims.clone()).to_string(),
        function: scope.function.clone(),
        policy: scope.policy.clone(),
        now: NOW.to_owned(),
        asks: Asks::Schema,
        result: String::new(),
    }
}

/// One case for each profile that the row speaks of.
fn rows_cases(file: &str, scope: &Scope, head: &[String], row: &Row) -> Result<Vec<AppSyncCase>, String> {
    if row.cells.len() != head.len() {
        return Err(format!("the row has {} cells, the head {}", row.cells.len(), head.len()));
    }
    let mut case = start(file, row.line, scope);
    let mut results: Vec<(Profile, String)> = Vec::new();
    for (column, cell) in head.iter().zip(&row.cells) {
        match (column.as_str(), cell.as_str()) {
            ("why", cell) => {
                cell.clone_into(&mut case.why);
                case.items = values::items(cell);
            }
            ("result" | "aws", cell) => results.push((Profile::Aws, cell.to_owned())),
            ("strict", cell) => results.push((Profile::Strict, cell.to_owned())),
            (_, "") => {}
            ("caller", cell) => cell.clone_into(&mut case.caller),
            ("claims", cell) => case.claims = token::changed(&scope.claims, cell)?,
            ("function", cell) => cell.clone_into(&mut case.function),
            ("now", cell) => cell.clone_into(&mut case.now),
            ("field", cell) => case.asks = Asks::Field(cell.to_owned()),
            ("query", cell) => case.asks = Asks::Query(cell.to_owned()),
            ("model", cell) => case.asks = Asks::Model(cell.to_owned()),
            (other, cell) => {
                let placeholder = format!("<{other}>");
                let mut met = false;
                for text in [&mut case.api, &mut case.schema, &mut case.function, &mut case.policy] {
                    met |= text.contains(&placeholder);
                    *text = text.replace(&placeholder, cell);
                }
                if !met {
                    return Err(format!("no column is called `{other}`, and no block has `{placeholder}`"));
                }
            }
        }
    }
    if case.caller.is_empty() && case.asks != Asks::Schema {
        "token".clone_into(&mut case.caller);
    }
    results.retain(|(_, result)| !result.is_empty());
    if results.is_empty() {
        return Err("a table needs a column `result`, or `aws` and `strict`".to_owned());
    }
    Ok(results.into_iter().map(|(profile, result)| AppSyncCase { profile, result, ..case.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::AppSync;
    use crate::pages::read;

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        const TABLE: &str = "\n\n| field | result |\n|---|---|\n| A.b | usable |\n";
        for (page, cases, problems) in [
            (format!("# P\n\n```graphql\ntype A {{ b: ID }}\n```{TABLE}"), 1, 0),
            ("# P\n\n```graphql lints L080\ntype A { b: ID }\n```\n".to_owned(), 1, 0),
            ("# P\n\n| field | aws | strict |\n|---|---|---|\n| A.b | usable | empty |\n".to_owned(), 2, 0),
            ("# P\n".to_owned(), 0, 1),
            (format!("# P\n\n```graphql refuse E344\n```{TABLE}"), 1, 1),
            (format!("# P\n\n```yaml\n```{TABLE}"), 1, 1),
            (format!("# P\n\n```json claims\n[]\n```{TABLE}"), 1, 1),
            ("# P\n\n| field |\n|---|\n| A.b |\n".to_owned(), 0, 2),
            ("# P\n\n| fields | result |\n|---|---|\n| A.b | usable |\n".to_owned(), 0, 2),
            ("# P\n\n| claims | result |\n|---|---|\n| `without sub` | usable |\n".to_owned(), 0, 2),
            ("# P\n\n```graphql\n".to_owned(), 0, 2),
        ] {
            let (mut found, mut wrong) = (Vec::new(), Vec::new());
            read("appsync/p.md", &page, &AppSync, &mut found, &mut wrong);
            assert_eq!((found.len(), wrong.len()), (cases, problems), "{page}\n{wrong:?}");
        }
    }
}
