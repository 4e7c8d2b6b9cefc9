//! TLS: modes, roots, certificates, versions.

use std::path::PathBuf;

use super::{config, config_in, refusal, refusal_in, surroundings};
use crate::config::environment::Environment;
use crate::config::{SslMode, SslNegotiation};
use crate::net::Roots;

/// A home with these files in `.postgresql`.
fn home_with(files: &[&str]) -> (tempfile::TempDir, Environment) {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join(".postgresql");
    std::fs::create_dir(&directory).unwrap();
    for file in files {
        std::fs::write(directory.join(file), "").unwrap();
    }
    let environment = surroundings(&[("HOME", home.path().to_str().unwrap())]);
    (home, environment)
}

#[test]
fn without_a_word_tls_is_preferred_and_nothing_is_checked() {
    let ssl = config("postgresql://h").ssl;
    assert_eq!((ssl.mode, ssl.negotiation), (SslMode::Prefer, SslNegotiation::Postgres));
    assert_eq!(ssl.settings.roots, Roots::Any);
    assert_eq!(ssl.settings.identity, None);
    assert_eq!(ssl.settings.versions, (true, true));
    assert!(ssl.settings.server_name && !ssl.settings.verify_name);
}

#[test]
fn modes_have_the_names_of_libpq_jdbc_and_asyncpg() {
    for (option, mode) in [
        ("sslmode=disable", SslMode::Disable),
        ("sslmode=allow", SslMode::Allow),
        ("sslmode=require", SslMode::Require),
        ("sslmode=verify-ca&sslrootcert=/ca.crt", SslMode::VerifyCa),
        ("ssl=verify-full&sslrootcert=/ca.crt", SslMode::VerifyFull),
        ("ssl=true", SslMode::Require),
        ("ssl=off", SslMode::Disable),
        ("ssl=true&sslmode=prefer", SslMode::Prefer),
    ] {
        assert_eq!(config(&format!("postgresql://h?{option}")).ssl.mode, mode, "{option}");
    }
    let environment = surroundings(&[("PGREQUIRESSL", "1")]);
    assert_eq!(config_in("postgresql://h", &environment).unwrap().ssl.mode, SslMode::Require);
}

#[test]
fn verification_needs_roots() {
    let file = config("postgresql://h?sslmode=verify-full&sslrootcert=/ca.crt").ssl.settings;
    assert_eq!((file.roots, file.verify_name), (Roots::File("/ca.crt".into()), true));
    let chain = config("postgresql://h?sslmode=verify-ca&sslrootcert=/ca.crt").ssl.settings;
    assert!(!chain.verify_name);
    assert_eq!(
        refusal("postgresql://h?sslmode=verify-ca"),
        "sslmode=verify-ca needs root certificates, and there are none"
    );
    // A socket has no TLS and needs none.
    config("postgresql:///d?host=/run/pg&sslmode=verify-full");
}

#[test]
fn the_roots_of_the_system_are_for_full_verification_alone() {
    let system = config("postgresql://h?sslrootcert=system").ssl;
    assert_eq!((system.mode, system.settings.roots), (SslMode::VerifyFull, Roots::System));
    assert_eq!(
        refusal("postgresql://h?sslrootcert=system&sslmode=require"),
        "sslmode=require is too weak for sslrootcert=system"
    );
}

#[test]
fn direct_negotiation_is_for_modes_that_demand_tls() {
    let direct = config("postgresql://h?sslnegotiation=direct&sslmode=require").ssl;
    assert_eq!(direct.negotiation, SslNegotiation::Direct);
    assert_eq!(
        refusal("postgresql://h?sslnegotiation=direct"),
        "sslmode=prefer is too weak for sslnegotiation=direct"
    );
}

#[test]
fn files_in_the_home_directory_are_used_where_they_are() {
    let all = ["root.crt", "root.crl", "postgresql.crt", "postgresql.key"];
    let (home, environment) = home_with(&all);
    let file = |name: &str| -> PathBuf { home.path().join(".postgresql").join(name) };
    let ssl = config_in("postgresql://h?sslmode=require", &environment).unwrap().ssl;
    assert_eq!(ssl.settings.roots, Roots::File(file("root.crt")));
    assert_eq!(ssl.settings.revocation_lists, [file("root.crl")]);
    assert_eq!(ssl.settings.identity, Some((file("postgresql.crt"), file("postgresql.key"))));

    let named = "postgresql://h?sslrootcert=/ca&sslcert=/c&sslkey=/k&sslcrl=/l";
    let settings = config_in(named, &environment).unwrap().ssl.settings;
    assert_eq!(settings.roots, Roots::File("/ca".into()));
    assert_eq!(settings.identity, Some(("/c".into(), "/k".into())));
    assert_eq!(settings.revocation_lists, [PathBuf::from("/l")]);
    let disabled = "postgresql://h?sslcertmode=disable";
    assert_eq!(config_in(disabled, &environment).unwrap().ssl.settings.identity, None);

    let (_home, without_key) = home_with(&["postgresql.crt"]);
    let message = refusal_in("postgresql://h", &without_key);
    assert!(message.ends_with("postgresql.crt has no key beside it"), "{message}");
}

#[test]
fn revocation_lists_come_from_all_files_of_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["b.r0", "a.r0"] {
        std::fs::write(directory.path().join(name), "").unwrap();
    }
    std::fs::create_dir(directory.path().join("no_file")).unwrap();
    let path = directory.path().display();
    let url = format!("postgresql://h?sslrootcert=/ca&sslcrldir={path}");
    let expected = ["a.r0", "b.r0"].map(|name| directory.path().join(name));
    assert_eq!(config(&url).ssl.settings.revocation_lists, expected);
    let message = refusal("postgresql://h?sslrootcert=/ca&sslcrldir=/nonexistent");
    assert!(message.starts_with("directory /nonexistent cannot be read"), "{message}");
}

#[test]
fn versions_have_limits() {
    for (option, versions) in [
        ("ssl_min_protocol_version=TLSv1.3", (false, true)),
        ("ssl_max_protocol_version=TLSv1.2", (true, false)),
        ("ssl_min_protocol_version=TLSv1", (true, true)),
    ] {
        let found = config(&format!("postgresql://h?{option}")).ssl.settings.versions;
        assert_eq!(found, versions, "{option}");
    }
    for option in [
        "ssl_max_protocol_version=TLSv1.1",
        "ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=TLSv1.2",
    ] {
        let message = refusal(&format!("postgresql://h?{option}"));
        assert!(message.starts_with("no version of TLS is left"), "{message}");
    }
}

#[test]
fn encrypted_keys_are_refused_with_the_way_out() {
    let error = config_in("postgresql://h?sslpassword=x", &surroundings(&[])).unwrap_err();
    assert_eq!(error.kind(), aludel::ErrorKind::NotSupported);
    assert!(error.help().unwrap().contains("openssl pkey"));
}
