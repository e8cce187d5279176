//! `bailiwick token`: what a token says, whether to believe it, and whom it makes.

use std::path::Path;

use bailiwick::identity::Claims;
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use bailiwick_deployment::{Deployment, Files, Identified, IdentityOptions, Issuer, MANIFEST, NotIdentified};
use bailiwick_token::{Expectations, Refusal};
use clap::{Args, Subcommand};
use toml::{Table, Value};

use super::{token_report, token_saml};
use crate::diagnostics::{self, Shape};
use crate::failure::{Exit, Failure};
use crate::input;
use crate::output::{Format, OutputArgs};
use crate::question::clock::{self, ClockArgs};
use crate::question::{deployment, saml, verify};

/// Look at a token: verify it, and see what its claims become
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum TokenCommands {
    /// Verify a token and show every claim, what it became, and what was dropped and why
    Inspect(TokenMapArgs),
    /// Turn a token or its claims into a principal, by one issuer's settings
    Map(TokenMapArgs),
}

/// Whose token, and by which settings.
#[derive(Args, Clone, Debug)]
pub(crate) struct TokenMapArgs {
    /// TOML file with one issuer's settings, as under `[[issuer]]` of `bailiwick.toml`, or a whole `bailiwick.toml`
    #[arg(long, value_name = "FILE", conflicts_with = "deployment")]
    issuer: Option<String>,
    /// Folder with `bailiwick.toml`: roles of its identity pools are assumed too
    #[arg(short, long, value_name = "DIR")]
    deployment: Option<String>,
    /// Name of the issuer, where there are several [default: the one that the token names]
    #[arg(long, value_name = "NAME")]
    issuer_name: Option<String>,
    /// JSON file with claims that were verified elsewhere; `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present = "token", conflicts_with = "token")]
    claims: Option<String>,
    /// File with a signed JSON Web Token or a SAML response; `-` for standard input
    #[arg(long, value_name = "FILE")]
    token: Option<String>,
    /// JWK set that verifies the token [default: what the settings name]
    #[arg(long, value_name = "FILE", requires = "token")]
    jwks: Option<String>,
    /// Role that the client asks for
    #[arg(long, value_name = "ARN")]
    role: Option<String>,
    #[command(flatten)]
    clock: ClockArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What came of it.
pub(crate) struct Outcome {
    /// The issuer's name in the settings, if one was found.
    pub(crate) issuer: Option<String>,
    /// The key that verified a token, if it was one and named it.
    pub(crate) kid: Option<String>,
    /// Whether a signature was verified.
    pub(crate) verified: bool,
    /// The second from which it does not hold any more.
    pub(crate) until: Option<i64>,
    /// The claims, as far as they could be read.
    pub(crate) claims: Option<Claims>,
    /// The principal, or why there is none.
    pub(crate) result: Result<Identified, Refused>,
}

/// Why a token makes no principal.
pub(crate) struct Refused {
    /// Reasons, at least one: code, check, message, help.
    pub(crate) reasons: Vec<Reason>,
}

pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) check: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl TokenCommands {
    /// How diagnostics look.
    pub(crate) fn shape(&self) -> Shape {
        match self {
            Self::Inspect(args) | Self::Map(args) => args.output.shape(),
        }
    }
}

pub(crate) fn run(command: &TokenCommands) -> Result<Exit, Failure> {
    let (args, inspect) = match command {
        TokenCommands::Inspect(args) => (args, true),
        TokenCommands::Map(args) => (args, false),
    };
    let outcome = args.outcome()?;
    let format = args.output.format();
    args.output.sink.write(&token_report::text(&outcome, inspect, format))?;
    // The document of `map` has codes only; the words go where diagnostics go.
    if let (Err(refused), false, Format::Json | Format::Jsonl) = (&outcome.result, inspect, format) {
        diagnostics::to_stderr(&[refused.diagnostics()], args.output.shape());
    }
    Ok(if outcome.result.is_ok() { Exit::Yes } else { Exit::Invalid })
}

impl TokenMapArgs {
    fn outcome(&self) -> Result<Outcome, Failure> {
        let deployment = match (&self.issuer, &self.deployment) {
            (Some(file), _) => settings(file)?,
            (None, Some(folder)) => deployment::load(Path::new(folder))?,
            (None, None) => {
                let message = "name the issuer's settings with `--issuer FILE`, or a deployment with `--deployment DIR`";
                return Err(Failure::Usage(message.to_owned()));
            }
        };
        let now = self.clock.seconds()?;
        let mut outcome = Outcome {
            issuer: None,
            kid: None,
            verified: false,
            until: None,
            claims: None,
            result: Err(none()),
        };
        match self.read(&deployment, now, &mut outcome)? {
            Ok(claims) => {
                outcome.result = self.principal(&deployment, &claims, now);
                outcome.claims = Some(claims);
            }
            Err(refused) => outcome.result = Err(refused),
        }
        Ok(outcome)
    }

    /// The claims, verified if they came in a token; times and kind are looked at in both cases.
    fn read(
        &self,
        deployment: &Deployment,
        now: u64,
        outcome: &mut Outcome,
    ) -> Result<Result<Claims, Refused>, Failure> {
        if let Some(path) = &self.token {
            let token = verify::read(path)?;
            if saml::is_one(&token) {
                return token_saml::read(self.issuer_name.as_deref(), deployment, &token, now, outcome);
            }
            let issuer = match self.chosen(deployment)?.map_or_else(|| verify::issuer(deployment, &token), Ok)
            {
                Ok(issuer) => issuer,
                Err(refusal) => return Ok(Err(refusal.into())),
            };
            outcome.issuer = Some(issuer.name.clone());
            let jwks = self.jwks.as_deref().map(input::read).transpose()?;
            return Ok(match verify::verify(issuer, jwks.as_ref(), &token, now)? {
                Ok(verified) => {
                    outcome.kid = verified.kid;
                    outcome.verified = true;
                    outcome.until = Some(verified.until);
                    Ok(verified.claims)
                }
                Err(refusal) => Err(refusal.into()),
            });
        }
        let path = self.claims.as_deref().unwrap_or("-");
        let claims = match Claims::parse(input::read(path)?) {
            Ok(claims) => claims,
            Err(diagnostics) => return Ok(Err(diagnostics.into())),
        };
        if let Some(provider) = deployment.identities.saml_provider(claims.text("iss").unwrap_or_default()) {
            outcome.issuer = Some(provider.name.clone());
            let expectations = Expectations { leeway: provider.leeway, ..Expectations::default() };
            return Ok(token_saml::in_time(&expectations, claims, now, outcome));
        }
        let issuer = match self.chosen(deployment)? {
            Some(issuer) => issuer,
            None => match (deployment.identities.issuers.as_slice(), deployment.issuer_of(&claims)) {
                ([only], _) | (_, Ok(only)) => only,
                (_, Err(diagnostics)) => return Ok(Err(diagnostics.into())),
            },
        };
        outcome.issuer = Some(issuer.name.clone());
        Ok(token_saml::in_time(&verify::expectations(issuer)?, claims, now, outcome))
    }

    fn chosen<'a>(&self, deployment: &'a Deployment) -> Result<Option<&'a Issuer>, Failure> {
        let Some(name) = &self.issuer_name else { return Ok(None) };
        let found = deployment.identities.issuers.iter().find(|issuer| issuer.name == *name);
        let names: Vec<&str> =
            deployment.identities.issuers.iter().map(|issuer| issuer.name.as_str()).collect();
        found.map(Some).ok_or_else(|| {
            Failure::Usage(format!("no issuer is called `{name}`; there are `{}`", names.join("`, `")))
        })
    }

    fn principal(&self, deployment: &Deployment, claims: &Claims, now: u64) -> Result<Identified, Refused> {
        let now = clock::written(now);
        let options =
            IdentityOptions { now: Some(&now), role: self.role.as_deref(), ..IdentityOptions::default() };
        deployment.principal_from_claims(claims, options).map_err(|refused: NotIdentified| {
            let mut reasons: Refused = refused.diagnostics.into();
            if let Some(step) = refused.chain.iter().find(|step| !step.passed)
                && let Some(first) = reasons.reasons.first_mut()
            {
                first.message = format!("{}: {}", first.message, step.outcome);
            }
            reasons
        })
    }
}

/// A deployment of issuers only: what one TOML file says of them.
fn settings(path: &str) -> Result<Deployment, Failure> {
    let source = input::read(path)?;
    let mut files = Vec::new();
    let mut text = source.text.to_string();
    // A file that is not TOML goes on as it is: the deployment's reader says where it is wrong.
    if let Ok(mut table) = source.text.parse::<Table>() {
        let whole =
            ["issuer", "saml_provider"].iter().any(|name| table.get(*name).is_some_and(Value::is_array));
        let list = |name: &str| table.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let parts = if whole {
            [list("issuer"), list("saml_provider")].concat()
        } else {
            vec![Value::Table(table.clone())]
        };
        let files_of =
            |part: &Value| ["jwks", "metadata"].map(|name| Some(part.get(name)?.as_str()?.to_owned()));
        let names = parts.iter().flat_map(files_of).flatten();
        // A set may also stand in the settings themselves.
        for name in names.filter(|name| !name.trim_start().starts_with('{')) {
            let place = Path::new(path).parent().unwrap_or(Path::new(".")).join(&name);
            files.push((name, input::read(&place.to_string_lossy())?.text.to_string()));
        }
        if !whole {
            table.entry("name").or_insert_with(|| Value::String("issuer".to_owned()));
            let wrapped = Table::from_iter([("issuer".to_owned(), Value::Array(vec![Value::Table(table)]))]);
            text = wrapped.to_string();
        }
    }
    files.push((MANIFEST.to_owned(), text));
    Deployment::new(&Files::new(files)).map_err(|error| Failure::Refused(error.problems))
}

fn none() -> Refused {
    Refused { reasons: Vec::new() }
}

impl Refused {
    fn diagnostics(&self) -> Diagnostics {
        let words = |one: &Reason| {
            Diagnostic::error(Code(one.code), Span::default(), one.message.clone()).help(one.help.clone())
        };
        Diagnostics { source: Source::new("token", ""), list: self.reasons.iter().map(words).collect() }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let check = if refusal.code.0 == "E101" { "duplicate" } else { refusal.check.name() };
        let (message, help) = (refusal.message, refusal.help);
        Self { reasons: vec![Reason { code: refusal.code.0, check, message, help }] }
    }
}

impl From<Diagnostics> for Refused {
    fn from(diagnostics: Diagnostics) -> Self {
        let reasons = diagnostics.list.into_iter().map(|one| Reason {
            code: one.code.0,
            check: check_of(one.code.0),
            message: one.message,
            help: one.help.unwrap_or_default(),
        });
        Self { reasons: reasons.collect() }
    }
}

/// The check that a code of the mapping stands for.
fn check_of(code: &str) -> &'static str {
    match code {
        "E101" => "duplicate",
        "E102" => "size",
        "E104" | "E160" => "iss",
        "E105" => "required",
        "E106" => "shape",
        "E107" => "reserved",
        "E108" => "token_use",
        "E109" => "aud",
        "E110" | "E111" => "tag",
        "E112" | "E183" => "role",
        "E113" => "trust",
        "E114" => "tid",
        "E115" => "provider",
        "E117" => "chain",
        "E118" => "session_tags",
        "E116" => "org_id",
        "E181" => "attributes",
        "E182" => "assertion",
        _ => "claims",
    }
}
