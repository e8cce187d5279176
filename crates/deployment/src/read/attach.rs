//! What is attached to what.

use std::sync::Arc;

use bailiwick::Profile;
use bailiwick::ast::{Attachment, Document, Kind, Options, Owned, Target, parse};
use bailiwick::identity::cognito_identity_pool::{UNAUTHENTICATED_POLICY, UNAUTHENTICATED_POLICY_TEXT};
use bailiwick::identity::{Issuer, Role};
use bailiwick::source::Source;
use bailiwick::value::{KeyTable, Layer};

use super::arn;
use super::table::{Table, Text, suggestion};
use crate::files::{Files, MANIFEST};
use crate::folder::{Group, Policy, User};
use crate::problems::Problems;

/// Collects attachments; each file is read once for each kind that it is used as.
pub(super) struct Attacher<'f> {
    files: &'f Files,
    profile: Profile,
    keys: Arc<KeyTable>,
    attachments: Vec<Attachment>,
    policies: Vec<Policy>,
    /// Files that were refused, so that they are reported once for each kind.
    refused: Vec<(String, Kind)>,
}

impl<'f> Attacher<'f> {
    pub(super) fn new(files: &'f Files, profile: Profile, keys: Arc<KeyTable>) -> Self {
        Self { files, profile, keys, attachments: Vec::new(), policies: Vec::new(), refused: Vec::new() }
    }

    pub(super) fn finish(self) -> (Vec<Attachment>, Vec<Policy>) {
        (self.attachments, self.policies)
    }

    /// Attaches the files that a member names; nothing where the member is absent, an empty layer where its list is.
    pub(super) fn attach(
        &mut self,
        problems: &mut Problems,
        table: &mut Table<'_>,
        member: &'static str,
        kind: Kind,
        place: (Layer, u8, &Target),
    ) {
        let Some(documents) = self.read_files(problems, table, member, kind) else { return };
        let (layer, level, target) = place;
        self.attachments.push(Attachment { layer, level, target: target.clone(), documents });
    }

    /// The documents of the files that a member names; nothing where the member is absent.
    pub(super) fn read_files(
        &mut self,
        problems: &mut Problems,
        table: &mut Table<'_>,
        member: &'static str,
        kind: Kind,
    ) -> Option<Vec<Arc<Document>>> {
        let files = table.strings(problems, member)?;
        Some(self.documents(problems, &files, kind))
    }

    /// Attaches documents that have been read.
    pub(super) fn put(&mut self, layer: Layer, target: Target, documents: Vec<Arc<Document>>) {
        self.attachments.push(Attachment { layer, level: 0, target, documents });
    }

    fn documents(&mut self, problems: &mut Problems, patterns: &[Text], kind: Kind) -> Vec<Arc<Document>> {
        let files = self.files;
        let mut documents = Vec::new();
        for pattern in patterns {
            let names = files.choose(&pattern.value);
            if names.is_empty() {
                let message = format!("there is no file `{}`", pattern.value);
                let all = files.names().filter(|name| !name.ends_with(MANIFEST));
                let help = match bailiwick::source::nearest(&pattern.value, all) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a JSON file by its path within the folder, or several with `*`".to_owned(),
                };
                problems.add("E154", pattern.span, message, help);
            }
            documents.extend(names.into_iter().filter_map(|name| self.document(problems, name, kind)));
        }
        documents
    }

    fn document(&mut self, problems: &mut Problems, name: &str, kind: Kind) -> Option<Arc<Document>> {
        let known = self.policies.iter().find(|it| it.file == name && it.document.kind == kind);
        if let Some(known) = known {
            return Some(Arc::clone(&known.document));
        }
        if self.refused.iter().any(|(file, of)| file == name && *of == kind) {
            return None;
        }
        let source = Source::new(&self.files.label(name), self.files.get(name).unwrap_or_default());
        self.parse(problems, name, source, kind)
    }

    fn parse(
        &mut self,
        problems: &mut Problems,
        name: &str,
        source: Source,
        kind: Kind,
    ) -> Option<Arc<Document>> {
        let options =
            Options { kind, profile: self.profile, keys: Arc::clone(&self.keys), ..Options::default() };
        match parse(source, &options) {
            Ok(document) => {
                let document = Arc::new(document);
                self.policies.push(Policy { file: name.to_owned(), document: Arc::clone(&document) });
                Some(document)
            }
            Err(diagnostics) => {
                self.refused.push((name.to_owned(), kind));
                problems.document(diagnostics);
                None
            }
        }
    }

    /// `[[role]]`: policies, boundary, trust policy and tags.
    pub(super) fn roles(&mut self, root: &mut Table<'_>, problems: &mut Problems) -> Vec<Role> {
        let mut roles: Vec<Role> = Vec::new();
        for mut table in root.tables(problems, "role", "a role") {
            let name = table.required(problems, "arn");
            let target = Target::Role(name.as_ref().map(|name| name.value.clone()).unwrap_or_default());
            self.identity(problems, &mut table, &target);
            let trust = name.as_ref().and_then(|name| {
                arn::iam(problems, name, "role").then(|| arn::pattern(problems, name)).flatten()
            });
            let trust = Target::Resource(trust.unwrap_or(bailiwick::value::ResourcePattern::Any));
            self.attach(problems, &mut table, "trust", Kind::Trust, (Layer::Resource, 0, &trust));
            let tags = tags(problems, &mut table);
            let service_linked = table.flag(problems, "service_linked");
            if let Some(name) = name {
                if roles.iter().any(|role| role.arn == name.value) {
                    twice(problems, "role", &name);
                }
                roles.push(Role { arn: name.value, tags, service_linked });
            }
            table.finish(problems);
        }
        roles
    }

    /// `[[group]]`.
    pub(super) fn groups(&mut self, root: &mut Table<'_>, problems: &mut Problems) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for mut table in root.tables(problems, "group", "a group") {
            let name = table.required(problems, "name");
            let target = Target::Group(name.as_ref().map(|name| name.value.clone()).unwrap_or_default());
            self.identity(problems, &mut table, &target);
            if let Some(name) = name {
                if groups.iter().any(|group| group.name == name.value) {
                    twice(problems, "group", &name);
                }
                groups.push(Group { name: name.value });
            }
            table.finish(problems);
        }
        groups
    }

    /// `[[user]]`: IAM users.
    pub(super) fn users(&mut self, root: &mut Table<'_>, problems: &mut Problems) -> Vec<User> {
        let mut users: Vec<User> = Vec::new();
        for mut table in root.tables(problems, "user", "a user") {
            let name = table.required(problems, "arn");
            let target = Target::User(name.as_ref().map(|name| name.value.clone()).unwrap_or_default());
            self.identity(problems, &mut table, &target);
            let tags = tags(problems, &mut table);
            let groups = table.strings(problems, "groups").unwrap_or_default();
            if let Some(name) = name {
                arn::iam(problems, &name, "user");
                if users.iter().any(|user| user.arn == name.value) {
                    twice(problems, "user", &name);
                }
                let groups = groups.into_iter().map(|group| group.value).collect();
                users.push(User { arn: name.value, tags, groups });
            }
            table.finish(problems);
        }
        users
    }

    /// `[[subject]]`: single bearers of tokens.
    pub(super) fn subjects(&mut self, root: &mut Table<'_>, problems: &mut Problems, issuers: &[Issuer]) {
        for mut table in root.tables(problems, "subject", "a subject") {
            let issuer = table.required(problems, "issuer");
            let subject = table.required(problems, "subject");
            let known = issuer.and_then(|name| find_issuer(problems, issuers, &name));
            let texts = known.map(|issuer| issuer.mapping.issuers.clone()).unwrap_or_default();
            let subject = subject.map(|text| text.value).unwrap_or_default();
            let targets =
                texts.into_iter().map(|issuer| Target::Subject { issuer, subject: subject.clone() });
            let targets: Vec<Target> = targets.collect();
            // An issuer may sign under more than one name; the bearer is the same.
            match targets.split_first() {
                Some((first, rest)) => {
                    let from = self.attachments.len();
                    self.identity(problems, &mut table, first);
                    let more: Vec<Attachment> = self.attachments.get(from..).unwrap_or_default().to_vec();
                    for target in rest {
                        let copies = more.iter().cloned();
                        self.attachments.extend(copies.map(|it| Attachment { target: target.clone(), ..it }));
                    }
                }
                None => self.identity(problems, &mut table, &Target::Everyone),
            }
            table.finish(problems);
        }
    }

    /// `[everyone]`: what each caller of the home account has.
    pub(super) fn everyone(&mut self, root: &mut Table<'_>, problems: &mut Problems) {
        if let Some(mut table) = root.table(problems, "everyone", "`everyone`") {
            self.identity(problems, &mut table, &Target::Everyone);
            table.finish(problems);
        }
    }

    /// `[[resource]]`: resource policies by pattern.
    pub(super) fn resources(&mut self, root: &mut Table<'_>, problems: &mut Problems) {
        let kinds =
            [("resource", Kind::Resource), ("kms", Kind::KmsKey), ("api", Kind::Api), ("trust", Kind::Trust)];
        for mut table in root.tables(problems, "resource", "a resource") {
            let kind = table.choice(problems, "kind", &kinds).unwrap_or(Kind::Resource);
            let pattern = table.required(problems, "pattern");
            let pattern = pattern.and_then(|pattern| arn::pattern(problems, &pattern));
            let target = Target::Resource(pattern.unwrap_or(bailiwick::value::ResourcePattern::Any));
            self.needed(problems, &mut table, kind, (Layer::Resource, 0, &target));
            table.finish(problems);
        }
    }

    /// `[[endpoint]]`: VPC endpoint policies.
    pub(super) fn endpoints(&mut self, root: &mut Table<'_>, problems: &mut Problems) {
        for mut table in root.tables(problems, "endpoint", "an endpoint") {
            let id = table.required(problems, "id").map(|id| id.value).unwrap_or_default();
            let target = Target::Endpoint(id);
            self.needed(problems, &mut table, Kind::Endpoint, (Layer::Endpoint, 0, &target));
            table.finish(problems);
        }
    }

    /// `[[session_policy]]`: policies that sessions are begun with, by name.
    pub(super) fn session_policies(&mut self, root: &mut Table<'_>, problems: &mut Problems) {
        for mut table in root.tables(problems, "session_policy", "a session policy") {
            let name = table.required(problems, "name").map(|name| name.value).unwrap_or_default();
            let target = Target::SessionPolicy(name);
            self.needed(problems, &mut table, Kind::Session, (Layer::Session, 0, &target));
            table.finish(problems);
        }
    }

    /// The scope-down of unauthenticated identities (SEMANTICS G10).
    pub(super) fn guests(&mut self, problems: &mut Problems) {
        let source = Source::new(UNAUTHENTICATED_POLICY, UNAUTHENTICATED_POLICY_TEXT);
        let document = self.parse(problems, UNAUTHENTICATED_POLICY, source, Kind::Session);
        self.attachments.push(Attachment {
            layer: Layer::Session,
            level: 0,
            target: Target::SessionPolicy(UNAUTHENTICATED_POLICY.to_owned()),
            documents: document.into_iter().collect(),
        });
    }

    fn identity(&mut self, problems: &mut Problems, table: &mut Table<'_>, target: &Target) {
        self.attach(problems, table, "policies", Kind::Identity, (Layer::Identity, 0, target));
        self.attach(problems, table, "boundary", Kind::Boundary, (Layer::Boundary, 0, target));
    }

    fn needed(
        &mut self,
        problems: &mut Problems,
        table: &mut Table<'_>,
        kind: Kind,
        place: (Layer, u8, &Target),
    ) {
        if !table.has("policies") {
            problems.add(
                "E152",
                table.span,
                "no `policies` here",
                "name its files: `policies = [\"....json\"]`",
            );
        }
        self.attach(problems, table, "policies", kind, place);
    }
}

/// `[[owned]]`: who owns resources whose ARN does not say.
pub(super) fn owned(root: &mut Table<'_>, problems: &mut Problems) -> Vec<Owned> {
    let mut found = Vec::new();
    for mut table in root.tables(problems, "owned", "owned resources") {
        let pattern = table.required(problems, "pattern");
        let account = table.required(problems, "account");
        let pattern = pattern.and_then(|pattern| arn::pattern(problems, &pattern));
        if let (Some(pattern), Some(account)) = (pattern, super::account(problems, account)) {
            found.push(Owned { pattern, account });
        }
        table.finish(problems);
    }
    found
}

/// The issuer that a name in the folder means.
pub(super) fn find_issuer<'i>(
    problems: &mut Problems,
    issuers: &'i [Issuer],
    name: &Text,
) -> Option<&'i Issuer> {
    let found = issuers.iter().find(|issuer| issuer.name == name.value);
    if found.is_none() {
        let known: Vec<&str> = issuers.iter().map(|issuer| issuer.name.as_str()).collect();
        let message = format!("there is no issuer `{}`", name.value);
        let help = if known.is_empty() {
            "describe it: `[[issuer]]`".to_owned()
        } else {
            suggestion(&name.value, &known)
        };
        problems.add("E156", name.span, message, help);
    }
    found
}

fn tags(problems: &mut Problems, table: &mut Table<'_>) -> Vec<(String, String)> {
    let pairs = table.pairs(problems, "tags");
    pairs.into_iter().map(|(key, value)| (key.value, value.value)).collect()
}

pub(super) fn twice(problems: &mut Problems, what: &str, name: &Text) {
    let message = format!("{what} `{}` is described twice", name.value);
    problems.add("E157", name.span, message, "keep one, with all that belongs to it");
}
