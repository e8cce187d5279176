//! The requests that are measured: of a file, else of the folder's suites, else drawn.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bailiwick::identity::Claims;
use bailiwick::source::json::{Node, Value};
use bailiwick::{Principal, Request, Source};
use bailiwick_deployment::{Deployment, Format, IdentityOptions, MANIFEST, NotIdentified, Suite};

use super::draw;
use crate::failure::Failure;
use crate::input;
use crate::question::request::Asked;
use crate::question::{clock, context, request, who};

/// Who asks what.
pub(crate) struct Requests {
    pub(crate) origin: Origin,
    /// Each once.
    pub(crate) principals: Vec<Arc<Principal>>,
    /// The place of the principal, and the request.
    pub(crate) asked: Vec<(usize, Request<'static>)>,
}

/// Where requests come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A file that was named.
    File(String),
    /// Suites in the folder.
    Suites(Vec<String>),
    /// Nowhere: they were drawn.
    Drawn {
        /// The same one draws the same requests.
        seed: u64,
    },
}

/// How to find them.
pub(crate) struct Wanted<'a> {
    pub(crate) file: Option<&'a str>,
    pub(crate) draw: bool,
    pub(crate) seed: u64,
    /// Of those that are drawn.
    pub(crate) count: usize,
    pub(crate) now: u64,
}

/// Finds them.
pub(crate) fn read(folder: &Path, deployment: &Deployment, wanted: &Wanted<'_>) -> Result<Requests, Failure> {
    if let Some(path) = wanted.file {
        let pairs = of_file(path, folder, deployment, wanted.now)?;
        return Ok(Requests::new(Origin::File(path.to_owned()), pairs));
    }
    if !wanted.draw {
        let (names, pairs) = of_suites(folder, deployment)?;
        if !pairs.is_empty() {
            return Ok(Requests::new(Origin::Suites(names), pairs));
        }
    }
    let pairs = draw::draw(folder, deployment, wanted)?;
    Ok(Requests::new(Origin::Drawn { seed: wanted.seed }, pairs))
}

/// A principal and a request.
pub(super) type Pair = (Principal, Request<'static>);

impl Requests {
    fn new(origin: Origin, pairs: Vec<Pair>) -> Self {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut principals = Vec::new();
        let mut asked = Vec::with_capacity(pairs.len());
        for (principal, request) in pairs {
            let place = *known.entry(format!("{principal:?}")).or_insert_with(|| {
                principals.push(Arc::new(principal));
                principals.len() - 1
            });
            asked.push((place, request));
        }
        Self { origin, principals, asked }
    }
}

/// One request a line: a request file's members, and who asks in `claims`, `principal` or `guest`.
fn of_file(path: &str, folder: &Path, deployment: &Deployment, now: u64) -> Result<Vec<Pair>, Failure> {
    let source = input::read(path)?;
    let mut files: BTreeMap<String, Principal> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(source.text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let source = Source::new(&format!("{}:{number}", source.name), line);
        let node = context::json(&source)?;
        if node.as_object().is_none() {
            return Err(context::refuse(&source, &node, "a line holds a request, which is an object"));
        }
        let mut asked = request::from_object(&source, &node, &["claims", "guest"])?;
        clock::add(&mut asked.context, now);
        pairs.push(of_line(&source, &node, asked, (folder, deployment), &mut files)?);
    }
    if pairs.is_empty() {
        let message = format!("`{path}` holds no requests");
        return Err(Failure::refused(
            path,
            "E272",
            message,
            "write a request a line, or leave `--requests` out",
        ));
    }
    Ok(pairs)
}

fn of_line(
    source: &Source,
    node: &Node,
    mut asked: Asked,
    (folder, deployment): (&Path, &Deployment),
    files: &mut BTreeMap<String, Principal>,
) -> Result<Pair, Failure> {
    let refused = |refused: NotIdentified| Failure::Refused(vec![refused.diagnostics]);
    let of_claims = |claims: &Claims| {
        let identified = deployment.principal_from_claims(claims, IdentityOptions::default());
        identified.map(|identified| identified.principal).map_err(refused)
    };
    let guest = node.get("guest").is_some_and(|guest| matches!(guest.value, Value::Bool(true)));
    let (principal, from_token) = match (node.get("claims"), guest, &asked.principal) {
        (Some(claims), false, None) => {
            let known = claims.as_str().and_then(|file| files.get(file)).cloned();
            let principal = match (known, claims.as_str()) {
                (Some(known), _) => known,
                (None, Some(file)) => {
                    let text = input::read(&folder.join(file).to_string_lossy())?;
                    let principal = of_claims(&Claims::parse(text)?)?;
                    files.insert(file.to_owned(), principal.clone());
                    principal
                }
                (None, None) => {
                    let text = source.text.get(claims.span.range()).unwrap_or_default();
                    of_claims(&Claims::parse(Source::new(&source.name, text))?)?
                }
            };
            (principal, true)
        }
        (None, true, None) => {
            let identified = deployment.guest(IdentityOptions::default()).map_err(refused)?;
            (identified.principal, true)
        }
        (None, false, Some((source, node))) => (who::of_node(source, node, deployment)?, false),
        _ => {
            let message = "a request says who asks: one of `claims`, `principal` and `guest`";
            return Err(context::refuse(source, node, message));
        }
    };
    let principal = who::settle(principal, &mut asked, &deployment.keys, from_token)?;
    Ok((principal, asked.into_request()?))
}

/// What the suites of this very folder ask.
fn of_suites(folder: &Path, deployment: &Deployment) -> Result<(Vec<String>, Vec<Pair>), Failure> {
    let (mut names, mut pairs) = (Vec::new(), Vec::new());
    let home = folder.canonicalize().ok();
    for path in input::files_below(folder)? {
        let name = path.to_string_lossy().into_owned();
        if Format::of(&name).is_none() || path.file_name().is_some_and(|file| file == MANIFEST) {
            continue;
        }
        // Other YAML and TOML may lie beside; whether it is a good suite is for `bailiwick test` to say.
        let Ok((suite, its)) = Suite::read_file(&path) else { continue };
        if its.canonicalize().ok() != home {
            continue;
        }
        let questions =
            suite.questions(folder, deployment).map_err(|error| Failure::Refused(error.problems))?;
        pairs.extend(questions.into_iter().map(|question| (question.principal, question.request)));
        names.push(name);
    }
    Ok((names, pairs))
}
