//! A primary that dies under load, and the standby that takes its place.

use std::time::Instant;

use aludel::Value;
use aludel_test_services::Kind;

use crate::engines::{assert_ended, engine, error_of, own, run, scalar, with};
use crate::restarts::{assert_survived, under_load};

const CREATE: &str = "create table work (n bigint primary key)";

#[test]
fn the_next_connect_after_a_failover_reaches_the_new_primary_with_every_acknowledged_commit() {
    let Some(services) = own(Kind::PgHa) else { return };
    let url = with(&services.vars()["ALUDEL_PG_HA_URL"], "target_session_attrs=read-write");
    let engine = engine(&url);
    let mut held = engine.connect().unwrap();
    run(&mut held, CREATE, ());
    let (mut killed, mut promoted) = (None, None);
    let seen = under_load(&engine, || {
        killed = Some(Instant::now());
        services.server(Kind::PgHa).kill().unwrap();
        services.standby().promote().unwrap();
        promoted = Some(Instant::now());
    });
    assert_survived(&engine, &seen);
    let recovered = seen.iter().filter_map(|seen| seen.recovered).max().expect("they recovered");
    tell(killed.unwrap(), promoted.unwrap(), recovered);
    let error = error_of(&mut held, "select 1");
    assert_ended(&held, &error, "08006");
    // Hosts are tried in their order, and the first is down.
    let mut connection = engine.connect().unwrap();
    assert_eq!(scalar(&mut connection, "select pg_is_in_recovery()"), Value::Bool(false));
    let port = services.vars()["ALUDEL_PG_HA_STANDBY_PORT"].to_owned();
    assert_eq!(scalar(&mut connection, "show port"), Value::Text(port));
}

#[expect(clippy::print_stderr, reason = "the time to recover is what the test is asked for")]
fn tell(killed: Instant, promoted: Instant, recovered: Instant) {
    eprintln!(
        "failover: the standby was promoted {:?} after the kill, all threads committed again {:?} \
         after the kill",
        promoted - killed,
        recovered - killed
    );
}

#[test]
fn a_connection_whose_server_takes_no_writes_any_more_counts_as_lost() {
    let Some(services) = own(Kind::PgHa) else { return };
    let url = with(&services.vars()["ALUDEL_PG_HA_URL"], "target_session_attrs=read-write");
    let engine = engine(&url);
    let mut held = engine.connect().unwrap();
    run(&mut held, CREATE, ());
    // As an administrator fences a former primary.
    let mut admin = crate::engines::connect(&services.vars()["ALUDEL_PG_HA_PRIMARY_ADMIN_URL"]);
    admin.set_isolation_level(aludel::dbapi::IsolationLevel::Autocommit).unwrap();
    for sql in ["alter system set default_transaction_read_only = on", "select pg_reload_conf()"] {
        crate::engines::rows(&mut admin, sql, ()).unwrap();
    }
    crate::engines::wait_until("the fence", || {
        let fenced = scalar(&mut held, "show default_transaction_read_only");
        held.rollback().unwrap();
        fenced == Value::Text("on".into())
    });
    let error = error_of(&mut held, "insert into work values (1)");
    assert_ended(&held, &error, "25006");
    assert!(error.help().unwrap().contains("connect again"), "{error}");
    services.standby().promote().unwrap();
    let mut connection = engine.connect().unwrap();
    run(&mut connection, "insert into work values (1)", ());
}
