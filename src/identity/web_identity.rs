//! Issuers that roles trust directly, without a pool: what trust policies call them, and the keys that their tokens fill
//! (SEMANTICS G11, F13).

use super::claims::scalar;
use super::{Claims, Refusal};
use crate::request::ContextValue;
use crate::source::json::{Node, Value};
use crate::source::{Span, said, words};
use crate::value::{Arity, KeyTable, Owner};

/// Client ids of one provider, at most (SEMANTICS G11, I).
pub const MAX_CLIENT_IDS: usize = 100;

/// A provider that IAM knows without being told.
struct BuiltIn {
    /// The bare issuer.
    issuer: &'static str,
    /// What policies call it.
    name: &'static str,
    keys: &'static [(&'static str, Claim)],
}

const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        issuer: "accounts.google.com",
        name: "accounts.google.com",
        keys: &[("aud", Claim::Audience), ("oaud", Claim::Stated), ("sub", Claim::Named("sub"))],
    },
    BuiltIn {
        issuer: "www.amazon.com",
        name: "www.amazon.com",
        keys: &[
            ("app_id", Claim::Audience),
            ("sub", Claim::Named("sub")),
            ("user_id", Claim::Named("user_id")),
        ],
    },
    BuiltIn {
        issuer: "www.facebook.com",
        name: "graph.facebook.com",
        keys: &[("app_id", Claim::Audience), ("id", Claim::Named("sub"))],
    },
];

/// Any other provider.
const OIDC: &[(&str, Claim)] = &[
    ("aud", Claim::Audience),
    ("oaud", Claim::Stated),
    ("sub", Claim::Named("sub")),
    ("email", Claim::Named("email")),
    ("amr", Claim::List("amr")),
];

/// Where the value of a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claim {
    /// `azp` if the token has it, else `aud`: who the token was given to.
    Audience,
    /// `aud` as it stands.
    Stated,
    /// One value.
    Named(&'static str),
    /// Several.
    List(&'static str),
}

/// An issuer whose tokens `sts:AssumeRoleWithWebIdentity` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebIdentityProvider {
    /// The exact text of `iss`.
    pub issuer: String,
    /// The account that the provider is registered in.
    pub account: String,
    /// Client ids that its tokens may have been given to, at most 100.
    pub client_ids: Vec<String>,
}

impl WebIdentityProvider {
    /// Host and path of the issuer: the first part of its keys.
    pub fn name(&self) -> &str {
        let bare = self.bare();
        self.built_in().map_or(bare, |known| known.name)
    }

    /// What `Principal: {"Federated": ...}` calls it.
    pub fn principal(&self) -> String {
        match self.built_in() {
            Some(known) => known.name.to_owned(),
            None => ["arn:aws:iam::", &self.account, ":oidc-provider/", self.bare()].concat(),
        }
    }

    /// Declares its keys: the principal owns them, and only `amr` has several values.
    pub fn declare(&self, table: &mut KeyTable) {
        for (key, claim) in self.claims() {
            let arity = if matches!(claim, Claim::List(_)) { Arity::Many } else { Arity::One };
            table.declare(&[self.name(), ":", key].concat(), arity, Owner::Principal);
        }
    }

    /// Whether a key of the trust policy is also one of the session that follows: `aud`, `sub` and `amr` are, and of the
    /// built-in providers all but `oaud` and Amazon's `sub`.
    pub fn stays(&self, key: &str) -> bool {
        let Some((_, key)) = key.rsplit_once(':') else { return false };
        match self.name() {
            "accounts.google.com" => matches!(key, "aud" | "sub"),
            "www.amazon.com" => matches!(key, "app_id" | "user_id"),
            "graph.facebook.com" => matches!(key, "app_id" | "id"),
            _ => matches!(key, "aud" | "sub" | "amr"),
        }
    }

    /// The keys that a token fills for the trust policy, named as policies name them.
    ///
    /// Errors: the token was given to a client that is not on the list (`E109`), or a claim has not the shape of its key
    /// (`E106`).
    pub fn keys(&self, claims: &Claims) -> Result<Vec<(String, ContextValue<'static>)>, Refusal> {
        self.client(claims)?;
        let mut keys = Vec::new();
        for (key, claim) in self.claims() {
            let value = match claim {
                Claim::Audience => audience(claims)?.map(ContextValue::from),
                Claim::Stated => claims.named("aud").map(stated),
                Claim::Named(name) => claims.named(name).map(|node| single(name, node)).transpose()?,
                Claim::List(name) => claims.named(name).map(|node| list(name, node)).transpose()?,
            };
            if let Some(value) = value {
                keys.push(([self.name(), ":", key].concat(), value));
            }
        }
        Ok(keys)
    }

    fn client(&self, claims: &Claims) -> Result<(), Refusal> {
        let found = audience(claims)?;
        if found.as_ref().is_some_and(|client| self.client_ids.contains(client)) {
            return Ok(());
        }
        let name = if claims.named("azp").is_some() { "azp" } else { "aud" };
        let span = claims.named(name).map_or_else(|| whole(claims), |node| node.span);
        let message = match found {
            Some(client) => words!("the token was given to `{client}`"),
            None => said("the token does not say whom it was given to"),
        };
        let help = words!("expected one of `{}`", self.client_ids.join("`, `"));
        Err(Refusal::new("E109", span, message, help))
    }

    fn claims(&self) -> &'static [(&'static str, Claim)] {
        self.built_in().map_or(OIDC, |known| known.keys)
    }

    fn built_in(&self) -> Option<&'static BuiltIn> {
        BUILT_IN.iter().find(|known| known.issuer == self.bare())
    }

    fn bare(&self) -> &str {
        let bare = self.issuer.strip_prefix("https://").unwrap_or(&self.issuer);
        bare.strip_suffix('/').unwrap_or(bare)
    }
}

/// `azp`, else the only value of `aud`. Of several audiences none is the one that the token was given to.
fn audience(claims: &Claims) -> Result<Option<String>, Refusal> {
    let (name, node) = match (claims.named("azp"), claims.named("aud")) {
        (Some(node), _) => ("azp", node),
        (None, Some(node)) => ("aud", node),
        (None, None) => return Ok(None),
    };
    let text = match &node.value {
        Value::Array(items) if name == "aud" => {
            let [only] = items.as_slice() else {
                let message = "the token has several audiences and no `azp`";
                let help = "have the issuer say in `azp` whom it was given to";
                return Err(Refusal::new("E109", node.span, message, help));
            };
            scalar(&only.value)
        }
        value => scalar(value),
    };
    text.map(|text| Some(text.to_owned())).ok_or_else(|| shape(name, node, "one text"))
}

/// Of several audiences it is not known which one the key would hold.
fn stated(node: &Node) -> ContextValue<'static> {
    let only = match &node.value {
        Value::Array(items) => match items.as_slice() {
            [only] => scalar(&only.value),
            _ => None,
        },
        value => scalar(value),
    };
    only.map_or(ContextValue::Unknown, |text| ContextValue::from(text.to_owned()))
}

fn single(name: &str, node: &Node) -> Result<ContextValue<'static>, Refusal> {
    let text = scalar(&node.value).ok_or_else(|| shape(name, node, "one text, number or boolean"))?;
    Ok(ContextValue::from(text.to_owned()))
}

fn list(name: &str, node: &Node) -> Result<ContextValue<'static>, Refusal> {
    let texts: Option<Vec<String>> = match &node.value {
        Value::Array(items) => items.iter().map(|item| scalar(&item.value).map(str::to_owned)).collect(),
        value => scalar(value).map(|text| vec![text.to_owned()]),
    };
    texts.map(ContextValue::from).ok_or_else(|| shape(name, node, "a list of texts"))
}

fn shape(name: &str, node: &Node, wanted: &str) -> Refusal {
    let message = words!("claim `{name}` is {}, not {wanted}", node.value.kind());
    Refusal::new("E106", node.span, message, "change the claim at the issuer")
}

fn whole(claims: &Claims) -> Span {
    Span::new(0, claims.source().text.len())
}
