//! The services that the workload's policies are about.

/// The account that everything lives in.
pub const ACCOUNT: &str = "111122223333";

/// A service: how its resources are written, and what can be done with them.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Prefix of its actions.
    pub name: &'static str,
    /// What an ARN of it begins with.
    pub prefix: &'static str,
    /// What stands between tenant, project and item in its names.
    pub separator: &'static str,
    /// Names of actions.
    pub actions: &'static [&'static str],
}

/// First words of action names, for patterns such as `Get*`.
pub(crate) const VERBS: &[&str] = &["Get", "Put", "Delete", "List", "Describe", "Update"];

/// All of them.
pub const SERVICES: &[Service] = &[
    Service {
        name: "s3",
        prefix: "arn:aws:s3:::data/",
        separator: "/",
        actions: &[
            "GetObject",
            "GetObjectAcl",
            "GetObjectTagging",
            "PutObject",
            "PutObjectAcl",
            "PutObjectTagging",
            "DeleteObject",
            "DeleteObjectTagging",
            "RestoreObject",
            "AbortMultipartUpload",
        ],
    },
    Service {
        name: "dynamodb",
        prefix: "arn:aws:dynamodb:eu-west-1:111122223333:table/",
        separator: "-",
        actions: &[
            "GetItem",
            "BatchGetItem",
            "Query",
            "Scan",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "DescribeTable",
            "UpdateTable",
            "DeleteTable",
        ],
    },
    Service {
        name: "sqs",
        prefix: "arn:aws:sqs:eu-west-1:111122223333:",
        separator: "-",
        actions: &[
            "SendMessage",
            "ReceiveMessage",
            "DeleteMessage",
            "GetQueueUrl",
            "GetQueueAttributes",
            "PurgeQueue",
        ],
    },
    Service {
        name: "sns",
        prefix: "arn:aws:sns:eu-west-1:111122223333:",
        separator: "-",
        actions: &["Publish", "Subscribe", "GetTopicAttributes", "SetTopicAttributes", "DeleteTopic"],
    },
    Service {
        name: "lambda",
        prefix: "arn:aws:lambda:eu-west-1:111122223333:function:",
        separator: "-",
        actions: &[
            "InvokeFunction",
            "GetFunction",
            "GetPolicy",
            "ListTags",
            "UpdateFunctionCode",
            "UpdateFunctionConfiguration",
            "DeleteFunction",
        ],
    },
    Service {
        name: "secretsmanager",
        prefix: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:",
        separator: "/",
        actions: &[
            "GetSecretValue",
            "DescribeSecret",
            "PutSecretValue",
            "UpdateSecret",
            "DeleteSecret",
            "RotateSecret",
        ],
    },
    Service {
        name: "ecr",
        prefix: "arn:aws:ecr:eu-west-1:111122223333:repository/",
        separator: "/",
        actions: &[
            "BatchGetImage",
            "GetDownloadUrlForLayer",
            "ListImages",
            "DescribeImages",
            "PutImage",
            "DeleteRepository",
        ],
    },
    Service {
        name: "ssm",
        prefix: "arn:aws:ssm:eu-west-1:111122223333:parameter/",
        separator: "/",
        actions: &["GetParameter", "GetParameters", "GetParameterHistory", "PutParameter", "DeleteParameter"],
    },
    Service {
        name: "logs",
        prefix: "arn:aws:logs:eu-west-1:111122223333:log-group:",
        separator: "/",
        actions: &[
            "GetLogEvents",
            "FilterLogEvents",
            "PutLogEvents",
            "DescribeLogStreams",
            "CreateLogStream",
            "DeleteLogGroup",
        ],
    },
    Service {
        name: "kinesis",
        prefix: "arn:aws:kinesis:eu-west-1:111122223333:stream/",
        separator: ".",
        actions: &[
            "GetRecords",
            "GetShardIterator",
            "PutRecord",
            "PutRecords",
            "DescribeStream",
            "DeleteStream",
            "ListShards",
        ],
    },
];
