//! What the gateway makes of a request: authorization and resource policy together (SEMANTICS H4, H6).

use std::sync::Arc;

use bailiwick::ast::{Attachment, Document, PolicySet, Target};
use bailiwick::identity::Claims;
use bailiwick::request::{Context, ContextValue};
use bailiwick::source::{Diagnostics, Source};
use bailiwick::value::Layer;
use bailiwick::{Caller, Decision, Principal, Request, Verdict};
use bailiwick_deployment::{Api, ApiKind, Authorization, Deployment, Exchange, IdentityOptions};

use crate::call::takes;
use crate::method::{MethodArn, request_keys};
use crate::policy::INVOKE;
use crate::refusal::nameless;
use crate::response::Returned;

/// A request at the gateway.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// What is asked for.
    pub method: &'a MethodArn,
    /// What is known of the request, in `aws:` keys.
    pub context: Vec<(String, ContextValue<'static>)>,
}

/// What the caller brings, by the API's authorization.
#[derive(Clone, Copy, Debug)]
pub enum Brings<'a> {
    /// Nothing.
    Nothing,
    /// A signature of IAM's.
    Signature(&'a Principal),
    /// What the Lambda authorizer returned, now or when the gateway kept it.
    Answer(&'a Source),
    /// A verified token, for a Cognito or JWT authorizer.
    Token(&'a Claims),
}

/// What becomes of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Allow, implicit deny, explicit deny.
    pub verdict: Verdict,
    /// Who decided.
    pub by: By,
    /// What the gateway answers to a refused request, where the documents say.
    pub status: Option<u16>,
    /// Why an answer or a token was not taken.
    pub refused: Option<Diagnostics>,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// There is nothing that decides: the API is open.
    Nobody,
    /// The API's resource policy, before or after the authorizer.
    ResourcePolicy,
    /// The authorizer's answer, or the token.
    Authorizer,
    /// IAM: policies of the caller and of the API together.
    Iam,
}

impl By {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::ResourcePolicy => "resource policy",
            Self::Authorizer => "authorizer",
            Self::Iam => "IAM",
        }
    }
}

/// Decides a request as the documents say the gateway does.
///
/// Errors: a method of another API (E322), a key that the gateway does not know (E327), something brought that the API's
/// authorization does not look at (E322).
pub fn decide(deployment: &Deployment, ask: &Ask<'_>, brings: Brings<'_>) -> Result<Outcome, Diagnostics> {
    let api = ask.method.api_of(deployment)?;
    let known = request_keys(api);
    if let Some((key, _)) =
        ask.context.iter().find(|(key, _)| !known.iter().any(|known| known.eq_ignore_ascii_case(key)))
    {
        let message = format!("the gateway does not know `{key}`");
        let help = format!("it knows `{}`", known.join("`, `"));
        return Err(nameless("--context", "E327", message, &help));
    }
    let gate = Gate { deployment, api, ask };
    match (api.authorization, brings) {
        (Authorization::None, Brings::Nothing) => gate.open(),
        (Authorization::Iam, Brings::Signature(principal)) => gate.iam(principal),
        (Authorization::Iam, Brings::Nothing) => {
            Ok(Outcome::denied(Verdict::ImplicitDeny, By::Iam, Some(403)))
        }
        (Authorization::Lambda, Brings::Answer(answer)) => gate.lambda(answer),
        (Authorization::Lambda | Authorization::Cognito | Authorization::Jwt, Brings::Nothing) => {
            gate.without_token()
        }
        (Authorization::Cognito, Brings::Token(claims)) => gate.cognito(claims),
        (Authorization::Jwt, Brings::Token(claims)) => Ok(gate.jwt(claims)),
        _ => {
            let message = format!("API `{}` does not look at what the request brings", api.id);
            let help = "give a principal to IAM, claims to Cognito and JWT authorizers, an answer to a Lambda authorizer";
            Err(nameless("bailiwick.toml", "E322", message, help))
        }
    }
}

struct Gate<'a> {
    deployment: &'a Deployment,
    api: &'a Api,
    ask: &'a Ask<'a>,
}

impl Gate<'_> {
    /// Nobody signs in: the resource policy alone, if there is one.
    fn open(&self) -> Result<Outcome, Diagnostics> {
        Ok(match self.resource_policy()? {
            None => Outcome::allowed(By::Nobody),
            Some(Verdict::Allow) => Outcome::allowed(By::ResourcePolicy),
            Some(verdict) => Outcome::denied(verdict, By::ResourcePolicy, Some(403)),
        })
    }

    /// Table A in the caller's own account, table B in another one: the rules F8 and F11.
    fn iam(&self, principal: &Principal) -> Result<Outcome, Diagnostics> {
        let decision = bailiwick::explain(&self.deployment.set, principal, &self.request()?).decision;
        Ok(match decision.verdict {
            Verdict::Allow => Outcome::allowed(By::Iam),
            verdict => Outcome::denied(verdict, By::Iam, Some(403)),
        })
    }

    /// A Deny of the resource policy first, then table A.
    fn lambda(&self, answer: &Source) -> Result<Outcome, Diagnostics> {
        let resource = self.resource_policy()?;
        if resource == Some(Verdict::ExplicitDeny) {
            return Ok(Outcome::denied(Verdict::ExplicitDeny, By::ResourcePolicy, Some(403)));
        }
        let returned = match Returned::parse(self.deployment, self.api, answer.clone()) {
            Ok(returned) => returned,
            // SEMANTICS F5: an error denies.
            Err(refused) => {
                let outcome = Outcome::denied(Verdict::ExplicitDeny, By::Authorizer, Some(500));
                return Ok(Outcome { refused: Some(refused), ..outcome });
            }
        };
        let verdict = match returned {
            Returned::Simple(true) => Verdict::Allow,
            Returned::Simple(false) => Verdict::ImplicitDeny,
            Returned::Policy(document) => self.by_answer(document)?,
        };
        Ok(match (verdict, resource) {
            (Verdict::Allow, _) => Outcome::allowed(By::Authorizer),
            (Verdict::ImplicitDeny, Some(Verdict::Allow)) => Outcome::allowed(By::ResourcePolicy),
            (verdict, _) => Outcome::denied(verdict, By::Authorizer, Some(403)),
        })
    }

    /// The resource policy can refuse first; otherwise nobody gets in without a token.
    fn without_token(&self) -> Result<Outcome, Diagnostics> {
        Ok(match self.resource_policy()? {
            Some(Verdict::ExplicitDeny) => {
                Outcome::denied(Verdict::ExplicitDeny, By::ResourcePolicy, Some(403))
            }
            _ => Outcome::denied(Verdict::ImplicitDeny, By::Authorizer, Some(401)),
        })
    }

    /// Table B: a valid token, and the resource policy must allow too, if there is one.
    fn cognito(&self, claims: &Claims) -> Result<Outcome, Diagnostics> {
        let resource = self.resource_policy()?;
        if resource == Some(Verdict::ExplicitDeny) {
            return Ok(Outcome::denied(Verdict::ExplicitDeny, By::ResourcePolicy, Some(403)));
        }
        if let Err(refused) = self.cognito_token(claims) {
            return Ok(Outcome::unauthorized(refused));
        }
        if let Err(refused) = self.scopes(claims) {
            let outcome = Outcome::denied(Verdict::ImplicitDeny, By::Authorizer, None);
            return Ok(Outcome { refused: Some(refused), ..outcome });
        }
        Ok(match resource {
            None => Outcome::allowed(By::Authorizer),
            Some(Verdict::Allow) => Outcome::allowed(By::ResourcePolicy),
            Some(verdict) => Outcome::denied(verdict, By::ResourcePolicy, Some(403)),
        })
    }

    /// SEMANTICS H6: at least one of the route's scopes; without scopes any token passes, an ID token too.
    fn jwt(&self, claims: &Claims) -> Outcome {
        if let Err(refused) = self.believed(claims) {
            return Outcome::unauthorized(refused);
        }
        if let Err(refused) = self.scopes(claims) {
            let outcome = Outcome::denied(Verdict::ImplicitDeny, By::Authorizer, Some(403));
            return Outcome { refused: Some(refused), ..outcome };
        }
        Outcome::allowed(By::Authorizer)
    }

    /// A route without scopes takes ID tokens, one with scopes access tokens (SEMANTICS G1, G2).
    fn cognito_token(&self, claims: &Claims) -> Result<(), Diagnostics> {
        self.believed(claims)?;
        let wanted = if self.wanted().is_empty() { "id" } else { "access" };
        if claims.text("token_use") == Some(wanted) {
            return Ok(());
        }
        let message = format!("the route takes tokens whose `token_use` is `{wanted}`");
        let help = "send the ID token to a route without scopes, and the access token to one with scopes";
        Err(nameless("token", "E333", message, help))
    }

    /// A token for this API: of its issuers, and for one of their audiences (SEMANTICS G2, H6).
    fn believed(&self, claims: &Claims) -> Result<(), Diagnostics> {
        takes(self.deployment, self.api, claims)?;
        let options = IdentityOptions { exchange: Exchange::Never, ..IdentityOptions::default() };
        let identified = self.deployment.principal_from_claims(claims, options);
        identified.map(|_| ()).map_err(|refused| refused.diagnostics)
    }

    fn scopes(&self, claims: &Claims) -> Result<(), Diagnostics> {
        let wanted = self.wanted();
        let has = |scope: &String| given_scopes(claims, self.api.kind).contains(&scope.as_str());
        if wanted.is_empty() || wanted.iter().any(has) {
            return Ok(());
        }
        let message = format!("the route asks for one of the scopes `{}`", wanted.join("`, `"));
        Err(nameless("token", "E334", message, "ask the issuer for a token with one of them"))
    }

    fn wanted(&self) -> &[String] {
        let method = self.ask.method;
        self.api.scopes(method.method(), method.path())
    }

    /// What the resource policy says of somebody who has not signed in; nothing where there is none. Names and keys of
    /// principals are IAM's, so `Principal` can only mean everyone.
    fn resource_policy(&self) -> Result<Option<Verdict>, Diagnostics> {
        let Some(documents) = &self.api.resource_policy else { return Ok(None) };
        let mut anonymous = Principal::new(Caller::Anonymous);
        anonymous.context = Context::default();
        let decision = self.under(Layer::Resource, documents.clone(), &anonymous)?;
        Ok(Some(decision.verdict))
    }

    fn by_answer(&self, document: Arc<Document>) -> Result<Verdict, Diagnostics> {
        let account = self.api.account.clone();
        let mut caller =
            Principal::new(Caller::Subject { account, issuer: String::new(), subject: String::new() });
        // SEMANTICS H4: neither `principalId` nor `context` become keys.
        caller.context = Context::default();
        Ok(self.under(Layer::Identity, vec![document], &caller)?.verdict)
    }

    fn under(
        &self,
        layer: Layer,
        documents: Vec<Arc<Document>>,
        principal: &Principal,
    ) -> Result<Decision, Diagnostics> {
        let attachment = Attachment { layer, level: 0, target: Target::Everyone, documents };
        let set = PolicySet::new(vec![attachment]).map_err(|error| {
            nameless("bailiwick.toml", "E326", error.to_string(), "attach policies of APIs to APIs")
        })?;
        let set = set.profile(self.deployment.profile).home_account(&self.api.account);
        Ok(bailiwick::explain(&set, principal, &self.request()?).decision)
    }

    fn request(&self) -> Result<Request<'_>, Diagnostics> {
        let mut request = Request::new(INVOKE, self.ask.method.as_str())
            .map_err(|error| nameless("method", "E328", error.to_string(), "pass the ARN of a method"))?;
        for (key, value) in &self.ask.context {
            request = request.with(key.as_str(), value.clone());
        }
        Ok(request)
    }
}

/// `scope`, split on spaces; for a JWT authorizer also `scp`, a text or a list.
fn given_scopes(claims: &Claims, kind: ApiKind) -> Vec<&str> {
    let mut scopes: Vec<&str> =
        claims.text("scope").map(|text| text.split(' ').collect()).unwrap_or_default();
    if kind == ApiKind::Http
        && let Some(node) = claims.named("scp")
    {
        scopes.extend(node.as_str().into_iter().flat_map(|text| text.split(' ')));
        let items = node.as_array().unwrap_or_default();
        scopes.extend(items.iter().filter_map(|item| item.as_str()));
    }
    scopes.retain(|scope| !scope.is_empty());
    scopes
}

impl Outcome {
    fn allowed(by: By) -> Self {
        Self { verdict: Verdict::Allow, by, status: None, refused: None }
    }

    fn denied(verdict: Verdict, by: By, status: Option<u16>) -> Self {
        Self { verdict, by, status, refused: None }
    }

    fn unauthorized(refused: Diagnostics) -> Self {
        Self { verdict: Verdict::ImplicitDeny, by: By::Authorizer, status: Some(401), refused: Some(refused) }
    }
}
