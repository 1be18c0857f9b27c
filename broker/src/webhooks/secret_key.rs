//! The key that secrets are sealed with.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How long a key is, in bytes.
pub(super) const KEY_BYTES: usize = 32;

/// A key of 32 bytes. It shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(pub(super) [u8; KEY_BYTES]);

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret key is not 32 bytes in base64 or hexadecimal digits: make one with `openssl rand -base64 32`"
)]
pub struct SecretKeyError;

impl SecretKey {
    /// Reads 32 bytes in base64, or 64 hexadecimal digits. White space around them does not count.
    ///
    /// ```
    /// use treaty_broker::SecretKey;
    ///
    /// assert!(SecretKey::parse(&"0f".repeat(32)).is_ok());
    /// assert!(SecretKey::parse("password").is_err());
    /// ```
    ///
    /// # Errors
    /// [`SecretKeyError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, SecretKeyError> {
        let text = text.trim();
        let bytes = hexadecimal(text).or_else(|| STANDARD.decode(text).ok());
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(SecretKeyError)
    }

    /// The key as [`SecretKey::parse`] reads it.
    pub(super) fn text(&self) -> String {
        STANDARD.encode(self.0)
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    if text.len() != 2 * KEY_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_base64_and_from_hexadecimal_digits() {
        let key = SecretKey(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let digits: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            SecretKey::parse(&format!("{}\n", key.text())),
            Ok(key.clone())
        );
        assert_eq!(SecretKey::parse(&digits.to_uppercase()), Ok(key.clone()));
        assert_eq!(format!("{key:?}"), "SecretKey");
    }

    #[test]
    fn other_texts_are_no_keys() {
        for text in ["", "secret", "AAAA", &"g".repeat(64), &"ä".repeat(32)] {
            assert_eq!(SecretKey::parse(text), Err(SecretKeyError), "{text}");
        }
    }
}
