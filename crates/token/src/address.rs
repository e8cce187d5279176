//! Where an issuer publishes its keys. The address comes from settings, or from the document that a configured issuer
//! publishes; never from a token (SEMANTICS G20.2, G20.4).

use bailiwick::source::Code;

use crate::{Check, Refusal};

/// Characters of an address at most.
const MAX_ADDRESS: usize = 2_048;
/// Where an issuer that is discovered says where its keys are (`OpenID` Connect Discovery 4).
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Whether an issuer may be asked without encryption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plain {
    /// Never.
    #[default]
    Refused,
    /// On this machine's loopback: for tests, and for development against an issuer that runs beside.
    Loopback,
}

/// An address that a key set may be fetched from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(String);

impl Address {
    /// Reads an `https` address: host, optional port, path and query in printable ASCII; no name or password, no
    /// fragment. What `plain` allows may be `http`.
    ///
    /// # Errors
    /// `E190`: it is none of that.
    ///
    /// ```
    /// use bailiwick_token::{Address, Plain};
    ///
    /// assert!(Address::parse("https://id.example/keys", Plain::Refused).is_ok());
    /// assert_eq!(Address::parse("http://id.example/keys", Plain::Loopback).unwrap_err().code.0, "E190");
    /// ```
    pub fn parse(text: &str, plain: Plain) -> Result<Self, Refusal> {
        let refuse = |why: &str, help: &str| {
            let message = format!("`{}` {why}", text.chars().take(200).collect::<String>().escape_debug());
            Err(Refusal { code: Code("E190"), ..Refusal::new(Check::Keys, message, help) })
        };
        let write = "write it as `https://id.example/keys`";
        if text.len() > MAX_ADDRESS {
            return refuse("is too long for an address", write);
        }
        let (rest, encrypted) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (rest, true),
            (None, Some(rest)) => (rest, false),
            (None, None) => return refuse("is not an https address", write),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let Some(host) = host(authority) else {
            return refuse("has no host that can be asked", write);
        };
        // Readers of addresses disagree about everything else, so there is nothing else.
        let odd = |byte: u8| !byte.is_ascii_graphic() || b"#\\\"<>`{}|^".contains(&byte);
        if path.bytes().any(odd) {
            return refuse("has characters that an address cannot have", "write them as `%20`");
        }
        if !encrypted && (plain == Plain::Refused || !["127.0.0.1", "[::1]", "localhost"].contains(&host)) {
            let help = "use https: whoever sits on the way could put in keys of their own";
            return refuse("is not encrypted", help);
        }
        Ok(Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `https`.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// The host of `host` or `host:port`: letters, digits, `-` and `.`, or an IPv6 address in brackets.
fn host(authority: &str) -> Option<&str> {
    let bracketed = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port, fits) = if let Some((inner, port)) = bracketed {
        let fits = !inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        (authority.get(..inner.len() + 2)?, port, fits)
    } else {
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        (host, port, !host.is_empty() && host.bytes().all(letter))
    };
    let number = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    (fits && (port.is_empty() || port.strip_prefix(':').is_some_and(number))).then_some(host)
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The address of the set itself.
    Keys(Address),
    /// The issuer says it, in the document that it publishes (`OpenID` Connect Discovery).
    Discovery {
        /// The exact text that the document must have as `issuer`.
        issuer: String,
        /// The document's address.
        document: Address,
        /// What holds for the address that the document names.
        plain: Plain,
    },
}

impl Location {
    /// By the address of the key set (`jwks_uri`).
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn keys(address: &str, plain: Plain) -> Result<Self, Refusal> {
        Ok(Self::Keys(Address::parse(address, plain)?))
    }

    /// By the issuer: what its tokens have as `iss`.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn discovery(issuer: &str, plain: Plain) -> Result<Self, Refusal> {
        let document = format!("{}{WELL_KNOWN}", issuer.strip_suffix('/').unwrap_or(issuer));
        Ok(Self::Discovery { issuer: issuer.to_owned(), document: Address::parse(&document, plain)?, plain })
    }
}
