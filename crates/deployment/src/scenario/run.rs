//! A case, run: twice, by the tree and by the plain evaluator, which must agree.

use std::sync::Arc;

use bailiwick::ast::{Attachment, Kind, Options, PolicySet, Target, parse};
use bailiwick::source::{Code, Diagnostic, Diagnostics, Source, Span};
use bailiwick::value::{KeyTable, Layer};
use bailiwick::{Explanation, Principal, Request};

use super::{Got, Scenario};
use crate::question::question;

/// What came of a case.
#[derive(Debug)]
pub struct Outcome {
    /// The answer.
    pub got: Got,
    /// Whether it is the expected one, and both evaluators agree.
    pub ok: bool,
    /// Why; none where a document was refused.
    pub explanation: Option<Explanation>,
    /// Documents that were refused, and what is wrong with the request.
    pub refused: Vec<Diagnostics>,
    /// What the tree says where it is not what the plain evaluator says: a fault of this program.
    pub disagreement: Option<String>,
}

impl Scenario {
    /// Runs the case.
    pub fn run(&self) -> Outcome {
        let (set, refused) = self.set();
        if !refused.is_empty() {
            return self.refused(refused);
        }
        let set = match set {
            Ok(set) => set,
            Err(message) => return self.refused(vec![self.about(message)]),
        };
        let keys = KeyTable::default();
        let (principal, request) = match self.question(&keys) {
            Ok(question) => question,
            Err(message) => return self.refused(vec![self.about(message)]),
        };
        let explanation = bailiwick::explain(&set, &principal, &request);
        let decision = bailiwick::compile(&set).decide(&principal, &request);
        let spoken = explanation.decision;
        let disagreement = ((spoken.verdict, spoken.layer, spoken.level)
            != (decision.verdict, decision.layer, decision.level))
            .then(|| format!("the tree says {decision:?}, the explainer {spoken:?}"));
        let got = Got::from(decision);
        let ok = self.expect.is_met_by(got) && disagreement.is_none();
        Outcome { got, ok, explanation: Some(explanation), refused: Vec::new(), disagreement }
    }

    /// What the case asks of which policies; none if a document or the request is refused.
    pub fn asked(&self) -> Option<(PolicySet, Principal, Request<'static>)> {
        let (set, refused) = self.set();
        let (principal, request) = self.question(&KeyTable::default()).ok()?;
        refused.is_empty().then_some((set.ok()?, principal, request))
    }

    /// The principal and the request, with the context split by who owns each key.
    fn question(&self, keys: &KeyTable) -> Result<(Principal, Request<'static>), String> {
        let spec = &self.request;
        let home = spec.resource_account.as_deref().unwrap_or("000000000000");
        let principal = spec.principal.principal(home);
        let mut principal = principal.ok_or_else(|| format!("`{}` is no principal", spec.principal.name))?;
        let account = spec.resource_account.as_deref();
        let request = question(&mut principal, &spec.action, &spec.resource, account, &spec.context, keys);
        let request = request.map_err(|error| error.to_string())?;
        Ok((principal, request))
    }

    /// The set, and every document that was refused.
    fn set(&self) -> (Result<PolicySet, String>, Vec<Diagnostics>) {
        let policies = &self.policies;
        let (mut attachments, mut refused) = (Vec::new(), Vec::new());
        let keys: Arc<KeyTable> = Arc::default();
        let mut attach = |layer: Layer, level: usize, kind: Kind, texts: &[Source]| {
            let mut documents = Vec::new();
            for text in texts {
                let options =
                    Options { kind, profile: self.profile, keys: Arc::clone(&keys), ..Options::default() };
                match parse(text.clone(), &options) {
                    Ok(document) => documents.push(Arc::new(document)),
                    Err(diagnostics) => refused.push(diagnostics),
                }
            }
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            attachments.push(Attachment { layer, level, target: Target::Everyone, documents });
        };
        let layers = [
            (Layer::Identity, Kind::Identity, &policies.identity),
            (Layer::Resource, self.resource_kind(), &policies.resource),
            (Layer::Boundary, Kind::Boundary, &policies.boundary),
            (Layer::Session, Kind::Session, &policies.session),
            (Layer::Endpoint, Kind::Endpoint, &policies.endpoint),
        ];
        for (layer, kind, texts) in layers {
            if let Some(texts) = texts {
                attach(layer, 0, kind, texts);
            }
        }
        let controls = [
            (Layer::ServiceControl, Kind::ServiceControl, &policies.scp),
            (Layer::ResourceControl, Kind::ResourceControl, &policies.rcp),
        ];
        for (layer, kind, levels) in controls {
            for (level, texts) in levels.iter().flatten().enumerate() {
                attach(layer, level, kind, texts);
            }
        }
        let set = PolicySet::new(attachments).map_err(|error| error.to_string());
        let set = set.map(|set| match &self.request.management_account {
            Some(account) => set.profile(self.profile).management_account(account),
            None => set.profile(self.profile),
        });
        (set, refused)
    }

    /// What the resource's policy is, by what is asked.
    fn resource_kind(&self) -> Kind {
        let (service, _) = self.request.action.split_once(':').unwrap_or_default();
        let is_role = self.request.resource.contains(":iam:") && self.request.resource.contains(":role/");
        match service.to_ascii_lowercase().as_str() {
            "sts" if is_role => Kind::Trust,
            "kms" => Kind::KmsKey,
            "execute-api" => Kind::Api,
            _ => Kind::Resource,
        }
    }

    fn refused(&self, refused: Vec<Diagnostics>) -> Outcome {
        let got = Got::Error;
        Outcome { got, ok: self.expect.is_met_by(got), explanation: None, refused, disagreement: None }
    }

    fn about(&self, message: String) -> Diagnostics {
        let diagnostic = Diagnostic::error(Code("E162"), Span::default(), message).help("mend the case");
        Diagnostics { source: Source::new(&self.id, ""), list: vec![diagnostic] }
    }
}
