//! The end of a chain, signed with a key of its own (Ed25519, RFC 8032): who has the public key can tell that the holder of the
//! private one vouched for the history up to there.
//!
//! Keys are PKCS #8 in PEM, as `openssl genpkey -algorithm ed25519` writes them. What is signed is the text of [`Signed::text`].

use crate::catalogue::ChainHead;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Bytes of a key.
const KEY: usize = 32;

/// What a signature is of, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Version of this record.
    pub schema: u32,
    /// The history.
    pub history: Uuid,
    /// How many decisions it held.
    pub decisions: u64,
    /// Hash of the last.
    pub hash: String,
    /// When it was signed, by the clock of the computer.
    pub at: String,
    /// SHA-256 of what was handed over with it, such as a bundle's manifest; empty where nothing was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub with: String,
    /// The public key, in hexadecimal.
    pub key: String,
    /// The signature, in hexadecimal.
    pub signature: String,
}

/// Why something cannot be signed, or a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key is none.
    #[error("it is no private key for Ed25519 (PKCS #8 in PEM): {0}")]
    Key(String),
    /// There are no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// The signature does not belong to what it stands under.
    #[error("the signature does not hold: it is of something else, or by another key")]
    Forged,
    /// It is by another key than the one that is asked for.
    #[error("it is signed by {found}, not by {wanted}")]
    Another {
        /// The key of the signature.
        found: String,
        /// The key that was asked for.
        wanted: String,
    },
}

/// A new private key, as PEM, and its public key in hexadecimal.
pub fn new_key() -> Result<(String, String), SignError> {
    let mut bytes = [0; KEY];
    getrandom::fill(&mut bytes).map_err(|e| SignError::Random(e.to_string()))?;
    let key = SigningKey::from_bytes(&bytes);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|e| SignError::Key(e.to_string()))?;
    Ok((pem.to_string(), hex::encode(key.verifying_key().as_bytes())))
}

impl Signed {
    /// Signs the end of a chain, with what is handed over, by a private key in PEM.
    pub fn new(head: &ChainHead, with: &str, at: &str, pem: &str) -> Result<Self, SignError> {
        let key = SigningKey::from_pkcs8_pem(pem).map_err(|e| SignError::Key(e.to_string()))?;
        let mut signed = Self {
            schema: 1,
            history: head.history,
            decisions: head.decisions,
            hash: head.hash.clone(),
            at: at.to_owned(),
            with: with.to_owned(),
            key: hex::encode(key.verifying_key().as_bytes()),
            signature: String::new(),
        };
        signed.signature = hex::encode(key.sign(signed.text().as_bytes()).to_bytes());
        Ok(signed)
    }

    /// What is signed: a line each for what it is, history, number of decisions, hash, time and what is handed over.
    pub fn text(&self) -> String {
        let Self { history, decisions, hash, at, with, .. } = self;
        format!("headstamp chain head 1\n{history}\n{decisions}\n{hash}\n{at}\n{with}\n")
    }

    /// Whether it is signed as it says, and by this key where one is asked for.
    pub fn check(&self, key: Option<&str>) -> Result<(), SignError> {
        if let Some(wanted) = key.map(str::trim).filter(|wanted| !wanted.eq_ignore_ascii_case(&self.key)) {
            return Err(SignError::Another { found: self.key.clone(), wanted: wanted.to_owned() });
        }
        let (mut public, mut signature) = ([0; KEY], [0; Signature::BYTE_SIZE]);
        let hexed = |text: &str, to: &mut [u8]| hex::decode_to_slice(text, to).map_err(|_| SignError::Forged);
        hexed(&self.key, &mut public)?;
        hexed(&self.signature, &mut signature)?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| SignError::Forged)?;
        key.verify_strict(self.text().as_bytes(), &Signature::from_bytes(&signature)).map_err(|_| SignError::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_is_known_again_and_nothing_else() {
        let (pem, public) = new_key().unwrap();
        let head = ChainHead { history: Uuid::from_u128(7), decisions: 3, hash: "ab".repeat(32) };
        let signed = Signed::new(&head, "", "2026-01-01T00:00:00Z", &pem).unwrap();
        assert_eq!(signed.check(Some(&public)), Ok(()));
        let json = serde_json::to_string(&signed).unwrap();
        assert_eq!(serde_json::from_str::<Signed>(&json).unwrap(), signed);
        for forged in [
            Signed { decisions: 4, ..signed.clone() },
            Signed { hash: "cd".repeat(32), ..signed.clone() },
            Signed { at: "2027".into(), ..signed.clone() },
            Signed { with: "00".into(), ..signed.clone() },
            Signed { key: "zz".into(), ..signed.clone() },
            Signed { signature: "00".repeat(64), ..signed.clone() },
        ] {
            assert_eq!(forged.check(None), Err(SignError::Forged), "{forged:?}");
        }
        let (_, other) = new_key().unwrap();
        assert!(matches!(signed.check(Some(&other)), Err(SignError::Another { .. })));
        assert!(matches!(Signed::new(&head, "", "", "no key"), Err(SignError::Key(_))));
    }

    /// RFC 8032, section 7.1, test 2: the key that openssl would write, and the signature of one byte.
    #[test]
    fn the_algorithm_is_the_standard_s() {
        let mut secret = [0; KEY];
        hex::decode_to_slice("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", &mut secret).unwrap();
        let key = SigningKey::from_bytes(&secret);
        assert!(hex::encode(key.verifying_key().as_bytes()).starts_with("3d4017c3e843895a"));
        assert!(hex::encode(key.sign(&[0x72]).to_bytes()).starts_with("92a009a9f0d4cab8720e820b5f642540"));
    }
}
