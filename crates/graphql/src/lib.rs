//! Authorization of GraphQL APIs on AWS AppSync: which fields may this token query, and why not the others?
//!
//! In: a schema in GraphQL's SDL, what the API's settings say of authorization, verified claims; a query.
//! Out: an answer for each field, with its reason; diagnostics with places where a schema does not say what it seems to say.
//! Never here: signatures, networks, resolvers; deciding IAM policies (that is `bailiwick`).
//!
//! Two dialects are read. AppSync's own directives (`@aws_auth`, `@aws_cognito_user_pools`, `@aws_iam`, `@aws_oidc`,
//! `@aws_lambda`, `@aws_api_key`; SEMANTICS H8, H9) decide field by field, see [`Schema::fields`] and [`check`]. Amplify's
//! `@auth` is a source that is compiled to the first; it also speaks of operations and of records, see [`Schema::models`].
//!
//! ```
//! use bailiwick::identity::Claims;
//! use bailiwick_graphql::{Api, Caller, Provider, Schema, State};
//!
//! let api = Api::new(Provider::ApiKey).with(Provider::cognito());
//! let schema = Schema::read(
//!     r#"
//!     type Query {
//!         posts: [Post] @aws_api_key @aws_cognito_user_pools
//!         drafts: [Post] @aws_cognito_user_pools(cognito_groups: ["editors"])
//!     }
//!     type Post @aws_api_key @aws_cognito_user_pools {
//!         title: String
//!         notes: String @aws_cognito_user_pools(cognito_groups: ["editors"])
//!     }"#,
//!     &api,
//! )?;
//! let claims = Claims::parse(
//!     r#"{"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a", "token_use": "id", "sub": "u-1"}"#,
//! )?;
//! let caller = Caller::from_claims(&api, &claims, None, 1_800_000_000)?;
//! let usable: Vec<String> = schema
//!     .fields(&caller)
//!     .into_iter()
//!     .filter(|row| row.state == State::Usable)
//!     .map(|row| format!("{}.{}", row.parent, row.field))
//!     .collect();
//! assert_eq!(usable, ["Post.title", "Query.posts"]);
//! # Ok::<(), bailiwick::Diagnostics>(())
//! ```

#![forbid(unsafe_code)]

mod access;
mod amplify;
mod answer;
mod api;
mod caller;
mod code;
mod fields;
mod lambda;
mod policy;
mod query;
mod schema;
mod text;

pub use amplify::{Access, Condition, ModelAccess, ModelField, Operation};
pub use answer::{Answer, Why};
pub use api::{Api, ClientPattern, DefaultAction, Mode, OidcSettings, Provider, UserPool};
pub use caller::{Caller, Identity};
pub use fields::{FieldRow, State};
pub use lambda::LambdaAnswer;
pub use policy::{FieldPolicy, PolicyAnswer, SessionPolicy};
pub use query::{Checked, Limits, OperationAnswer, check};
pub use schema::Schema;
