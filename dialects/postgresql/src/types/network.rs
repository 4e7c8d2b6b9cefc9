//! Network and hardware addresses as the server writes them.

use std::fmt::Write;

use super::malformed::{Bytes, Malformed, Read, fixed};

const IPV4: u8 = 2;
const IPV6: u8 = 3;

/// The text of inet or cidr. The mask is left out where an inet's covers the whole address.
pub(super) fn network_text(bytes: &[u8]) -> Read<String> {
    let mut bytes = Bytes(bytes);
    let (family, bits, is_cidr) = (bytes.u8()?, bytes.u8()?, bytes.u8()? != 0);
    let len = usize::from(bytes.u8()?);
    let address = bytes.take(len)?;
    bytes.end()?;
    let (mut text, all_bits) = match family {
        IPV4 => {
            let [a, b, c, d] = fixed(address)?;
            (format!("{a}.{b}.{c}.{d}"), 32)
        }
        IPV6 => (ipv6_text(fixed(address)?), 128),
        _ => return Err(Malformed("its address family is unknown")),
    };
    if bits > all_bits {
        return Err(Malformed("its mask is longer than the address"));
    }
    if is_cidr || bits < all_bits {
        let _ = write!(text, "/{bits}");
    }
    Ok(text)
}

/// The longest run of two or more zero words is `::`; addresses that carry one of version 4 (by
/// RFC 4291, "compatible" or "mapped") show that with dots.
fn ipv6_text(bytes: [u8; 16]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let words: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    let run = longest_run(&words);
    let embedded = run.start == 0 && (run.len() == 6 || (run.len() == 5 && words[5] == 0xFFFF));
    let mut text = String::new();
    let mut at = 0;
    while at < words.len() {
        if run.contains(&at) {
            text.push_str("::");
            at = run.end;
            continue;
        }
        if at > 0 && !text.ends_with(':') {
            text.push(':');
        }
        if embedded && at == 6 {
            let [.., a, b, c, d] = bytes;
            let _ = write!(text, "{a}.{b}.{c}.{d}");
            break;
        }
        let _ = write!(text, "{:x}", words[at]);
        at += 1;
    }
    text
}

/// The first of the longest runs of zeros, when it has at least two.
fn longest_run(words: &[u16]) -> std::ops::Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for (at, &word) in words.iter().enumerate() {
        if word != 0 {
            start = at + 1;
        } else if at + 1 - start > longest.len() {
            longest = start..at + 1;
        }
    }
    if longest.len() < 2 { 0..0 } else { longest }
}

/// The text of macaddr (six bytes) or macaddr8 (eight).
pub(super) fn mac_address_text(bytes: &[u8]) -> Read<String> {
    if !matches!(bytes.len(), 6 | 8) {
        return Err(Malformed("its length is not that of the type"));
    }
    let mut text = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        let separator = if text.is_empty() { "" } else { ":" };
        let _ = write!(text, "{separator}{byte:02x}");
    }
    Ok(text)
}

/// The zeros and ones of a bit string.
pub(super) fn bit_text(bytes: &[u8]) -> Read<String> {
    let mut bytes = Bytes(bytes);
    let count = usize::try_from(bytes.i32()?).map_err(|_| Malformed("its length is negative"))?;
    let bits = bytes.take(count.div_ceil(8))?;
    bytes.end()?;
    let is_set = |at: usize| bits[at / 8] & (0x80 >> (at % 8)) != 0;
    Ok((0..count).map(|at| if is_set(at) { '1' } else { '0' }).collect())
}
