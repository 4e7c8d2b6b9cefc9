//! Settings that are one of a few words.

use std::fmt;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
            pub(crate) enum $name {
                $($(#[$word_doc])* $word,)*
            }

            impl $name {
                pub(crate) const NAMES: &'static [&'static str] = &[$($text),*];

                /// The word, in whatever case.
                pub(crate) fn from_name(name: &str) -> Option<Self> {
                    let known = [$(($text, $name::$word)),*];
                    let found = known.iter().find(|(text, _)| text.eq_ignore_ascii_case(name));
                    found.map(|(_, word)| *word)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(Self::NAMES[*self as usize])
                }
            }
        )*
    };
}

words! {
    /// Whether TLS is used and what of the server's certificate is checked, from weak to strong.
    SslMode {
        Disable = "disable",
        /// Without TLS; with it when the server demands it.
        Allow = "allow",
        /// With TLS; without it when the server has none.
        Prefer = "prefer",
        Require = "require",
        VerifyCa = "verify-ca",
        VerifyFull = "verify-full",
    }
    /// How TLS begins.
    SslNegotiation {
        /// The server is asked first.
        Postgres = "postgres",
        /// The handshake comes at once, with ALPN (PostgreSQL 17).
        Direct = "direct",
    }
    /// Versions of TLS.
    TlsVersion {
        V10 = "TLSv1",
        V11 = "TLSv1.1",
        V12 = "TLSv1.2",
        V13 = "TLSv1.3",
    }
    /// Whether the client certificate is sent.
    SslCertMode {
        Disable = "disable",
        Allow = "allow",
    }
    /// Whether SCRAM is bound to the TLS connection.
    ChannelBinding {
        Disable = "disable",
        Prefer = "prefer",
        Require = "require",
    }
    /// GSSAPI encryption, which is not used.
    GssEncMode {
        Disable = "disable",
        Prefer = "prefer",
    }
    /// What the server must be.
    TargetSessionAttrs {
        Any = "any",
        /// Takes writes by default: no standby, and not `default_transaction_read_only`.
        ReadWrite = "read-write",
        /// The opposite.
        ReadOnly = "read-only",
        /// Not in recovery.
        Primary = "primary",
        Standby = "standby",
        /// A standby, or any server when there is none.
        PreferStandby = "prefer-standby",
    }
    /// In which order hosts are tried.
    LoadBalance {
        /// As written.
        Disable = "disable",
        /// Shuffled, and the addresses of each as well.
        Random = "random",
    }
}

impl TargetSessionAttrs {
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// True when the URL demands a server that takes writes.
    pub(crate) fn must_write(self) -> bool {
        matches!(self, TargetSessionAttrs::ReadWrite | TargetSessionAttrs::Primary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_and_print_as_they_are_written() {
        assert_eq!(SslMode::from_name("Verify-CA"), Some(SslMode::VerifyCa));
        assert_eq!(SslMode::from_name("verify_ca"), None);
        assert_eq!(TlsVersion::from_name("tlsv1.2").unwrap().to_string(), "TLSv1.2");
        assert!(SslMode::Require > SslMode::Prefer);
        for name in TargetSessionAttrs::NAMES {
            assert_eq!(TargetSessionAttrs::from_name(name).unwrap().to_string(), *name);
        }
    }
}
