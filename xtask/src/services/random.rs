//! Names and passwords that nobody can guess.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};

/// Names a file to which each password is added that is made: `cargo xtask test` looks for them in
/// what was printed.
pub(crate) const PASSWORDS: &str = "ALUDEL_TEST_PASSWORDS";

/// `digits` hexadecimal digits from the kernel's generator.
pub(crate) fn hex(digits: usize) -> Result<String, String> {
    let mut bytes = vec![0; digits.div_ceil(2)];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| format!("cannot read /dev/urandom: {error}"))?;
    let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(digits);
    Ok(text)
}

/// A password for one start of a server.
pub(crate) fn password() -> Result<String, String> {
    let password = hex(24)?;
    if let Some(path) = std::env::var_os(PASSWORDS) {
        let noted = OpenOptions::new().append(true).open(&path);
        noted
            .and_then(|mut file| file.write_all(format!("{password}\n").as_bytes()))
            .map_err(|error| format!("cannot note a password in {}: {error}", path.display()))?;
    }
    Ok(password)
}

/// A number below `limit`, for a port that two starts at the same time do not both choose.
pub(crate) fn below(limit: u16) -> Result<u16, String> {
    let number = u32::from_str_radix(&hex(8)?, 16).map_err(|error| error.to_string())?;
    u16::try_from(number % u32::from(limit)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_have_their_length_and_never_repeat() {
        let one = password().unwrap();
        assert_eq!(one.len(), 24);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(one, password().unwrap());
        assert_eq!(hex(5).unwrap().len(), 5);
        assert!((0..100).all(|_| below(7).unwrap() < 7));
    }
}
