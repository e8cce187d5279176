//! Context keys: names that ignore ASCII case (SEMANTICS D5), and who owns each and how many values it has (SEMANTICS E).

use super::hash_folded;

/// The name of a context key, as written; equal ignoring ASCII case, the tag part too.
#[derive(Clone)]
pub struct KeyName {
    text: Box<str>,
    hash: u64,
}

impl KeyName {
    /// Any text is a name; hosts and policies may use keys of their own.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), hash: hash_folded(text.as_bytes()) }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The folded hash, as [`hash_folded`] gives it.
    pub fn folded_hash(&self) -> u64 {
        self.hash
    }
}

impl PartialEq for KeyName {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for KeyName {}

impl core::hash::Hash for KeyName {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl core::fmt::Debug for KeyName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KeyName({:?})", &self.text)
    }
}

impl core::fmt::Display for KeyName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.text)
    }
}

/// How many values a key has by its definition, not by how many happen to be present (SEMANTICS D7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arity {
    /// Single-valued.
    One,
    /// Multivalued.
    Many,
}

/// Who may set a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The principal: fixed for a session, its absence is final, a request that sets it is refused.
    Principal,
    /// The request: open until it is made.
    Request,
}

/// What is known of keys: the global ones of SEMANTICS E, and those that a deployment declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyTable {
    declared: Vec<(KeyName, Arity, Owner)>,
}

const MULTIVALUED: &[&str] = &[
    "aws:CalledVia",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceNamesList",
    "aws:ResourceOrgPaths",
    "aws:SourceOrgPaths",
    "aws:TagKeys",
    "aws:VpceOrgPaths",
    "cognito-identity.amazonaws.com:amr",
    "saml:cn",
    "saml:eduorghomepageuri",
    "saml:eduorgidentityauthnpolicyuri",
    "saml:eduorglegalname",
    "saml:eduorgsuperioruri",
    "saml:eduorgwhitepagesuri",
    "saml:edupersonaffiliation",
    "saml:edupersonassurance",
    "saml:edupersonentitlement",
    "saml:edupersonnickname",
    "saml:edupersonorgunitdn",
    "saml:edupersonscopedaffiliation",
    "saml:edupersontargetedid",
    "sts:TransitiveTagKeys",
    "token:amr",
    "token:groups",
    "token:scopes",
];

const SINGLE: &[&str] = &[
    "aws:AssumedRoot",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:CurrentTime",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalServiceName",
    "aws:PrincipalType",
    "aws:referer",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:userid",
    "aws:username",
    "aws:ViaAWSService",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpcSourceIp",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "glue:CredentialIssuingService",
    "glue:RoleAssumedBy",
    "identitystore:UserId",
    "lambda:SourceFunctionArn",
    "saml:aud",
    "saml:commonName",
    "saml:doc",
    "saml:edupersonorgdn",
    "saml:edupersonprimaryaffiliation",
    "saml:edupersonprimaryorgunitdn",
    "saml:edupersonprincipalname",
    "saml:givenName",
    "saml:iss",
    "saml:mail",
    "saml:name",
    "saml:namequalifier",
    "saml:organizationStatus",
    "saml:primaryGroupSID",
    "saml:sub",
    "saml:sub_type",
    "saml:surname",
    "saml:uid",
    "saml:x500UniqueIdentifier",
    "ssm:SourceInstanceArn",
];

const SINGLE_PREFIXES: &[&str] = &["aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/"];

const PRINCIPAL: &[&str] = &[
    "aws:AssumedRoot",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:SourceIdentity",
    "aws:TokenIssueTime",
    "aws:userid",
    "aws:username",
];

const PRINCIPAL_PREFIXES: &[&str] = &[
    "accounts.google.com:",
    "aws:Principal",
    "cognito-identity.amazonaws.com:",
    "graph.facebook.com:",
    "saml:",
    "token:",
    "www.amazon.com:",
];

impl KeyTable {
    /// Declares a key of the deployment. A later declaration of the same name replaces the earlier one;
    /// names that the global table fixes keep what it says (SEMANTICS E3).
    pub fn declare(&mut self, name: &str, arity: Arity, owner: Owner) {
        let name = KeyName::new(name);
        self.declared.retain(|(other, ..)| *other != name);
        self.declared.push((name, arity, owner));
    }

    /// The declared keys, in order of declaration.
    pub fn declared(&self) -> &[(KeyName, Arity, Owner)] {
        &self.declared
    }

    /// How many values the key has by definition, if that is known (SEMANTICS E).
    pub fn arity(&self, name: &str) -> Option<Arity> {
        if listed(MULTIVALUED, name) {
            return Some(Arity::Many);
        }
        if listed(SINGLE, name) || has_prefix(SINGLE_PREFIXES, name) {
            return Some(Arity::One);
        }
        self.find(name).map(|(_, arity, _)| *arity)
    }

    /// Who may set the key. What nobody declared belongs to the request.
    pub fn owner(&self, name: &str) -> Owner {
        if owned_by_principal(name) {
            return Owner::Principal;
        }
        self.find(name).map_or(Owner::Request, |(_, _, owner)| *owner)
    }

    fn find(&self, name: &str) -> Option<&(KeyName, Arity, Owner)> {
        if self.declared.is_empty() {
            return None;
        }
        let name = KeyName::new(name);
        self.declared.iter().find(|(other, ..)| *other == name)
    }
}

/// Whether the global table gives the key to the principal.
pub fn owned_by_principal(name: &str) -> bool {
    // Most keys of a request end at their first byte.
    match name.as_bytes().first() {
        Some(b'a' | b'A' | b'c' | b'C' | b'g' | b'G' | b's' | b'S' | b't' | b'T' | b'w' | b'W') => {
            has_prefix(PRINCIPAL_PREFIXES, name) || listed(PRINCIPAL, name)
        }
        _ => false,
    }
}

fn listed(list: &[&str], name: &str) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(name))
}

fn has_prefix(prefixes: &[&str], name: &str) -> bool {
    prefixes.iter().any(|prefix| {
        name.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    })
}
