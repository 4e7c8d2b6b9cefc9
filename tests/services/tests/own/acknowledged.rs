//! A server that is killed under load has, when it starts again, all that it acknowledged.

use crate::load::{found, interrupted};
use crate::session::Target;
use aludel_test_services::{Kind, Profile, Services};

fn survives_a_kill(kind: Kind, prefix: &'static str, test: &str) {
    let Some(services) = Services::own(test, &[kind], Profile::Durable) else { return };
    let (server, target) = (services.server(kind), Target { vars: services.vars(), prefix });
    let first = server.pid().unwrap();
    let acknowledged = interrupted(target, || server.kill().unwrap());
    assert!(!target.answer("select 1").status.success(), "nothing listens");
    server.start().unwrap();
    assert_ne!(server.pid().unwrap(), first);
    found(target, &acknowledged);
}

#[test]
fn postgresql_that_is_killed_has_every_acknowledged_commit() {
    let test = "postgresql_that_is_killed_has_every_acknowledged_commit";
    survives_a_kill(Kind::Pg, "PG", test);
}

#[test]
fn mariadb_that_is_killed_has_every_acknowledged_commit() {
    let test = "mariadb_that_is_killed_has_every_acknowledged_commit";
    survives_a_kill(Kind::MariaDb, "MARIADB", test);
}

#[test]
fn mysql_that_is_killed_has_every_acknowledged_commit() {
    let test = "mysql_that_is_killed_has_every_acknowledged_commit";
    survives_a_kill(Kind::MySql, "MYSQL", test);
}
