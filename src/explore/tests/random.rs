//! Small random sets over alphabets so narrow that things collide.

use std::sync::Arc;

use super::{HOME, document};
use crate::ast::{Attachment, Kind, PolicySet, Target};
use crate::request::{Caller, ContextValue, Principal, Request};
use crate::value::{Arity, KeyTable, Layer, Owner, Profile};

/// A pseudo-random walk (splitmix64): the same numbers for the same seed everywhere.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((word ^ (word >> 31)) % sides as u64).unwrap()
    }

    pub(super) fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    /// One to three, as a JSON array.
    pub(super) fn list(&mut self, from: &[&str]) -> String {
        let count = 1 + self.roll(2) * self.roll(3);
        let items: Vec<String> = (0..count).map(|_| format!("\"{}\"", self.pick(from))).collect();
        format!("[{}]", items.join(","))
    }
}

const ACTIONS: &[&str] =
    &["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "photos:*", "photos:Get", "S3:list*", "kms:*"];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/${aws:PrincipalTag/t}/*",
    "arn:aws:s3:::${s3:prefix}",
    "arn:acme:photos:*:*:album/a*",
    "arn:acme:photos:eu:*:*",
    "arn:aws:s3:::b/a",
    "arn:AWS:s3:::b/*",
    "arn:aws:kms:*:*:key/*",
];
const CONDITIONS: &[&str] = &[
    r#""StringEquals":{"aws:PrincipalTag/t":"a"}"#,
    r#""StringNotEquals":{"aws:PrincipalTag/t":["b","${k}"]}"#,
    r#""StringEquals":{"k":["${aws:PrincipalTag/t}","b"]}"#,
    r#""StringNotLike":{"k":"${aws:PrincipalTag/u}*"}"#,
    r#""StringLikeIfExists":{"k":["a*","${aws:PrincipalTag/u, 'b'}"]}"#,
    r#""Null":{"k":"true"}"#,
    r#""ForAllValues:StringEquals":{"many":["a","b"]}"#,
    r#""ForAnyValue:StringNotEquals":{"many":"${aws:PrincipalTag/t}"}"#,
    r#""Bool":{"aws:SecureTransport":"true"},"StringEquals":{"token:tenant":"a"}"#,
    r#""NumericLessThan":{"k":"5"}"#,
    r#""ArnLike":{"k":"arn:aws:s3:::${aws:PrincipalTag/t}*"}"#,
    r#""ArnNotLike":{"aws:SourceArn":"arn:aws:s3:::${aws:PrincipalTag/u}"}"#,
];
const PRINCIPALS: &[&str] = &[
    "*",
    "111122223333",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::111122223333:role/r",
    "arn:aws:iam::111122223333:role/p/r",
    "arn:aws:sts::111122223333:assumed-role/r/s",
    "999988887777",
];

fn statement(dice: &mut Dice, kind: Kind) -> String {
    let deny = if kind == Kind::ResourceControl { true } else { dice.one_in(3) };
    let mut out = format!(r#"{{"Effect":"{}""#, if deny { "Deny" } else { "Allow" });
    match kind {
        Kind::ResourceControl => out.push_str(r#","Principal":"*""#),
        Kind::Resource | Kind::Endpoint => {
            let not = if deny && dice.one_in(3) { "Not" } else { "" };
            out.push_str(&format!(r#","{not}Principal":{{"AWS":{}}}"#, dice.list(PRINCIPALS)));
        }
        _ => {}
    }
    if kind == Kind::ResourceControl {
        out.push_str(&format!(r#","Action":{}"#, dice.list(&ACTIONS[1..])));
    } else {
        let not = if dice.one_in(5) { "Not" } else { "" };
        out.push_str(&format!(r#","{not}Action":{}"#, dice.list(ACTIONS)));
    }
    let not = if dice.one_in(5) { "Not" } else { "" };
    out.push_str(&format!(r#","{not}Resource":{}"#, dice.list(RESOURCES)));
    if dice.one_in(2) {
        out.push_str(&format!(r#","Condition":{{{}}}"#, dice.pick(CONDITIONS)));
    }
    out.push('}');
    out
}

fn attachment(dice: &mut Dice, profile: Profile) -> Attachment {
    let accounts = |dice: &mut Dice| Target::Accounts(vec![dice.pick(&[HOME, "999988887777"]).to_owned()]);
    let (layer, kind, target) = match dice.roll(11) {
        0..=3 => (Layer::Identity, Kind::Identity, Target::Everyone),
        4 => (Layer::Identity, Kind::Identity, Target::Group("g".into())),
        5 => (Layer::Boundary, Kind::Boundary, Target::Everyone),
        6 => (Layer::Session, Kind::Session, Target::SessionPolicy("s".into())),
        7 => {
            let on = dice.pick(&["arn:aws:s3:::b", "arn:aws:s3:::*", "arn:aws:kms:*:*:key/*"]);
            let target = super::super::narrow::resource(on).map_or(Target::Everyone, Target::Resource);
            (Layer::Resource, Kind::Resource, if dice.one_in(3) { Target::Everyone } else { target })
        }
        8 => (
            Layer::ServiceControl,
            Kind::ServiceControl,
            if dice.one_in(2) { Target::Everyone } else { accounts(dice) },
        ),
        9 => (
            Layer::ResourceControl,
            Kind::ResourceControl,
            if dice.one_in(2) { Target::Everyone } else { accounts(dice) },
        ),
        _ => (Layer::Endpoint, Kind::Endpoint, Target::Endpoint(dice.pick(&["v1", "v2"]).to_owned())),
    };
    let level = if matches!(layer, Layer::ServiceControl | Layer::ResourceControl) {
        u8::try_from(dice.roll(2)).unwrap()
    } else {
        0
    };
    let count = 1 + dice.roll(3);
    let mut statements: Vec<String> = (0..count).map(|_| statement(dice, kind)).collect();
    let mut documents = Vec::new();
    if layer == Layer::ResourceControl {
        let full = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
        documents.push(document(kind, profile, "full", full));
    } else if layer > Layer::Identity || layer == Layer::ServiceControl {
        // A ceiling that allows nothing teaches little.
        let wide = dice.pick(&["*", "s3:*", "photos:*"]);
        statements.push(format!(r#"{{"Effect":"Allow","Action":"{wide}","Resource":"*"}}"#));
    }
    documents.push(document(kind, profile, "p.json", &statements.join(",")));
    Attachment { layer, level, target, documents }
}

pub(super) fn set(dice: &mut Dice) -> PolicySet {
    let profile = if dice.one_in(3) { Profile::Strict } else { Profile::Aws };
    let count = 1 + dice.roll(5);
    let attachments = (0..count).map(|_| attachment(dice, profile)).collect();
    let mut keys = KeyTable::default();
    keys.declare("many", Arity::Many, Owner::Request);
    PolicySet::new(attachments).unwrap().profile(profile).home_account(HOME).keys(Arc::new(keys))
}

pub(super) fn principal(dice: &mut Dice) -> Principal {
    let arn = |text: &str| text.to_owned();
    let caller = match dice.roll(8) {
        0 => Caller::User { arn: arn("arn:aws:iam::111122223333:user/alice"), id: None },
        1 | 2 => Caller::RoleSession {
            arn: arn("arn:aws:sts::111122223333:assumed-role/r/s"),
            role: [None, Some("arn:aws:iam::111122223333:role/p/r")][dice.roll(2)].map(arn),
            id: None,
            service_linked: dice.one_in(5),
        },
        3 => Caller::FederatedUser {
            arn: arn("arn:aws:sts::111122223333:federated-user/f"),
            parent: Some(arn("arn:aws:iam::111122223333:user/alice")),
        },
        4 => [Caller::Root { account: HOME.into() }, Caller::Anonymous][dice.roll(2)].clone(),
        _ => Caller::Subject { account: HOME.into(), issuer: "i".into(), subject: "s".into() },
    };
    let mut principal = Principal::new(caller);
    match dice.roll(5) {
        0 => {}
        1 => principal.context.replace("aws:PrincipalTag/t", ContextValue::Unknown),
        2 => principal.context.replace("aws:PrincipalTag/t", "*"),
        _ => principal.context.replace("aws:PrincipalTag/t", "a"),
    }
    if dice.one_in(2) {
        principal.context.replace("token:tenant", "a");
    }
    if dice.one_in(2) {
        principal.groups.push("g".into());
    }
    principal.groups_known = !dice.one_in(6);
    if dice.one_in(3) {
        principal.session_policies.push("s".into());
    }
    principal
}

pub(super) fn request(dice: &mut Dice) -> Request<'static> {
    const NAMES: &[&str] = &[
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListAllMyBuckets",
        "photos:Get",
        "photos:Delete",
        "kms:Decrypt",
    ];
    const ARNS: &[&str] = &[
        "*",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/a",
        "arn:aws:s3:::b/a/k",
        "arn:aws:s3:::b/*/k",
        "arn:acme:photos:eu:1:album/a",
        "arn:acme:photos:us:1:album/b",
        "arn:aws:kms:eu:111122223333:key/1",
    ];
    let mut request = Request::new(dice.pick(NAMES), dice.pick(ARNS)).unwrap();
    if !dice.one_in(6) {
        request = request.owned_by(HOME);
    }
    for (key, values) in [
        ("k", &["a", "b", "ab", "7", "arn:aws:s3:::a"][..]),
        ("s3:prefix", &["b", "b/a", "*"][..]),
        ("aws:SecureTransport", &["true", "false"][..]),
        ("aws:SourceVpce", &["v1", "v2", "v3"][..]),
        ("aws:SourceArn", &["arn:aws:s3:::a", "a"][..]),
    ] {
        let value: ContextValue<'static> = match dice.roll(8) {
            0..=3 => continue,
            4 if dice.one_in(2) => ContextValue::Unknown,
            5 if dice.one_in(2) => ContextValue::Ambiguous,
            6 if dice.one_in(2) => vec![dice.pick(values).to_owned(), "b".to_owned()].into(),
            _ => dice.pick(values).into(),
        };
        request = request.with(key, value);
    }
    if dice.one_in(2) {
        let lists: [&[&str]; 4] = [&[], &["a"], &["a", "c"], &[""]];
        let list: Vec<String> = lists[dice.roll(4)].iter().map(|text| (*text).to_owned()).collect();
        request = request.with("many", list);
    }
    request
}
