//! Pages about APIs: `fixtures/spec/api/*.md`. A deployment, claims, an event and an answer stand in blocks; rows change them,
//! and say what an authorizer answers, or what the gateway makes of a request.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Problem;
use crate::markdown::Row;
use crate::pages::{self, Block, Reader};
use crate::token::{changed, members};
use crate::values;

/// One question, and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct ApiCase {
    /// `api/websocket.md:12`.
    pub id: String,
    /// The heading above it.
    pub name: String,
    /// What stands in the row's `why` cell.
    pub why: String,
    /// Items of the conformance quiz that it settles (SEMANTICS J).
    pub items: Vec<u16>,
    /// Files of the deployment by name, `bailiwick.toml` among them.
    pub files: Vec<(String, String)>,
    /// The claims as JSON text, if somebody brings a token.
    pub claims: Option<String>,
    /// The authorizer's event as JSON text.
    pub event: Option<String>,
    /// What the authorizer returned, as JSON text.
    pub response: Option<String>,
    /// ARN of the method.
    pub method: Option<String>,
    /// ARN of the caller, under IAM.
    pub principal: Option<String>,
    /// `key=value`.
    pub context: Vec<String>,
    /// RFC 3339.
    pub now: String,
    /// What must come out.
    pub expected: ApiExpected,
    /// Members that the answer must have.
    pub with: Map<String, Value>,
    /// Methods that the answer opens to whoever comes back while it is kept, and methods that it does not.
    pub opens: Vec<(String, bool)>,
}

/// What must come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiExpected {
    /// A document of the authorizer's.
    Answer,
    /// The authorizer knows nobody; the code that says why.
    Unauthorized(String),
    /// The question is refused, or `bailiwick.toml` is; the code.
    Refused(String),
    /// A decision of the gateway's: `allow`, `implicit-deny`, `explicit-deny`.
    Decision(String),
}

/// The instant of every row that names none: 1800000000.
const NOW: &str = "2027-01-15T08:00:00Z";
/// What stands before `STAGE/METHOD/PATH` in the ARNs of the pages' API.
const API: &str = "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3/";

#[derive(Clone, Default)]
struct Scope {
    depth: usize,
    name: String,
    files: Vec<(String, String)>,
    claims: Option<Map<String, Value>>,
    event: Option<Map<String, Value>>,
    response: Option<Map<String, Value>>,
}

impl pages::Scope for Scope {
    fn depth(&self) -> usize {
        self.depth
    }

    fn below(self, depth: usize, name: String) -> Self {
        Self { depth, name, ..self }
    }
}

/// Every page about APIs of this checkout, case by case; or everything that cannot be read.
pub fn api_cases() -> Result<Vec<ApiCase>, Vec<Problem>> {
    pages::cases("api", &Apis)
}

struct Apis;

impl Reader for Apis {
    type Scope = Scope;
    type Case = ApiCase;

    fn block(&self, scope: &mut Scope, found: Block<'_>) -> Result<Vec<ApiCase>, String> {
        block(scope, found.info, &found.content).map(|()| Vec::new())
    }

    fn row(&self, file: &str, scope: &Scope, head: &[String], row: &Row) -> Result<Vec<ApiCase>, String> {
        case(file, scope, head, row).map(|case| vec![case])
    }
}

/// `toml`: the deployment; `toml api`: what follows it, an `[[api]]`. `json claims`, `json event`, `json response`. `json NAME`:
/// another file of the deployment.
fn block(scope: &mut Scope, info: &str, content: &str) -> Result<(), String> {
    let object = |text: &str| match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("it is an object".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match info.split_once(' ') {
        None if info == "toml" => put(scope, "bailiwick.toml", content),
        Some(("toml", "api")) => put(scope, "api.toml", content),
        Some(("json", "claims")) => scope.claims = Some(object(content)?),
        Some(("json", "event")) => scope.event = Some(object(content)?),
        Some(("json", "response")) => scope.response = Some(object(content)?),
        Some(("json", name)) => put(scope, name, &values::document(content)),
        _ => return Err(format!("`{info}` is no kind of block of a page about APIs")),
    }
    Ok(())
}

fn put(scope: &mut Scope, name: &str, content: &str) {
    scope.files.retain(|(other, _)| other != name);
    scope.files.push((name.to_owned(), content.to_owned()));
}

/// The files, the API's part joined to the rest.
fn files(scope: &Scope, api: &str) -> Vec<(String, String)> {
    let mut files = scope.files.clone();
    let part = files.iter().position(|(name, _)| name == "api.toml").map(|at| files.remove(at).1);
    if let Some((_, text)) = files.iter_mut().find(|(name, _)| name == "bailiwick.toml") {
        text.push_str(&part.unwrap_or_default());
        for line in api.split("; ").filter(|line| !line.is_empty()) {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

fn case(file: &str, scope: &Scope, head: &[String], row: &Row) -> Result<ApiCase, String> {
    if row.cells.len() != head.len() {
        return Err(format!("the row has {} cells, the head {}", row.cells.len(), head.len()));
    }
    let text = |members: &Option<Map<String, Value>>| {
        members.as_ref().map(|it| Value::Object(it.clone()).to_string())
    };
    let mut case = ApiCase {
        id: format!("{file}:{}", row.line),
        name: scope.name.clone(),
        why: String::new(),
        items: Vec::new(),
        files: files(scope, ""),
        claims: text(&scope.claims),
        event: text(&scope.event),
        response: text(&scope.response),
        method: None,
        principal: None,
        context: Vec::new(),
        now: NOW.to_owned(),
        expected: ApiExpected::Answer,
        with: Map::new(),
        opens: Vec::new(),
    };
    let changed = |members: &Option<Map<String, Value>>, cell: &str, what: &str| match (members, cell) {
        (_, "none") => Ok(None),
        (Some(members), cell) => changed(members, cell).map(Some),
        (None, _) => Err(format!("there is no block `json {what}` to change")),
    };
    let mut answered = false;
    for (column, cell) in head.iter().zip(&row.cells) {
        match (column.as_str(), cell.as_str()) {
            ("why", cell) => {
                cell.clone_into(&mut case.why);
                case.items = values::items(cell);
            }
            ("result", cell) => {
                answered = true;
                case.expected = result(cell)?;
            }
            (_, "") => {}
            ("api", cell) => case.files = files(scope, cell),
            ("claims", cell) => case.claims = changed(&scope.claims, cell, "claims")?,
            ("event", cell) => case.event = changed(&scope.event, cell, "event")?,
            ("response", cell) => case.response = changed(&scope.response, cell, "response")?,
            ("method", cell) => case.method = Some(method(cell)),
            ("principal", cell) => case.principal = Some(cell.to_owned()),
            ("context", cell) => {
                let pairs = values::assignments(cell)?;
                case.context = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
            }
            ("now", cell) => cell.clone_into(&mut case.now),
            ("by", cell) => {
                case.with.insert("by".to_owned(), cell.into());
            }
            ("status", cell) => {
                let status = serde_json::from_str(cell).map_err(|error| error.to_string())?;
                case.with.insert("status".to_owned(), status);
            }
            ("with", cell) => case.with.extend(members(cell)?),
            ("opens", cell) => case.opens.extend(cell.split("; ").map(|cell| (method(cell), true))),
            ("not", cell) => case.opens.extend(cell.split("; ").map(|cell| (method(cell), false))),
            (other, _) => return Err(format!("no column is called `{other}`")),
        }
    }
    if answered { Ok(case) } else { Err("a table needs a column `result`".to_owned()) }
}

fn method(cell: &str) -> String {
    if cell.starts_with("arn:") { cell.to_owned() } else { format!("{API}{cell}") }
}

fn result(cell: &str) -> Result<ApiExpected, String> {
    let words: Vec<&str> = cell.split(' ').collect();
    Ok(match words.as_slice() {
        ["answer"] => ApiExpected::Answer,
        ["unauthorized", code] => ApiExpected::Unauthorized((*code).to_owned()),
        ["refused", code] => ApiExpected::Refused((*code).to_owned()),
        ["allow"] => ApiExpected::Decision("allow".to_owned()),
        ["implicit", "deny"] => ApiExpected::Decision("implicit-deny".to_owned()),
        ["explicit", "deny"] => ApiExpected::Decision("explicit-deny".to_owned()),
        _ => return Err(format!("`{cell}` is no result")),
    })
}
