//! How the server may ask who we are (`require_auth`).

use aludel::Result;

use super::sources::Setting;

/// Ways to authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthMethod {
    /// The password as it is.
    Password,
    Md5,
    ScramSha256,
    /// Nothing is asked: `trust`, `peer` or a client certificate.
    None,
}

/// The methods that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequireAuth {
    /// One bit for each method.
    accepted: u8,
}

const NAMES: [(&str, u8); 7] = [
    ("password", AuthMethod::Password.bit()),
    ("md5", AuthMethod::Md5.bit()),
    ("scram-sha-256", AuthMethod::ScramSha256.bit()),
    ("none", AuthMethod::None.bit()),
    // Known to libpq and never accepted here, because they are not implemented.
    ("gss", 0x10),
    ("sspi", 0x20),
    ("oauth", 0x40),
];

impl AuthMethod {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl RequireAuth {
    /// Whatever the server asks for.
    pub(crate) const ANY: RequireAuth = RequireAuth { accepted: !0 };

    /// True when the server may ask for this.
    pub(crate) fn accepts(self, method: AuthMethod) -> bool {
        self.accepted & method.bit() != 0
    }

    /// `a,b`, which accepts these, or `!a,!b`, which accepts all but these.
    pub(super) fn parse(setting: Setting<'_>) -> Result<Self> {
        let wanted = "a list of password, md5, scram-sha-256, none, gss, sspi, oauth, each with \
                      `!` before it or none, and each once";
        let wrong = || setting.wrong(wanted);
        let mut listed = 0;
        let negated = setting.value.starts_with('!');
        for word in setting.value.split(',') {
            let word = match (negated, word.strip_prefix('!')) {
                (true, Some(word)) => word,
                (false, None) => word,
                _ => return Err(wrong()),
            };
            let bit = NAMES.iter().find(|(name, _)| *name == word).map(|(_, bit)| *bit);
            let bit = bit.filter(|bit| listed & bit == 0).ok_or_else(wrong)?;
            listed |= bit;
        }
        Ok(RequireAuth { accepted: if negated { !listed } else { listed } })
    }
}

#[cfg(test)]
mod tests {
    use super::AuthMethod::*;
    use crate::config::tests::{config, refusal};

    #[test]
    fn listed_methods_are_accepted_and_no_others() {
        let accepted = |value: &str| {
            let auth = config(&format!("postgresql://h/d?require_auth={value}")).require_auth;
            [Password, Md5, ScramSha256, None].map(|method| auth.accepts(method))
        };
        assert_eq!(accepted("scram-sha-256"), [false, false, true, false]);
        assert_eq!(accepted("md5,none"), [false, true, false, true]);
        assert_eq!(accepted("!password,!md5"), [false, false, true, true]);
        assert_eq!(accepted("gss"), [false; 4]);
        let any = config("postgresql://h/d").require_auth;
        assert!(any.accepts(Password) && any.accepts(None));
    }

    #[test]
    fn contradictions_repetitions_and_unknown_methods_are_refused() {
        for value in ["md5,!none", "!md5,none", "md5,md5", "kerberos", "md5,", ",", "!"] {
            let message = refusal(&format!("postgresql://h/d?require_auth={value}"));
            assert!(message.starts_with("option `require_auth` must be a list of"), "{message}");
        }
    }
}
