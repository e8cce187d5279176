//! Asking over HTTP. A thin layer over `ureq`: it follows nothing, it trusts whom the system trusts, it ends in time.

use std::io::Read as _;
use std::sync::{Arc, OnceLock};

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::{Address, Answer, Fetch, Limits, Unreachable};

/// Asks over the network, with the system's certificates. Proxies are taken from the environment (`HTTPS_PROXY`), but not
/// for the loopback.
#[derive(Debug, Default)]
pub struct Http {
    roots: OnceLock<Vec<Certificate<'static>>>,
}

impl Http {
    /// Reads the system's certificates when it first needs them.
    pub fn new() -> Self {
        Self::default()
    }

    fn roots(&self) -> &[Certificate<'static>] {
        self.roots.get_or_init(|| {
            let found = rustls_native_certs::load_native_certs();
            found.certs.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect()
        })
    }
}

impl Fetch for Http {
    fn fetch(&self, address: &Address, etag: Option<&str>, limits: Limits) -> Result<Answer, Unreachable> {
        let config = ureq::Agent::config_builder()
            .https_only(address.is_encrypted())
            .max_redirects(0)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .timeout_global(Some(limits.timeout))
            .user_agent(concat!("bailiwick/", env!("CARGO_PKG_VERSION")))
            .accept("application/jwk-set+json, application/json");
        let config = if address.is_encrypted() {
            let roots = self.roots();
            if roots.is_empty() {
                return Err(Unreachable("this system trusts no certificates".to_owned()));
            }
            let tls = TlsConfig::builder()
                .root_certs(RootCerts::new_with_certs(roots))
                .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
            config.tls_config(tls.build())
        } else {
            config.proxy(None)
        };
        let agent = config.build().new_agent();
        let mut request = agent.get(address.as_str());
        if let Some(etag) = etag {
            request = request.header("if-none-match", etag);
        }
        let unreachable = |error: &dyn std::fmt::Display| Unreachable(error.to_string());
        let response = request.call().map_err(|error| unreachable(&error))?;
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let mut answer = Answer {
            status: response.status().as_u16(),
            body: Vec::new(),
            etag: header("etag"),
            cache_control: header("cache-control"),
            age: header("age"),
        };
        let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
        let body = response.into_body().into_reader().take(most).read_to_end(&mut answer.body);
        body.map_err(|error| unreachable(&error))?;
        Ok(answer)
    }
}
