//! Names of directives: which mean something to AppSync or to Amplify, and which look as if they did.

use bailiwick::source::nearest;

use crate::api::Mode;

/// AppSync's directives of authorization.
pub(super) const AUTHORIZATION: [&str; 6] =
    ["aws_auth", "aws_api_key", "aws_cognito_user_pools", "aws_iam", "aws_lambda", "aws_oidc"];

/// Directives that grant and refuse nothing: of GraphQL, of AppSync and its merged APIs, of Amplify's transformer.
const HARMLESS: &[&str] = &[
    "deprecated",
    "specifiedBy",
    "oneOf",
    "aws_publish",
    "hidden",
    "canonical",
    "renamed",
    "primaryKey",
    "index",
    "hasOne",
    "hasMany",
    "belongsTo",
    "manyToMany",
    "function",
    "http",
    "predictions",
    "searchable",
    "default",
    "mapsTo",
    "sql",
    "refersTo",
    "key",
    "connection",
    "versioned",
    "validate",
    "conversation",
    "generation",
];

/// Words that promise protection. A directive with one in its name and no meaning leaves a field open that its author
/// believes closed.
const PROMISES: &[&str] = &[
    "aws",
    "auth",
    "cognito",
    "iam",
    "oidc",
    "apikey",
    "api_key",
    "jwt",
    "token",
    "role",
    "group",
    "permi",
    "polic",
    "scope",
    "secur",
    "guard",
    "protect",
    "private",
    "public",
    "owner",
    "admin",
    "login",
    "signedin",
    "signed_in",
    "access",
    "restrict",
    "tenant",
    "acl",
    "rbac",
    "abac",
    "deny",
    "allow",
    "grant",
    "claim",
    "require",
    "secret",
    "confid",
];

/// What a directive is to us.
pub(super) enum Known {
    /// Opens a field to a mode.
    Mark(Mode),
    /// `@aws_auth`
    AwsAuth,
    /// Amplify's `@auth`
    Auth,
    /// Amplify's `@model`
    Model,
    /// `@aws_subscribe`
    Subscribe,
    Harmless,
    /// Unknown, but its name promises protection; a name that may have been meant.
    Promise(Option<&'static str>),
    Unknown,
}

pub(super) fn known(name: &str) -> Known {
    if let Some(mode) = Mode::ALL.into_iter().find(|mode| mode.directive() == name) {
        return Known::Mark(mode);
    }
    match name {
        "aws_auth" => Known::AwsAuth,
        "auth" => Known::Auth,
        "model" => Known::Model,
        "aws_subscribe" => Known::Subscribe,
        _ if HARMLESS.contains(&name) => Known::Harmless,
        _ => {
            let lower = name.to_ascii_lowercase();
            let near = nearest(name, AUTHORIZATION.into_iter().chain(["auth", "aws_subscribe"]));
            if near.is_some() || PROMISES.iter().any(|word| lower.contains(word)) {
                Known::Promise(near)
            } else {
                Known::Unknown
            }
        }
    }
}

/// Scalars that are there without a definition: GraphQL's, and AppSync's.
pub(super) const SCALARS: [&str; 14] = [
    "ID",
    "String",
    "Int",
    "Float",
    "Boolean",
    "AWSDate",
    "AWSTime",
    "AWSDateTime",
    "AWSTimestamp",
    "AWSEmail",
    "AWSJSON",
    "AWSURL",
    "AWSPhone",
    "AWSIPAddress",
];
