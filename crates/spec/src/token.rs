//! Pages about tokens: `fixtures/spec/tokens/*.md`. A deployment and claims stand in blocks; rows change the claims, or ask
//! something else of them, and say what must become of it.

use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Problem;
use crate::markdown::Row;
use crate::pages::{self, Block, Reader};
use crate::values;

/// One token, one question, one answer.
#[derive(Clone, Debug, Serialize)]
pub struct TokenCase {
    /// `tokens/okta.md:12`.
    pub id: String,
    /// The heading above it.
    pub name: String,
    /// What stands in the row's `why` cell.
    pub why: String,
    /// Items of the conformance quiz that it settles (SEMANTICS J).
    pub items: Vec<u16>,
    /// Files of the deployment by name, `bailiwick.toml` among them.
    pub files: Vec<(String, String)>,
    /// The claims as JSON text; none for a guest.
    pub claims: Option<String>,
    /// The token that the claims come in, where the row says how it is signed.
    pub signed: Option<Signed>,
    /// RFC 3339.
    pub now: String,
    /// The role that the client asks for.
    pub role: Option<String>,
    /// Whether the client calls STS itself.
    pub basic_flow: bool,
    /// A next role, as `bailiwick role chain --hops` reads it.
    pub hop: Option<Value>,
    /// Action and resource, where a decision is asked for.
    pub request: Option<(String, String)>,
    /// What must come out.
    pub expected: TokenExpected,
    /// Members that the answer must have.
    pub with: Map<String, Value>,
}

/// How a token is signed. Whoever runs the case makes the keys: `r` (RSA), `e` (P-256), `o` (Ed25519).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// Members of the header; `{"alg": "EdDSA", "kid": "o"}` unless the row says otherwise.
    pub header: Map<String, Value>,
    /// By what.
    pub signature: Signature,
}

/// By what a token is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// The issuer's key for the header's algorithm; its RSA key where that is none.
    #[default]
    Own,
    /// `another`: such a key of somebody else.
    Another,
    /// `public key`: the RSA public key, as a shared secret.
    PublicKey,
    /// `stripped`: nothing.
    Stripped,
    /// `zeros`: r = 0 and s = 0.
    Zeros,
    /// `other claims`: the issuer's key, over other claims.
    OtherClaims,
}

/// What must come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenExpected {
    /// A principal, or a session at the end of a chain.
    Accepted,
    /// None: the code, and the check where it is said.
    Refused(String, Option<String>),
    /// A decision: `allow`, `implicit-deny`, `explicit-deny`.
    Decision(String),
}

/// Seconds at which tokens of the pages are looked at, unless a row says otherwise: 2027-01-15T08:00:00Z.
const NOW: &str = "2027-01-15T08:00:00Z";

#[derive(Clone, Default)]
struct Scope {
    depth: usize,
    name: String,
    files: Vec<(String, String)>,
    claims: Map<String, Value>,
}

impl pages::Scope for Scope {
    fn depth(&self) -> usize {
        self.depth
    }

    fn below(self, depth: usize, name: String) -> Self {
        Self { depth, name, ..self }
    }
}

/// Every token page of this checkout, case by case; or everything that cannot be read.
pub fn token_cases() -> Result<Vec<TokenCase>, Vec<Problem>> {
    pages::cases("tokens", &Tokens)
}

struct Tokens;

impl Reader for Tokens {
    type Scope = Scope;
    type Case = TokenCase;

    fn block(&self, scope: &mut Scope, found: Block<'_>) -> Result<Vec<TokenCase>, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/tokens");
        let claims = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        block(scope, found.info, &found.content, &claims).map(|()| Vec::new())
    }

    fn row(&self, file: &str, scope: &Scope, head: &[String], row: &Row) -> Result<Vec<TokenCase>, String> {
        case(file, scope, head, row).map(|case| vec![case])
    }
}

/// `toml`: the deployment. `json NAME`: another file of it. `claims`: the name of a file of `fixtures/tokens`. `json claims`:
/// claims as they stand.
fn block(
    scope: &mut Scope,
    info: &str,
    content: &str,
    claims: &dyn Fn(&str) -> Option<String>,
) -> Result<(), String> {
    let object = |text: &str| match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("claims are an object".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    match info.split_once(' ') {
        None if info == "toml" => put(scope, "bailiwick.toml", content),
        None if info == "claims" => {
            let name = content.trim();
            scope.claims = object(&claims(name).ok_or_else(|| format!("no file `{name}`"))?)?;
        }
        Some(("json", "claims")) => scope.claims = object(content)?,
        Some(("json", name)) => put(scope, name, &values::document(content)),
        _ => return Err(format!("`{info}` is no kind of block of a page about tokens")),
    }
    Ok(())
}

fn put(scope: &mut Scope, name: &str, content: &str) {
    scope.files.retain(|(other, _)| other != name);
    scope.files.push((name.to_owned(), content.to_owned()));
}

fn case(file: &str, scope: &Scope, head: &[String], row: &Row) -> Result<TokenCase, String> {
    if row.cells.len() != head.len() {
        return Err(format!("the row has {} cells, the head {}", row.cells.len(), head.len()));
    }
    let mut case = TokenCase {
        id: format!("{file}:{}", row.line),
        name: scope.name.clone(),
        why: String::new(),
        items: Vec::new(),
        files: scope.files.clone(),
        claims: Some(Value::Object(scope.claims.clone()).to_string()),
        signed: None,
        now: NOW.to_owned(),
        role: None,
        basic_flow: false,
        hop: None,
        request: None,
        expected: TokenExpected::Accepted,
        with: Map::new(),
    };
    let (mut action, mut resource, mut answered) = (None, "*".to_owned(), false);
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
            // A row of a table with one of these columns is about a signed token, whatever the cell says.
            ("header", cell) => {
                let signed = case.signed.get_or_insert_default();
                signed.header = serde_json::from_str(USUAL).map_err(|error| error.to_string())?;
                if let Some(names) = cell.strip_prefix("without ") {
                    names.split(", ").for_each(|name| drop(signed.header.remove(name)));
                } else {
                    signed.header.extend(members(cell)?);
                }
            }
            ("signature", cell) => case.signed.get_or_insert_default().signature = signature(cell)?,
            (_, "") => {}
            ("claims", "guest") => case.claims = None,
            ("claims", cell) => case.claims = Some(changed(&scope.claims, cell)?),
            ("now", cell) => cell.clone_into(&mut case.now),
            ("role", cell) => case.role = Some(cell.to_owned()),
            ("flow", "basic") => case.basic_flow = true,
            ("hop", cell) => case.hop = Some(serde_json::from_str(cell).map_err(|error| error.to_string())?),
            ("action", cell) => action = Some(cell.to_owned()),
            ("resource", cell) => cell.clone_into(&mut resource),
            ("with", cell) => case.with = members(cell)?,
            (other, _) => return Err(format!("no column is called `{other}`")),
        }
    }
    case.request = action.map(|action| (action, resource));
    if answered { Ok(case) } else { Err("a table needs a column `result`".to_owned()) }
}

/// The header of a token, unless a row says otherwise.
const USUAL: &str = r#"{"alg": "EdDSA", "kid": "o"}"#;

fn signature(cell: &str) -> Result<Signature, String> {
    Ok(match cell {
        "" => Signature::Own,
        "another" => Signature::Another,
        "public key" => Signature::PublicKey,
        "stripped" => Signature::Stripped,
        "zeros" => Signature::Zeros,
        "other claims" => Signature::OtherClaims,
        _ => return Err(format!("`{cell}` is no signature")),
    })
}

fn result(cell: &str) -> Result<TokenExpected, String> {
    let words: Vec<&str> = cell.split(' ').collect();
    Ok(match words.as_slice() {
        ["accepted"] => TokenExpected::Accepted,
        ["refused", code] => TokenExpected::Refused((*code).to_owned(), None),
        ["refused", code, check] => TokenExpected::Refused((*code).to_owned(), Some((*check).to_owned())),
        ["allow"] => TokenExpected::Decision("allow".to_owned()),
        ["implicit", "deny"] => TokenExpected::Decision("implicit-deny".to_owned()),
        ["explicit", "deny"] => TokenExpected::Decision("explicit-deny".to_owned()),
        _ => return Err(format!("`{cell}` is no result")),
    })
}

pub(crate) fn members(cell: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(&format!("{{{cell}}}")).map_err(|error| format!("{error} in `{cell}`"))
}

/// Members of the cell replace those of the block; `without NAME, ...` takes some away; `raw ...` adds members as text, so
/// that a name can be there twice.
pub(crate) fn changed(claims: &Map<String, Value>, cell: &str) -> Result<String, String> {
    let mut claims = claims.clone();
    if let Some(names) = cell.strip_prefix("without ") {
        for name in names.split(", ") {
            if claims.remove(name).is_none() {
                return Err(format!("there is no claim `{name}` to leave out"));
            }
        }
        return Ok(Value::Object(claims).to_string());
    }
    if let Some(more) = cell.strip_prefix("raw ") {
        let text = Value::Object(claims).to_string();
        return Ok(format!("{}, {more}}}", text.strip_suffix('}').unwrap_or_default()));
    }
    claims.extend(members(cell)?);
    Ok(Value::Object(claims).to_string())
}
