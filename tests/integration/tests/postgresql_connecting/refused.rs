//! The mistakes that people make most: each is told at once, with the next step.

use std::net::TcpListener;

use crate::engines::{refusal, server};

#[test]
fn a_wrong_password_and_an_unknown_database_are_the_servers_errors() {
    let Some(vars) = server("pg") else { return };
    let (url, password) = (&vars["ALUDEL_PG_URL"], &vars["ALUDEL_PG_PASSWORD"]);
    let wrong = url.replace(password, "mistyped");
    let error = refusal(&wrong, "mistyped");
    assert_eq!(error.sqlstate(), Some("28P01"), "{error}");
    assert!(error.help().unwrap().contains("PGPASSWORD"), "{error}");
    let database = format!("/{}", &vars["ALUDEL_PG_DATABASE"]);
    let unknown = format!("{}/no_such_database", url.strip_suffix(&database).unwrap());
    let error = refusal(&unknown, password);
    assert_eq!(error.sqlstate(), Some("3D000"), "{error}");
}

#[test]
fn a_certificate_that_no_known_authority_signed_is_refused() {
    let Some(vars) = server("pg") else { return };
    let password = &vars["ALUDEL_PG_PASSWORD"];
    let stranger = &vars["ALUDEL_STRANGER_CA"];
    let url = format!("{}?sslmode=verify-full&sslrootcert={stranger}", &vars["ALUDEL_PG_URL"]);
    let error = refusal(&url, password);
    assert!(error.message().contains("not signed by an authority"), "{error}");
    assert!(error.help().unwrap().contains("sslrootcert"), "{error}");
}

#[test]
fn a_port_that_is_silent_closed_or_not_postgresqls_is_told_within_the_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = listener.local_addr().unwrap();
    let url = |address, options| format!("postgresql://anna:hidden@{address}/shop?{options}");
    let error = refusal(&url(silent, "connect_timeout=1"), "hidden");
    assert!(error.message().contains("timed out"), "{error}");
    assert!(error.help().unwrap().contains("connect_timeout"), "{error}");
    drop(listener);
    let error = refusal(&url(silent, ""), "hidden");
    assert!(error.message().contains("refused"), "{error}");
    assert_eq!(error.sqlstate(), Some("08001"));
}

#[test]
fn a_database_of_another_maker_is_called_by_name() {
    let Some(vars) = server("mariadb") else { return };
    let address = format!("{}:{}", &vars["ALUDEL_MARIADB_HOST"], &vars["ALUDEL_MARIADB_PORT"]);
    for options in ["sslmode=disable", "sslmode=require"] {
        let url = format!("postgresql://anna:hidden@{address}/shop?{options}");
        let error = refusal(&url, "hidden");
        assert!(error.message().contains("MySQL or MariaDB"), "{error}");
        assert!(error.help().unwrap().contains("mysql://"), "{error}");
    }
}
