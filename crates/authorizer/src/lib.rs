//! API Gateway's questions: what a Lambda authorizer answers for a token, and what the gateway makes of a request.
//!
//! In: the JSON of an event, a [`Deployment`](bailiwick_deployment::Deployment) with its `[[api]]`, a token that somebody
//! has verified. Out: the document that the function returns, or why it returns none; and of authorization, answer and
//! resource policy together, an [`Outcome`].
//! Never here: signatures, clocks, networks, AWS. The door of a program is two calls: [`Call::new`] finds the token, and
//! [`Call::answer`] writes the answer once the token has been verified.
//!
//! The answer covers all that the token may do in the stage, because the gateway keeps it for other methods too
//! (SEMANTICS H2); it never allows more than the deployment does, and stops to allow when the token expires.
//!
//! ```
//! use bailiwick::identity::Claims;
//! use bailiwick_authorizer::{Bearer, Call, Event};
//! use bailiwick_deployment::{Deployment, Files, IdentityOptions};
//!
//! let files = Files::new([
//!     ("bailiwick.toml", r#"
//!         account = "111122223333"
//!         [[issuer]]
//!         name = "users"
//!         issuer = "https://id.example"
//!         [everyone]
//!         policies = "pets.json"
//!         [[api]]
//!         id = "a1b2c3"
//!         region = "eu-central-1"
//!     "#),
//!     ("pets.json", r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "execute-api:Invoke",
//!         "Resource": "arn:aws:execute-api:*:*:a1b2c3/prod/GET/pets/*"}}"#),
//! ]);
//! let deployment = Deployment::new(&files)?;
//! let event = Event::parse(r#"{"type": "TOKEN", "authorizationToken": "Bearer eyJ...",
//!     "methodArn": "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3/prod/GET/pets/1"}"#)?;
//!
//! let call = Call::new(&deployment, &event)?;
//! assert_eq!(call.token(), "eyJ..."); // verify it, for example with `bailiwick-token`
//! let claims = Claims::parse(r#"{"iss": "https://id.example", "sub": "u-1", "exp": 1800003600}"#)?;
//! let identified = deployment.principal_from_claims(&claims, IdentityOptions::default())?;
//! let bearer =
//!     Bearer { claims: &claims, principal: &identified.principal, until: 1_800_003_600, now: 1_800_000_000 };
//! let answer = call.answer(&bearer)?;
//! assert_eq!(answer.json["principalId"], "u-1");
//! let allow = &answer.json["policyDocument"]["Statement"][0];
//! assert_eq!(allow["Resource"], "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3/prod/GET/pets/*");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod call;
mod context;
mod event;
mod gateway;
mod method;
mod policy;
mod refusal;
mod response;

pub use call::{Bearer, Call, Response};
pub use event::{Event, Payload};
pub use gateway::{Ask, Brings, By, Outcome, decide};
pub use method::{METHOD_BYTES, MethodArn, request_keys};
pub use refusal::Failed;
pub use response::Returned;
