//! Values that we wrote, shown by psql.

use std::fmt::Write;

use aludel::Value;

use crate::psql::Server;
use crate::read::{all_cases, shown_by_psql, written_by_psql};

#[test]
fn values_that_we_wrote_are_shown_by_psql_as_they_were() {
    let Some(server) = Server::provided("written") else { return };
    let expected = written_by_psql(&server);
    let mut script = String::new();
    for (number, case) in all_cases() {
        for table in ["first", "known", "many"] {
            let sql_type = case.sql_type;
            let _ = writeln!(script, "create table {table}_{number} (id integer, x {sql_type});");
        }
    }
    server.run(&script);
    let mut connection = server.connect();
    for (number, _) in all_cases() {
        let sql = format!("select id, x from read_{number} order by id");
        let rows = connection
            .execute(&sql, ())
            .and_then(|mut result| result.all::<aludel::OwnedRow>())
            .expect("rows");
        let rows: Vec<Vec<Value>> = rows.into_iter().map(aludel::OwnedRow::into_values).collect();
        for (id, row) in rows.iter().enumerate() {
            // A text that is new to the connection: nothing is known of its parameters.
            let sql = format!("insert into first_{number} values ($1, $2) /* {id} */");
            write(&mut connection, &sql, row);
            // RETURNING has the server describe the parameters before they are sent.
            let sql = format!("insert into known_{number} values ($1, $2) returning id");
            write(&mut connection, &sql, row);
        }
        let sql = format!("insert into many_{number} values ($1, $2)");
        let pairs = rows.iter().map(|row| (&row[0], &row[1])).collect::<Vec<_>>();
        connection.execute(&sql, pairs).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    connection.commit().expect("a commit");
    for table in ["first", "known", "many"] {
        let shown = shown_by_psql(&server, table);
        assert_eq!(shown.len(), expected.len());
        let wrong = expected.iter().zip(&shown).filter(|(expected, shown)| expected != shown);
        let wrong: Vec<String> = wrong.map(|pair| format!("{table}: {pair:?}")).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn write(connection: &mut aludel::Connection, sql: &str, row: &[Value]) {
    let result = connection.execute(sql, row).and_then(|mut result| result.finish());
    result.unwrap_or_else(|error| panic!("{sql} with {row:?}: {error}"));
}
