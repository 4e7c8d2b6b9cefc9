//! Sessions by every way that leads to the server.

use std::time::Duration;

use aludel::Engine;
use aludel::dbapi::IsolationLevel;
use aludel::engine::Credentials;

use crate::engines::{connect, server};

#[test]
fn tcp_tls_and_the_socket_lead_to_the_same_server() {
    let Some(vars) = server("pg") else { return };
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    for (variable, encrypted) in
        [("ALUDEL_PG_URL", true), ("ALUDEL_PG_TLS_URL", true), ("ALUDEL_PG_SOCKET_URL", false)]
    {
        let mut connection = connect(&vars[variable]).unwrap();
        let rows = connection.execute(sql, ()).unwrap().all::<aludel::OwnedRow>().unwrap();
        assert_eq!(rows[0].values()[0], aludel::Value::Bool(encrypted), "{variable}");
    }
}

#[test]
fn the_primary_is_found_behind_a_url_of_several_hosts() {
    let Some(vars) = server("pg-ha") else { return };
    for (attrs, in_recovery) in [("read-write", false), ("standby", true)] {
        let url = format!("{}&target_session_attrs={attrs}", &vars["ALUDEL_PG_HA_URL"]);
        let mut connection = connect(&url).unwrap();
        let rows = connection
            .execute("select pg_is_in_recovery()", ())
            .unwrap()
            .all::<aludel::OwnedRow>()
            .unwrap();
        assert_eq!(rows[0].values()[0], aludel::Value::Bool(in_recovery), "{attrs}");
    }
}

#[test]
fn an_engine_learns_of_the_server_from_its_first_connection() {
    let Some(vars) = server("pg") else { return };
    let engine = Engine::builder(&vars["ALUDEL_PG_URL"])
        .dialect(aludel_dialect_postgresql::dialect())
        .pool_recycle(Duration::from_secs(3600))
        .build()
        .unwrap();
    assert!(engine.server_info().is_none(), "nothing is connected");
    let one: i32 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
    assert_eq!(engine.server_info().unwrap().name, "PostgreSQL");
    assert_eq!(engine.default_isolation_level(), Some(IsolationLevel::ReadCommitted));
    assert_eq!(engine.default_schema_name(), Some("public"));
}

#[test]
fn the_isolation_level_of_an_engine_is_that_of_each_of_its_connections() {
    let Some(vars) = server("pg") else { return };
    let engine = Engine::builder(&vars["ALUDEL_PG_URL"])
        .dialect(aludel_dialect_postgresql::dialect())
        .isolation_level(IsolationLevel::Serializable)
        .build()
        .unwrap();
    for _ in 0..2 {
        let mut connection = engine.connect().unwrap();
        let level: String = connection.scalar("show transaction_isolation", ()).unwrap();
        assert_eq!(level, "serializable");
        assert_eq!(connection.default_isolation_level(), Some(IsolationLevel::ReadCommitted));
    }
}

#[test]
fn credentials_of_the_moment_open_a_session_and_wrong_ones_are_not_shown() {
    let Some(vars) = server("pg") else { return };
    let url = aludel::Url::parse(&vars["ALUDEL_PG_URL"]).unwrap();
    let (user, password) = (url.username().unwrap().to_owned(), url.password().unwrap().to_owned());
    let without = url.with_username("nobody").with_password("tresor-of-yesterday");
    let rotating = std::sync::Mutex::new(vec![password, "tresor-of-tomorrow".to_owned()]);
    let engine = Engine::builder(without)
        .dialect(aludel_dialect_postgresql::dialect())
        .credentials(move || {
            let token = rotating.lock().unwrap().pop().expect("two connects");
            Ok(Credentials::password(token).with_username(&user))
        })
        .build()
        .unwrap();
    let error = engine.connect().unwrap_err();
    assert_eq!(error.sqlstate(), Some("28P01"), "{error}");
    assert!(!format!("{error} {error:#} {error:?}").contains("tresor"), "{error}");
    let one: i32 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
}
