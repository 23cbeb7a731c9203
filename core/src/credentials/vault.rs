//! Credentials at rest: XChaCha20-Poly1305 under a key that only the environment knows.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Bytes of a nonce: so many that random ones never meet.
pub(super) const NONCE: usize = 24;

/// What a buyer is given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// E-mail address, phone number or name.
    pub login: String,
    /// The account's password.
    pub password: String,
    /// Which profile of the account, where it has several.
    #[serde(default)]
    pub profile: String,
    /// The profile's PIN.
    #[serde(default)]
    pub pin: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a credential cannot be sealed or opened. Nothing is lost by it: with the right key it opens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no key at all.
    #[error("MELA_CREDENTIALS__KEY is not set")]
    NoKey,
    /// It was sealed under a key that is not here; told by the key's id.
    #[error("this was sealed under the key {0}, which is neither MELA_CREDENTIALS__KEY nor MELA_CREDENTIALS__OLD_KEY")]
    OtherKey(String),
    /// The row was changed by hand, or is another row's.
    #[error("the sealed row {0} does not open: it was changed")]
    Forged(i64),
}

/// A key that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}: wanted 64 hexadecimal digits (32 bytes), as `openssl rand -hex 32` makes them")]
pub struct NotAKey(pub String);

struct Key {
    id: String,
    bytes: [u8; 32],
}

impl Key {
    fn try_new(variable: &str, text: &str) -> Result<Self, NotAKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| NotAKey(variable.to_owned()))?;
        // An id tells keys apart and tells nothing of them.
        let id = Sha256::new().chain_update(b"mela key id").chain_update(bytes).finalize();
        Ok(Self { id: hex::encode(&id[..4]), bytes })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.bytes.into())
    }
}

/// The keys: the first seals, each opens what it sealed.
#[derive(Default)]
pub struct Vault(Vec<Key>);

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

/// A sealed credential as it lies in its row.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Sealed {
    /// Under which key.
    pub key_id: String,
    /// The nonce.
    pub nonce: Vec<u8>,
    /// The ciphertext with its tag.
    pub sealed: Vec<u8>,
}

impl Vault {
    /// The keys of `MELA_CREDENTIALS__KEY` and, while keys are rotated, `MELA_CREDENTIALS__OLD_KEY`.
    ///
    /// # Errors
    /// One of them is no key.
    pub fn try_new(key: Option<&str>, old: Option<&str>) -> Result<Self, NotAKey> {
        let named = [("MELA_CREDENTIALS__KEY", key), ("MELA_CREDENTIALS__OLD_KEY", old)];
        let keys = named.into_iter().filter_map(|(variable, text)| text.map(|text| Key::try_new(variable, text)));
        keys.collect::<Result<_, _>>().map(Self)
    }

    /// The id of the key that seals.
    ///
    /// # Errors
    /// [`VaultError::NoKey`].
    pub fn key_id(&self) -> Result<&str, VaultError> {
        self.0.first().map(|key| key.id.as_str()).ok_or(VaultError::NoKey)
    }

    /// The id of the key that only opens.
    pub(super) fn old_key_id(&self) -> Option<&str> {
        self.0.get(1).map(|key| key.id.as_str())
    }

    /// Seals what the row `row` holds: moved to another row it does not open.
    ///
    /// # Errors
    /// [`VaultError::NoKey`].
    pub fn seal(&self, row: i64, secret: &Secret, nonce: [u8; NONCE]) -> Result<Sealed, VaultError> {
        let plain = serde_json::to_vec(secret).map_err(|_| VaultError::Forged(row))?;
        self.seal_bytes("credential", row, &plain, nonce)
    }

    /// Seals what the row `row` of the table `of` holds.
    ///
    /// # Errors
    /// [`VaultError::NoKey`].
    pub(crate) fn seal_bytes(&self, of: &str, row: i64, plain: &[u8], nonce: [u8; NONCE]) -> Result<Sealed, VaultError> {
        let key = self.0.first().ok_or(VaultError::NoKey)?;
        let sealed = key
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &bound(of, row) })
            .map_err(|_| VaultError::Forged(row))?;
        Ok(Sealed { key_id: key.id.clone(), nonce: nonce.to_vec(), sealed })
    }

    /// Opens a row.
    ///
    /// # Errors
    /// The key is missing or another one; the row was changed.
    pub fn open(&self, row: i64, sealed: &Sealed) -> Result<Secret, VaultError> {
        serde_json::from_slice(&self.open_bytes("credential", row, sealed)?).map_err(|_| VaultError::Forged(row))
    }

    /// Opens a row of the table `of`.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub(crate) fn open_bytes(&self, of: &str, row: i64, sealed: &Sealed) -> Result<Vec<u8>, VaultError> {
        self.key_id()?;
        let key = self.0.iter().find(|key| key.id == sealed.key_id).ok_or_else(|| VaultError::OtherKey(sealed.key_id.clone()))?;
        let nonce: [u8; NONCE] = sealed.nonce.as_slice().try_into().map_err(|_| VaultError::Forged(row))?;
        key.cipher()
            .decrypt(&XNonce::from(nonce), Payload { msg: &sealed.sealed, aad: &bound(of, row) })
            .map_err(|_| VaultError::Forged(row))
    }

    /// By which the same account of a plan is known again, by nobody without the key: a keyed hash of login and profile.
    ///
    /// # Errors
    /// [`VaultError::NoKey`].
    pub fn mark(&self, plan_id: i64, secret: &Secret) -> Result<Vec<u8>, VaultError> {
        let key = self.0.first().ok_or(VaultError::NoKey)?;
        let mut mark = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.bytes).map_err(|_| VaultError::NoKey)?;
        mark.update(b"mela account\0");
        mark.update(&plan_id.to_be_bytes());
        for part in [&secret.login, &secret.profile] {
            mark.update(part.trim().to_lowercase().as_bytes());
            mark.update(b"\0");
        }
        Ok(mark.finalize().into_bytes().to_vec())
    }
}

fn bound(of: &str, row: i64) -> Vec<u8> {
    format!("{of}:{row}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(key: &str, old: Option<&str>) -> Vault {
        Vault::try_new(Some(&key.repeat(64)), old.map(|old| old.repeat(64)).as_deref()).unwrap()
    }

    fn secret() -> Secret {
        Secret { login: "asha@example.com".into(), password: "Pass word 1".into(), profile: "2".into(), pin: String::new() }
    }

    #[test]
    fn opens_in_its_own_row_under_its_own_key_only() {
        let (vault, other) = (vault("a", None), vault("b", None));
        let sealed = vault.seal(7, &secret(), [5; NONCE]).unwrap();
        assert_eq!(vault.open(7, &sealed).unwrap(), secret());
        assert_eq!(vault.open(8, &sealed), Err(VaultError::Forged(8)), "moved to another row");
        assert_eq!(other.open(7, &sealed), Err(VaultError::OtherKey(vault.key_id().unwrap().to_owned())));
        assert_eq!(Vault::default().open(7, &sealed), Err(VaultError::NoKey));
        assert_eq!(Vault::default().seal(7, &secret(), [5; NONCE]), Err(VaultError::NoKey));
        for n in 0..sealed.sealed.len() {
            let mut changed = sealed.clone();
            changed.sealed[n] ^= 1;
            assert_eq!(vault.open(7, &changed), Err(VaultError::Forged(7)), "byte {n}");
        }
        assert_eq!(vault.open(7, &Sealed { nonce: vec![5; 12], ..sealed }), Err(VaultError::Forged(7)));
    }

    #[test]
    fn an_old_key_opens_and_never_seals() {
        let (old, both) = (vault("a", None), vault("b", Some("a")));
        let sealed = old.seal(7, &secret(), [5; NONCE]).unwrap();
        assert_eq!(both.open(7, &sealed).unwrap(), secret());
        assert_eq!(both.seal(7, &secret(), [5; NONCE]).unwrap().key_id, vault("b", None).key_id().unwrap());
    }

    #[test]
    fn the_same_account_is_known_again() {
        let vault = vault("a", None);
        let again = Secret { login: " ASHA@example.com".into(), password: "changed".into(), ..secret() };
        assert_eq!(vault.mark(1, &secret()), vault.mark(1, &again));
        assert_ne!(vault.mark(1, &secret()), vault.mark(2, &secret()), "of another plan");
        assert_ne!(vault.mark(1, &secret()), vault.mark(1, &Secret { profile: "3".into(), ..secret() }));
        assert_ne!(vault.mark(1, &secret()), super::tests::vault("b", None).mark(1, &secret()));
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits_and_is_never_shown() {
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            assert!(Vault::try_new(Some(wrong), None).is_err(), "{wrong}");
        }
        let vault = vault("a", None);
        assert!(!format!("{vault:?} {:?}", secret()).contains("aaaa"));
        assert!(!format!("{:?}", secret()).contains("Pass"));
    }
}
