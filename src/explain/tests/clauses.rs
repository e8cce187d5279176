//! SEMANTICS B and C5: actions and resources.

use super::*;

const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

/// How far a statement of these parts covers the question, seen from both effects.
fn truth(profile: Profile, principal: &Principal, parts: &str, question: &str) -> &'static str {
    let world = |statements: &str| World { profile, ..World::default() }.identity(statements);
    let allow = world(&format!(r#"{{"Effect":"Allow",{parts}}}"#));
    let deny = world(&format!(r#"{ALL},{{"Effect":"Deny",{parts}}}"#));
    let allows = asked(&allow, principal, question, &[]).decision.is_allowed();
    let denies = !asked(&deny, principal, question, &[]).decision.is_allowed();
    match (allows, denies) {
        (true, true) => "yes",
        (false, true) => "maybe",
        (false, false) => "no",
        (true, false) => "an allow applied where a deny did not",
    }
}

#[test]
fn actions() {
    let rows: &[(&str, &str, &str, &str)] = &[
        (r#""Action":"S3:getobject""#, "s3:GetObject", "yes", "yes"),
        (r#""Action":"s3:*Object""#, "s3:PutObject", "yes", "yes"),
        (r#""Action":"s3:*Object""#, "s3:PutObjectAcl", "no", "no"),
        (r#""Action":"s3:Get?bject""#, "s3:GetObject", "yes", "yes"),
        (r#""Action":"s3:GetObject?""#, "s3:GetObject", "no", "no"),
        (r#""Action":"s3:*""#, "s3-object-lambda:GetObject", "no", "no"),
        (r#""Action":"*""#, "x:Y", "yes", "yes"),
        (r#""Action":["ec2:*","s3:Get*"]"#, "s3:GetObject", "yes", "yes"),
        (r#""Action":[]"#, "s3:GetObject", "no", "no"),
        (r#""NotAction":"iam:*""#, "iam:GetUser", "no", "no"),
        (r#""NotAction":"iam:*""#, "s3:GetObject", "yes", "yes"),
        (r#""NotAction":["iam:*","s3:Get*"]"#, "s3:GetObject", "no", "no"),
        (r#""Action":"*:Get*""#, "s3:GetObject", "no", "maybe"),
        (r#""NotAction":"*:Get*""#, "s3:GetObject", "yes", "maybe"),
    ];
    for (parts, action, aws, strict) in rows {
        let parts = format!(r#"{parts},"Resource":"*""#);
        let question = format!("{action} arn:aws:s3:::b/k");
        assert_eq!(truth(Profile::Aws, &user(), &parts, &question), *aws, "{parts} for {action}");
        assert_eq!(
            truth(Profile::Strict, &user(), &parts, &question),
            *strict,
            "{parts} for {action}, strict"
        );
    }
}

#[test]
fn resources() {
    let rows: &[(&str, &str, &str, &str)] = &[
        (r#""Resource":"arn:aws:s3:::Data/*""#, "arn:aws:s3:::data/x", "no", "no"),
        (r#""Resource":"arn:aws:s3:::b*""#, "arn:aws:s3:::bigger/x", "yes", "yes"),
        (r#""Resource":"arn:aws:s3:::b/*""#, "arn:aws:s3:::b", "no", "no"),
        (r#""Resource":"arn:aws:s3:::b/?""#, "arn:aws:s3:::b/", "no", "no"),
        (r#""Resource":"arn:aws:s3:::b/?""#, "arn:aws:s3:::b//", "yes", "yes"),
        (r#""Resource":"arn:aws:s3:::b/${*}""#, "arn:aws:s3:::b/*", "yes", "yes"),
        (r#""Resource":"arn:aws:s3:::b/${*}""#, "arn:aws:s3:::b/x", "no", "no"),
        (r#""Resource":"arn:aws:s3:::*""#, "*", "no", "no"),
        (r#""Resource":"*""#, "*", "yes", "yes"),
        (r#""NotResource":"arn:aws:s3:::hr/*""#, "arn:aws:s3:::hr", "yes", "yes"),
        (r#""NotResource":"arn:aws:s3:::hr/*""#, "arn:aws:s3:::hr/x", "no", "no"),
        (r#""NotResource":["arn:aws:s3:::hr","arn:aws:s3:::hr/*"]"#, "*", "yes", "yes"),
        (
            r#""Resource":"arn:aws:dynamodb:*:*:table/T""#,
            "arn:aws:dynamodb:r:111122223333:table/T/index/i",
            "no",
            "no",
        ),
        (r#""Resource":"arn:AWS:s3:::b/*""#, "arn:aws:s3:::b/k", "maybe", "maybe"),
        (r#""NotResource":"arn:AWS:s3:::b/*""#, "arn:aws:s3:::b/k", "maybe", "maybe"),
        (
            r#""Resource":"arn:aws:logs:*:log-group:foo""#,
            "arn:aws:logs:us-east-1:111122223333:log-group:foo",
            "no",
            "maybe",
        ),
        // Variables (C4, C5, C7).
        (r#""Resource":"arn:aws:s3:::b/${aws:PrincipalTag/gone}/*""#, "arn:aws:s3:::b/x/y", "no", "no"),
        (
            r#""Resource":"arn:aws:s3:::b/${aws:PrincipalTag/gone, 'common'}/*""#,
            "arn:aws:s3:::b/common/x",
            "yes",
            "yes",
        ),
        (r#""Resource":"arn:aws:s3:::b/${aws:PrincipalTag/star}/*""#, "arn:aws:s3:::b/other/x", "no", "no"),
        (r#""Resource":"arn:aws:s3:::b/${aws:PrincipalTag/star}/*""#, "arn:aws:s3:::b/*/x", "yes", "yes"),
        (
            r#""NotResource":"arn:aws:s3:::b/${aws:PrincipalTag/gone}/*""#,
            "arn:aws:s3:::b/x/y",
            "yes",
            "maybe",
        ),
        (
            r#""Resource":"arn:aws:s3:::b/${aws:PrincipalTag/unknown}/*""#,
            "arn:aws:s3:::b/x/y",
            "maybe",
            "maybe",
        ),
    ];
    let mut principal = user().with_tag("star", "*");
    principal.context.replace("aws:PrincipalTag/unknown", ContextValue::Unknown);
    for (parts, resource, aws, strict) in rows {
        let parts = format!(r#""Action":"*",{parts}"#);
        let question = format!("s3:GetObject {resource}");
        assert_eq!(truth(Profile::Aws, &principal, &parts, &question), *aws, "{parts} for {resource}");
        assert_eq!(
            truth(Profile::Strict, &principal, &parts, &question),
            *strict,
            "{parts} for {resource}, strict"
        );
    }
}

#[test]
fn an_api_policy_speaks_of_its_own_api() {
    let statement = r#"{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/prod/GET/pets/*"}"#;
    let api = arn_pattern("arn:aws:execute-api:eu-west-1:111122223333:abc*");
    let world = World::default().attach(Layer::Resource, 0, Target::Resource(api), Kind::Api, statement);
    let path =
        |path: &str| format!("execute-api:Invoke arn:aws:execute-api:eu-west-1:111122223333:abc/{path}");
    check(&world, &anonymous(), &path("prod/GET/pets/1"), &[], "allow resource");
    check(&world, &anonymous(), &path("prod/POST/pets/1"), &[], "implicit deny resource");
    let elsewhere = "execute-api:Invoke arn:aws:execute-api:eu-west-1:111122223333:xyz/prod/GET/pets/1";
    check(&world, &anonymous(), elsewhere, &[], "implicit deny resource");
}

#[test]
fn a_statement_without_resource_speaks_of_what_it_is_attached_to() {
    let world = World::default().attach(
        Layer::Resource,
        0,
        Target::Resource(arn_pattern("arn:aws:sqs:*:111122223333:q")),
        Kind::Resource,
        r#"{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage"}"#,
    );
    check(&world, &anonymous(), "sqs:SendMessage arn:aws:sqs:r:111122223333:q", &[], "allow resource");
    check(
        &world,
        &anonymous(),
        "sqs:SendMessage arn:aws:sqs:r:111122223333:p",
        &[],
        "implicit deny resource",
    );
}
