//! Which services resource control policies reach (SEMANTICS F2, F7): data, the list grows.

const COVERED: &[&str] = &[
    "aoss",
    "cognito-identity",
    "cognito-idp",
    "dynamodb",
    "ecr",
    "kms",
    "logs",
    "s3",
    "secretsmanager",
    "sqs",
    "sts",
];

/// Whether resource control policies reach the AWS service of this action prefix.
pub fn resource_control_covers(service: &str) -> bool {
    COVERED.iter().any(|covered| covered.eq_ignore_ascii_case(service))
}
