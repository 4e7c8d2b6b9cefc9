//! Sessions through PgBouncer.

use std::time::Duration;

use super::servers::{of, provided};
use crate::net::Deadline;
use crate::startup::{cancel, connect};

#[test]
fn the_startup_packet_has_nothing_that_pgbouncer_refuses() {
    let Some(vars) = provided("pgbouncer") else { return };
    for (variable, options) in [
        ("ALUDEL_PGBOUNCER_URL", "application_name=shop"),
        ("ALUDEL_PGBOUNCER_TLS_URL", ""),
        ("ALUDEL_PGBOUNCER_SOCKET_URL", ""),
    ] {
        let session = connect(&of(&vars, variable, options), Deadline::NEVER).unwrap();
        assert_eq!(session.parameters["client_encoding"], "UTF8");
        assert!(session.parameters["DateStyle"].starts_with("ISO"));
        // Nothing runs, and PgBouncer hangs up all the same.
        cancel(&session.backend, Deadline::after(Duration::from_secs(20))).unwrap();
        session.close();
    }
}

#[test]
fn a_parameter_that_pgbouncer_refuses_is_explained() {
    let Some(vars) = provided("pgbouncer") else { return };
    let config = of(&vars, "ALUDEL_PGBOUNCER_URL", "options=-c%20work_mem%3D1MB");
    let error = connect(&config, Deadline::NEVER).unwrap_err();
    assert!(error.message().contains("options"), "{error}");
    assert!(error.help().unwrap().contains("ignore_startup_parameters"), "{error}");
}
