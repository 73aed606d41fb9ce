//! A certificate authority for one run, and a server for 127.0.0.1 that it vouches for.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivateKeyDer;

use crate::Failure;

/// The server's side, and the authority's certificate as PEM for those who are to trust it.
pub(crate) fn server() -> Result<(Arc<ServerConfig>, String), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Tls(error.to_string());
    let mut params = CertificateParams::new(Vec::new()).map_err(|e| failed(&e))?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "bench authority");
    let key = KeyPair::generate().map_err(|e| failed(&e))?;
    let authority = CertifiedIssuer::self_signed(params, key).map_err(|e| failed(&e))?;

    let key = KeyPair::generate().map_err(|e| failed(&e))?;
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .and_then(|params| params.signed_by(&key, &authority))
        .map_err(|e| failed(&e))?;

    let chain = vec![certificate.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(|e| failed(&e))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|e| failed(&e))?;
    Ok((Arc::new(config), authority.pem()))
}
