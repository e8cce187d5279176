//! Addresses and ranges (SEMANTICS D15).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    /// First address, host bits cleared. IPv4-mapped IPv6 is IPv4.
    pub network: IpAddr,
    /// Leading bits that count.
    pub prefix: u8,
}

impl Cidr {
    /// `address` or `address/bits`; host bits may be set, without bits it is one host.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(prefix(bits)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        Self::new(address, prefix.unwrap_or(width(address)))
    }

    /// The range that an address lies in; `None` if there are more bits than the family has.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        if prefix > width(address) {
            return None;
        }
        Some(match address {
            // A range of mapped addresses is a range of IPv4. A wider one holds others as well and stays IPv6.
            IpAddr::V6(v6) => match (v6.to_ipv4_mapped(), prefix.checked_sub(96)) {
                (Some(v4), Some(prefix)) => Self { network: mask_v4(v4, prefix), prefix },
                _ => Self {
                    network: IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & high_bits(prefix))),
                    prefix,
                },
            },
            IpAddr::V4(v4) => Self { network: mask_v4(v4, prefix), prefix },
        })
    }

    /// Whether the address is of the same family and inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(v4)) => mask_v4(v4, self.prefix) == IpAddr::V4(network),
            (IpAddr::V6(network), IpAddr::V6(v6)) => {
                v6.to_bits() & high_bits(self.prefix) == network.to_bits()
            }
            _ => false,
        }
    }
}

impl core::fmt::Display for Cidr {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

/// A request's address; IPv4-mapped IPv6 becomes IPv4. `None` for ports, zone ids, leading zeros, three-part IPv4.
pub fn parse_address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    Some(match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    })
}

/// Digits without needless zeros.
fn prefix(bits: &str) -> Option<u8> {
    let plain = bits.bytes().all(|byte| byte.is_ascii_digit()) && (bits == "0" || !bits.starts_with('0'));
    if plain { bits.parse().ok() } else { None }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn mask_v4(address: Ipv4Addr, prefix: u8) -> IpAddr {
    let mask = u32::MAX.checked_shl(32u32.saturating_sub(prefix.into())).unwrap_or(0);
    IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
}

fn high_bits(prefix: u8) -> u128 {
    u128::MAX.checked_shl(128u32.saturating_sub(prefix.into())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, address: &str, inside: bool) {
        let cidr = Cidr::parse(range).unwrap();
        assert_eq!(cidr.contains(parse_address(address).unwrap()), inside, "{range} {address}");
        assert_eq!(Cidr::parse(&cidr.to_string()), Some(cidr));
    }

    #[test]
    fn inside_and_outside() {
        check("203.0.113.0/24", "203.0.113.255", true);
        check("203.0.113.0/24", "203.0.114.0", false);
        check("203.0.113.7/24", "203.0.113.200", true);
        check("203.0.113.7", "203.0.113.7", true);
        check("203.0.113.7", "203.0.113.8", false);
        check("203.0.113.7/32", "203.0.113.6", false);
        check("203.0.113.6/31", "203.0.113.7", true);
        check("0.0.0.0/0", "255.255.255.255", true);
        check("0.0.0.0/0", "::1", false);
        check("128.0.0.0/1", "127.255.255.255", false);
        check("::/0", "2001:db8::1", true);
        check("::/0", "10.0.0.1", false);
        check("2001:db8::/32", "2001:DB8:0:0::1", true);
        check("2001:db8::/32", "2001:db9::", false);
        check("2001:DB8::1", "2001:db8:0:0:0:0:0:1", true);
        check("2001:db8::1", "2001:db8::2", false);
        check("2001:db8::1/127", "2001:db8::", true);
        check("203.0.113.0/24", "::ffff:203.0.113.5", true);
        check("::ffff:203.0.113.0/120", "203.0.113.5", true);
        check("::ffff:203.0.113.5", "203.0.113.5", true);
        check("::ffff:0:0/96", "8.8.8.8", true);
        check("::ffff:0:0/95", "8.8.8.8", false);
        check("::ffff:0:0/95", "::fffe:1:1", true);
    }

    #[test]
    fn what_is_no_range() {
        for text in [
            "",
            "/",
            "10.0.0.0/",
            "/8",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0.0/00",
            "10.0.0.0/8/8",
            "10.0.0/8",
            "10.0.0.0.0/8",
            "010.0.0.0/8",
            "10.0.0.256",
            "10.0.0.1:80",
            "::1/129",
            "::/256",
            "fe80::1%eth0",
            "fe80::1%1/64",
            "[::1]",
            "::1]",
            "1::2::3",
            "10.0.0.0 /8",
            " 10.0.0.0",
            "0x0a.0.0.1",
            "host",
        ] {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "10.0.0.1/32",
            "10.0.0.1:80",
            "[::1]:80",
            "10.1",
            "167772161",
            "00.0.0.0",
            "::1%lo",
            "",
            "1.2.3.4\n",
        ] {
            assert_eq!(parse_address(text), None, "{text}");
        }
    }
}
