//! Sessions with a real server, and the refusals of a real server.

use super::servers::{of, provided, with};
use crate::config::tests::config;
use crate::net::{Deadline, Peer};
use crate::startup::connect;

#[test]
fn a_password_by_scram_opens_a_session_over_tcp_and_over_a_socket() {
    let Some(vars) = provided("pg") else { return };
    for (variable, options) in [
        ("ALUDEL_PG_URL", "sslmode=disable&require_auth=scram-sha-256"),
        ("ALUDEL_PG_SOCKET_URL", "sslmode=verify-full&require_auth=scram-sha-256"),
    ] {
        let session = connect(&of(&vars, variable, options), Deadline::NEVER).unwrap();
        assert_ne!(session.backend.pid, 0);
        assert!(!session.backend.secret.is_empty());
        assert_eq!(session.parameters["client_encoding"], "UTF8");
        assert!(session.parameters["DateStyle"].starts_with("ISO"));
        assert!(session.parameters.contains_key("server_version"), "{:?}", session.parameters);
        assert!(!session.stream.is_encrypted() && session.inbox.is_empty());
        assert_eq!(matches!(session.stream.peer(), Peer::Unix(_)), variable.contains("SOCKET"));
        session.close();
    }
}

#[test]
fn run_time_parameters_of_the_url_are_the_sessions() {
    let Some(vars) = provided("pg") else { return };
    let options = "application_name=the%20shop&options=-c%20IntervalStyle%3Diso_8601\
                   %20-c%20DateStyle%3DGerman";
    let session = connect(&of(&vars, "ALUDEL_PG_URL", options), Deadline::NEVER).unwrap();
    assert_eq!(session.parameters["application_name"], "the shop");
    assert_eq!(session.parameters["IntervalStyle"], "iso_8601");
    assert!(session.parameters["DateStyle"].starts_with("German"));
    session.close();
}

#[test]
fn refusals_of_the_server_come_with_their_sqlstate_and_the_next_step() {
    let Some(vars) = provided("pg") else { return };
    let url = vars.get("ALUDEL_PG_URL").unwrap();
    let password = vars.get("ALUDEL_PG_PASSWORD").unwrap();
    let database = format!("/{}", vars.get("ALUDEL_PG_DATABASE").unwrap());
    for (wrong, sqlstate, help) in [
        (url.replace(password, "wrong"), "28P01", "PGPASSWORD"),
        (url.replace(&format!(":{password}"), ""), "28P01", "PGPASSWORD"),
        (format!("{}/no_such_database", url.strip_suffix(&database).unwrap()), "3D000", "create"),
        (with(url, "options=-c%20no_such_parameter%3D1"), "42704", ""),
    ] {
        for mode in ["disable", "prefer", "require"] {
            let config = config(&with(&wrong, &format!("sslmode={mode}")));
            let error = connect(&config, Deadline::NEVER).unwrap_err();
            assert_eq!(error.sqlstate(), Some(sqlstate), "{error}");
            assert!(error.help().unwrap_or_default().contains(help), "{error}");
            assert!(error.is_disconnect());
            let text = format!("{error}{error:?}");
            assert!(!text.contains(password) && !text.contains("wrong"), "{text}");
        }
    }
}
