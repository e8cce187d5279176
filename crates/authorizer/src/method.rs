//! The ARN of a method or route (SEMANTICS H1).

use bailiwick::source::Diagnostics;
use bailiwick::value::{ArnPattern, Piece, Template, arn_fields};
use bailiwick_deployment::{Api, Deployment};

use crate::refusal::nameless;

/// Bytes that the ARN of a method may have (SEMANTICS I); the gateway answers 414 to longer ones.
pub const METHOD_BYTES: usize = 1_600;

/// `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`, or for a WebSocket `API/STAGE/ROUTE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodArn {
    text: String,
    /// Ends of partition, service, region and account, then of API and stage.
    partition: String,
    region: String,
    account: String,
    api: String,
    stage: String,
    method: String,
    /// With its slash; of a WebSocket's route, empty.
    path: String,
}

impl MethodArn {
    /// Reads an ARN.
    ///
    /// Errors: E328, what is no method's ARN, or longer than 1600 bytes.
    pub fn parse(text: &str) -> Result<Self, Diagnostics> {
        let refused = |why: &str| {
            let shown: String = text.chars().take(80).collect();
            let help =
                "write `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH` with the path of a request";
            nameless("method", "E328", format!("`{shown}` {why}"), help)
        };
        if text.len() > METHOD_BYTES {
            return Err(refused("is longer than 1600 bytes"));
        }
        let no_method = || refused("is not the ARN of a method");
        let [partition, service, region, account, rest] = arn_fields(text).ok_or_else(no_method)?;
        let mut parts = rest.splitn(4, '/');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let (api, stage, method) = (next(), next(), next());
        let (Some(api), Some(stage), Some(method)) = (api, stage, method) else { return Err(no_method()) };
        let path = parts.next().map(|path| format!("/{path}")).unwrap_or_default();
        if service != "execute-api" || [partition, region, account].contains(&"") {
            return Err(no_method());
        }
        Ok(Self {
            text: text.to_owned(),
            partition: partition.to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
            api: api.to_owned(),
            stage: stage.to_owned(),
            method: method.to_owned(),
            path,
        })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Id of the API.
    pub fn api(&self) -> &str {
        &self.api
    }

    /// Stage.
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// `GET`, or the route key of a WebSocket.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// With its slash; empty where there is none.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The API of the folder that it belongs to.
    ///
    /// Errors: E322, there is none, or the stage is not one of its own.
    pub fn api_of<'a>(&self, deployment: &'a Deployment) -> Result<&'a Api, Diagnostics> {
        let here =
            format!("arn:{}:execute-api:{}:{}:{}/", self.partition, self.region, self.account, self.api);
        let found = deployment.apis.iter().find(|api| api.arn() == here);
        let Some(api) = found else {
            let message = format!("no API of this deployment is `{here}`");
            let help = "describe it in `bailiwick.toml`: `[[api]]` with `id`, `region` and, if it is not at home, `account`";
            return Err(nameless("method", "E322", message, help));
        };
        if !api.stages.is_empty() && !api.stages.contains(&self.stage) {
            let message = format!("API `{}` has no stage `{}`", api.id, self.stage);
            let help = format!("its `stages` are `{}`", api.stages.join("`, `"));
            return Err(nameless("method", "E322", message, &help));
        }
        Ok(api)
    }

    /// Just this method.
    pub(crate) fn itself(&self) -> ArnPattern {
        let rest = format!("{}/{}/{}{}", self.api, self.stage, self.method, self.path);
        self.pattern(Template::literal(&rest))
    }

    /// Everything in its stage.
    pub(crate) fn whole_stage(&self) -> ArnPattern {
        let mut rest = Template::literal(&format!("{}/{}/", self.api, self.stage));
        rest.push(Piece::Any);
        self.pattern(rest)
    }

    /// Everything that the route of this request may be asked for: parameters may be any text.
    pub(crate) fn whole_route(&self, route: &str) -> ArnPattern {
        let Some((_, path)) = route.split_once(' ') else { return self.whole_stage() };
        let mut rest = Template::literal(&format!("{}/{}/{}", self.api, self.stage, self.method));
        for part in path.split('/').skip(1) {
            rest.push(Piece::Literal("/".to_owned()));
            rest.push(if part.starts_with('{') { Piece::Any } else { Piece::Literal(part.to_owned()) });
        }
        self.pattern(rest)
    }

    fn pattern(&self, rest: Template) -> ArnPattern {
        let [partition, service, region, account] =
            [&self.partition, "execute-api", &self.region, &self.account].map(Template::literal);
        ArnPattern { fields: [partition, service, region, account, rest] }
    }
}

/// The request keys that API Gateway knows before IAM has signed anybody in (SEMANTICS H4, H5).
pub fn request_keys(api: &Api) -> &'static [&'static str] {
    const KEYS: &[&str] = &[
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:referer",
        "aws:SecureTransport",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIp",
        "aws:UserAgent",
        // Of private APIs only.
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:VpcSourceIp",
    ];
    if api.private { KEYS } else { KEYS.get(..8).unwrap_or(KEYS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_methods_are_cut() {
        let head = "arn:aws:execute-api:eu-central-1:111122223333:";
        #[rustfmt::skip]
        let rows = [
            ("a1/prod/GET/pets/1", Some(["a1", "prod", "GET", "/pets/1"])),
            ("a1/prod/GET/", Some(["a1", "prod", "GET", "/"])),
            ("a1/$default/GET/pets", Some(["a1", "$default", "GET", "/pets"])),
            ("a1/prod/$connect", Some(["a1", "prod", "$connect", ""])),
            ("a1/prod/GET//a:b", Some(["a1", "prod", "GET", "//a:b"])),
            ("a1/prod", None),
            ("a1/prod/", None),
            ("a1//GET/", None),
            ("/prod/GET/", None),
            ("", None),
        ];
        for (rest, expected) in rows {
            let read = MethodArn::parse(&format!("{head}{rest}")).ok();
            let found = read.as_ref().map(|it| [it.api(), it.stage(), it.method(), it.path()]);
            assert_eq!(found, expected, "{rest}");
        }
        for text in [
            "arn:aws:s3:eu-central-1:111122223333:a1/prod/GET/",
            "arn:aws:execute-api::111122223333:a1/prod/GET/",
            "arn:aws:execute-api:eu-central-1::a1/prod/GET/",
            "a1/prod/GET/",
            "*",
        ] {
            assert!(MethodArn::parse(text).is_err(), "{text}");
        }
        let long = format!("{head}a1/prod/GET/{}", "x".repeat(METHOD_BYTES));
        assert_eq!(MethodArn::parse(&long).unwrap_err().list[0].code.0, "E328");
    }

    #[test]
    fn a_route_takes_any_parameter() {
        let arn = "arn:aws:execute-api:eu:111122223333:a1/prod/GET/pets/1/toys";
        let method = MethodArn::parse(arn).unwrap();
        let text = |pattern: &ArnPattern| -> String {
            pattern.fields[4]
                .pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => text.as_str(),
                    _ => "*",
                })
                .collect()
        };
        assert_eq!(text(&method.whole_route("GET /pets/{id}/toys")), "a1/prod/GET/pets/*/toys");
        assert_eq!(text(&method.whole_route("ANY /{proxy+}")), "a1/prod/GET/*");
        assert_eq!(text(&method.whole_route("$default")), "a1/prod/*");
        assert_eq!(text(&method.whole_stage()), "a1/prod/*");
        assert_eq!(text(&method.itself()), "a1/prod/GET/pets/1/toys");
    }
}
