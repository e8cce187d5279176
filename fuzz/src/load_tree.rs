//! Hostile artifacts: loading gives an error or a tree, and a tree decides, whatever its tables say.

use bailiwick::compile::compile;
use bailiwick::value::hash_bytes;
use bailiwick::{Caller, Principal, Request, Tree};

use super::choices::Choices;
use super::world::{World, world};

/// Magic, version and flags come before the checksum, everything else after it.
const HEAD: usize = 16;
const HEADER: usize = 24;

/// The first byte says how much of the input chooses a world, whose artifact the rest then damages; with 0 the rest is
/// the artifact itself. The checksum is made to fit, for a forger would do that too.
pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let mut bytes = match rest.split_at_checked(usize::from(*first) * 2) {
        Some((story, damage)) if *first > 0 => {
            let Some(World { set, .. }) = world(&mut Choices(story)) else { return };
            let mut bytes = compile(&set).to_bytes();
            spoil(&mut bytes, damage);
            bytes
        }
        _ => rest.to_vec(),
    };
    try_it(&bytes);
    if bytes.len() >= HEADER {
        let sum = hash_bytes(&bytes[..HEAD]).rotate_left(17) ^ hash_bytes(&bytes[HEADER..]);
        bytes[HEAD..HEADER].copy_from_slice(&sum.to_le_bytes());
        try_it(&bytes);
    }
}

/// Four bytes of damage at a time: where, and what to put there.
fn spoil(bytes: &mut Vec<u8>, damage: &[u8]) {
    for change in damage.chunks_exact(4) {
        let at = usize::from(change[0]) << 8 | usize::from(change[1]);
        let words = bytes.len() / 4;
        let at = HEADER + at % words.saturating_sub(HEADER / 4).max(1) * 4;
        match change[2] % 8 {
            0 => bytes.truncate(at),
            1 => {
                let copied = bytes.get(at..).unwrap_or_default().to_vec();
                bytes.truncate((bytes.len() + 64).min(1 << 16));
                bytes.extend(copied.iter().take(64));
            }
            2 => write(bytes, at, u32::MAX),
            3 => write(bytes, at, u32::from(change[3]) << 24),
            _ => write(bytes, at, u32::from(change[3])),
        }
    }
}

fn write(bytes: &mut [u8], at: usize, word: u32) {
    if let Some(place) = bytes.get_mut(at..at + 4) {
        place.copy_from_slice(&word.to_le_bytes());
    }
}

fn try_it(bytes: &[u8]) {
    let tree = match Tree::from_bytes(bytes) {
        Ok(tree) => tree,
        Err(error) => {
            assert!(error.code().starts_with("E20") && !error.to_string().is_empty());
            return;
        }
    };
    let callers = [
        Principal::new(Caller::Anonymous),
        Principal::from_arn("arn:aws:iam::111111111111:user/u").expect("a user").in_group("g"),
        Principal::from_arn("arn:aws:sts::111111111111:assumed-role/r/s")
            .expect("a session")
            .with_tag("t", "a"),
    ];
    for principal in &callers {
        let session = tree.session(principal);
        for (action, resource) in [
            ("s3:GetObject", "arn:aws:s3:::b/x"),
            ("ec2:Run", "*"),
            ("kms:Decrypt", "arn:aws:kms:eu:1:key/k"),
        ] {
            let request = Request::new(action, resource).expect("a request").with("aws:TagKeys", ["a", "b"]);
            let decision = tree.decide(principal, &request);
            // Which of several applying statements is named may differ; whether one is may not.
            let told = |decision: bailiwick::Decision| {
                (
                    decision.verdict,
                    decision.layer,
                    decision.level,
                    decision.error,
                    decision.statement.is_some(),
                )
            };
            assert_eq!(told(session.decide(&request)), told(decision));
            if let Some(id) = decision.statement {
                let _ = tree.statement(id);
            }
        }
    }
    let _ = tree.shape();
}
