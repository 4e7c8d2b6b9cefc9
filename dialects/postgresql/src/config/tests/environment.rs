//! Variables, password files and service files, and their order.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{config_in, endpoints, refusal_in, surroundings};
use crate::config::environment::Environment;
use crate::config::{AuthMethod, Config};

fn private_file(path: &Path, text: &str) -> String {
    let mut file = std::fs::File::create(path).unwrap();
    file.set_permissions(std::fs::Permissions::from_mode(0o600)).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn passwords(config: &Config) -> Vec<Option<&str>> {
    config.hosts.iter().map(|host| host.password.as_ref().map(|secret| secret.expose())).collect()
}

#[test]
fn every_variable_of_libpq_is_read() {
    let environment = surroundings(&[
        ("PGHOST", "h"),
        ("PGHOSTADDR", "10.0.0.1"),
        ("PGPORT", "7"),
        ("PGDATABASE", "d"),
        ("PGUSER", "u"),
        ("PGPASSWORD", "p"),
        ("PGAPPNAME", "shop"),
        ("PGOPTIONS", "-c geqo=off"),
        ("PGDATESTYLE", "ISO"),
        ("PGTZ", "UTC"),
        ("PGGEQO", "default"),
        ("PGCONNECT_TIMEOUT", "3"),
        ("PGTARGETSESSIONATTRS", "primary"),
        ("PGLOADBALANCEHOSTS", "random"),
        ("PGREQUIREAUTH", "scram-sha-256"),
        ("PGCHANNELBINDING", "disable"),
        ("PGSSLMODE", "require"),
        ("PGSSLSNI", "0"),
        ("PGSSLMAXPROTOCOLVERSION", "TLSv1.2"),
    ]);
    let config = config_in("postgresql://", &environment).unwrap();
    assert_eq!(endpoints(&config), ["h:7"]);
    assert_eq!((config.user.as_str(), config.database.as_str()), ("u", "d"));
    assert_eq!(passwords(&config), [Some("p")]);
    let parameters: Vec<_> =
        config.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        parameters,
        [
            ("client_encoding", "UTF8"),
            ("application_name", "shop"),
            ("options", "-c geqo=off"),
            ("datestyle", "ISO"),
            ("timezone", "UTC"),
        ]
    );
    assert_eq!(config.connect_timeout.unwrap().as_secs(), 3);
    assert_eq!(config.target_session_attrs.to_string(), "primary");
    assert_eq!(config.load_balance_hosts.to_string(), "random");
    assert_eq!(config.channel_binding.to_string(), "disable");
    assert!(!config.require_auth.accepts(AuthMethod::Md5));
    assert_eq!(config.ssl.mode.to_string(), "require");
    assert_eq!(config.ssl.settings.versions, (true, false));
    assert!(!config.ssl.settings.server_name);
}

#[test]
fn the_url_comes_before_the_service_and_that_before_the_environment() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("services.conf");
    let file = private_file(&file, "[s]\nuser=of_service\nport=8\ndbname=of_service\n");
    let environment = surroundings(&[
        ("PGSERVICE", "s"),
        ("PGSERVICEFILE", &file),
        ("PGUSER", "of_environment"),
        ("PGPORT", "9"),
        ("PGAPPNAME", "of_environment"),
    ]);
    let config = config_in("postgresql://h/of_url", &environment).unwrap();
    assert_eq!((config.user.as_str(), config.database.as_str()), ("of_service", "of_url"));
    assert_eq!(endpoints(&config), ["h:8"]);
    assert_eq!(config.parameters[1].1, "of_environment");
    let config = config_in("postgresql://of_url@h/d", &environment).unwrap();
    assert_eq!(config.user, "of_url");

    let plain = surroundings(&[]);
    let url = format!("postgresql:///?service=s&servicefile={file}");
    assert_eq!(config_in(&url, &plain).unwrap().user, "of_service");
    let missing = format!("postgresql:///?service=t&servicefile={file}");
    assert_eq!(refusal_in(&missing, &plain), "there is no service `t`");
}

#[test]
fn a_wrong_value_is_refused_with_the_place_where_it_stands() {
    let directory = tempfile::tempdir().unwrap();
    let file = private_file(&directory.path().join("services.conf"), "[s]\nport=x\n");
    let url = format!("postgresql:///?service=s&servicefile={file}");
    assert_eq!(
        refusal_in(&url, &surroundings(&[])),
        format!("`port` in service `s` of {file} must be numbers from 1 to 65535, not \"x\"")
    );
    assert_eq!(
        refusal_in("postgresql://h", &surroundings(&[("PGSSLMODE", "yes")])),
        "environment variable PGSSLMODE must be one of disable, allow, prefer, require, \
         verify-ca, verify-full, not \"yes\""
    );
}

#[test]
fn an_empty_value_hides_what_comes_after_it() {
    let environment = surroundings(&[("PGUSER", "u"), ("PGPASSWORD", "p"), ("PGDATABASE", "")]);
    let config = config_in("postgresql://h/?user=&password=", &environment).unwrap();
    assert_eq!((config.user.as_str(), config.database.as_str()), ("os", "os"));
    assert_eq!(passwords(&config), [None]);
}

#[test]
fn the_password_file_gives_each_host_its_own() {
    let home = tempfile::tempdir().unwrap();
    let lines =
        "a:5432:d:u:for_a\nb:1:*:u:for_b\nlocalhost:*:*:*:for_default\n/run/x:*:*:*:for_x\n";
    private_file(&home.path().join(".pgpass"), lines);
    let sockets = tempfile::tempdir().unwrap();
    std::fs::write(sockets.path().join(".s.PGSQL.5432"), "").unwrap();
    let mut environment = surroundings(&[("HOME", home.path().to_str().unwrap())]);
    environment.socket_directories = vec![sockets.path().into()];
    let found = |url: &str| {
        let config = config_in(url, &environment).unwrap();
        passwords(&config).into_iter().map(|p| p.map(str::to_owned)).collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(found("postgresql://u@a,b:1,c/d"), [some("for_a"), some("for_b"), None]);
    assert_eq!(found("postgresql:///d"), [some("for_default")]);
    assert_eq!(found("postgresql:///d?host=/run/x"), [some("for_x")]);
    assert_eq!(found("postgresql://u:mine@a/d"), [some("mine")]);
    assert_eq!(found("postgresql://u@a/d?hostaddr=10.0.0.1"), [some("for_a")]);

    let other = private_file(&home.path().join("other"), "a:*:*:*:other\n");
    assert_eq!(found(&format!("postgresql://u@a/d?passfile={other}")), [some("other")]);
    let variable = surroundings(&[("PGPASSFILE", &other)]);
    assert_eq!(passwords(&config_in("postgresql://a", &variable).unwrap()), [Some("other")]);
}

#[test]
fn a_password_file_that_others_may_read_is_left_out_and_noted() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(".pgpass");
    private_file(&path, "*:*:*:*:p\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let environment = surroundings(&[("HOME", home.path().to_str().unwrap())]);
    let config = config_in("postgresql://a", &environment).unwrap();
    assert_eq!(passwords(&config), [None]);
    let note = config.password_note.unwrap();
    assert!(note.contains("chmod 0600"), "{note}");
    assert!(config_in("postgresql://u:p@a", &environment).unwrap().password_note.is_none());
}

#[test]
fn a_user_without_a_name_has_to_be_named_in_the_url() {
    let nobody = Environment::of(&[]);
    let error = config_in("postgresql://h", &nobody).unwrap_err();
    assert_eq!(error.message(), "no user is named, and that of this process has no name");
    assert_eq!(config_in("postgresql://u@h", &nobody).unwrap().database, "u");
}
