use super::*;

fn shop() -> Service {
    let keys = vec![
        ConditionKey::new("photos:Owner", ValueType::String, Arity::One),
        ConditionKey::new("aws:ResourceTag/${TagKey}", ValueType::String, Arity::One),
        ConditionKey::new("photos:Label/<label>.size", ValueType::Numeric, Arity::Many),
    ];
    let resources = vec![
        ResourceType::new("album", "arn:acme:photos:${Region}:${Account}:album/${Album}", [1]).unwrap(),
        ResourceType::new("photo", "arn:acme:photos:${Region}:${Account}:album/${Album}:p:${Id}", [1])
            .unwrap(),
    ];
    let action = |name: &str, takes: &[u16], keys: &[u16]| Action {
        name: name.into(),
        level: AccessLevel::Read,
        takes: takes.iter().map(|&resource| Takes { resource, required: true, keys: Box::new([]) }).collect(),
        keys: keys.into(),
    };
    let actions = vec![
        action("Put", &[1], &[0]),
        action("GetAlbum", &[0], &[]),
        action("Get", &[1, 9], &[0, 7]),
        action("List", &[], &[]),
        action("put", &[0], &[]),
    ];
    Service::new("photos", "Photos", keys, resources, actions)
}

#[test]
fn finds_ignoring_case_and_keeps_the_later_of_two() {
    let catalogue = Catalogue::new([shop(), Service::new("A2C", "", vec![], vec![], vec![])]);
    assert_eq!(catalogue.services().map(Service::prefix).collect::<Vec<_>>(), ["A2C", "photos"]);
    let (_, action) = catalogue.action("PHOTOS:PUT").unwrap();
    assert_eq!((&*action.name, action.takes.len()), ("put", 1));
    let replaced = catalogue.with([Service::new("Photos", "new", vec![], vec![], vec![])]);
    assert_eq!(replaced.service("photos").unwrap().title(), "new");
    assert_eq!(replaced.services().len(), 2);
    assert_eq!(catalogue.service("photos").unwrap().title(), "Photos");
}

#[test]
fn drops_positions_past_the_end() {
    let shop = shop();
    let get = shop.action("get").unwrap();
    assert_eq!((get.takes.len(), &*get.keys), (1, [0].as_slice()));
}

#[test]
fn patterns_of_actions() {
    let shop = shop();
    let pattern = |pieces: Vec<Piece>| Template { pieces };
    let names = |template: &Template| shop.matching(template).map(|a| a.name.to_string()).collect::<Vec<_>>();
    let literal = |text: &str| Piece::Literal(text.to_owned());
    assert_eq!(names(&pattern(vec![literal("GET"), Piece::Any])), ["Get", "GetAlbum"]);
    assert_eq!(names(&pattern(vec![literal("get")])), ["Get"]);
    assert_eq!(names(&pattern(vec![Piece::One, Piece::One, literal("T")])), ["Get", "put"]);
    assert_eq!(names(&pattern(vec![Piece::Any])).len(), 4);
    assert_eq!(names(&pattern(vec![literal("x")])), [""; 0]);
}

#[test]
fn keys_with_placeholders() {
    let shop = shop();
    assert_eq!(shop.key_position("AWS:resourcetag/a/b"), Some(1));
    assert_eq!(shop.key_position("photos:Label/big.size"), Some(2));
    assert_eq!(shop.key_position("photos:Label/big"), None);
    let get = shop.action("Get").unwrap();
    assert!(shop.fills(get, 0) && shop.fills(get, 1) && !shop.fills(get, 2));
    assert!(!shop.fills(shop.action("List").unwrap(), 1));
}

#[test]
fn formats() {
    let shop = shop();
    let photo = &shop.resources()[1];
    assert_eq!(photo.pattern.fields[0].as_literal(), Some("acme"));
    assert!(photo.pattern.fields[2].is_any());
    assert_eq!(photo.pattern.fields[4].pieces.len(), 4);
    assert!(ResourceType::new("x", "arn:a:b:c:d", []).is_none());
    assert!(ResourceType::new("x", "urn:a:b:c:d:e", []).is_none());
}

#[test]
fn levels() {
    for level in AccessLevel::ALL {
        assert_eq!(AccessLevel::parse(level.name()), Some(level));
    }
    assert_eq!(AccessLevel::parse("permissions"), Some(AccessLevel::Permissions));
    assert_eq!(AccessLevel::parse("admin"), None);
}
