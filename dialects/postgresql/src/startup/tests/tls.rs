//! TLS with a real server: what `sslmode` verifies, and what it lets pass.

use std::fs;

use aludel_test_services::Vars;

use super::servers::provided;
use crate::config::tests::config;
use crate::net::Deadline;
use crate::startup::{Session, connect};

/// Connects with these options, by the name that the certificate has unless they say otherwise.
fn open(vars: &Vars, options: &str) -> aludel::Result<Session> {
    connect(&config(&format!("{}?{options}", vars.get("ALUDEL_PG_URL").unwrap())), Deadline::NEVER)
}

/// The URL with another name for the same server.
fn open_as(vars: &Vars, name: &str, options: &str) -> aludel::Result<Session> {
    let url = vars.get("ALUDEL_PG_URL").unwrap().replace("127.0.0.1", name);
    connect(&config(&format!("{url}?hostaddr=127.0.0.1&{options}")), Deadline::NEVER)
}

#[test]
fn the_right_authority_and_name_are_believed_and_others_are_not() {
    let Some(vars) = provided("pg") else { return };
    let (ca, stranger) =
        (vars.get("ALUDEL_PG_CA").unwrap(), vars.get("ALUDEL_STRANGER_CA").unwrap());
    for mode in ["require", "verify-ca", "verify-full"] {
        let session = open(&vars, &format!("sslmode={mode}&sslrootcert={ca}")).unwrap();
        assert!(session.stream.is_encrypted() && session.backend.tls.is_some());
        session.close();
        let error = open(&vars, &format!("sslmode={mode}&sslrootcert={stranger}")).unwrap_err();
        assert!(error.message().contains("not signed by an authority"), "{mode}: {error}");
        assert!(error.help().unwrap().contains("sslrootcert"), "{error}");
        assert_eq!(error.sqlstate(), Some("08001"));
    }
    open_as(&vars, "localhost", &format!("sslmode=verify-full&sslrootcert={ca}")).unwrap().close();
    open_as(&vars, "LOCALHOST.", &format!("sslmode=verify-full&sslrootcert={ca}")).unwrap().close();
    open_as(&vars, "db.example.org", &format!("sslmode=verify-ca&sslrootcert={ca}"))
        .unwrap()
        .close();
    let error = open_as(&vars, "db.example.org", &format!("sslmode=verify-full&sslrootcert={ca}"))
        .unwrap_err();
    assert!(error.message().contains("db.example.org"), "{error}");
    assert!(error.message().ends_with("is for another name"), "{error}");
    assert!(error.help().unwrap().contains("verify-ca"), "{error}");
}

#[test]
fn weaker_modes_encrypt_when_they_can_and_verify_only_what_they_must() {
    let Some(vars) = provided("pg") else { return };
    let encrypted = |options: &str| open(&vars, options).unwrap().stream.is_encrypted();
    assert!(encrypted("sslmode=prefer"));
    assert!(encrypted("sslmode=require"));
    assert!(encrypted("sslmode=require&sslrootcert=/no/such/file"));
    assert!(!encrypted("sslmode=disable"));
    assert!(!encrypted("sslmode=allow"), "the server lets in without");
    // A handshake that fails leads to the way without, as in libpq.
    let stranger = vars.get("ALUDEL_STRANGER_CA").unwrap();
    assert!(!encrypted(&format!("sslmode=prefer&sslrootcert={stranger}")));
    for mode in ["verify-ca", "verify-full"] {
        let error = open(&vars, &format!("sslmode={mode}&sslrootcert=/no/such/file")).unwrap_err();
        assert!(error.message().contains("/no/such/file does not exist"), "{error}");
    }
}

#[test]
fn the_systems_authorities_do_not_know_a_private_one() {
    let Some(vars) = provided("pg") else { return };
    let error = open(&vars, "sslrootcert=system").unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("not signed by an authority") || text.contains("no certificate authorities"),
        "{text}"
    );
}

#[test]
fn files_that_do_not_hold_what_they_should_are_named() {
    let Some(vars) = provided("pg") else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("nothing.pem");
    fs::write(&file, "nothing\n").unwrap();
    let ca = vars.get("ALUDEL_PG_CA").unwrap();
    let nothing = file.display();
    for options in [
        format!("sslmode=verify-ca&sslrootcert={nothing}"),
        format!("sslmode=require&sslcert={nothing}&sslkey={nothing}"),
        format!("sslmode=require&sslcert={ca}&sslkey={nothing}"),
    ] {
        let error = open(&vars, &options).unwrap_err();
        assert!(error.message().contains("nothing.pem"), "{options}: {error}");
    }
}

#[test]
fn the_version_of_tls_can_be_limited() {
    let Some(vars) = provided("pg") else { return };
    for limit in ["ssl_max_protocol_version=TLSv1.2", "ssl_min_protocol_version=TLSv1.3"] {
        let session = open(&vars, &format!("sslmode=require&{limit}")).unwrap();
        let version = format!("{:?}", session.stream);
        let wanted = if limit.contains("max") { "TLSv1_2" } else { "TLSv1_3" };
        assert!(version.contains(wanted), "{version}");
        session.close();
    }
}

#[test]
fn a_configuration_is_made_once_and_again_when_its_file_changes() {
    let Some(vars) = provided("pg") else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("root.crt");
    fs::copy(vars.get("ALUDEL_PG_CA").unwrap(), &file).unwrap();
    let options = format!("sslmode=verify-full&sslrootcert={}", file.display());
    open(&vars, &options).unwrap().close();
    let settings =
        config(&format!("{}?{options}", vars.get("ALUDEL_PG_URL").unwrap())).ssl.settings;
    let (one, two) = (settings.client_config().unwrap(), settings.client_config().unwrap());
    assert!(std::sync::Arc::ptr_eq(&one, &two));
    let mut both = fs::read(vars.get("ALUDEL_STRANGER_CA").unwrap()).unwrap();
    both.extend(fs::read(&file).unwrap());
    fs::write(&file, both).unwrap();
    assert!(!std::sync::Arc::ptr_eq(&one, &settings.client_config().unwrap()));
    open(&vars, &options).unwrap().close();
    fs::copy(vars.get("ALUDEL_STRANGER_CA").unwrap(), &file).unwrap();
    assert!(open(&vars, &options).is_err(), "whom nobody trusts any longer");
}
