//! What a folder says, read.

use std::path::Path;
use std::sync::Arc;

use bailiwick::ast::{Document, PolicySet};
use bailiwick::identity::{Identities, Role};
use bailiwick::source::Source;
use bailiwick::value::{KeyTable, Service};
use bailiwick::{Profile, Tree};

use crate::api::Api;
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
    /// Whose tokens it takes, its identity pools, roles and organization.
    pub identities: Identities,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Its IAM users.
    pub users: Vec<User>,
    /// Its APIs of API Gateway.
    pub apis: Vec<Api>,
    /// Its own services.
    pub services: Vec<Service>,
    /// What is known of keys.
    pub keys: Arc<KeyTable>,
    /// Every policy file that is attached somewhere, once for each kind that it is used as.
    pub policies: Vec<Policy>,
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

    /// The compiled set with the identities: what an artifact of this deployment holds.
    pub fn tree(&self) -> Tree {
        bailiwick::compile(self.set.clone()).with_identities(self.identities.clone())
    }

    /// A role by its ARN.
    pub fn role(&self, arn: &str) -> Option<&Role> {
        self.identities.role(arn)
    }
}
