//! What a server's certificate says that TLS itself does not tell.
//!
//! How it is signed, until when it is valid, and the names that libpq reads where rustls does not.

use std::time::Duration;

use der::asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, UtcTime};
use der::{Decode, Reader, SliceReader, Tag};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

/// The parts of a certificate (RFC 5280 §4.1) that are needed here.
pub(super) struct Certificate<'a> {
    /// Version 1 has no extensions; rustls does not read it.
    pub(super) is_version_one: bool,
    signature: Algorithm<'a>,
    not_before: Duration,
    not_after: Duration,
    subject: AnyRef<'a>,
    /// Algorithm of the key, and the key itself.
    key: (AnyRef<'a>, &'a [u8]),
    extensions: Option<AnyRef<'a>>,
}

/// An `AlgorithmIdentifier`: its name, and its parameters as they stand.
struct Algorithm<'a> {
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
}

const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// The kinds of a `GeneralName` that name hosts: the numbers of their tags.
pub(super) const DNS_NAME: u32 = 2;
pub(super) const IP_ADDRESS: u32 = 7;

impl<'a> Certificate<'a> {
    /// Reads a certificate; `None` when it is none.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        AnyRef::from_der(der).ok()?.sequence(Self::read_fields).ok()
    }

    fn read_fields(reader: &mut SliceReader<'a>) -> der::Result<Self> {
        let to_be_signed = AnyRef::decode(reader)?;
        let signature = Algorithm::read(AnyRef::decode(reader)?)?;
        AnyRef::decode(reader)?;
        to_be_signed.sequence(|fields| {
            let is_version_one = number(Tag::peek(fields)?) != Some(0);
            if !is_version_one {
                AnyRef::decode(fields)?;
            }
            // Serial number, algorithm of the signature, issuer.
            for _ in 0..3 {
                AnyRef::decode(fields)?;
            }
            let (not_before, not_after) = AnyRef::decode(fields)?
                .sequence(|times| der::Result::Ok((time(times)?, time(times)?)))?;
            let subject = AnyRef::decode(fields)?;
            let key = AnyRef::decode(fields)?.sequence(|key| {
                let algorithm = AnyRef::decode(key)?;
                let bits = AnyRef::decode(key)?.value();
                // The first byte counts the bits that are left over, of which a key has none.
                der::Result::Ok((algorithm, bits.get(1..).unwrap_or_default()))
            })?;
            let mut extensions = None;
            while !fields.is_finished() {
                let field = AnyRef::decode(fields)?;
                if number(field.header().tag()) == Some(3) {
                    extensions = Some(AnyRef::from_der(field.value())?);
                }
            }
            Ok(Certificate {
                is_version_one,
                signature,
                not_before,
                not_after,
                subject,
                key,
                extensions,
            })
        })
    }

    /// True when it is valid at this moment, counted from 1970.
    pub(super) fn is_valid_at(&self, moment: Duration) -> bool {
        (self.not_before..=self.not_after).contains(&moment)
    }

    /// Content of the algorithm identifier of its key, and the key.
    pub(super) fn key(&self) -> (&'a [u8], &'a [u8]) {
        (self.key.0.value(), self.key.1)
    }

    /// The last common name of the subject.
    pub(super) fn common_name(&self) -> Option<&'a str> {
        let mut found = None;
        each(self.subject, |relative| {
            each(relative, |attribute| {
                let pair = attribute.sequence(|pair| {
                    der::Result::Ok((ObjectIdentifier::decode(pair)?, AnyRef::decode(pair)?))
                });
                if let Ok((COMMON_NAME, value)) = pair {
                    found = str::from_utf8(value.value()).ok();
                }
            });
        });
        found
    }

    /// True when there is an alternative name of this kind.
    pub(super) fn has_alternative_name(&self, kind: u32) -> bool {
        let mut found = false;
        let Some(extensions) = self.extensions else { return false };
        each(extensions, |extension| {
            let names = extension.sequence(|fields| {
                let oid = ObjectIdentifier::decode(fields)?;
                let mut value = AnyRef::decode(fields)?;
                if value.header().tag() == Tag::Boolean {
                    value = AnyRef::decode(fields)?;
                }
                der::Result::Ok((oid, value))
            });
            if let Ok((SUBJECT_ALT_NAME, names)) = names
                && let Ok(names) = AnyRef::from_der(names.value())
            {
                each(names, |name| found |= number(name.header().tag()) == Some(kind));
            }
        });
        found
    }

    /// The hash of channel binding by `tls-server-end-point` (RFC 5929 §4.1), of the certificate as
    /// it came; `None` when its signature uses no hash of its own, as Ed25519.
    pub(super) fn end_point_hash(&self, der: &[u8]) -> Option<Vec<u8>> {
        Some(match self.signature.hash()? {
            Hash::Sha224 => Sha224::digest(der).to_vec(),
            Hash::Sha256 => Sha256::digest(der).to_vec(),
            Hash::Sha384 => Sha384::digest(der).to_vec(),
            Hash::Sha512 => Sha512::digest(der).to_vec(),
        })
    }
}

/// Hashes by which certificates are bound; MD5 and SHA-1 are replaced by SHA-256.
enum Hash {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl<'a> Algorithm<'a> {
    fn read(value: AnyRef<'a>) -> der::Result<Self> {
        value.sequence(|fields| {
            let oid = ObjectIdentifier::decode(fields)?;
            let parameters = (!fields.is_finished()).then(|| AnyRef::decode(fields)).transpose()?;
            Ok(Algorithm { oid, parameters })
        })
    }

    fn hash(&self) -> Option<Hash> {
        if self.oid == RSASSA_PSS {
            return self.hash_of_pss();
        }
        Some(match self.oid.to_string().as_str() {
            // MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 with RSA.
            "1.2.840.113549.1.1.4" | "1.2.840.113549.1.1.5" => Hash::Sha256,
            "1.2.840.113549.1.1.14" => Hash::Sha224,
            "1.2.840.113549.1.1.11" => Hash::Sha256,
            "1.2.840.113549.1.1.12" => Hash::Sha384,
            "1.2.840.113549.1.1.13" => Hash::Sha512,
            // The same from SHA-1 with ECDSA.
            "1.2.840.10045.4.1" => Hash::Sha256,
            "1.2.840.10045.4.3.1" => Hash::Sha224,
            "1.2.840.10045.4.3.2" => Hash::Sha256,
            "1.2.840.10045.4.3.3" => Hash::Sha384,
            "1.2.840.10045.4.3.4" => Hash::Sha512,
            _ => return None,
        })
    }

    /// RSASSA-PSS has the hash in its parameters, and SHA-1 where they do not say (RFC 4055 §3.1).
    fn hash_of_pss(&self) -> Option<Hash> {
        let mut first = None;
        each(self.parameters?, |field| {
            first = first.or((number(field.header().tag()) == Some(0)).then_some(field));
        });
        let Some(first) = first else { return Some(Hash::Sha256) };
        let hash = Algorithm::read(AnyRef::from_der(first.value()).ok()?).ok()?;
        Some(match hash.oid.to_string().as_str() {
            "1.3.14.3.2.26" | "2.16.840.1.101.3.4.2.1" => Hash::Sha256,
            "2.16.840.1.101.3.4.2.4" => Hash::Sha224,
            "2.16.840.1.101.3.4.2.2" => Hash::Sha384,
            "2.16.840.1.101.3.4.2.3" => Hash::Sha512,
            _ => return None,
        })
    }
}

/// The number of a tag whose meaning its surroundings give.
fn number(tag: Tag) -> Option<u32> {
    match tag {
        Tag::ContextSpecific { number, .. } => Some(number.value()),
        _ => None,
    }
}

/// Calls with each element of a sequence or set; what cannot be read ends it.
fn each<'a>(of: AnyRef<'a>, mut call: impl FnMut(AnyRef<'a>)) {
    let Ok(mut reader) = SliceReader::new(of.value()) else { return };
    while !reader.is_finished() {
        let Ok(element) = AnyRef::decode(&mut reader) else { return };
        call(element);
    }
}

fn time<'a>(reader: &mut SliceReader<'a>) -> der::Result<Duration> {
    let value = AnyRef::decode(reader)?;
    match value.header().tag() {
        Tag::UtcTime => Ok(value.decode_as::<UtcTime>()?.to_unix_duration()),
        _ => Ok(value.decode_as::<GeneralizedTime>()?.to_unix_duration()),
    }
}
