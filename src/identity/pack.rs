//! Identities as bytes: fields in order, little-endian, texts and lists with their length before them.

use super::cognito_identity_pool::{Ambiguous, IdentityPool, Matching, PoolProvider, RoleMapping, Rule};
use super::{
    ClaimPath, Identities, Issuer, IssuerKind, KeyRule, Mapping, Presence, Published, Role, SamlProvider,
    TagRule, TokenSettings, WebIdentityProvider,
};
use crate::source::Source;
use crate::value::{Arity, Profile};

/// What can be written and read back. Reading takes from the front; nothing means that the bytes are not one.
pub(crate) trait Pack: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(bytes: &mut &[u8]) -> Option<Self>;
}

/// Structs, field by field.
macro_rules! fields {
    ($($type:ident { $($field:ident),* $(,)? })*) => {$(
        impl Pack for $type {
            fn put(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.put(out);)*
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Pack::take(bytes)?),* })
            }
        }
    )*};
}

/// Enums without data, by number.
macro_rules! numbers {
    ($($type:ident { $($variant:ident = $number:literal),* $(,)? })*) => {$(
        impl Pack for $type {
            fn put(&self, out: &mut Vec<u8>) {
                out.push(match self { $(Self::$variant => $number),* });
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some(match u8::take(bytes)? { $($number => Self::$variant,)* _ => return None })
            }
        }
    )*};
}

fields! {
    Identities { profile, issuers, pools, providers, saml_providers, roles, organization }
    Issuer { name, mapping, token }
    TokenSettings { jwks, published, algorithms, typ, signer, token_use, organization, parties, leeway }
    Published { jwks_uri, loopback_http }
    Role { arn, tags, service_linked }
    Mapping { kind, issuers, audiences, account, profile, subject, groups, tenant, scopes, tags, keys }
    TagRule { tag, claim, required }
    IdentityPool { id, authenticated_role, unauthenticated_role, providers }
    PoolProvider { issuer, roles, tags }
    WebIdentityProvider { issuer, account, client_ids }
    SamlProvider { issuer, account, name, audiences, recipients, qualifier, metadata, leeway }
    Rule { claim, matching, value, role }
}

numbers! {
    Profile { Aws = 0, Strict = 1 }
    Arity { One = 0, Many = 1 }
    Ambiguous { AuthenticatedRole = 0, Deny = 1 }
    Matching { Equals = 0, Contains = 1, StartsWith = 2, NotEqual = 3 }
    IssuerKind {
        Cognito = 0, Oidc = 1, Auth0 = 2, Entra = 3, Okta = 4, Keycloak = 5, Google = 6, Apple = 7, Facebook = 8,
        Amazon = 9, Alb = 10, Kubernetes = 11, Github = 12,
    }
}

impl Pack for KeyRule {
    fn put(&self, out: &mut Vec<u8>) {
        let Self { name, claim, arity, presence } = self;
        name.put(out);
        claim.put(out);
        arity.put(out);
        presence.put(out);
    }

    /// A claim never fills a reserved key, whoever wrote the bytes (SEMANTICS E3).
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let name = String::take(bytes)?;
        let (claim, arity, presence) = (Pack::take(bytes)?, Pack::take(bytes)?, Pack::take(bytes)?);
        (!Mapping::is_reserved(&name)).then_some(Self { name, claim, arity, presence })
    }
}

impl Pack for Presence {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Optional => out.push(0),
            Self::Required => out.push(1),
            Self::Default(values) => {
                out.push(2);
                values.put(out);
            }
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(match u8::take(bytes)? {
            0 => Self::Optional,
            1 => Self::Required,
            2 => Self::Default(Pack::take(bytes)?),
            _ => return None,
        })
    }
}

impl Pack for RoleMapping {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Default => out.push(0),
            Self::Token { ambiguous } => {
                out.push(1);
                ambiguous.put(out);
            }
            Self::Rules { rules, ambiguous } => {
                out.push(2);
                rules.put(out);
                ambiguous.put(out);
            }
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(match u8::take(bytes)? {
            0 => Self::Default,
            1 => Self::Token { ambiguous: Pack::take(bytes)? },
            2 => Self::Rules { rules: Pack::take(bytes)?, ambiguous: Pack::take(bytes)? },
            _ => return None,
        })
    }
}

impl Pack for ClaimPath {
    fn put(&self, out: &mut Vec<u8>) {
        self.to_string().put(out);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Self::new(&String::take(bytes)?).ok()
    }
}

impl Pack for Source {
    fn put(&self, out: &mut Vec<u8>) {
        self.name.to_string().put(out);
        self.text.to_string().put(out);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let name = String::take(bytes)?;
        Some(Self::new(&name, &String::take(bytes)?))
    }
}

impl Pack for u8 {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        Some(*first)
    }
}

impl Pack for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(Self::from_le_bytes(*first))
    }
}

impl Pack for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Pack for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        out.extend(self.as_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let length = take_length(bytes)?;
        let (text, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        core::str::from_utf8(text).ok().map(str::to_owned)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(if bool::take(bytes)? { Some(T::take(bytes)?) } else { None })
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        for item in self {
            item.put(out);
        }
    }

    /// Every item is at least a byte long, so that a false count asks for no memory that is not there.
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let count = take_length(bytes)?;
        if count > bytes.len() {
            return None;
        }
        // A loop is half the code that an iterator of options makes, for each of the types.
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(T::take(bytes)?);
        }
        Some(items)
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::take(bytes)?, B::take(bytes)?))
    }
}

/// A length of 4 GiB or more becomes one that no bytes have: the artifact does not load, instead of loading wrongly.
fn put_length(length: usize, out: &mut Vec<u8>) {
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

fn take_length(bytes: &mut &[u8]) -> Option<usize> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    usize::try_from(u32::from_le_bytes(*first)).ok()
}
