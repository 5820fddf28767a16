//! TLS on the client's side: the one place that chooses the cryptography.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// What the user can say about TLS.
#[derive(Debug, Clone, Default)]
pub struct TlsOptions {
    /// Take any certificate.
    pub insecure: bool,
    /// Certificates to trust besides those of the system, as PEM.
    pub ca: Option<PathBuf>,
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file with certificates cannot be used.
    #[error("cannot read certificates from {path}: {problem}")]
    Ca {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The name cannot be asked for.
    #[error("{0:?} is not a server name")]
    Name(String),
    /// The library refuses.
    #[error("cannot set up TLS: {0}")]
    Setup(String),
}

/// A client configuration and the name that it asks for.
#[derive(Debug, Clone)]
pub struct TlsSetup {
    /// Offers HTTP/1.1 alone.
    pub config: Arc<ClientConfig>,
    /// The name for SNI and for the certificate.
    pub name: ServerName<'static>,
    /// As given, for clients that build their own configuration.
    pub options: TlsOptions,
}

/// The cryptography of every TLS connection of this crate.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

impl TlsSetup {
    /// Sets up a client for `host`.
    ///
    /// # Errors
    /// A name or a file that cannot be used.
    pub fn new(host: &str, options: &TlsOptions) -> Result<Self, TlsError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| TlsError::Name(host.to_owned()))?;
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Setup(error.to_string()))?;
        let mut config = if options.insecure {
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider())))
                .with_no_client_auth()
        } else {
            builder.with_root_certificates(roots(options)?).with_no_client_auth()
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), name, options: options.clone() })
    }
}

/// A configuration that trusts nobody, for clients that only talk in the clear.
///
/// # Errors
/// What the library says.
pub fn unused() -> Result<ClientConfig, TlsError> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Setup(error.to_string()))?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn roots(options: &TlsOptions) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    // Certificates of the system that cannot be read are left out; what is missing shows in the handshake.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = &options.ca {
        for certificate in certificates(path)? {
            roots.add(certificate).map_err(|error| ca_error(path, &error))?;
        }
    }
    Ok(roots)
}

/// The certificates of a PEM file.
///
/// # Errors
/// A file that cannot be read or has none.
pub fn certificates(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).map_err(|error| ca_error(path, &error))?.collect();
    let found = found.map_err(|error| ca_error(path, &error))?;
    if found.is_empty() { Err(ca_error(path, &"there is no certificate in it")) } else { Ok(found) }
}

fn ca_error(path: &std::path::Path, problem: &dyn std::fmt::Display) -> TlsError {
    TlsError::Ca { path: path.display().to_string(), problem: problem.to_string() }
}

/// Takes any certificate, but checks the handshake's signatures: the peer has the key of what it shows.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
