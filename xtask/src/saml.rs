//! SAML responses, put to `xmlsec1` as well: what it signs is accepted, and nothing is accepted that it refuses.

use std::process::{Command, Stdio};

use crate::step::{Outcome, cargo, run as execute};
use crate::tools;

/// The test beside the verifier, with the program required.
pub(crate) fn step(install: bool) -> Outcome {
    if !is_there() {
        if !install {
            return Outcome::Skipped(
                "`xmlsec1` is missing: `apt-get install xmlsec1`, or --install".to_owned(),
            );
        }
        if let Err(why) = tools::apt_install(&["xmlsec1"]) {
            return Outcome::Skipped(format!("`xmlsec1` is missing and apt could not add it: {why}"));
        }
    }
    // The whole workspace's features, so that nothing is built a second time.
    let mut test = cargo(&["test", "--workspace", "--locked", "--quiet", "--test", "xmlsec1"]);
    execute(test.env("BAILIWICK_XMLSEC1", "required"))
}

fn is_there() -> bool {
    let asked = Command::new("xmlsec1").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}
