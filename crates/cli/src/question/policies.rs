//! The policies: files, one flag a layer.

use std::sync::Arc;

use bailiwick::ast::{Attachment, Document, Kind, Options, PolicySet, Target};
use bailiwick::value::Layer;
use bailiwick::{Diagnostics, Profile};
use clap::Args;

use crate::failure::Failure;
use crate::input;

/// Which policies, without a deployment.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Policies")]
pub(crate) struct PolicyArgs {
    /// Identity policy of the principal: a file, a directory or a glob
    #[arg(short, long, value_name = "FILE")]
    pub(crate) policy: Vec<String>,
    /// Policy of the resource
    #[arg(long, value_name = "FILE")]
    pub(crate) resource_policy: Vec<String>,
    /// Trust policy of the role that is the resource
    #[arg(long, value_name = "FILE")]
    pub(crate) trust_policy: Vec<String>,
    /// Key policy of the KMS key that is the resource
    #[arg(long, value_name = "FILE")]
    pub(crate) key_policy: Vec<String>,
    /// Permissions boundary of the principal
    #[arg(long, value_name = "FILE")]
    pub(crate) boundary: Vec<String>,
    /// Session policy
    #[arg(long, value_name = "FILE")]
    pub(crate) session_policy: Vec<String>,
    /// Service control policies; each use is one level, root first, files of a level parted by commas
    #[arg(long, value_name = "FILES")]
    pub(crate) scp: Vec<String>,
    /// Resource control policies, likewise
    #[arg(long, value_name = "FILES")]
    pub(crate) rcp: Vec<String>,
    /// VPC endpoint policy
    #[arg(long, value_name = "FILE")]
    pub(crate) endpoint_policy: Vec<String>,
}

impl PolicyArgs {
    /// Whether any is given.
    pub(crate) fn is_given(&self) -> bool {
        self.lists().iter().any(|(list, ..)| !list.is_empty()) || !self.scp.is_empty() || !self.rcp.is_empty()
    }

    fn lists(&self) -> [(&[String], Kind, Layer); 7] {
        [
            (&self.policy, Kind::Identity, Layer::Identity),
            (&self.resource_policy, Kind::Resource, Layer::Resource),
            (&self.trust_policy, Kind::Trust, Layer::Resource),
            (&self.key_policy, Kind::KmsKey, Layer::Resource),
            (&self.boundary, Kind::Boundary, Layer::Boundary),
            (&self.session_policy, Kind::Session, Layer::Session),
            (&self.endpoint_policy, Kind::Endpoint, Layer::Endpoint),
        ]
    }

    /// Reads all of them. Every document that is refused is reported, not only the first.
    pub(crate) fn read(&self, profile: Profile) -> Result<PolicySet, Failure> {
        let mut refused = Vec::new();
        let mut attachments = Vec::new();
        let mut attach = |layer, level, documents| {
            attachments.push(Attachment { layer, level, target: Target::Everyone, documents });
        };
        for (list, kind, layer) in self.lists() {
            if !list.is_empty() {
                attach(layer, 0, documents(list, kind, profile, &mut refused)?);
            }
        }
        for (levels, kind, layer) in [
            (&self.scp, Kind::ServiceControl, Layer::ServiceControl),
            (&self.rcp, Kind::ResourceControl, Layer::ResourceControl),
        ] {
            for (level, files) in (0..).zip(levels) {
                let files: Vec<String> = files.split(',').map(str::to_owned).collect();
                attach(layer, level, documents(&files, kind, profile, &mut refused)?);
            }
        }
        if !refused.is_empty() {
            return Err(Failure::Refused(refused));
        }
        let set = PolicySet::new(attachments).map_err(|error| {
            let text = error.to_string();
            let (message, help) =
                text.split_once("; ").unwrap_or((&text, "see `bailiwick explain-code E260`"));
            Failure::refused("policies", "E260", message.to_owned(), help)
        })?;
        Ok(set.profile(profile))
    }
}

fn documents(
    files: &[String],
    kind: Kind,
    profile: Profile,
    refused: &mut Vec<Diagnostics>,
) -> Result<Vec<Arc<Document>>, Failure> {
    let options = Options { kind, profile, ..Options::default() };
    let mut documents = Vec::new();
    for path in input::expand(files, &["json"])? {
        match bailiwick::parse_with(input::read(&path)?, &options) {
            Ok(document) => documents.push(Arc::new(document)),
            Err(diagnostics) => refused.push(diagnostics),
        }
    }
    Ok(documents)
}
