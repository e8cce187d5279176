//! The token's header: untrusted text that only chooses among what is configured (SEMANTICS G20.1..3).

use bailiwick::identity::Claims;
use bailiwick::source::Source;
use bailiwick::source::json::Value;

use crate::{Algorithm, Check, Refusal};

/// What a header may decide. `jwk`, `jku`, `x5u` and `x5c` are not even read.
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
    pub(crate) signer: Option<String>,
}

pub(crate) fn read(text: &str) -> Result<Header, Refusal> {
    let members = Claims::parse(Source::new("header", text)).map_err(|diagnostics| {
        let first = diagnostics.list.first().map(|diagnostic| diagnostic.message.clone());
        let message = format!("the token's header cannot be read: {}", first.unwrap_or_default());
        Refusal::new(Check::Header, message, "pass the token as it came")
    })?;
    if members.members().iter().any(|member| member.key == "crit") {
        let help = "its header demands an extension that is not known here; it must not be accepted without";
        return Err(Refusal::new(Check::Crit, "the token's header has `crit`", help));
    }
    let text = |name: &str| match members.named(name).map(|node| &node.value) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => {
            let message = format!("`{name}` of the token's header is {}", other.kind());
            Err(Refusal::new(Check::Header, message, "it must be a text"))
        }
    };
    let Some(name) = text("alg")? else {
        let help = "a signed token names its algorithm";
        return Err(Refusal::new(Check::Alg, "the token names no algorithm", help));
    };
    let Some(algorithm) = Algorithm::from_name(&name) else {
        let help = if name.starts_with("HS") {
            "a secret that readers share lets every reader issue tokens; only public keys are configured"
        } else if name.eq_ignore_ascii_case("none") {
            "a token without a signature proves nothing"
        } else {
            "known are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA"
        };
        let message = format!("algorithm `{}` is not accepted", name.escape_debug());
        return Err(Refusal::new(Check::Alg, message, help));
    };
    let signer = members.text("signer").map(str::to_owned);
    Ok(Header { algorithm, kid: text("kid")?, typ: text("typ")?, signer })
}
