//! Claims to a principal: no claims break a mapping, and none sets a key that the mapping does not fill (SEMANTICS E3).

use bailiwick::identity::{ClaimPath, Claims, KeyRule, Mapping, Presence, TagRule};
use bailiwick::value::Arity;
use bailiwick::{Principal, Profile};

/// What every mapping fills.
const FILLED: [&str; 7] =
    ["token:amr", "token:aud", "token:groups", "token:iss", "token:scopes", "token:sub", "token:tenant"];

/// The first byte chooses the mapping, the others are the claims.
pub fn run(data: &[u8]) {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = core::str::from_utf8(text) else { return };
    let mut mapping = match first >> 1 {
        0 => Mapping::cognito(),
        1 => Mapping::auth0("https://t.example/"),
        2 => Mapping::entra("11111111-2222-3333-4444-555555555555"),
        3 => Mapping::okta("https://o.example"),
        4 => Mapping::keycloak("web"),
        5 => Mapping::google(),
        6 => Mapping::apple(),
        7 => Mapping::facebook(),
        8 => Mapping::amazon(),
        _ => Mapping::oidc("https://id.example"),
    };
    mapping.profile = if first & 1 == 0 { Profile::Aws } else { Profile::Strict };
    // Any issuer and audience will do, or nearly every input would end there.
    mapping.issuers.clear();
    mapping.audiences.clear();
    mapping.tags.push(TagRule { tag: "t".to_owned(), claim: ClaimPath::of(["t"]), required: false });
    for (name, arity) in [("acme:one", Arity::One), ("acme:many", Arity::Many)] {
        let claim = ClaimPath::of(["acme", name]);
        mapping.keys.push(KeyRule { name: name.to_owned(), claim, arity, presence: Presence::Optional });
    }
    let claims = match Claims::parse(text) {
        Ok(claims) => claims,
        Err(refusals) => {
            assert!(!refusals.list.is_empty() && !refusals.to_string().is_empty());
            return;
        }
    };
    match mapping.map(&claims) {
        Ok(mapped) => {
            assert_eq!(mapped.report.len(), claims.members().len());
            // A name comes from the mapping or follows from the caller, never from the claims.
            let derived = Principal::new(mapped.principal.caller.clone());
            for (name, _) in mapped.principal.context.iter() {
                let is = |other: &str| other.eq_ignore_ascii_case(name);
                let allowed = FILLED.contains(&name)
                    || mapping.tags.iter().any(|rule| is(&format!("aws:PrincipalTag/{}", rule.tag)))
                    || mapping.keys.iter().any(|rule| is(&rule.name))
                    || derived.context.iter().any(|(other, _)| is(other));
                assert!(allowed, "{name} of {text}");
            }
            // The same claims give the same principal.
            let again = mapping.map(&claims).expect("mapped before");
            assert_eq!(format!("{:?}", again.principal), format!("{:?}", mapped.principal));
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
}
