//! What the native verifier said, for the one that runs at the edge: its tests replay all of it
//! (`crates/wasm/test/token/parity.test.mjs`). Lines of JSON in the folder that `BAILIWICK_TOKEN_VECTORS` names; nothing is
//! written without it.

use std::fs::File;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex};

use bailiwick_token::{Expectations, KeySet, Organization, Refusal, Verified};
use serde_json::{Value, json};

/// A text longer than this would be most of the file.
const LONGEST: usize = 100 << 10;

static FILE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let folder = std::env::var_os("BAILIWICK_TOKEN_VECTORS")?;
    std::fs::create_dir_all(&folder).unwrap();
    let name = format!("{}.jsonl", std::process::id());
    Some(Mutex::new(File::create(std::path::Path::new(&folder).join(name)).unwrap()))
});

fn line(value: &Value) {
    if let Some(file) = &*FILE {
        writeln!(file.lock().unwrap(), "{value}").unwrap();
    }
}

/// A token, by whose keys and with which settings it was verified, and what came of it.
pub(crate) fn token(
    keys: &Value,
    expectations: &Expectations,
    token: &str,
    now: i64,
    outcome: &Result<Verified, Refusal>,
) {
    // The claim `typ` and a load balancer's `signer` are asked for natively only.
    let native = expectations.claim_typ.is_some() || expectations.signer.is_some();
    if FILE.is_none() || token.len() > LONGEST || native {
        return;
    }
    let list = |texts: &[String]| if texts.is_empty() { Value::Null } else { json!(texts) };
    let outcome = match outcome {
        Ok(verified) => json!({ "until": verified.until, "kid": verified.kid }),
        Err(refusal) => json!({ "check": refusal.check.name(), "code": refusal.code.0 }),
    };
    line(&json!({
        "keys": keys,
        "issuers": list(&expectations.issuers),
        "audiences": list(&expectations.audiences),
        "clients": list(&expectations.clients),
        "parties": list(&expectations.parties),
        "algorithms": expectations.algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>(),
        "typ": expectations.typ,
        "tokenUse": expectations.token_use,
        "organization": match &expectations.organization {
            Organization::Any => json!("any"),
            Organization::None => Value::Null,
            Organization::Is(name) => json!({ "is": name }),
        },
        "leeway": expectations.leeway,
        "token": token,
        "now": now,
        "outcome": outcome,
    }));
}

/// A key set and what came of it.
pub(crate) fn key_set(text: &str, outcome: &Result<KeySet, Refusal>) {
    let outcome = match outcome {
        Ok(set) => json!({ "keys": set.keys.len(), "leftOut": set.left_out.len() }),
        Err(refusal) => json!({ "check": refusal.check.name(), "code": refusal.code.0 }),
    };
    line(&json!({ "set": text, "outcome": outcome }));
}
