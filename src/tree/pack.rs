//! Values in words, and back.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::table;
use crate::value::{Base, Cidr, Instant, Operator, SetOperator, arn_fields, hash_bytes, hash_folded};

/// Base in the low byte, set prefix in two bits, suffix in one.
pub(crate) fn pack_operator(operator: Operator) -> u32 {
    let set = match operator.set {
        None => 0,
        Some(SetOperator::ForAllValues) => 1,
        Some(SetOperator::ForAnyValue) => 2,
    };
    operator.base as u32 | set << 8 | u32::from(operator.if_exists) << 10
}

/// The reverse; unknown bases, which validation refuses, read as `Null`.
pub(crate) fn unpack_operator(packed: u32) -> Operator {
    Operator {
        base: Base::ALL.get((packed & 0xff) as usize).copied().unwrap_or(Base::Null),
        set: match packed >> 8 & 3 {
            1 => Some(SetOperator::ForAllValues),
            2 => Some(SetOperator::ForAnyValue),
            _ => None,
        },
        if_exists: packed >> 10 & 1 == 1,
    }
}

/// Four words, lowest first.
#[expect(clippy::cast_sign_loss, reason = "the same bits")]
pub(crate) fn words_of_instant(instant: Instant) -> [u32; 4] {
    quarters(instant.nanos as u128)
}

/// The reverse.
#[expect(clippy::cast_possible_wrap, reason = "the same bits")]
pub(crate) fn instant_of_words(words: &[u32]) -> Instant {
    Instant { nanos: whole(words) as i128 }
}

/// Four words of address, and the prefix, plus 256 for IPv6.
pub(crate) fn words_of_cidr(cidr: &Cidr) -> ([u32; 4], u32) {
    match cidr.network {
        IpAddr::V4(address) => (quarters(u128::from(u32::from(address))), u32::from(cidr.prefix)),
        IpAddr::V6(address) => (quarters(u128::from(address)), u32::from(cidr.prefix) | 256),
    }
}

/// The reverse.
#[expect(clippy::cast_possible_truncation, reason = "IPv4 has 32 bits, a prefix eight")]
pub(crate) fn cidr_of_words(words: &[u32], prefix: u32) -> Cidr {
    let bits = whole(words);
    let network = if prefix & 256 == 0 {
        IpAddr::V4(Ipv4Addr::from(bits as u32))
    } else {
        IpAddr::V6(Ipv6Addr::from(bits))
    };
    Cidr { network, prefix: prefix as u8 }
}

#[expect(clippy::cast_possible_truncation, reason = "the four quarters")]
fn quarters(bits: u128) -> [u32; 4] {
    [bits as u32, (bits >> 32) as u32, (bits >> 64) as u32, (bits >> 96) as u32]
}

fn whole(words: &[u32]) -> u128 {
    words.iter().take(4).rev().fold(0, |bits, word| bits << 32 | u128::from(*word))
}

/// Under what a role is filed: account and last part of the name, folded (SEMANTICS F19). Takes a role's or a session's ARN.
pub(crate) fn role_hash(arn: &str) -> u64 {
    let Some([_, service, _, account, resource]) = arn_fields(arn) else { return 0 };
    let name = if service == "sts" { resource.split('/').nth(1) } else { resource.rsplit('/').next() };
    table::filed(hash_bytes(account.as_bytes()), hash_folded(name.unwrap_or_default().as_bytes()))
}

/// Under what a token's bearer is filed.
pub(crate) fn subject_hash(issuer: &str, subject: &str) -> u64 {
    table::filed(hash_bytes(issuer.as_bytes()), hash_bytes(subject.as_bytes()))
}
