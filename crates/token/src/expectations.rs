//! What an issuer's tokens must look like, apart from their signature.

use bailiwick::identity::Claims;
use bailiwick::source::json::{Node, Value};

use crate::compact::Padding;
use crate::header::Header;
use crate::{Algorithm, Check, Refusal};

/// Seconds that clocks may differ at most (SEMANTICS G20.6).
pub const MAX_LEEWAY: u64 = 60;

/// What makes a logout token (`OpenID` Connect Back-Channel Logout): signed by the issuer's key, for the same audience.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What is asked of the tokens of one issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectations {
    /// The exact texts that `iss` may be; none means that whoever reads the claims looks.
    pub issuers: Vec<String>,
    /// One of these must be in `aud`; none means that whoever reads the claims looks.
    pub audiences: Vec<String>,
    /// The applications an access token may have been given to (`client_id`), where it has no `aud` (SEMANTICS G2); none
    /// means any.
    pub clients: Vec<String>,
    /// The applications a token may have been given to (`azp`); none means any.
    pub parties: Vec<String>,
    /// The algorithms that this issuer uses.
    pub algorithms: Vec<Algorithm>,
    /// The header's `typ`, ignoring letter case and a leading `application/`; none means any that does not say that it is
    /// something else than an ID token or an access token, as `logout+jwt` does.
    pub typ: Option<String>,
    /// The load balancer that must have signed, by its ARN: the header's `signer`. Its parts may then be padded, as load
    /// balancers send them. All load balancers of a region have the same keys, so that without it everybody's tokens hold.
    pub signer: Option<String>,
    /// What `token_use` must be (SEMANTICS G2); none means any.
    pub token_use: Option<String>,
    /// What the claim `typ` must be, by which Keycloak tells its tokens apart (SEMANTICS G18); none means any.
    pub claim_typ: Option<String>,
    /// The organization that a bearer must have signed in to (SEMANTICS G15).
    pub organization: Organization,
    /// Seconds that clocks may differ; more than [`MAX_LEEWAY`] counts as that.
    pub leeway: u64,
}

/// What `org_id` must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Organization {
    /// Anything.
    #[default]
    Any,
    /// Absent.
    None,
    /// Exactly this.
    Is(String),
}

impl Default for Expectations {
    /// Any issuer, audience and type; every algorithm that a key allows; clocks in step.
    fn default() -> Self {
        Self {
            issuers: Vec::new(),
            audiences: Vec::new(),
            clients: Vec::new(),
            parties: Vec::new(),
            algorithms: Algorithm::ALL.to_vec(),
            typ: None,
            signer: None,
            token_use: None,
            claim_typ: None,
            organization: Organization::Any,
            leeway: 0,
        }
    }
}

impl Expectations {
    /// Looks at claims that somebody has verified, at a time in seconds since 1970. Returns the second from which they
    /// do not hold any more.
    ///
    /// # Errors
    /// The first of `iss`, `aud`, `azp`, `exp`, `nbf`, `iat` that refuses.
    pub fn check(&self, claims: &Claims, now: i64) -> Result<i64, Refusal> {
        self.names(claims)?;
        // A minute at most; no sum below can overflow what is compared.
        let leeway = f64::from(u32::try_from(self.leeway.min(MAX_LEEWAY)).unwrap_or(0));
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit many times over")]
        let now = now as f64;
        let Some(expiry) = time(claims, "exp", Check::Exp)? else {
            let help = "a token without `exp` would hold for ever";
            return Err(Refusal::new(Check::Exp, "the token does not say when it expires", help));
        };
        if now >= expiry + leeway {
            let message = format!("the token expired at {expiry}, it is {now}");
            return Err(Refusal::new(Check::Exp, message, "ask the issuer for a fresh one"));
        }
        if let Some(start) = time(claims, "nbf", Check::Nbf)?
            && now < start - leeway
        {
            let message = format!("the token holds from {start} on, it is {now}");
            return Err(Refusal::new(Check::Nbf, message, "set the clocks, or wait"));
        }
        if let Some(issued) = time(claims, "iat", Check::Iat)?
            && issued > now + leeway
        {
            let message = format!("the token was issued at {issued}, it is {now}");
            return Err(Refusal::new(Check::Iat, message, "set the clocks, or wait"));
        }
        #[expect(clippy::cast_possible_truncation, reason = "saturates, and early is safe")]
        Ok((expiry + leeway) as i64)
    }

    fn names(&self, claims: &Claims) -> Result<(), Refusal> {
        let listed = |known: &[String], given: &[&str]| {
            given.iter().any(|text| known.iter().any(|known| known == text))
        };
        if !self.issuers.is_empty() && !listed(&self.issuers, &texts(claims.named("iss"), false)) {
            let help = format!("expected `{}`, letter for letter", self.issuers.join("`, `"));
            return Err(Refusal::new(Check::Iss, "the token is of another issuer", help));
        }
        if !self.audiences.is_empty() && !listed(&self.audiences, &texts(claims.named("aud"), true)) {
            let help = format!("expected one of `{}`", self.audiences.join("`, `"));
            return Err(Refusal::new(Check::Aud, "the token is for somebody else", help));
        }
        if !self.clients.is_empty() && !listed(&self.clients, &texts(claims.named("client_id"), false)) {
            let help = format!("expected `client_id` to be one of `{}`", self.clients.join("`, `"));
            return Err(Refusal::new(Check::Aud, "the token was given to another application", help));
        }
        if let Some(wanted) = &self.token_use
            && claims.text("token_use") != Some(wanted)
        {
            let help = format!("expected `token_use` to be `{wanted}`");
            return Err(Refusal::new(Check::TokenUse, "the token is of the wrong kind", help));
        }
        if let Some(wanted) = &self.claim_typ
            && claims.text("typ") != Some(wanted)
        {
            let help = format!("expected the claim `typ` to be `{wanted}`");
            return Err(Refusal::new(Check::TokenUse, "the token is of the wrong kind", help));
        }
        if let Some(Value::Object(events)) = claims.named("events").map(|node| &node.value)
            && events.iter().any(|event| event.key == LOGOUT)
        {
            let help = "it tells that somebody has signed out; give an ID token or an access token";
            return Err(Refusal::new(Check::TokenUse, "this is a logout token", help));
        }
        let has = claims.named("org_id").is_some();
        let foreign = match &self.organization {
            Organization::Any => false,
            Organization::None => has,
            Organization::Is(wanted) => claims.text("org_id") != Some(wanted),
        };
        if foreign {
            let help = "the bearer must sign in to the organization that the application is for, or to none";
            return Err(Refusal::new(Check::Organization, "the token is of another organization", help));
        }
        if !self.parties.is_empty() && !listed(&self.parties, &texts(claims.named("azp"), false)) {
            let help = format!("expected `azp` to be one of `{}`", self.parties.join("`, `"));
            return Err(Refusal::new(Check::Azp, "the token was given to another application", help));
        }
        Ok(())
    }

    pub(crate) fn padding(&self) -> Padding {
        if self.signer.is_some() { Padding::Canonical } else { Padding::None }
    }

    pub(crate) fn header(&self, header: &Header) -> Result<(), Refusal> {
        let (algorithm, typ) = (header.algorithm, header.typ.as_deref());
        if !self.algorithms.contains(&algorithm) {
            let names: Vec<&str> = self.algorithms.iter().map(|algorithm| algorithm.name()).collect();
            let message = format!("this issuer does not sign with {}", algorithm.name());
            return Err(Refusal::new(Check::Alg, message, format!("expected {}", names.join(", "))));
        }
        if self.signer.is_some() && header.signer != self.signer {
            let help = format!("expected `signer` to be `{}`", self.signer.as_deref().unwrap_or_default());
            return Err(Refusal::new(Check::Signer, "the token is of another load balancer", help));
        }
        let bare = |text: &str| {
            let text = text.to_ascii_lowercase();
            text.strip_prefix("application/").map(str::to_owned).unwrap_or(text)
        };
        let Some(wanted) = &self.typ else {
            // Who says explicitly that it is something else is not taken for a token (RFC 8725, 3.11).
            let other = typ.map(bare).filter(|typ| typ.ends_with("+jwt") && typ != "at+jwt");
            return match other {
                Some(_) => {
                    let help = "give an ID token or an access token, or say in the settings what `typ` is";
                    Err(Refusal::new(Check::Typ, "the token says that it is something else", help))
                }
                None => Ok(()),
            };
        };
        if typ.map(bare) != Some(bare(wanted)) {
            let help = format!("expected `typ` to be `{wanted}`");
            return Err(Refusal::new(Check::Typ, "the token is of another type", help));
        }
        Ok(())
    }
}

fn texts(node: Option<&Node>, list: bool) -> Vec<&str> {
    match node.map(|node| &node.value) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) if list => items
            .iter()
            .filter_map(|item| match &item.value {
                Value::String(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A `NumericDate`: seconds, perhaps with a fraction. Nothing else is a time.
fn time(claims: &Claims, name: &str, check: Check) -> Result<Option<f64>, Refusal> {
    let Some(member) = claims.members().iter().find(|member| member.key == name) else { return Ok(None) };
    let seconds = match &member.value.value {
        Value::Number(text) => text.parse::<f64>().ok().filter(|seconds| seconds.is_finite()),
        _ => None,
    };
    seconds.map(Some).ok_or_else(|| {
        let message = format!("`{name}` is not a time");
        Refusal::new(check, message, "it must be a number of seconds since 1970")
    })
}
