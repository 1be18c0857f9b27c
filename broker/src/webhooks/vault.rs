//! Secrets at rest: the only file that knows the cipher, and where the key comes from.
//!
//! A sealed secret is `v1:` and base64 of nonce, ciphertext and tag of AES-256-GCM. What it belongs to is bound in, so
//! that it opens nowhere else.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::secret_key::{KEY_BYTES, SecretKey, SecretKeyError};
use crate::config::{Config, Location};

/// What a sealed text begins with.
const VERSION: &str = "v1:";

/// Seals secrets and opens them again.
pub(crate) struct Vault {
    source: Source,
    key: OnceLock<SecretKey>,
}

/// Where the key comes from.
enum Source {
    Given(SecretKey),
    /// A file beside the database, made when the first secret is sealed.
    File(PathBuf),
    /// Nothing outlives the process, and neither does the key.
    Process,
    Nowhere,
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("there is no secret key: set TREATY_SECRET_KEY or TREATY_SECRET_KEY_FILE")]
    NoKey,
    #[error("cannot use the file of the secret key {path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the file {path} holds no secret key")]
    Key {
        path: PathBuf,
        #[source]
        source: SecretKeyError,
    },
    #[error("the secret was sealed with another key, or changed since")]
    Closed,
    #[error("the cipher failed")]
    Cipher,
}

impl Vault {
    /// The vault of a broker. Nothing is read or written yet.
    pub(crate) fn new(config: &Config) -> Self {
        let source = match (&config.secret_key, config.database.location()) {
            (Some(key), _) => Source::Given(key.clone()),
            (None, Location::File(path)) => {
                let mut name = path.clone().into_os_string();
                name.push(".key");
                Source::File(name.into())
            }
            (None, Location::Memory) => Source::Process,
            (None, Location::Postgres(_)) => Source::Nowhere,
        };
        Self {
            source,
            key: OnceLock::new(),
        }
    }

    /// Seals a text that belongs to the owner given.
    pub(crate) fn seal(&self, owner: &str, text: &str) -> Result<String, VaultError> {
        let mut bytes = text.as_bytes().to_vec();
        let nonce = self
            .cipher(true)?
            .seal_in_place_append_tag(Aad::from(owner), &mut bytes)
            .map_err(|_| VaultError::Cipher)?;
        let sealed = [nonce.as_ref().as_slice(), &bytes].concat();
        Ok(format!("{VERSION}{}", STANDARD.encode(sealed)))
    }

    /// Opens what was sealed for the same owner.
    pub(crate) fn open(&self, owner: &str, sealed: &str) -> Result<String, VaultError> {
        let sealed = sealed.strip_prefix(VERSION).ok_or(VaultError::Closed)?;
        let mut bytes = STANDARD.decode(sealed).map_err(|_| VaultError::Closed)?;
        let (nonce, bytes) = bytes
            .split_at_mut_checked(NONCE_LEN)
            .ok_or(VaultError::Closed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Closed)?;
        let opened = self
            .cipher(false)?
            .open_in_place(nonce, Aad::from(owner), bytes)
            .map_err(|_| VaultError::Closed)?;
        String::from_utf8(opened.to_vec()).map_err(|_| VaultError::Closed)
    }

    fn cipher(&self, may_make_a_key: bool) -> Result<RandomizedNonceKey, VaultError> {
        let key = match self.key.get() {
            Some(key) => key,
            None => {
                let key = self.find_key(may_make_a_key)?;
                self.key.get_or_init(|| key)
            }
        };
        RandomizedNonceKey::new(&AES_256_GCM, &key.0).map_err(|_| VaultError::Cipher)
    }

    fn find_key(&self, may_make_one: bool) -> Result<SecretKey, VaultError> {
        match &self.source {
            Source::Given(key) => Ok(key.clone()),
            Source::Process => random_key(),
            Source::Nowhere => Err(VaultError::NoKey),
            Source::File(path) => match read(path) {
                Err(VaultError::File { source, .. })
                    if may_make_one && source.kind() == ErrorKind::NotFound =>
                {
                    make(path)
                }
                other => other,
            },
        }
    }
}

fn read(path: &Path) -> Result<SecretKey, VaultError> {
    let text = fs::read_to_string(path).map_err(|source| file_error(path, source))?;
    SecretKey::parse(&text).map_err(|source| VaultError::Key {
        path: path.to_owned(),
        source,
    })
}

/// Writes a new key into a file of its own and links it to its name, so that of two brokers that do so at the same
/// moment one wins and both use its key, and no reader sees half a key.
fn make(path: &Path) -> Result<SecretKey, VaultError> {
    let failed = |source| file_error(path, source);
    let key = random_key()?;
    let mut draft = path.to_owned().into_os_string();
    draft.push(format!(".{}", uuid::Uuid::new_v4().simple()));
    let draft = PathBuf::from(draft);
    let mut file = private(&mut OpenOptions::new())
        .write(true)
        .create_new(true)
        .open(&draft)
        .map_err(failed)?;
    let written = writeln!(file, "{}", key.text()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft).map_err(failed)?;
    match linked {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn file_error(path: &Path, source: std::io::Error) -> VaultError {
    VaultError::File {
        path: path.to_owned(),
        source,
    }
}

fn random_key() -> Result<SecretKey, VaultError> {
    let mut key = [0; KEY_BYTES];
    rand::fill(&mut key).map_err(|_| VaultError::Cipher)?;
    Ok(SecretKey(key))
}

/// The signature of a message by the scheme of Standard Webhooks: `v1,` and base64 of HMAC-SHA256 over id, moment (in
/// seconds since 1970) and body, joined by dots. A secret that begins with `whsec_` is base64 behind it.
pub(super) fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> String {
    let decoded = secret
        .strip_prefix("whsec_")
        .and_then(|text| STANDARD.decode(text).ok());
    let secret = decoded.unwrap_or_else(|| secret.as_bytes().to_vec());
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DatabaseUrl;

    fn vault(config: &Config) -> Vault {
        Vault::new(config)
    }

    fn in_memory(key: &str) -> Config {
        let key = SecretKey::parse(&key.repeat(32)).unwrap();
        Config::new(DatabaseUrl::memory()).secret_key(key)
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_owner_only() {
        let sealed = vault(&in_memory("01")).seal("a", "secret").unwrap();
        assert!(!sealed.contains("secret"));
        let open =
            |key: &str, owner: &str, text: &str| vault(&in_memory(key)).open(owner, text).ok();
        assert_eq!(open("01", "a", &sealed).as_deref(), Some("secret"));
        assert_eq!(open("02", "a", &sealed), None);
        assert_eq!(open("01", "b", &sealed), None);
        assert_eq!(open("01", "a", "v1:AAAA"), None);
        assert_eq!(open("01", "a", "secret"), None);
    }

    #[test]
    fn the_same_secret_never_looks_the_same() {
        let vault = vault(&in_memory("01"));
        assert_ne!(
            vault.seal("a", "secret").unwrap(),
            vault.seal("a", "secret").unwrap()
        );
    }

    #[test]
    fn the_key_of_a_file_database_stands_beside_it_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::new(DatabaseUrl::file(folder.path().join("pacts.db")));
        let missing = vault(&config).open("a", "v1:AAAAAAAAAAAAAAAAAAAAAAAA");
        assert!(matches!(missing, Err(VaultError::File { .. })));
        let sealed = vault(&config).seal("a", "secret").unwrap();
        assert_eq!(vault(&config).open("a", &sealed).unwrap(), "secret");
        let names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .collect();
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].file_name(), "pacts.db.key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                names[0].metadata().unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_file_that_holds_no_key_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pacts.db.key"), "garbage").unwrap();
        let config = Config::new(DatabaseUrl::file(folder.path().join("pacts.db")));
        assert!(matches!(
            vault(&config).seal("a", "secret"),
            Err(VaultError::Key { .. })
        ));
    }

    #[test]
    fn without_a_place_for_a_key_nothing_is_sealed() {
        let vault = Vault {
            source: Source::Nowhere,
            key: OnceLock::new(),
        };
        assert!(matches!(vault.seal("a", "secret"), Err(VaultError::NoKey)));
    }

    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let signature = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
