//! What a folder says, read.

use std::path::Path;
use std::sync::Arc;

use bailiwick::Profile;
use bailiwick::ast::{Document, PolicySet};
use bailiwick::identity::Mapping;
use bailiwick::identity::cognito_identity_pool::IdentityPool;
use bailiwick::source::Source;
use bailiwick::value::{KeyTable, Service};

use crate::files::{Files, MANIFEST};
use crate::problems::{DeploymentError, about_file};
use crate::read;

/// A deployment: everything that decides, and everyone that is known by name.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// What to compile or explain.
    pub set: PolicySet,
    /// The same without what cannot matter to a trust policy, for the exchange of tokens.
    pub(crate) trust: PolicySet,
    /// Which reading of disputed points holds.
    pub profile: Profile,
    /// Its home account.
    pub account: String,
    /// The organization's id and its accounts, where it has one.
    pub organization: Option<(String, Vec<String>)>,
    /// Whose tokens it takes, in order of writing.
    pub issuers: Vec<Issuer>,
    /// Its identity pools.
    pub pools: Vec<IdentityPool>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Its IAM users.
    pub users: Vec<User>,
    /// Its own services.
    pub services: Vec<Service>,
    /// What is known of keys.
    pub keys: Arc<KeyTable>,
    /// Every policy file that is attached somewhere, once for each kind that it is used as.
    pub policies: Vec<Policy>,
}

/// Somebody who issues tokens.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// Its name in the folder.
    pub name: String,
    /// What its claims become.
    pub mapping: Mapping,
    /// How its tokens are verified: for whoever does.
    pub token: TokenSettings,
}

/// What the folder says of an issuer's tokens beyond their claims. Nothing here is checked by this crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenSettings {
    /// The JWK set, if the folder holds it.
    pub jwks: Option<Source>,
    /// The algorithms it signs with; none means those that its keys allow.
    pub algorithms: Vec<String>,
    /// The header's `typ`.
    pub typ: Option<String>,
    /// What `token_use` must be (SEMANTICS G2).
    pub token_use: Option<String>,
    /// The organization that bearers must have signed in to, or `none` (SEMANTICS G15).
    pub organization: Option<String>,
    /// The applications that tokens may have been given to (`azp`).
    pub parties: Vec<String>,
    /// Seconds that clocks may differ, 0 to 60.
    pub leeway: u64,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its ARN with the path.
    pub arn: String,
    /// Its own tags.
    pub tags: Vec<(String, String)>,
    /// Whether it is service-linked (SEMANTICS F2).
    pub service_linked: bool,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name, as tokens have it.
    pub name: String,
}

/// An IAM user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its ARN with the path.
    pub arn: String,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// Its groups.
    pub groups: Vec<String>,
}

/// A policy file in one use.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The file's name in the folder.
    pub file: String,
    /// What it says; its kind is the use.
    pub document: Arc<Document>,
}

impl Deployment {
    /// From the texts of a folder: every problem at once.
    pub fn new(files: &Files) -> Result<Self, DeploymentError> {
        let label = files.label(MANIFEST);
        let Some(text) = files.get(MANIFEST) else {
            let message = format!("there is no `{label}`");
            let help = "name the folder that holds it, or begin one with `bailiwick new DIR`";
            return Err(about_file("E159", &label, message, help).into());
        };
        read::deployment(&Source::new(&label, text), files)
    }

    /// From a folder.
    pub fn load(folder: &Path) -> Result<Self, DeploymentError> {
        Self::new(&Files::read(folder)?)
    }

    /// A role by its ARN.
    pub fn role(&self, arn: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.arn == arn)
    }
}
