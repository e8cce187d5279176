//! The settings as `aws appsync get-graphql-api` prints them.

use bailiwick::source::json::{self, Limits, Member, Node, Value};
use bailiwick::source::{Diagnostic, Diagnostics, Severity, Source, Span, nearest};
use bailiwick::{Profile, source::json::repeated};

use super::{ARN, Api, ClientPattern, DefaultAction, Mode, OidcSettings, Provider, UserPool, is_arn};
use crate::code;
use crate::text::{lint, quoted};

/// Members that are looked at. A name that is nearly one of them is a slip that would switch something off.
const MEMBERS: &[&str] = &[
    "authenticationType",
    "additionalAuthenticationProviders",
    "userPoolConfig",
    "openIDConnectConfig",
    "lambdaAuthorizerConfig",
    "arn",
    "introspectionConfig",
    "queryDepthLimit",
];

/// Members of AWS that say nothing of authorization and resemble one that does.
const OTHERS: &[&str] = &["uris", "dns", "tags", "name", "owner", "apiId", "apiType", "ownerContact"];

impl Api {
    /// Reads what `aws appsync get-graphql-api` prints, with or without its `graphqlApi` around it; and lints on it.
    ///
    /// Errors: E350 where it is not that, E356 for a pattern of client ids.
    ///
    /// ```
    /// use bailiwick_graphql::{Api, Mode};
    ///
    /// let (api, lints) = Api::read(
    ///     r#"{"authenticationType": "API_KEY", "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}]}"#,
    ///     bailiwick::Profile::Aws,
    /// )?;
    /// assert_eq!((api.default_mode(), api.has(Mode::Iam), lints.len()), (Mode::ApiKey, true, 0));
    /// # Ok::<(), bailiwick::Diagnostics>(())
    /// ```
    pub fn read(source: impl Into<Source>, profile: Profile) -> Result<(Self, Vec<Diagnostic>), Diagnostics> {
        let source = source.into();
        let mut reader = Reader { list: Vec::new(), lints: Vec::new() };
        let api = match json::read(&source, Limits::default()) {
            Ok(node) => {
                reader.list.extend(repeated(&node));
                reader.api(node.get("graphqlApi").unwrap_or(&node), profile)
            }
            Err(error) => {
                reader.list.push(*error);
                Err(Told)
            }
        };
        match api {
            Ok(api) if reader.list.is_empty() => Ok((api, reader.lints)),
            _ => Err(Diagnostics { source, list: reader.list }),
        }
    }
}

/// What is wrong was told.
struct Told;

struct Reader {
    list: Vec<Diagnostic>,
    lints: Vec<Diagnostic>,
}

impl Reader {
    fn api(&mut self, node: &Node, profile: Profile) -> Result<Api, Told> {
        let members = self.object(node, "an API's settings")?;
        for member in members {
            let known = MEMBERS.contains(&member.key.as_str()) || OTHERS.contains(&member.key.as_str());
            if !known && let Some(near) = nearest(&member.key, MEMBERS.iter().copied()) {
                self.refuse(
                    member.key_span,
                    format!("an API has no setting `{}`", member.key),
                    &format!("did you mean `{near}`?"),
                );
            }
        }
        let primary = self.provider(node, true)?;
        let mut api = Api { profile, ..Api::new(primary) };
        if let (Provider::Cognito(_), Some(pool)) = (&api.primary, node.get("userPoolConfig")) {
            api.default_action = self.default_action(pool)?;
        }
        if let Some(list) = node.get("additionalAuthenticationProviders").filter(|node| is_there(node)) {
            let Some(items) = list.as_array() else {
                self.refuse(list.span, "additional modes are a list", SEE);
                return Err(Told);
            };
            api.additional =
                items.iter().map(|item| self.provider(item, false)).collect::<Result<Vec<_>, _>>()?;
        }
        for (at, provider) in api.additional.iter().enumerate() {
            let mode = provider.mode();
            let same = api.providers().take(at + 1).any(|other| other.mode() == mode);
            if same && matches!(mode, Mode::ApiKey | Mode::Iam | Mode::Lambda) {
                self.refuse(node.span, format!("the API has mode `{}` twice", mode.name()), "leave one out");
            }
        }
        api.arn = self.text(node, "arn")?.map(|(text, span)| self.arn(text, span)).transpose()?;
        api.introspection = match self.text(node, "introspectionConfig")? {
            None => None,
            Some(("ENABLED", _)) => Some(true),
            Some(("DISABLED", _)) => Some(false),
            Some((other, span)) => {
                self.refuse(
                    span,
                    format!("`{other}` is no state of introspection"),
                    "write `ENABLED` or `DISABLED`",
                );
                None
            }
        };
        api.depth_limit = self.number(node, "queryDepthLimit")?.filter(|limit| *limit > 0).map(|limit| {
            // Beyond any query that is read.
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        Ok(api)
    }

    fn provider(&mut self, node: &Node, primary: bool) -> Result<Provider, Told> {
        if !primary {
            let known =
                ["authenticationType", "userPoolConfig", "openIDConnectConfig", "lambdaAuthorizerConfig"];
            self.only(node, "a mode", &known)?;
        }
        let Some((name, span)) = self.text(node, "authenticationType")? else {
            self.refuse(node.span, "no `authenticationType` says which mode this is", SEE);
            return Err(Told);
        };
        let Some(mode) = Mode::from_name(name) else {
            let names = Mode::ALL.map(Mode::name);
            let help = nearest(name, names).map_or_else(
                || format!("modes are {}", quoted(names)),
                |near| format!("did you mean `{near}`?"),
            );
            self.refuse(span, format!("`{name}` is no authorization mode"), &help);
            return Err(Told);
        };
        Ok(match mode {
            Mode::Cognito => {
                Provider::Cognito(match node.get("userPoolConfig").filter(|node| is_there(node)) {
                    Some(pool) => self.pool(pool, primary)?,
                    None => return self.without(node, "userPoolConfig"),
                })
            }
            Mode::Oidc => {
                Provider::Oidc(match node.get("openIDConnectConfig").filter(|node| is_there(node)) {
                    Some(oidc) => self.oidc(oidc)?,
                    None => return self.without(node, "openIDConnectConfig"),
                })
            }
            other => Provider::of(other),
        })
    }

    fn without(&mut self, node: &Node, name: &str) -> Result<Provider, Told> {
        let message = format!("the mode needs `{name}`: whose tokens are taken?");
        self.refuse(node.span, message, SEE);
        Err(Told)
    }

    fn pool(&mut self, node: &Node, primary: bool) -> Result<UserPool, Told> {
        let mut known = vec!["userPoolId", "awsRegion", "appIdClientRegex"];
        if primary {
            known.push("defaultAction");
        }
        self.only(node, "a user pool", &known)?;
        let (Some((id, _)), Some((region, _))) =
            (self.text(node, "userPoolId")?, self.text(node, "awsRegion")?)
        else {
            self.refuse(node.span, "a user pool has `userPoolId` and `awsRegion`", SEE);
            return Err(Told);
        };
        let issuer = Some(format!("https://cognito-idp.{region}.amazonaws.com/{id}"));
        Ok(UserPool { issuer, client: self.client(node, "appIdClientRegex")? })
    }

    fn default_action(&mut self, pool: &Node) -> Result<DefaultAction, Told> {
        match self.text(pool, "defaultAction")? {
            Some(("ALLOW", _)) => Ok(DefaultAction::Allow),
            Some(("DENY", _)) => Ok(DefaultAction::Deny),
            Some((other, span)) => {
                self.refuse(span, format!("`{other}` is no default action"), "write `ALLOW` or `DENY`");
                Err(Told)
            }
            None => {
                let message = "the default user pool has no `defaultAction`: are unmarked fields open?";
                self.refuse(pool.span, message, "write `\"defaultAction\": \"DENY\"`, or `\"ALLOW\"`");
                Err(Told)
            }
        }
    }

    fn oidc(&mut self, node: &Node) -> Result<OidcSettings, Told> {
        self.only(node, "an OpenID Connect provider", &["issuer", "clientId", "iatTTL", "authTTL"])?;
        let Some((issuer, _)) = self.text(node, "issuer")? else {
            self.refuse(node.span, "an OpenID Connect provider has an `issuer`", SEE);
            return Err(Told);
        };
        Ok(OidcSettings {
            issuer: Some(issuer.to_owned()),
            client: self.client(node, "clientId")?,
            auth_ttl: self.number(node, "authTTL")?.unwrap_or_default(),
            iat_ttl: self.number(node, "iatTTL")?.unwrap_or_default(),
        })
    }

    fn client(&mut self, node: &Node, name: &str) -> Result<Option<ClientPattern>, Told> {
        // AWS: an empty pattern filters nothing.
        let Some((text, span)) = self.text(node, name)?.filter(|(text, _)| !text.is_empty()) else {
            return Ok(None);
        };
        match ClientPattern::new(text, span) {
            Ok(pattern) => {
                if !pattern.is_anchored() {
                    let message = format!("the pattern `{text}` of client ids has no anchors");
                    self.lints.push(
                        lint(code::UNANCHORED, Severity::SecurityWarning, span, message)
                            .at("other clients' ids may contain it")
                            .help(format!("write `^({text})$`; here it is read as if it were written so")),
                    );
                }
                Ok(Some(pattern))
            }
            Err(diagnostic) => {
                self.list.push(*diagnostic);
                Err(Told)
            }
        }
    }

    fn arn(&mut self, text: &str, span: Span) -> Result<String, Told> {
        if is_arn(text) {
            return Ok(text.to_owned());
        }
        self.refuse(span, format!("`{text}` is no API's ARN"), ARN);
        Err(Told)
    }

    fn object<'n>(&mut self, node: &'n Node, what: &str) -> Result<&'n [Member], Told> {
        let members = node.as_object();
        if members.is_none() {
            self.refuse(node.span, format!("{what} is an object, not {}", node.value.kind()), SEE);
        }
        members.ok_or(Told)
    }

    fn only(&mut self, node: &Node, what: &str, known: &[&str]) -> Result<(), Told> {
        let mut fits = true;
        for member in self.object(node, what)? {
            if !known.contains(&member.key.as_str()) {
                fits = false;
                let help = nearest(&member.key, known.iter().copied()).map_or_else(
                    || format!("it has {}", quoted(known.iter().copied())),
                    |near| format!("did you mean `{near}`?"),
                );
                self.refuse(member.key_span, format!("{what} has no setting `{}`", member.key), &help);
            }
        }
        if fits { Ok(()) } else { Err(Told) }
    }

    fn text<'n>(&mut self, node: &'n Node, name: &str) -> Result<Option<(&'n str, Span)>, Told> {
        let Some(value) = node.get(name).filter(|node| is_there(node)) else { return Ok(None) };
        if let Some(text) = value.as_str() {
            return Ok(Some((text, value.span)));
        }
        self.refuse(value.span, format!("`{name}` is a string, not {}", value.value.kind()), SEE);
        Err(Told)
    }

    fn number(&mut self, node: &Node, name: &str) -> Result<Option<u64>, Told> {
        let Some(value) = node.get(name).filter(|node| is_there(node)) else { return Ok(None) };
        if let Some(number) = value.as_number().and_then(|text| text.parse().ok()) {
            return Ok(Some(number));
        }
        self.refuse(value.span, format!("`{name}` is a whole number"), SEE);
        Err(Told)
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.list.push(Diagnostic::error(code::API, span, message).help(help));
    }
}

const SEE: &str = "give it as `aws appsync get-graphql-api` prints it";

fn is_there(node: &Node) -> bool {
    node.value != Value::Null
}
