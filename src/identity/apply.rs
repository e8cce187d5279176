//! The one pass that every mapping makes over the claims.

use super::claims::scalar;
use super::{
    ClaimFate, ClaimPath, ClaimReport, Claims, IssuerKind, KeyRule, Loss, MappedClaims, Mapping, Presence,
    Refusal, Refused, TagRule, cognito_user_pool, entra, guard, keycloak, okta, workload,
};
use crate::request::{Caller, ContextValue, Principal};
use crate::source::json::{Node, Value};
use crate::source::{Span, WORDS, said, words};
use crate::value::{Arity, Profile};

pub(super) fn apply(mapping: &Mapping, claims: &Claims) -> Result<MappedClaims, Refused> {
    let report = claims.members().iter().filter(|_| WORDS).map(|member| ClaimReport {
        claim: member.key.clone(),
        span: member.key_span,
        fates: Vec::new(),
    });
    let mut pass = Pass { mapping, claims, report: report.collect(), reasons: Vec::new() };
    let subject = pass.subject();
    pass.audience();
    match mapping.kind {
        IssuerKind::Cognito => cognito_user_pool::check(&mut pass),
        IssuerKind::Entra => entra::check(&mut pass),
        IssuerKind::Kubernetes => workload::check_kubernetes(&mut pass),
        IssuerKind::Keycloak => keycloak::check(&mut pass),
        IssuerKind::Okta => okta::check(&mut pass),
        _ => {}
    }
    let mut principal = Principal::new(Caller::Subject {
        account: mapping.account.clone(),
        issuer: subject.0.to_owned(),
        subject: subject.1.to_owned(),
    });
    pass.groups(&mut principal);
    pass.token_keys(&mut principal);
    mapping.tags.iter().for_each(|rule| pass.tag(rule, &mut principal));
    mapping.keys.iter().for_each(|rule| pass.key(rule, &mut principal));
    pass.nulls();
    if pass.reasons.is_empty() {
        Ok(MappedClaims { principal, report: pass.report })
    } else {
        Err(Refused { source: claims.source().clone(), reasons: pass.reasons })
    }
}

/// One token on its way through one mapping.
pub(super) struct Pass<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) claims: &'a Claims,
    report: Vec<ClaimReport>,
    reasons: Vec<Refusal>,
}

impl<'a> Pass<'a> {
    /// Refuses at a claim, or at the whole set where it is absent.
    pub(super) fn refuse(&mut self, code: &'static str, claim: &str, message: String, help: &str) {
        let span = self.claims.named(claim).map_or_else(|| self.whole(), |node| node.span);
        self.reasons.push(Refusal::new(code, span, message, help));
    }

    /// For the report, which is for people.
    pub(super) fn note(&mut self, claim: &str, fate: ClaimFate) {
        if !WORDS {
            return;
        }
        if let Some(entry) = self.report.iter_mut().find(|entry| entry.claim == claim) {
            entry.fates.push(fate);
        }
    }

    fn note_path(&mut self, path: &ClaimPath, fate: ClaimFate) {
        if let (true, Some(claim)) = (WORDS, path.segments().first()) {
            self.note(claim, fate);
        }
    }

    fn whole(&self) -> Span {
        Span::new(0, self.claims.source().text.len())
    }

    /// The first source that is present; later ones are reported as shadowed.
    fn first(&mut self, paths: &'a [ClaimPath], target: &str) -> Option<(&'a ClaimPath, &'a Node)> {
        let claims = self.claims;
        let mut found = None;
        for path in paths {
            match (claims.get(path), found) {
                (Some(node), None) => found = Some((path, node)),
                (Some(_), Some(_)) => {
                    let fate = ClaimFate::Dropped { target: target.to_owned(), why: Loss::Shadowed };
                    self.note_path(path, fate);
                }
                (None, _) => {}
            }
        }
        found
    }

    /// Issuer and subject together name a bearer (SEMANTICS G19).
    fn subject(&mut self) -> (&'a str, &'a str) {
        let (mapping, claims) = (self.mapping, self.claims);
        let issuer = claims.text("iss").unwrap_or_default();
        self.note("iss", ClaimFate::Checked);
        if issuer.is_empty() {
            let help = "map the payload of a token, which names its issuer in `iss`";
            self.refuse("E104", "iss", said("the claims name no issuer"), help);
        } else if !mapping.issuers.is_empty() && !mapping.issuers.iter().any(|known| known == issuer) {
            let known = || mapping.issuers.join("`, `");
            let help = words!("expected `{}`, letter for letter, final slash included", known());
            self.refuse("E104", "iss", words!("issuer `{issuer}` is not the one of this mapping"), &help);
        }
        let mut subject = "";
        if let Some((path, node)) = self.first(&mapping.subject, "subject") {
            match scalar(&node.value) {
                Some(text) if !text.is_empty() => {
                    subject = text;
                    self.note_path(path, ClaimFate::Subject);
                }
                _ => self.shape(path, node, "one text that is not empty"),
            }
        } else {
            let paths = || mapping.subject.iter().map(ToString::to_string).collect::<Vec<_>>();
            let help = "without a subject two bearers cannot be told apart";
            self.refuse("E105", "", words!("no subject at `{}`", paths().join("`, `")), help);
        }
        (issuer, subject)
    }

    fn audience(&mut self) {
        let (mapping, claims) = (self.mapping, self.claims);
        if mapping.audiences.is_empty() {
            return;
        }
        // A user pool's access tokens name their application elsewhere (SEMANTICS G2, G20).
        let access = mapping.kind == IssuerKind::Cognito && claims.text("token_use") == Some("access");
        let name = if access { "client_id" } else { "aud" };
        let given: Vec<&str> = match claims.named(name).map(|node| &node.value) {
            Some(Value::Array(items)) => items.iter().filter_map(|item| scalar(&item.value)).collect(),
            Some(value) => scalar(value).into_iter().collect(),
            None => Vec::new(),
        };
        self.note(name, ClaimFate::Checked);
        if !given.iter().any(|text| mapping.audiences.iter().any(|known| known == text)) {
            let message = if given.is_empty() {
                said("the claims name no audience")
            } else {
                words!("the token is for `{}`", given.join("`, `"))
            };
            let help = words!("expected one of `{}`", mapping.audiences.join("`, `"));
            self.refuse("E109", name, message, &help);
        }
    }

    fn groups(&mut self, principal: &mut Principal) {
        if self.mapping.kind == IssuerKind::Entra && entra::overage(self.claims) {
            principal.groups_known = false;
            principal.context.replace("token:groups", ContextValue::Unknown);
            for claim in ["_claim_names", "hasgroups"] {
                let fate = ClaimFate::Dropped { target: "token:groups".to_owned(), why: Loss::Overage };
                self.note(claim, fate);
            }
            return;
        }
        let Some((path, node)) = self.first(&self.mapping.groups, "token:groups") else { return };
        let Some(groups) = self.list(path, node) else { return };
        self.note_path(path, ClaimFate::Groups(groups.len()));
        self.note_path(path, ClaimFate::Key("token:groups".to_owned()));
        principal.groups.clone_from(&groups);
        principal.context.replace("token:groups", groups);
    }

    /// `token:tenant`, `token:scopes`, `token:amr`, `token:sub`, `token:iss`, `token:aud`.
    fn token_keys(&mut self, principal: &mut Principal) {
        let (mapping, claims) = (self.mapping, self.claims);
        if let Some(path) = &mapping.tenant
            && let Some(node) = claims.get(path)
        {
            self.single("token:tenant", path, node, principal);
        }
        if let Some((path, node)) = self.first(&mapping.scopes, "token:scopes") {
            let scopes = match &node.value {
                Value::String(text) => {
                    Some(text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
                }
                _ => self.list(path, node),
            };
            if let Some(scopes) = scopes {
                self.fill("token:scopes", path, scopes, principal);
            }
        }
        let amr = ClaimPath::of(["amr"]);
        if let Some(node) = claims.get(&amr)
            && let Some(methods) = self.list(&amr, node)
        {
            self.fill("token:amr", &amr, methods, principal);
        }
        for (key, name) in [("token:sub", "sub"), ("token:iss", "iss"), ("token:aud", "aud")] {
            let path = ClaimPath::of([name]);
            match claims.get(&path) {
                // `aud` is a string or a list by definition, and stays what it is.
                Some(node) if matches!(node.value, Value::Array(_)) && name == "aud" => {
                    if let Some(list) = self.list(&path, node) {
                        self.fill(key, &path, list, principal);
                    }
                }
                Some(node) => self.single(key, &path, node, principal),
                None => {}
            }
        }
    }

    fn tag(&mut self, rule: &TagRule, principal: &mut Principal) {
        let key = ["aws:PrincipalTag/", &rule.tag].concat();
        let Some(node) = self.claims.get(&rule.claim) else {
            if rule.required {
                let help = "the mapping requires it; have the issuer put it into the token";
                self.refuse("E105", "", words!("no claim `{}` for tag `{}`", rule.claim, rule.tag), help);
            }
            return;
        };
        if principal.context.contains(&crate::value::KeyName::new(&key)) {
            self.note_path(&rule.claim, ClaimFate::Dropped { target: key, why: Loss::Shadowed });
            return;
        }
        match scalar(&node.value) {
            Some(text) => {
                if self.fits(&rule.claim, node, text) {
                    self.note_path(&rule.claim, ClaimFate::Tag(rule.tag.clone()));
                    principal.context.replace(key, text.to_owned());
                }
            }
            None if self.mapping.profile == Profile::Strict || rule.required => {
                let message = words!("{} cannot be the tag `{}`", node.value.kind(), rule.tag);
                let help =
                    "a tag that is dropped could disable a Deny; map one value, or declare a multivalued key";
                self.reasons.push(Refusal::new("E111", node.span, message, help));
            }
            None => {
                self.note_path(&rule.claim, ClaimFate::Dropped { target: key, why: Loss::NotOneValue });
            }
        }
    }

    fn key(&mut self, rule: &KeyRule, principal: &mut Principal) {
        if guard::is_reserved(&rule.name) {
            let help = "choose a name of your own, such as `shop:plan`";
            self.refuse("E107", "", words!("a claim may not fill the reserved key `{}`", rule.name), help);
            return;
        }
        let name = crate::value::KeyName::new(&rule.name);
        match (self.claims.get(&rule.claim), &rule.presence) {
            (Some(_), _) if principal.context.contains(&name) => {
                let fate = ClaimFate::Dropped { target: rule.name.clone(), why: Loss::Shadowed };
                self.note_path(&rule.claim, fate);
            }
            (Some(node), _) if rule.arity == Arity::One => {
                self.single(&rule.name, &rule.claim, node, principal);
            }
            (Some(node), _) if matches!(node.value, Value::Array(_)) => {
                if let Some(list) = self.list(&rule.claim, node) {
                    self.fill(&rule.name, &rule.claim, list, principal);
                }
            }
            (Some(node), _) => self.shape(&rule.claim, node, "a list"),
            (None, Presence::Optional) => {}
            (None, Presence::Required) => {
                let help = "the mapping requires it; have the issuer put it into the token";
                self.refuse("E105", "", words!("no claim `{}` for key `{}`", rule.claim, rule.name), help);
            }
            (None, Presence::Default(values)) => {
                if principal.context.contains(&name) {
                    return;
                }
                match (rule.arity, values.as_slice()) {
                    (Arity::One, [value]) => principal.context.replace(rule.name.clone(), value.clone()),
                    (Arity::One, _) => {
                        let help = "give exactly one default for a single-valued key";
                        self.refuse("E106", "", words!("key `{}` has not one default", rule.name), help);
                    }
                    (Arity::Many, values) => principal.context.replace(rule.name.clone(), values.to_vec()),
                }
            }
        }
    }

    /// Claims that are `null` and that no rule could use.
    fn nulls(&mut self) {
        for (entry, member) in self.report.iter_mut().zip(self.claims.members()) {
            if member.value.value == Value::Null && !entry.fates.contains(&ClaimFate::Checked) {
                entry.fates.push(ClaimFate::Dropped { target: "anything".to_owned(), why: Loss::Null });
            }
        }
    }

    fn single(&mut self, key: &str, path: &ClaimPath, node: &Node, principal: &mut Principal) {
        match scalar(&node.value) {
            Some(text) => {
                if self.fits(path, node, text) {
                    self.note_path(path, ClaimFate::Key(key.to_owned()));
                    principal.context.replace(key.to_owned(), text.to_owned());
                }
            }
            None => self.shape(path, node, "one text, number or boolean"),
        }
    }

    fn fill(&mut self, key: &str, path: &ClaimPath, list: Vec<String>, principal: &mut Principal) {
        self.note_path(path, ClaimFate::Key(key.to_owned()));
        principal.context.replace(key.to_owned(), list);
    }

    /// A list of texts; one text is a list of one, and is never split (SEMANTICS G19).
    fn list(&mut self, path: &ClaimPath, node: &Node) -> Option<Vec<String>> {
        let items: Vec<&Value> = match &node.value {
            Value::Array(items) => items.iter().map(|item| &item.value).collect(),
            other => vec![other],
        };
        if items.len() > guard::MAX_LIST {
            let message = words!("claim `{path}` holds {} values", items.len());
            let help = words!("at most {} are read", guard::MAX_LIST);
            self.reasons.push(Refusal::new("E102", node.span, message, help));
            return None;
        }
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            let Some(text) = scalar(item) else {
                self.shape(path, node, "a list of texts");
                return None;
            };
            if !self.fits(path, node, text) {
                return None;
            }
            texts.push(text.to_owned());
        }
        Some(texts)
    }

    fn fits(&mut self, path: &ClaimPath, node: &Node, text: &str) -> bool {
        let fits = text.len() <= guard::MAX_VALUE;
        if !fits {
            let message = words!("a value of claim `{path}` has {} bytes", text.len());
            let help = words!("at most {} are read", guard::MAX_VALUE);
            self.reasons.push(Refusal::new("E102", node.span, message, help));
        }
        fits
    }

    fn shape(&mut self, path: &ClaimPath, node: &Node, wanted: &str) {
        let message = words!("claim `{path}` is {}, not {wanted}", node.value.kind());
        let help = "change the claim at the issuer, or map another one";
        self.reasons.push(Refusal::new("E106", node.span, message, help));
    }
}
