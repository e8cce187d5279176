//! A deployment folder, and the principal that it makes of claims.

use std::path::{Path, PathBuf};

use bailiwick::decide::sign_in::Flow;
use bailiwick::identity::Claims;
use bailiwick_deployment::{Deployment, Exchange, Identified, IdentityOptions, MANIFEST};
use clap::{Args, ValueEnum};

use super::{clock, verify};
use crate::failure::Failure;
use crate::input;

/// Which deployment.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Deployment")]
pub(crate) struct DeploymentArgs {
    /// Folder with `bailiwick.toml` [default: this one, or the nearest above]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) deployment: Option<String>,
}

/// Whose token.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Token")]
pub(crate) struct TokenArgs {
    /// JSON file with the claims of a token that was verified elsewhere; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "principal")]
    pub(crate) claims: Option<String>,
    /// File with a signed JSON Web Token or a SAML response; verified as the settings of its issuer or provider in
    /// `bailiwick.toml` say; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["claims", "principal"])]
    pub(crate) token: Option<String>,
    /// JWK set that verifies the token [default: what the issuer's settings name]
    #[arg(long, value_name = "FILE", requires = "token")]
    pub(crate) jwks: Option<String>,
    /// Nobody signed in: the guest of the identity pool
    #[arg(long, conflicts_with_all = ["claims", "token", "principal"])]
    pub(crate) guest: bool,
    /// Role that the client asks for: of the identity pool, or by an OIDC or SAML provider that the role trusts
    #[arg(long, value_name = "ARN")]
    pub(crate) role: Option<String>,
    /// Who exchanges the token for a role
    #[arg(long, value_enum, default_value_t)]
    pub(crate) flow: FlowArg,
    /// Identity id in the pool [default: unknown]
    #[arg(long, value_name = "ID")]
    pub(crate) identity_id: Option<String>,
    /// Take the token as it is, not through the identity pool
    #[arg(long)]
    pub(crate) no_exchange: bool,
}

/// The flows of an identity pool by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlowArg {
    /// The pool chooses the role; guests are scoped down
    #[default]
    Enhanced,
    /// The client names the role and calls STS itself
    Basic,
}

impl DeploymentArgs {
    /// The folder that was named, or the nearest one upward that is a deployment.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        if let Some(folder) = &self.deployment {
            return Some(PathBuf::from(folder));
        }
        let depth = std::env::current_dir().ok()?.ancestors().count();
        // As seen from here, so that places in answers stay short.
        let up =
            |steps: usize| if steps == 0 { PathBuf::from(".") } else { (0..steps).map(|_| "..").collect() };
        (0..depth).map(up).find(|folder| folder.join(MANIFEST).is_file())
    }

    /// Reads the folder, if there is one.
    pub(crate) fn load(&self) -> Result<Option<Deployment>, Failure> {
        self.folder().map(|folder| load(&folder)).transpose()
    }

    /// Reads the folder; there must be one.
    pub(crate) fn require(&self) -> Result<Deployment, Failure> {
        self.load()?.ok_or_else(|| Failure::Usage("name a deployment with `--deployment DIR`".to_owned()))
    }
}

/// Reads a folder: every problem at once.
pub(crate) fn load(folder: &Path) -> Result<Deployment, Failure> {
    Deployment::load(folder).map_err(|error| Failure::Refused(error.problems))
}

impl TokenArgs {
    /// Whether there is a token, or a guest.
    pub(crate) fn is_given(&self) -> bool {
        self.claims.is_some() || self.token.is_some() || self.guest
    }

    /// A token by its claims, taken as usual.
    pub(crate) fn of_claims(file: &str) -> Self {
        Self {
            claims: Some(file.to_owned()),
            token: None,
            jwks: None,
            guest: false,
            role: None,
            flow: FlowArg::Enhanced,
            identity_id: None,
            no_exchange: false,
        }
    }

    /// The principal of the token.
    pub(crate) fn identify(&self, deployment: &Deployment, now: u64) -> Result<Bearer, Failure> {
        let seconds = now;
        let now = clock::written(now);
        let options = IdentityOptions {
            exchange: if self.no_exchange { Exchange::Never } else { Exchange::WherePossible },
            flow: match self.flow {
                FlowArg::Enhanced => Flow::Enhanced,
                FlowArg::Basic => Flow::Basic,
            },
            role: self.role.as_deref(),
            identity_id: self.identity_id.as_deref(),
            session_name: None,
            now: Some(&now),
        };
        let mut verified = None;
        let claims = match (&self.claims, &self.token) {
            (Some(path), _) => Some(Claims::parse(input::read(path)?)?),
            (None, Some(path)) => {
                let token = verify::of_deployment(deployment, path, self.jwks.as_deref(), seconds)?;
                verified = Some(verify::told(&token));
                Some(token.claims)
            }
            (None, None) => None,
        };
        let (identified, token) = match claims {
            Some(claims) => {
                let words = |name: &str| claims.text(name).map(str::to_owned);
                let token = words("sub").map(|sub| match words("iss") {
                    Some(issuer) => format!("{sub} of {issuer}"),
                    None => sub,
                });
                (deployment.principal_from_claims(&claims, options), token)
            }
            None => (deployment.guest(options), None),
        };
        let identified = identified.map_err(|refused| Failure::Refused(vec![refused.diagnostics]))?;
        Ok(Bearer { identified, token, verified })
    }
}

/// Whoever holds the token.
pub(crate) struct Bearer {
    /// The principal and how it came about.
    pub(crate) identified: Identified,
    /// Subject and issuer, in words.
    pub(crate) token: Option<String>,
    /// By what a signed token was verified, in words.
    pub(crate) verified: Option<String>,
}
