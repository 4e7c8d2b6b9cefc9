//! Looks for passwords in what was printed, also in forms that hide them.

use std::collections::HashMap;
use std::fmt;

/// What is looked for.
pub(crate) struct Secrets {
    /// By their first two bytes.
    forms: HashMap<[u8; 2], Vec<Form>>,
    passwords: usize,
}

struct Form {
    name: &'static str,
    bytes: Vec<u8>,
}

/// Where a password stands. Not which one: that would print it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leak {
    line: usize,
    /// The last heading before it.
    step: String,
    form: &'static str,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, in `{}`: a password, {}", self.line, self.step, self.form)
    }
}

impl Secrets {
    pub(crate) fn new<'p>(passwords: impl Iterator<Item = &'p str>) -> Self {
        let mut secrets = Secrets { forms: HashMap::new(), passwords: 0 };
        for password in passwords.filter(|password| !password.is_empty()) {
            secrets.passwords += 1;
            for (name, text) in forms(password.as_bytes()) {
                let bytes = text.into_bytes();
                if let [first, second, ..] = bytes[..] {
                    secrets.forms.entry([first, second]).or_default().push(Form { name, bytes });
                }
            }
        }
        secrets
    }

    /// How many passwords there are.
    pub(crate) fn len(&self) -> usize {
        self.passwords
    }

    /// Every place where one stands.
    pub(crate) fn find(&self, text: &[u8]) -> Vec<Leak> {
        let mut leaks = Vec::new();
        let mut step = "before the first step".to_owned();
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if let Some(heading) = line.strip_prefix(b"== ") {
                let name = heading.split(|byte| *byte == b':').next().unwrap_or_default();
                step = String::from_utf8_lossy(name).into_owned();
            }
            if let Some(form) = self.in_line(line) {
                leaks.push(Leak { line: index + 1, step: step.clone(), form });
            }
        }
        leaks
    }

    fn in_line(&self, line: &[u8]) -> Option<&'static str> {
        line.windows(2).enumerate().find_map(|(at, start)| {
            let forms = self.forms.get(start)?;
            Some(forms.iter().find(|form| line[at..].starts_with(&form.bytes))?.name)
        })
    }
}

/// The forms in which a password could be printed.
fn forms(password: &[u8]) -> Vec<(&'static str, String)> {
    let each = |write: fn(u8) -> String| password.iter().copied().map(write).collect::<Vec<_>>();
    let mut forms = vec![
        ("as it is", String::from_utf8_lossy(password).into_owned()),
        ("in capitals", String::from_utf8_lossy(password).to_ascii_uppercase()),
        ("backwards", password.iter().rev().map(|byte| char::from(*byte)).collect()),
        ("percent-encoded", each(|byte| format!("%{byte:02X}")).concat()),
        ("percent-encoded", each(|byte| format!("%{byte:02x}")).concat()),
        ("in hexadecimal", each(|byte| format!("{byte:02X}")).concat()),
        ("in hexadecimal", each(|byte| format!("{byte:02x}")).concat()),
        ("as a list of bytes", each(|byte| byte.to_string()).join(", ")),
    ];
    // It may stand behind any number of other bytes.
    forms.extend((0..3).map(|before| ("in base64", base64_behind(before, password))));
    forms.sort();
    forms.dedup();
    forms
}

/// What base64 makes of `bytes` behind so many others, without the digits that depend on what
/// stands around.
fn base64_behind(before: usize, bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = [&vec![0; before][..], bytes].concat();
    let bit = |at: usize| usize::from(whole[at / 8] >> (7 - at % 8) & 1);
    let first = (before * 8).div_ceil(6);
    (first..whole.len() * 8 / 6)
        .map(|digit| (0..6).fold(0, |value, at| value << 1 | bit(digit * 6 + at)))
        .map(|value| char::from(DIGITS[value]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "0a1b2c3d4e5f";

    fn found(text: &str) -> Vec<String> {
        let secrets = Secrets::new(["", "ffffffffffff", PASSWORD].into_iter());
        assert_eq!(secrets.len(), 2);
        secrets.find(text.as_bytes()).iter().map(Leak::to_string).collect()
    }

    #[test]
    fn a_password_is_found_with_its_line_and_step() {
        let text =
            format!("fmt\n\n== tests: cargo test\nok\nat u:{PASSWORD}@host\n== doc: x\nend\n");
        assert_eq!(found(&text), ["line 5, in `tests`: a password, as it is"]);
        assert_eq!(
            found(&format!("x{PASSWORD}")),
            ["line 1, in `before the first step`: a password, as it is"]
        );
    }

    #[test]
    fn a_password_is_found_in_other_forms() {
        for (text, form) in [
            ("0A1B2C3D4E5F", "in capitals"),
            ("f5e4d3c2b1a0", "backwards"),
            ("%30%61%31%62%32%63%33%64%34%65%35%66", "percent-encoded"),
            ("306131623263336434653566", "in hexadecimal"),
            ("[48, 97, 49, 98, 50, 99, 51, 100, 52, 101, 53, 102]", "as a list of bytes"),
            // By another encoder: of the password, of "u:" and "app:" before it, and of SASL's form.
            ("MGExYjJjM2Q0ZTVm", "in base64"),
            ("dTowYTFiMmMzZDRlNWY=", "in base64"),
            ("YXBwOjBhMWIyYzNkNGU1Zg==", "in base64"),
            ("AHVzZXIAMGExYjJjM2Q0ZTVm", "in base64"),
        ] {
            let [leak] = &found(&format!("got {text}."))[..] else { panic!("{text} is not found") };
            assert!(leak.ends_with(form), "{leak}, not {form}");
            assert!(!leak.contains(text), "{leak}");
        }
    }

    #[test]
    fn what_is_no_password_is_not_found() {
        assert_eq!(found("0a1b2c3d4e5\n0a1b2c3d4e5e\nf\n0a1b2c3d\n4e5f\n\n\u{fffd}0"), [""; 0]);
    }
}
