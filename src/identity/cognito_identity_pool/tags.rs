//! Attributes for access control: claims that become principal tags of the role session (SEMANTICS G7, G8).

use super::PoolProvider;
use crate::identity::claims::scalar;
use crate::identity::{Claims, Loss, Refusal, SessionTags};
use crate::source::words;
use crate::value::Profile;

/// Characters of a claim name that can be mapped (SEMANTICS G7).
const MAX_CLAIM: usize = 256;
/// Bytes of all mapped attributes together (SEMANTICS G7).
const MAX_BYTES: usize = 460;

/// A tag that was not built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostTag {
    /// Its key.
    pub tag: String,
    /// The claim.
    pub claim: String,
    /// Why.
    pub why: Loss,
}

impl PoolProvider {
    /// The session's tags, and those that could not be built. A claim that is missing gives no tag; a value that STS
    /// would refuse refuses the session, and so does a list under `strict`: a tag that is dropped could disable a Deny.
    pub fn session_tags(
        &self,
        claims: &Claims,
        profile: Profile,
    ) -> Result<(SessionTags, Vec<LostTag>), Vec<Refusal>> {
        let (mut tags, mut lost, mut reasons) = (SessionTags::default(), Vec::new(), Vec::new());
        let mut bytes = 0;
        for (tag, claim) in &self.tags {
            let Some(node) = claims.named(claim) else { continue };
            let Some(text) = scalar(&node.value) else {
                if profile == Profile::Strict {
                    let message = words!("{} cannot be the tag `{tag}`", node.value.kind());
                    let help = "map a claim that holds one value";
                    reasons.push(Refusal::new("E111", node.span, message, help));
                } else {
                    lost.push(LostTag { tag: tag.clone(), claim: claim.clone(), why: Loss::NotOneValue });
                }
                continue;
            };
            let help = "change the claim at the issuer, or do not map it to a tag";
            if let Err(message) = tags.add(tag, text) {
                reasons.push(Refusal::new("E110", node.span, message, help));
            }
            if claim.chars().count() > MAX_CLAIM {
                let message = words!("claim name `{claim}` has more than {MAX_CLAIM} characters");
                reasons.push(Refusal::new("E110", node.span, message, help));
            }
            bytes += tag.len() + text.len();
            if bytes > MAX_BYTES {
                let message =
                    words!("the mapped attributes are {bytes} bytes; at most {MAX_BYTES} are allowed");
                reasons.push(Refusal::new("E110", node.span, message, help));
                break;
            }
        }
        if reasons.is_empty() { Ok((tags, lost)) } else { Err(reasons) }
    }
}
