//! Documents with what they are attached to: what compile and explain both read.

use std::sync::Arc;

use super::{Document, Kind, Statement};
use crate::value::{KeyTable, Layer, Profile, ResourcePattern, StatementId};

/// What documents are attached to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Every caller, every resource, every endpoint.
    Everyone,
    /// Members of a group.
    Group(String),
    /// Sessions of a role, by the role's ARN; the path counts only where the caller's is known.
    Role(String),
    /// An IAM user, by ARN.
    User(String),
    /// A token's bearer, by issuer and subject.
    Subject {
        /// Issuer.
        issuer: String,
        /// The issuer's name for the bearer.
        subject: String,
    },
    /// Callers (service control) or resources (resource control) of these accounts.
    Accounts(Vec<String>),
    /// Sessions that were begun with the session policy of this name.
    SessionPolicy(String),
    /// Resources that a pattern covers; of a bucket, its objects too.
    Resource(ResourcePattern),
    /// Calls through this VPC endpoint (`aws:SourceVpce`).
    Endpoint(String),
}

/// Documents in one layer and level, and what they are attached to. No documents is "present and empty": the layer is
/// in force there and allows nothing.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Which layer.
    pub layer: Layer,
    /// Organization level, root first (SEMANTICS F6, F7); 0 in other layers. At most 15.
    pub level: u8,
    /// To whom or what.
    pub target: Target,
    /// The documents.
    pub documents: Vec<Arc<Document>>,
}

/// Resources whose ARN does not name their account, and the account that owns them (SEMANTICS F8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Which resources.
    pub pattern: ResourcePattern,
    /// Whose.
    pub account: String,
}

/// Everything that decides: attachments, accounts, keys, under one profile.
#[derive(Clone, Debug)]
pub struct PolicySet {
    pub(crate) profile: Profile,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) home_account: String,
    pub(crate) management_account: Option<String>,
    pub(crate) own_services: Vec<String>,
    pub(crate) owned: Vec<Owned>,
    pub(crate) keys: Arc<KeyTable>,
}

/// A statement where it is attached. A document attached twice gives two of each.
#[derive(Clone, Copy, Debug)]
pub struct Attached<'a> {
    /// Its number in the set.
    pub id: StatementId,
    /// Number of the attachment.
    pub index: usize,
    /// To whom or what.
    pub attachment: &'a Attachment,
    /// The document.
    pub document: &'a Document,
    /// Its place in the document, from 0.
    pub position: usize,
    /// The statement.
    pub statement: &'a Statement,
}

/// Why documents do not make a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetError {
    /// A document was read under another profile than the first.
    MixedProfiles {
        /// Its source's name.
        document: String,
    },
    /// A document of a kind that the layer does not take.
    WrongLayer {
        /// Its source's name.
        document: String,
        /// Where it was attached.
        layer: Layer,
    },
    /// A target that the layer does not take, or a level above 15.
    WrongTarget {
        /// Where it was attached.
        layer: Layer,
    },
}

impl core::fmt::Display for SetError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::MixedProfiles { document } => {
                write!(f, "`{document}` was read under another profile than the rest; read all under one")
            }
            Self::WrongLayer { document, layer } => {
                write!(
                    f,
                    "`{document}` is not a document of the {} layer; read it as the right kind",
                    layer.name()
                )
            }
            Self::WrongTarget { layer } => {
                write!(f, "the {} layer cannot be attached to that target or level", layer.name())
            }
        }
    }
}

impl std::error::Error for SetError {}

impl PolicySet {
    /// Checks that layers, kinds, targets and profiles fit together.
    pub fn new(attachments: Vec<Attachment>) -> Result<Self, SetError> {
        let mut profile = None;
        for attachment in &attachments {
            let layer = attachment.layer;
            if attachment.level > 15 || !target_fits(layer, &attachment.target) {
                return Err(SetError::WrongTarget { layer });
            }
            for document in &attachment.documents {
                let name = || document.source.name.to_string();
                if *profile.get_or_insert(document.profile) != document.profile {
                    return Err(SetError::MixedProfiles { document: name() });
                }
                if document.kind.layer() != layer {
                    return Err(SetError::WrongLayer { document: name(), layer });
                }
            }
        }
        Ok(Self {
            profile: profile.unwrap_or_default(),
            attachments,
            home_account: "000000000000".to_owned(),
            management_account: None,
            own_services: Vec::new(),
            owned: Vec::new(),
            keys: Arc::default(),
        })
    }

    /// The same under a profile; for sets whose documents do not tell because there are none.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The same with the home account: principals without another, and own services, belong to it.
    #[must_use]
    pub fn home_account(mut self, account: &str) -> Self {
        account.clone_into(&mut self.home_account);
        self
    }

    /// The same with the organization's management account (SEMANTICS F2).
    #[must_use]
    pub fn management_account(mut self, account: &str) -> Self {
        self.management_account = Some(account.to_owned());
        self
    }

    /// The same with services of the deployment's own; their ARNs belong to the home account.
    #[must_use]
    pub fn own_services(mut self, services: Vec<String>) -> Self {
        self.own_services = services;
        self
    }

    /// The same with owners of resources whose ARN names no account.
    #[must_use]
    pub fn owned(mut self, owned: Vec<Owned>) -> Self {
        self.owned = owned;
        self
    }

    /// The same with declared keys.
    #[must_use]
    pub fn keys(mut self, keys: Arc<KeyTable>) -> Self {
        self.keys = keys;
        self
    }

    /// The declared keys.
    pub fn key_table(&self) -> &KeyTable {
        &self.keys
    }

    /// What is attached, in order.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    /// Every statement with where it comes from; the ids count in this order.
    pub fn statements(&self) -> impl Iterator<Item = Attached<'_>> {
        let each = self.attachments.iter().enumerate().flat_map(|(index, attachment)| {
            attachment.documents.iter().flat_map(move |document| {
                document.statements.iter().enumerate().map(move |(position, statement)| {
                    (index, attachment, document.as_ref(), position, statement)
                })
            })
        });
        (0..).zip(each).map(|(id, (index, attachment, document, position, statement))| Attached {
            id: StatementId(id),
            index,
            attachment,
            document,
            position,
            statement,
        })
    }
}

/// Shorthand: identity policies attached to everyone.
impl<'a, const N: usize> From<[&'a Document; N]> for PolicySet {
    fn from(documents: [&'a Document; N]) -> Self {
        documents.as_slice().into()
    }
}

impl<'a> From<&[&'a Document]> for PolicySet {
    fn from(documents: &[&'a Document]) -> Self {
        let strict = documents.iter().any(|document| document.profile == Profile::Strict);
        Self {
            profile: if strict { Profile::Strict } else { Profile::Aws },
            attachments: vec![Attachment {
                layer: Layer::Identity,
                level: 0,
                target: Target::Everyone,
                documents: documents.iter().map(|document| Arc::new((*document).clone())).collect(),
            }],
            home_account: "000000000000".to_owned(),
            management_account: None,
            own_services: Vec::new(),
            owned: Vec::new(),
            keys: Arc::default(),
        }
    }
}

impl From<&PolicySet> for PolicySet {
    fn from(set: &PolicySet) -> Self {
        set.clone()
    }
}

impl Kind {
    /// The layer whose documents are of this kind.
    pub fn layer(self) -> Layer {
        match self {
            Self::Identity | Self::Authorizer => Layer::Identity,
            Self::Boundary => Layer::Boundary,
            Self::Session => Layer::Session,
            Self::Resource | Self::Trust | Self::KmsKey | Self::Api => Layer::Resource,
            Self::ServiceControl => Layer::ServiceControl,
            Self::ResourceControl => Layer::ResourceControl,
            Self::Endpoint => Layer::Endpoint,
        }
    }
}

fn target_fits(layer: Layer, target: &Target) -> bool {
    match target {
        Target::Everyone => true,
        Target::Group(_) | Target::Role(_) | Target::User(_) | Target::Subject { .. } => {
            matches!(layer, Layer::Identity | Layer::Boundary | Layer::Session)
        }
        Target::Accounts(_) => matches!(layer, Layer::ServiceControl | Layer::ResourceControl),
        Target::SessionPolicy(_) => layer == Layer::Session,
        Target::Resource(_) => layer == Layer::Resource,
        Target::Endpoint(_) => layer == Layer::Endpoint,
    }
}
