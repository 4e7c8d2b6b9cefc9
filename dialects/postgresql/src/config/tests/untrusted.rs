//! A stranger's URL gets nothing of the user's.

use std::os::unix::fs::PermissionsExt;

use aludel::Result;

use super::{endpoints, surroundings, with_args};
use crate::config::Config;
use crate::config::environment::Environment;
use crate::net::Roots;

/// Surroundings full of what a stranger would like to have.
fn rich() -> (tempfile::TempDir, Environment) {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join(".postgresql");
    std::fs::create_dir(&directory).unwrap();
    for name in ["root.crt", "postgresql.crt", "postgresql.key"] {
        std::fs::write(directory.join(name), "").unwrap();
    }
    let passwords = home.path().join(".pgpass");
    std::fs::write(&passwords, "*:*:*:*:of_file\n").unwrap();
    std::fs::set_permissions(&passwords, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(home.path().join(".pg_service.conf"), "[s]\npassword=of_service\n").unwrap();
    let mut environment = surroundings(&[
        ("HOME", home.path().to_str().unwrap()),
        ("PGPASSWORD", "of_environment"),
        ("PGUSER", "of_environment"),
        ("PGSERVICE", "s"),
        ("PGAPPNAME", "secret project"),
        ("PGHOST", "internal"),
    ]);
    environment.socket_directories = vec![home.path().into()];
    (home, environment)
}

fn untrusted(url: &str, environment: &Environment) -> Result<Config> {
    with_args(url, true, |args| Config::from_args_in(args, environment))
}

#[test]
fn no_password_name_certificate_or_variable_of_the_user_is_used() {
    let (_home, environment) = rich();
    let config = untrusted("postgresql://u@elsewhere/d", &environment).unwrap();
    assert_eq!(endpoints(&config), ["elsewhere:5432"]);
    assert!(config.hosts[0].password.is_none());
    assert_eq!(config.user, "u");
    assert_eq!(config.parameters.len(), 1);
    assert_eq!(config.ssl.settings.identity, None);
    assert_eq!(config.ssl.settings.roots, Roots::Any);
    let own = untrusted("postgresql://u:own@elsewhere/d", &environment).unwrap();
    assert_eq!(own.hosts[0].password.as_ref().unwrap().expose(), "own");
}

#[test]
fn a_strangers_url_names_user_and_host_and_no_socket() {
    let (_home, environment) = rich();
    for (url, message) in [
        ("postgresql://elsewhere/d", "an untrusted URL has to name its user"),
        ("postgresql://u@/d", "an untrusted URL has to name its host"),
        ("postgresql://u@:5433/d", "an untrusted URL has to name its host"),
        ("postgresql://u@/d?host=", "an untrusted URL has to name its host"),
        (
            "postgresql://u@/d?host=/run/pg",
            "an untrusted URL cannot name a socket: /run/pg/.s.PGSQL.5432",
        ),
        (
            "postgresql://u@%2Frun%2Fpg/d",
            "an untrusted URL cannot name a socket: /run/pg/.s.PGSQL.5432",
        ),
        (
            "postgresql://u@a/d?host=b,@pg",
            "an untrusted URL cannot name a socket: @pg/.s.PGSQL.5432",
        ),
    ] {
        let error = untrusted(url, &environment).unwrap_err();
        assert_eq!(error.message(), message, "{url}");
    }
}

#[test]
fn a_service_that_the_program_gives_comes_with_its_file() {
    let (home, environment) = rich();
    let url = "postgresql://u@elsewhere/d?service=s";
    let error = untrusted(url, &environment).unwrap_err();
    assert_eq!(error.message(), "a service beside an untrusted URL needs its file");
    let file = home.path().join(".pg_service.conf");
    let config = untrusted(&format!("{url}&servicefile={}", file.display()), &environment).unwrap();
    assert_eq!(config.hosts[0].password.as_ref().unwrap().expose(), "of_service");
}
