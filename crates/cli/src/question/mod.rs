//! What is asked: under which policies, by whom, for what. Shared by every command that decides.
//!
//! In: flags, files. Out: `PolicySet`, `Principal`, `Request`.
//! Never here: deciding, printing.

pub(crate) mod appsync;
pub(crate) mod clock;
pub(crate) mod context;
pub(crate) mod deployment;
pub(crate) mod policies;
pub(crate) mod request;
pub(crate) mod saml;
pub(crate) mod verify;
pub(crate) mod who;

use bailiwick::ast::PolicySet;
use bailiwick::decide::Decision;
use bailiwick::request::ContextValue;
use bailiwick::value::Catalogue;
use bailiwick::{Principal, Profile, Request, Verdict};
use bailiwick_deployment::{Deployment, Identified};
use clap::Args;

use crate::args::ReadingArgs;
use crate::diagnostics::Shape;
use crate::failure::Failure;
use clock::ClockArgs;
use deployment::{DeploymentArgs, TokenArgs};
use policies::PolicyArgs;
use request::{Asked, RequestArgs};
use who::PrincipalArgs;

/// Under which policies, and by whom.
#[derive(Args, Clone, Debug)]
pub(crate) struct SceneArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[command(flatten)]
    token: TokenArgs,
    #[command(flatten)]
    principal: PrincipalArgs,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    clock: ClockArgs,
}

/// Everything that `eval` and `explain` take.
#[derive(Args, Clone, Debug)]
pub(crate) struct AskArgs {
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    scene: SceneArgs,
}

/// Policies and somebody under them.
pub(crate) struct Scene {
    /// Under which policies.
    pub(crate) set: PolicySet,
    /// By whom.
    pub(crate) principal: Principal,
    /// The deployment, unless policies were given as files.
    pub(crate) deployment: Option<Deployment>,
    /// How a token became the principal, if it did.
    pub(crate) identified: Option<Identified>,
    /// The token's subject and issuer, if there is a token.
    pub(crate) token: Option<String>,
    /// By what a signed token was verified, in words.
    pub(crate) verified: Option<String>,
    profile: Profile,
}

impl Scene {
    /// Which reading of disputed points holds.
    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }

    /// What services offer: AWS's, and the deployment's own.
    pub(crate) fn catalogue(&self) -> Catalogue {
        let own = self.deployment.iter().flat_map(|deployment| deployment.services.iter().cloned());
        bailiwick_catalog::aws().with(own)
    }
}

/// A question that can be decided.
pub(crate) struct Question {
    /// Under which policies.
    pub(crate) set: PolicySet,
    /// By whom.
    pub(crate) principal: Principal,
    /// Whether a value is marked as unknown.
    pub(crate) has_unknown: bool,
    asked: Asked,
}

impl SceneArgs {
    /// Reads policies and principal. What a request says of the principal counts, unless a token says who it is.
    pub(crate) fn read(&self, asked: &mut Asked) -> Result<Scene, Failure> {
        if self.policies.is_given() {
            if self.deployment.deployment.is_some() {
                return Err(Failure::Usage("give a deployment or policies, not both".to_owned()));
            }
            if self.token.is_given() {
                let message = "claims need a deployment that says what they mean: `--deployment DIR`";
                return Err(Failure::Usage(message.to_owned()));
            }
            let principal = who::read(&self.principal, Some(asked), None)?.ok_or_else(nobody)?;
            let set = who::at_home(self.policies.read(self.reading.profile.into())?, &principal);
            let principal = who::settle(principal, asked, set.key_table(), false)?;
            let profile = self.reading.profile.into();
            return Ok(Scene {
                set,
                principal,
                deployment: None,
                identified: None,
                token: None,
                verified: None,
                profile,
            });
        }
        let Some(deployment) = self.deployment.load()? else {
            let message = "name a deployment with `--deployment DIR`, or policies with `--policy FILE`";
            return Err(Failure::Usage(message.to_owned()));
        };
        let identified = if self.token.is_given() {
            Some(self.token.identify(&deployment, self.clock.seconds()?)?)
        } else {
            None
        };
        let principal = match &identified {
            Some(token) => token.identified.principal.clone(),
            None => who::read(&self.principal, Some(asked), Some(&deployment))?.ok_or_else(nobody)?,
        };
        let principal = who::settle(principal, asked, &deployment.keys, identified.is_some())?;
        let (set, profile) = (deployment.set.clone(), deployment.profile);
        let token = identified.as_ref().and_then(|identified| identified.token.clone());
        let verified = identified.as_ref().and_then(|identified| identified.verified.clone());
        let identified = identified.map(|identified| identified.identified);
        Ok(Scene { set, principal, deployment: Some(deployment), identified, token, verified, profile })
    }
}

fn nobody() -> Failure {
    Failure::Usage(
        "say who asks: `--claims FILE`, `--token FILE`, `--guest`, or `--principal ARN`".to_owned(),
    )
}

impl AskArgs {
    /// Reads all that is named.
    pub(crate) fn read(&self) -> Result<Question, Failure> {
        let mut asked = request::read(&self.request)?;
        let has_unknown = asked.context.iter().any(|(_, value)| matches!(value, ContextValue::Unknown));
        clock::add(&mut asked.context, self.scene.clock.seconds()?);
        let scene = self.scene.read(&mut asked)?;
        Ok(Question { set: scene.set, principal: scene.principal, has_unknown, asked })
    }
}

impl Question {
    /// The request.
    pub(crate) fn request(&self) -> Result<Request<'_>, Failure> {
        self.asked.request()
    }
}

/// Says on standard error what newcomers stumble over: a resource whose owner nobody named is another's (SEMANTICS F8).
pub(crate) fn hint(question: &Question, decision: &Decision, request: &Request<'_>, shape: Shape) {
    if decision.verdict != Verdict::ImplicitDeny
        || request.resource() == "*"
        || !matches!(shape, Shape::Human { .. })
    {
        return;
    }
    if bailiwick::explain(&question.set, &question.principal, request).resource_account.is_none() {
        anstream::eprintln!(
            "note: the ARN does not say whose the resource is, so it counts as another account's; \
             `--resource-account ACCOUNT` says it"
        );
    }
}
