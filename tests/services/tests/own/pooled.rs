//! PgBouncer lends a session of PostgreSQL for one transaction, and not for a connection.

use crate::session::{Session, Target};
use aludel_test_services::{Kind, Profile, Services};

/// The process of PostgreSQL that answers.
fn backend(session: &mut Session) -> u32 {
    session.line("select pg_backend_pid();").unwrap().parse().unwrap()
}

#[test]
fn two_idle_clients_share_one_backend_and_two_transactions_do_not() {
    let test = "two_idle_clients_share_one_backend_and_two_transactions_do_not";
    // Its own, since other tests' clients would make the pool larger.
    let Some(services) = Services::own(test, &[Kind::PgBouncer], Profile::Fast) else { return };
    let pooled = Target { vars: services.vars(), prefix: "PGBOUNCER" };
    let (mut one, mut two) = (pooled.connect(), pooled.connect());
    let shared = backend(&mut one);
    for _ in 0..3 {
        assert_eq!([backend(&mut two), backend(&mut one)], [shared; 2], "each in its turn");
    }
    assert_eq!(services.server(Kind::Pg).backends().unwrap(), [shared]);
    assert!(one.run("begin", "open"));
    let lent = backend(&mut one);
    assert_ne!(backend(&mut two), lent, "nobody else gets it in the middle of a transaction");
    assert_eq!(backend(&mut one), lent);
    assert!(one.run("commit", "over"));
    assert_eq!(services.server(Kind::Pg).backends().unwrap().len(), 2, "no more were opened");
}
