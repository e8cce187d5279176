use bailiwick::value::{AccessLevel, Arity, ValueType};

use super::*;

#[test]
fn the_committed_text_decodes_whole() {
    let catalogue = decode(TEXT).unwrap();
    assert_eq!(catalogue.services().len(), 445);
    assert_eq!(catalogue.services().map(|service| service.actions().len()).sum::<usize>(), 20_455);
    assert_eq!(catalogue.services().map(|service| service.resources().len()).sum::<usize>(), 2_167);
    assert_eq!(aws().services().len(), 445);
}

#[test]
fn spot_checks() {
    let level = |name| aws().action(name).map(|(_, action)| action.level);
    let rows = [
        ("s3:GetObject", Some(AccessLevel::Read)),
        ("S3:listallmybuckets", Some(AccessLevel::List)),
        ("sqs:AddPermission", Some(AccessLevel::Permissions)),
        ("sqs:TagQueue", Some(AccessLevel::Tagging)),
        ("ec2:RunInstances", Some(AccessLevel::Write)),
        ("s3:GetObjekt", None),
        ("s4:GetObject", None),
        ("s3", None),
    ];
    for (name, expected) in rows {
        assert_eq!(level(name), expected, "{name}");
    }
    let (s3, get) = aws().action("s3:GetObject").unwrap();
    let types: Vec<_> = s3.resources_of(get).map(|resource| &*resource.name).collect();
    assert_eq!(types, ["accesspointobject", "object"]);
    assert!(s3.fills(get, s3.key_position("s3:existingobjecttag/team").unwrap()));
    assert!(!s3.fills(get, s3.key_position("s3:prefix").unwrap()));
    assert!(aws().action("s3:ListAllMyBuckets").unwrap().1.takes.is_empty());
    let key = s3.key("aws:TagKeys").unwrap();
    assert_eq!((key.value, key.arity), (ValueType::String, Arity::Many));
    let (ec2, run) = aws().action("ec2:RunInstances").unwrap();
    let image =
        run.takes.iter().find(|takes| &*ec2.resource_at(takes.resource).unwrap().name == "image").unwrap();
    assert!(image.required && image.keys.iter().any(|key| &*ec2.key_at(*key).unwrap().name == "ec2:ImageID"));
}

#[test]
fn every_position_counts_in_its_service() {
    // `Service::new` drops what points past the end: then less is there than was written.
    let kinds = |line: &&str| !line.starts_with(['@', '=', ':']);
    assert_eq!(TEXT.lines().skip(1).filter(kinds).count(), 20_455);
    let required = aws().services().flat_map(bailiwick::value::Service::actions);
    let required: usize =
        required.map(|action| action.takes.iter().filter(|takes| takes.required).count()).sum();
    assert_eq!(required, 14_443);
}

#[test]
fn what_is_not_a_catalogue() {
    let rows = [
        ("", 1),
        ("bailiwick-catalog 2\n", 1),
        ("bailiwick-catalog 1\nGet\tR\t\t\n", 2),
        ("bailiwick-catalog 1\n@s3\n", 2),
        ("bailiwick-catalog 1\n@s:3\tS3\n", 2),
        ("bailiwick-catalog 1\n@s3\tS3\n=k\tX\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\n=k\tS++\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\n:bucket\tarn:x\t\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\nGet\tR\t-1\t\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\nGet\tR\t70000\t\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\nGet\tR\t\t\t\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\nGet\tZ\t\t\n", 3),
        ("bailiwick-catalog 1\n@s3\tS3\n\n", 3),
    ];
    for (text, line) in rows {
        assert_eq!(decode(text).unwrap_err().line, line, "{text:?}");
    }
    assert!(
        decode("bailiwick-catalog 1\n@s3\tS3\nGet\tR\t9!:8\t7\n").is_ok(),
        "positions past the end are dropped"
    );
    assert!(DecodeError { line: 3, expected: "a service" }.to_string().contains("line 3"));
}

#[test]
fn cut_short_anywhere_is_no_panic() {
    let text: String = TEXT.lines().take(200).flat_map(|line| [line, "\n"]).collect();
    for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
        let _ = decode(&text[..end]).is_ok();
    }
}
