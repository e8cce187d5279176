//! What is known of services' ARNs without a catalogue (SEMANTICS B5, X3).

/// Services whose resource field may begin with a name instead of a type word (`arn:aws:s3:::bucket`), in order.
///
/// Derived from the service authorization reference of 2026-11: the service field of every resource format whose text
/// after the fifth colon begins with a placeholder.
const WITHOUT_RESOURCE_TYPE: [&str; 15] = [
    "aws-marketplace",
    "codecommit",
    "codepipeline",
    "execute-api",
    "kinesis",
    "mapcredits",
    "mediaconnect",
    "mgh",
    "neptune-db",
    "s3",
    "servicequotas",
    "sns",
    "sqs",
    "ssm-sap",
    "wafv2",
];

/// Whether ARNs of the service begin their resource field with a type word (`arn:aws:iam::1:user/...`).
pub(crate) fn has_resource_type(service: &str) -> bool {
    WITHOUT_RESOURCE_TYPE.binary_search(&service).is_err()
}

#[cfg(test)]
mod tests {
    #[test]
    fn list_is_sorted() {
        assert!(super::WITHOUT_RESOURCE_TYPE.is_sorted());
    }
}
