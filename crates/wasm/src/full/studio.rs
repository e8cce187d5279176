//! Folders that are open, and what is known of services.

use bailiwick::source::json::Node;
use bailiwick::value::Catalogue;
use bailiwick::{CheckOptions, check};
use bailiwick_deployment::{Deployment, Files};

use super::findings::{self, Finding};
use super::json::Json;
use super::question::{self, Asker, Nobody};
use super::{can, explanation, identity, tree};
use crate::evaluator::Failure;

/// Everything that lives between calls of the full build.
#[derive(Debug, Default)]
pub(super) struct Studio {
    catalogue: Catalogue,
    has_catalogue: bool,
    /// By handle, which is the position plus one.
    folders: Vec<Option<Folder>>,
}

#[derive(Debug)]
struct Folder {
    deployment: Deployment,
    /// The studio's catalogue and the folder's own services.
    catalogue: Catalogue,
}

impl Studio {
    pub(super) fn load_catalogue(&mut self, text: &str) -> Result<u32, Failure> {
        self.catalogue = bailiwick_catalog::decode(text).map_err(|error| {
            Failure::new("E280", &[&error.to_string()], "load the `catalog.txt` of this package's version")
        })?;
        self.has_catalogue = true;
        Ok(u32::try_from(self.catalogue.services().len()).unwrap_or(u32::MAX))
    }

    /// The findings of all files, and the folder's outline with its handle unless a file is refused.
    pub(super) fn open(&mut self, text: &str) -> Result<String, Failure> {
        let node = question::read(text)?;
        let members = node.as_object().ok_or_else(|| question::refused("files are an object of texts"))?;
        let mut texts = Vec::new();
        for member in members {
            let text =
                member.value.as_str().ok_or_else(|| question::refused("files are an object of texts"))?;
            texts.push((member.key.as_str(), text));
        }
        let files = Files::new(texts);
        let mut json = Json::default();
        match Deployment::new(&files) {
            Ok(deployment) => {
                let catalogue = self.catalogue.with(deployment.services.iter().cloned());
                let folder = Folder { deployment, catalogue };
                let found = folder.lints(&files, self.has_catalogue);
                json.object(|json| {
                    findings::write(json, &files, &found);
                    folder.outline(json);
                    json.name("handle").number(self.keep(folder));
                });
            }
            Err(error) => {
                let found = findings::of(error.problems);
                json.object(|json| {
                    findings::write(json, &files, &found);
                    json.name("handle").null();
                });
            }
        }
        Ok(json.finish())
    }

    fn keep(&mut self, folder: Folder) -> usize {
        let free = self.folders.iter().position(Option::is_none).unwrap_or(self.folders.len());
        match self.folders.get_mut(free) {
            Some(place) => *place = Some(folder),
            None => self.folders.push(Some(folder)),
        }
        free + 1
    }

    pub(super) fn free(&mut self, handle: u32) {
        if let Some(place) = self.folders.get_mut((handle as usize).wrapping_sub(1)) {
            *place = None;
        }
    }

    fn folder(&self, handle: u32) -> Result<&Folder, Failure> {
        let place = self.folders.get((handle as usize).wrapping_sub(1));
        place.and_then(Option::as_ref).ok_or_else(|| {
            let help = "make a new one; what is freed cannot be used";
            Failure::new("E264", &["the deployment is not there any more"], help)
        })
    }

    pub(super) fn deployment(&self, handle: u32) -> Result<&Deployment, Failure> {
        Ok(&self.folder(handle)?.deployment)
    }

    pub(super) fn who(&self, handle: u32, text: &str) -> Result<String, Failure> {
        let deployment = self.deployment(handle)?;
        let node = question::read(text)?;
        let claims = question::text(&node, "claims")?.unwrap_or_default();
        match question::who(deployment, &node) {
            Ok(asker) => Ok(identity::accepted(deployment, &asker, claims)),
            Err(Nobody::Refused(refused)) => Ok(identity::refused(&refused)),
            Err(Nobody::Failed(failure)) => Err(failure),
        }
    }

    pub(super) fn explain(&self, handle: u32, text: &str) -> Result<String, Failure> {
        let deployment = self.deployment(handle)?;
        let node = question::read(text)?;
        let asker = asker(deployment, &node)?;
        let request = question::request(member(&node, "request")?)?;
        let explained = bailiwick::explain(deployment.set.clone(), &asker.principal, &request);
        Ok(explanation::write(&explained))
    }

    pub(super) fn can(&self, handle: u32, text: &str) -> Result<String, Failure> {
        let folder = self.folder(handle)?;
        let set = &folder.deployment.set;
        let node = question::read(text)?;
        let asker = asker(&folder.deployment, &node)?;
        let narrow = match node.get("narrow") {
            Some(node) => question::narrow(set, node)?,
            None => bailiwick::explore::Narrow::default(),
        };
        let found = bailiwick::explore::can(set, &asker.principal, &folder.catalogue, &narrow);
        Ok(can::write(&found))
    }

    pub(super) fn tree(&self, handle: u32, text: &str) -> Result<String, Failure> {
        let deployment = self.deployment(handle)?;
        let node = question::read(text)?;
        let compiled = deployment.tree();
        let way = match (node.get("who"), node.get("request")) {
            (Some(_), Some(request)) => {
                let asker = asker(deployment, &node)?;
                Some(compiled.way(&asker.principal, &question::request(request)?))
            }
            _ => None,
        };
        let most = node.get("most").and_then(Node::as_number).and_then(|text| text.parse().ok());
        Ok(tree::write(&compiled, way.as_ref(), most.unwrap_or(bailiwick_drawing::MOST_BOXES)))
    }
}

impl Folder {
    /// As `bailiwick check` has them.
    fn lints(&self, files: &Files, has_catalogue: bool) -> Vec<Finding> {
        let deployment = &self.deployment;
        let options = CheckOptions {
            catalogue: has_catalogue.then_some(&self.catalogue),
            keys: std::sync::Arc::clone(&deployment.keys),
            writable: Vec::new(),
        };
        let mut found: Vec<Finding> = Vec::new();
        // What an identity pool attaches of itself is nobody's to mend.
        for policy in deployment.policies.iter().filter(|policy| files.get(&policy.file).is_some()) {
            for diagnostic in check(&policy.document, &options) {
                let finding = Finding { file: policy.file.clone(), diagnostic };
                // A file that is used as two kinds says most things twice.
                if !found.contains(&finding) {
                    found.push(finding);
                }
            }
        }
        found
    }

    fn outline(&self, json: &mut Json) {
        let deployment = &self.deployment;
        json.name("profile").text(deployment.profile.name());
        json.name("account").text(&deployment.account);
        json.name("policies").list(&deployment.policies, |json, policy| {
            json.object(|json| {
                json.name("file").text(&policy.file);
                json.name("kind").text(policy.document.kind.name());
                json.name("statements").number(policy.document.statements.len());
            });
        });
        let identities = &deployment.identities;
        json.name("issuers").list(&identities.issuers, |json, issuer| {
            json.object(|json| {
                json.name("name").text(&issuer.name);
                json.name("issuers").texts(&issuer.mapping.issuers);
            });
        });
        json.name("guests").flag(identities.pools.iter().any(|pool| pool.unauthenticated_role.is_some()));
        json.name("roles").texts(identities.roles.iter().map(|role| &role.arn));
        json.name("groups").texts(deployment.groups.iter().map(|group| &group.name));
        json.name("users").texts(deployment.users.iter().map(|user| &user.arn));
        json.name("services").texts(deployment.services.iter().map(bailiwick::value::Service::prefix));
    }
}

fn asker(deployment: &Deployment, node: &Node) -> Result<Asker, Failure> {
    question::who(deployment, member(node, "who")?).map_err(|nobody| match nobody {
        Nobody::Failed(failure) => failure,
        Nobody::Refused(refused) => refused.diagnostics.into(),
    })
}

fn member<'n>(node: &'n Node, name: &str) -> Result<&'n Node, Failure> {
    node.get(name).ok_or_else(|| question::refused(&["the question has no `", name, "`"].concat()))
}
