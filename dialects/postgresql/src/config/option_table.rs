//! The options of PostgreSQL's URLs: libpq's parameters, and a few of our own.

use aludel::dialect::{OptionClass, OptionInfo, OptionType};

use super::words::{
    ChannelBinding, GssEncMode, LoadBalance, SslCertMode, SslMode, SslNegotiation,
    TargetSessionAttrs, TlsVersion,
};

const TEXT: OptionType = OptionType::Text;

const fn option(
    name: &'static str,
    kind: OptionType,
    default: &'static str,
    doc: &'static str,
) -> OptionInfo {
    OptionInfo::new(name, kind, default, doc)
}

const fn file(name: &'static str, default: &'static str, doc: &'static str) -> OptionInfo {
    OptionInfo::new(name, TEXT, default, doc).class(OptionClass::File)
}

/// What is not libpq's and so cannot stand in a service file.
const OURS: &[&str] =
    &["ssl", "prepared_statements", "statement_cache_size", "prepared_statement_cache_size"];

/// True for what a service file may say.
pub(super) fn is_of_libpq(name: &str) -> bool {
    !OURS.contains(&name) && OPTIONS.iter().any(|option| option.name == name)
}

pub(crate) const OPTIONS: &[OptionInfo] = &[
    // Where and as whom.
    option(
        "host",
        TEXT,
        "",
        "Hosts to try in order, `a,b` or repeated, each with `:port` where it differs; a directory stands for the Unix socket in it. Without any, the default socket, then localhost.",
    )
    .repeatable(),
    option(
        "hostaddr",
        TEXT,
        "",
        "Numeric addresses of the hosts, which then are not looked up; the names still count for certificates.",
    ),
    option("port", TEXT, "5432", "Ports of the hosts, one each; an empty one stands for the default.").repeatable(),
    option("dbname", TEXT, "", "Database; without it, the one with the name of the user."),
    option("user", TEXT, "", "User; without it, the one that the program runs as."),
    option("password", TEXT, "", "Password.").secret(),
    file("passfile", "~/.pgpass", "File of passwords, which nobody but its owner may read."),
    file("service", "", "Name of a service, whose settings stand in a service file."),
    file(
        "servicefile",
        "~/.pg_service.conf",
        "File of services; one of the system in PGSYSCONFDIR comes after it.",
    ),
    option(
        "target_session_attrs",
        OptionType::OneOf(TargetSessionAttrs::NAMES),
        "any",
        "What the server must be; the others of the hosts are passed over.",
    ),
    option(
        "load_balance_hosts",
        OptionType::OneOf(LoadBalance::NAMES),
        "disable",
        "Whether hosts are tried in the order written or in a random one.",
    ),
    // Authentication.
    option(
        "require_auth",
        TEXT,
        "",
        "Ways to authenticate that are accepted, `scram-sha-256,none`, or refused, `!password,!md5`.",
    ),
    option(
        "channel_binding",
        OptionType::OneOf(ChannelBinding::NAMES),
        "prefer",
        "Whether SCRAM is bound to the TLS connection, which keeps anybody between from using it.",
    ),
    // TLS.
    option(
        "sslmode",
        OptionType::OneOf(SslMode::NAMES),
        "prefer",
        "Whether TLS is used and what of the server's certificate is checked; verify-full is safe, the first three can be undone by anybody between.",
    ),
    option("ssl", TEXT, "", "The same as sslmode, as asyncpg calls it; `true` is `require`."),
    option(
        "sslnegotiation",
        OptionType::OneOf(SslNegotiation::NAMES),
        "postgres",
        "Whether the server is asked for TLS first, or the handshake comes at once (PostgreSQL 17).",
    ),
    file(
        "sslrootcert",
        "~/.postgresql/root.crt",
        "File of the authorities that sign servers' certificates; `system` for those that the system trusts.",
    ),
    file("sslcert", "~/.postgresql/postgresql.crt", "File of the client's certificate."),
    file(
        "sslkey",
        "~/.postgresql/postgresql.key",
        "File of the client's private key, which nobody but its owner may read.",
    ),
    option("sslpassword", TEXT, "", "Refused: encrypted keys are not supported.").secret(),
    option(
        "sslcertmode",
        OptionType::OneOf(SslCertMode::NAMES),
        "allow",
        "Whether the client's certificate is sent when the server asks for it.",
    ),
    file("sslcrl", "~/.postgresql/root.crl", "File of revoked certificates."),
    file("sslcrldir", "", "Directory of files of revoked certificates."),
    option(
        "sslsni",
        OptionType::Bool,
        "true",
        "Whether the name of the host is told before encryption begins, which proxies need.",
    ),
    option(
        "ssl_min_protocol_version",
        OptionType::OneOf(TlsVersion::NAMES),
        "TLSv1.2",
        "Lowest version of TLS; none below TLSv1.2 is spoken.",
    ),
    option(
        "ssl_max_protocol_version",
        OptionType::OneOf(TlsVersion::NAMES),
        "TLSv1.3",
        "Highest version of TLS.",
    ),
    option("requirepeer", TEXT, "", "Refused: the user of a socket's server is not checked."),
    option(
        "gssencmode",
        OptionType::OneOf(GssEncMode::NAMES),
        "disable",
        "Accepted for libpq's URLs; without effect, because GSSAPI is not supported.",
    ),
    option("krbsrvname", TEXT, "", "Accepted as gssencmode is."),
    option("gsslib", TEXT, "", "Accepted as gssencmode is."),
    option("gssdelegation", TEXT, "", "Accepted as gssencmode is."),
    // The connection.
    option(
        "connect_timeout",
        OptionType::Seconds,
        "0",
        "Seconds for connecting to each host, authentication included; 0 for no limit.",
    ),
    option(
        "keepalives",
        OptionType::Bool,
        "true",
        "Whether the system asks an idle server if it is still there.",
    ),
    option(
        "keepalives_idle",
        OptionType::Integer,
        "0",
        "Seconds of silence before the first question; 0 for the system's default.",
    ),
    option(
        "keepalives_interval",
        OptionType::Integer,
        "0",
        "Seconds before a question is repeated; 0 for the system's default.",
    ),
    option(
        "keepalives_count",
        OptionType::Integer,
        "0",
        "Unanswered questions that end the connection; 0 for the system's default.",
    ),
    option(
        "tcp_user_timeout",
        OptionType::Integer,
        "0",
        "Milliseconds that sent data may stay unacknowledged; 0 for the system's default.",
    ),
    // The session.
    option("application_name", TEXT, "", "Name of the program in pg_stat_activity and logs."),
    option(
        "fallback_application_name",
        TEXT,
        "",
        "The same, when nothing else gives a name.",
    ),
    option(
        "client_encoding",
        TEXT,
        "UTF8",
        "Accepted for libpq's URLs; UTF8 and auto only, because text is always UTF-8 here.",
    ),
    option(
        "options",
        TEXT,
        "",
        "Settings of the session as on the server's command line: `-c search_path=shop -c work_mem=64MB`.",
    ),
    option(
        "prepared_statements",
        OptionType::Bool,
        "true",
        "Whether statements stay prepared on the server; off for proxies that pool transactions.",
    ),
    option(
        "statement_cache_size",
        OptionType::Integer,
        "256",
        "Statements of a connection that stay prepared.",
    ),
    option(
        "prepared_statement_cache_size",
        OptionType::Integer,
        "",
        "The same as statement_cache_size, as SQLAlchemy's asyncpg dialect calls it.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_name_files_cannot_come_from_strangers_and_passwords_are_secret() {
        let of_class = |class| {
            let options = OPTIONS.iter().filter(move |option| option.class == class);
            options.map(|option| option.name).collect::<Vec<_>>()
        };
        assert_eq!(
            of_class(OptionClass::File),
            [
                "passfile",
                "service",
                "servicefile",
                "sslrootcert",
                "sslcert",
                "sslkey",
                "sslcrl",
                "sslcrldir"
            ]
        );
        assert_eq!(of_class(OptionClass::Code), [""; 0]);
        let secret = OPTIONS.iter().filter(|option| option.secret).map(|option| option.name);
        assert_eq!(secret.collect::<Vec<_>>(), ["password", "sslpassword"]);
    }

    #[test]
    fn each_option_stands_there_once_with_a_sentence() {
        for (index, option) in OPTIONS.iter().enumerate() {
            assert!(OPTIONS[..index].iter().all(|other| other.name != option.name), "{option:?}");
            assert!(option.doc.ends_with('.'), "{option:?}");
        }
        for name in OURS {
            assert!(OPTIONS.iter().any(|option| option.name == *name), "{name}");
        }
    }
}
