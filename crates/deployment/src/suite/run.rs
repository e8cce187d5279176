//! Cases of a suite, run: each request by the tree and by the plain evaluator, which must agree.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick::identity::Claims;
use bailiwick::request::RequestError;
use bailiwick::source::{Diagnostics, Source};
use bailiwick::{Explanation, Principal, Request, Tree};

use super::{Ask, Case, Format, Suite};
use crate::problems::{DeploymentError, about_file};
use crate::question::question;
use crate::{Deployment, Expectation, Got};
use bailiwick::decide::sign_in::Flow;
use bailiwick::decide::{Exchange, IdentityOptions, NotIdentified};

/// What came of a suite.
#[derive(Debug)]
pub struct SuiteReport {
    /// The deployment that it ran on.
    pub deployment: Deployment,
    /// One for each request, or for each case that must be refused, in order.
    pub answers: Vec<Answer>,
}

/// What came of one request.
#[derive(Debug)]
pub struct Answer {
    /// `case: action resource`.
    pub id: String,
    /// What was wanted.
    pub expect: String,
    /// What came.
    pub got: String,
    /// Whether they are the same.
    pub ok: bool,
    /// What else is to be said where it is not.
    pub note: Option<String>,
    /// Why; none where nobody asked.
    pub explanation: Option<Explanation>,
}

/// A request of a suite, with who asks it.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who.
    pub principal: Principal,
    /// What.
    pub request: Request<'static>,
}

impl Suite {
    /// Reads a suite file, its deployment and its claims files, and runs it.
    pub fn run_file(path: &Path) -> Result<SuiteReport, DeploymentError> {
        let (suite, folder) = Self::read_file(path)?;
        let deployment = Deployment::load(&folder)?;
        let answers = suite.run(&deployment, |file| claims(&folder, file))?;
        Ok(SuiteReport { deployment, answers })
    }

    /// Reads a suite file, and tells which folder its deployment is.
    pub fn read_file(path: &Path) -> Result<(Self, PathBuf), DeploymentError> {
        let name = path.display().to_string();
        let text = read(path)?;
        let Some(format) = Format::of(&name) else {
            let help = "name it `.yaml` or `.toml`";
            return Err(about_file("E163", &name, format!("`{name}` is no suite"), help).into());
        };
        let suite = Self::parse(&Source::new(&name, &text), format)?;
        let beside = path.parent().unwrap_or(Path::new("."));
        let folder =
            suite.deployment.as_ref().map_or_else(|| beside.to_path_buf(), |folder| beside.join(folder));
        let folder = if folder.as_os_str().is_empty() { Path::new(".").to_path_buf() } else { folder };
        Ok((suite, folder))
    }

    /// What its cases ask of a deployment in this folder, without asking it. Whoever is refused asks nothing.
    pub fn questions(
        &self,
        folder: &Path,
        deployment: &Deployment,
    ) -> Result<Vec<Question>, DeploymentError> {
        let (mut questions, mut problems) = (Vec::new(), Vec::new());
        for case in self.cases.iter().filter(|case| case.refused.is_none()) {
            let claims = match case.claims.as_deref().map(|file| claims(folder, file)).transpose() {
                Ok(claims) => claims,
                Err(refused) => {
                    problems.push(refused);
                    continue;
                }
            };
            let Ok(principal) = case.principal(deployment, claims.as_ref()) else { continue };
            for ask in &case.requests {
                let mut principal = principal.clone();
                if let Ok(request) = case.request(ask, deployment, &mut principal) {
                    questions.push(Question { principal, request });
                }
            }
        }
        if problems.is_empty() { Ok(questions) } else { Err(DeploymentError { problems }) }
    }

    /// Runs the suite on a deployment; `claims` reads a claims file by the name that a case gives.
    pub fn run(
        &self,
        deployment: &Deployment,
        claims: impl Fn(&str) -> Result<Claims, Diagnostics>,
    ) -> Result<Vec<Answer>, DeploymentError> {
        let tree = bailiwick::compile(&deployment.set);
        let (mut answers, mut problems) = (Vec::new(), Vec::new());
        for case in &self.cases {
            let claims = case.claims.as_deref().map(&claims).transpose();
            match claims {
                Ok(claims) => answers.extend(case.run(deployment, &tree, claims.as_ref())),
                Err(diagnostics) => problems.push(diagnostics),
            }
        }
        if problems.is_empty() { Ok(answers) } else { Err(DeploymentError { problems }) }
    }
}

impl Case {
    fn run(&self, deployment: &Deployment, tree: &Tree, claims: Option<&Claims>) -> Vec<Answer> {
        let principal = self.principal(deployment, claims);
        if let Some(code) = &self.refused {
            return vec![self.refusal(code, principal)];
        }
        let principal = match principal {
            Ok(principal) => principal,
            Err(why) => {
                let refused = |ask: &Ask| self.answer(ask, "refused", false, Some(why.clone()));
                return self.requests.iter().map(refused).collect();
            }
        };
        self.requests.iter().map(|ask| self.ask(ask, deployment, tree, &principal)).collect()
    }

    fn principal(&self, deployment: &Deployment, claims: Option<&Claims>) -> Result<Principal, String> {
        let options = IdentityOptions {
            exchange: if self.no_exchange { Exchange::Never } else { Exchange::WherePossible },
            flow: if self.basic_flow { Flow::Basic } else { Flow::Enhanced },
            role: self.role.as_deref(),
            session_name: None,
            identity_id: self.identity_id.as_deref(),
            now: None,
        };
        let identified = match (claims, &self.principal) {
            (Some(claims), _) => deployment.principal_from_claims(claims, options),
            (None, Some(arn)) => {
                let found = deployment.principal_from_arn(arn);
                return found.ok_or_else(|| format!("`{arn}` is no principal"));
            }
            (None, None) => deployment.guest(options),
        };
        identified.map(|identified| identified.principal).map_err(|why: NotIdentified| why.to_string())
    }

    fn refusal(&self, code: &str, principal: Result<Principal, String>) -> Answer {
        let (got, ok, note) = match principal {
            Ok(_) => ("accepted".to_owned(), false, None),
            Err(why) => {
                let ok = why.contains(&format!("[{code}]"));
                (if ok { format!("refused {code}") } else { "refused".to_owned() }, ok, (!ok).then_some(why))
            }
        };
        let expect = format!("refused {code}");
        Answer { id: self.name.clone(), expect, got, ok, note, explanation: None }
    }

    fn ask(&self, ask: &Ask, deployment: &Deployment, tree: &Tree, principal: &Principal) -> Answer {
        let Some(expect) = Expectation::of(&ask.expect) else {
            let words = Expectation::WORDS.join("`, `");
            return self.answer(ask, "not asked", false, Some(format!("`expect` is one of `{words}`")));
        };
        let mut principal = principal.clone();
        let request = match self.request(ask, deployment, &mut principal) {
            Ok(request) => request,
            Err(error) => return self.answer(ask, "not asked", false, Some(error.to_string())),
        };
        let explanation = bailiwick::explain(&deployment.set, &principal, &request);
        let (decision, spoken) = (tree.decide(&principal, &request), explanation.decision);
        let agree = (spoken.verdict, spoken.layer, spoken.level)
            == (decision.verdict, decision.layer, decision.level);
        let got = Got::from(decision);
        let layer = decision.layer.name();
        let right_layer = ask.layer.as_deref().is_none_or(|wanted| wanted == layer);
        let ok = expect.is_met_by(got) && agree && right_layer;
        let note = if !agree {
            Some(format!("the tree says {decision:?}, the explainer {spoken:?}"))
        } else if !ok {
            Some(format!("decided by the {layer} layer"))
        } else {
            None
        };
        Answer { explanation: Some(explanation), ..self.answer(ask, got.name(), ok, note) }
    }

    /// The request; what its context says of the principal goes there.
    fn request(
        &self,
        ask: &Ask,
        deployment: &Deployment,
        principal: &mut Principal,
    ) -> Result<Request<'static>, RequestError> {
        let common = self.context.iter().filter(|(name, _)| !ask.context.contains_key(*name));
        let context: Vec<_> =
            common.chain(&ask.context).map(|(name, entry)| (name.clone(), entry.value())).collect();
        let account = ask.resource_account.as_deref();
        question(principal, &ask.action, &ask.resource, account, &context, &deployment.keys)
    }

    fn answer(&self, ask: &Ask, got: &str, ok: bool, note: Option<String>) -> Answer {
        Answer {
            id: format!("{}: {} {}", self.name, ask.action, ask.resource),
            expect: ask.expect.clone(),
            got: got.to_owned(),
            ok,
            note,
            explanation: None,
        }
    }
}

fn claims(folder: &Path, file: &str) -> Result<Claims, Diagnostics> {
    let path = folder.join(file);
    let text = read(&path)?;
    Claims::parse(Source::new(&path.display().to_string(), &text))
}

fn read(path: &Path) -> Result<String, Diagnostics> {
    let name = path.display().to_string();
    fs::read_to_string(path).map_err(|error| crate::files::unreadable(&name, &error))
}
