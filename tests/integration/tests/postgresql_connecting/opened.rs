//! Sessions by every way that leads to the server.

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
