//! The process that runs the issuers, `issuers.mjs`: commands go in, answers come out. It ends with this side.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub(crate) struct Issuers {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    places: Value,
}

/// What somebody has after signing in.
pub(crate) struct Tokens {
    pub(crate) id: String,
    pub(crate) access: String,
}

impl Issuers {
    /// Starts them, if `BAILIWICK_LIVE` says that they are installed.
    pub(crate) fn start() -> Option<Self> {
        if std::env::var_os("BAILIWICK_LIVE").is_none() {
            println!("skipped: no issuers (`cargo xtask live` installs and runs them)");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/issuers.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        let mut issuers = Self { process, input, output, places: Value::Null };
        issuers.places = issuers.ask(&json!({ "do": "where" }));
        Some(issuers)
    }

    fn ask(&mut self, command: &Value) -> Value {
        writeln!(self.input.as_ref().unwrap(), "{command}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{command}: `{line}`"));
        assert!(answer.get("error").is_none(), "{command}: {answer}");
        answer["ok"].clone()
    }

    /// The `iss` of those who sign in.
    pub(crate) fn issuer(&self) -> String {
        text(&self.places["issuer"])
    }

    /// The `iss` of machines whose tokens are signed by an algorithm.
    pub(crate) fn machines(&self, algorithm: &str) -> String {
        text(&self.places["machines"][algorithm])
    }

    pub(crate) fn sign_in(&mut self, login: &str) -> Tokens {
        let tokens = self.ask(&json!({ "do": "sign in", "login": login }));
        Tokens { id: text(&tokens["id"]), access: text(&tokens["access"]) }
    }

    /// A machine's token with these claims.
    pub(crate) fn machine(&mut self, algorithm: &str, claims: &Value) -> String {
        text(&self.ask(&json!({ "do": "machine", "alg": algorithm, "claims": claims })))
    }

    /// Where the issuer's key set is to be had encrypted, and the certificate, which is for a name.
    pub(crate) fn encrypted(&mut self, name: &str) -> (String, String) {
        let answer = self.ask(&json!({ "do": "encrypted", "name": name }));
        (text(&answer["at"]), text(&answer["certificate"]))
    }

    /// How often the issuer was asked for its key set, and for its discovery document.
    pub(crate) fn asked(&mut self) -> (u64, u64) {
        let asked = self.ask(&json!({ "do": "asked" }));
        (asked["jwks"].as_u64().unwrap(), asked["discovery"].as_u64().unwrap())
    }

    pub(crate) fn rotate(&mut self, kid: &str) {
        self.ask(&json!({ "do": "rotate", "kid": kid }));
    }

    pub(crate) fn retire(&mut self) {
        self.ask(&json!({ "do": "retire" }));
    }

    pub(crate) fn down(&mut self) {
        self.ask(&json!({ "do": "down" }));
    }

    pub(crate) fn up(&mut self) {
        self.ask(&json!({ "do": "up" }));
    }
}

impl Drop for Issuers {
    fn drop(&mut self) {
        // Its input ends, and so does it; otherwise it is ended.
        drop(self.input.take());
        for _ in 0..40 {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// A token's claims, unverified.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// The token with another header.
pub(crate) fn with_header(token: &str, header: &Value) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}
