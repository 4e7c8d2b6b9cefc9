//! Startup against real servers, and against what is none.

mod servers;

use super::connect;
use crate::net::Deadline;

#[test]
fn a_password_by_scram_opens_a_session() {
    let Some(config) = servers::tcp("PG") else { return };
    let session = connect(&config, Deadline::NEVER).unwrap();
    assert_ne!(session.backend.pid, 0);
    assert_eq!(session.parameters["client_encoding"], "UTF8");
}
