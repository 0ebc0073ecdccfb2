//! Whom the system trusts: where Go looks for it, or whom the system names where it keeps that elsewhere than in files.

use std::io;

use rustls::pki_types::CertificateDer;

/// The system's roots.
///
/// # Errors
///
/// When there are none and something could not be read.
#[cfg(any(windows, target_vendor = "apple"))]
pub(super) fn read() -> io::Result<Vec<CertificateDer<'static>>> {
    let found = rustls_native_certs::load_native_certs();
    match found.errors.into_iter().next() {
        Some(error) if found.certs.is_empty() => Err(io::Error::other(error.to_string())),
        _ => Ok(found.certs),
    }
}

#[cfg(not(any(windows, target_vendor = "apple")))]
pub(super) use files::read;

#[cfg(not(any(windows, target_vendor = "apple")))]
mod files {
    use super::{CertificateDer, io};
    use crate::http::pem;

    /// Where systems keep their roots, as Go looks for them.
    const ROOT_FILES: &[&str] = &[
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];
    /// The same for folders with a file a certificate.
    const ROOT_FOLDERS: &[&str] = &["/etc/ssl/certs", "/etc/pki/tls/certs"];

    /// The system's roots: what is in the first of the known files that is there and in the known folders, or where the variables
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` say.
    ///
    /// # Errors
    ///
    /// When there are none and something could not be read.
    pub(in crate::http) fn read() -> io::Result<Vec<CertificateDer<'static>>> {
        let variable =
            |name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default();
        read_from(&variable("SSL_CERT_FILE"), &variable("SSL_CERT_DIR"))
    }

    fn read_from(file: &str, folders: &str) -> io::Result<Vec<CertificateDer<'static>>> {
        let files = if file.is_empty() { ROOT_FILES.to_vec() } else { vec![file] };
        let folders = if folders.is_empty() { ROOT_FOLDERS.to_vec() } else { folders.split(':').collect() };
        let mut found = Vec::new();
        let mut first_error = None;
        let mut take = |read: io::Result<Vec<u8>>| match read {
            Ok(bytes) => {
                found.extend(pem::certificates(&String::from_utf8_lossy(&bytes)));
                true
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    first_error.get_or_insert(error);
                }
                false
            }
        };
        let _ = files.into_iter().any(|file| take(std::fs::read(file)));
        for folder in folders {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_file() {
                    take(std::fs::read(entry.path()));
                }
            }
        }
        match first_error {
            Some(error) if found.is_empty() => Err(error),
            _ => {
                found.sort_unstable();
                found.dedup();
                Ok(found.into_iter().map(CertificateDer::from).collect())
            }
        }
    }
}
