//! HMAC-SHA256, by which those who call our HTTP doors prove themselves.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn over(secret: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    parts.iter().for_each(|part| mac.update(part));
    mac
}

/// The signature of these bytes, one after the other.
#[must_use]
pub fn sign(secret: impl AsRef<[u8]>, parts: &[&[u8]]) -> Vec<u8> {
    over(secret.as_ref(), parts).finalize().into_bytes().to_vec()
}

/// Whether `signature` is that of these bytes. Compared in constant time; an empty secret proves nothing.
#[must_use]
pub fn proves(secret: impl AsRef<[u8]>, parts: &[&[u8]], signature: &[u8]) -> bool {
    !secret.as_ref().is_empty() && over(secret.as_ref(), parts).verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test cases 2 and 6.
    #[test]
    fn as_the_standard_has_it() {
        let of = |secret: &str, text: &str| hex::encode(sign(secret, &[text.as_bytes()]));
        assert_eq!(of("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let tag = sign("Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert!(proves("Jefe", &[b"what do ya want for nothing?"], &tag));
        assert!(!proves("Jefe", &[b"what do ya want for nothing!"], &tag));
        assert!(!proves("jefe", &[b"what do ya want for nothing?"], &tag));
        assert!(!proves("Jefe", &[b"what do ya want for nothing?"], &tag[..31]) && !proves("Jefe", &[b""], b""));
        assert!(!proves("", &[b"x"], &sign("", &[b"x"])), "no secret, no proof");
    }
}
