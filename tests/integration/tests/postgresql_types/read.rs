//! Values that psql wrote, read by us.

use std::fmt::Write;

use aludel::{Connection, Value};

use crate::cases::{CASES, Case};
use crate::own_types::{OWN_CASES, SETUP};
use crate::psql::{Server, literal};
use crate::shown::is_shown_as;

pub(crate) fn all_cases() -> impl Iterator<Item = (usize, &'static Case)> {
    CASES.iter().chain(OWN_CASES).enumerate()
}

/// Makes a table `read_<number>` of each type with its values and NULL, and gives what psql shows
/// of them: number of the type, of the value, and the text.
pub(crate) fn written_by_psql(server: &Server) -> Vec<(usize, usize, String)> {
    let mut script = SETUP.to_owned();
    for (number, case) in all_cases() {
        let _ = writeln!(script, "create table read_{number} (id integer, x {});", case.sql_type);
        for (id, text) in case.literals.iter().enumerate() {
            let text = literal(text);
            let _ = writeln!(script, "insert into read_{number} values ({id}, {text});");
        }
        let id = case.literals.len();
        if !case.sql_type.starts_with("information_schema") {
            let _ = writeln!(script, "insert into read_{number} values ({id}, null);");
        }
    }
    server.run(&script);
    shown_by_psql(server, "read")
}

/// What psql shows of the tables of this name.
pub(crate) fn shown_by_psql(server: &Server, table: &str) -> Vec<(usize, usize, String)> {
    let mut script = String::new();
    for (number, _) in all_cases() {
        let _ = writeln!(script, "select {number}, id, x from {table}_{number} order by id;");
    }
    let number = |text: &str| text.parse().expect("a number");
    let rows = server.run(&script).into_iter().map(|row| match row.as_slice() {
        [case, id, text] => (number(case), number(id), text.clone()),
        other => panic!("{other:?}"),
    });
    rows.collect()
}

/// The column `x` of a table in the order of the ids, as the statement gives it.
fn column(connection: &mut Connection, sql: &str) -> Vec<(Value, String)> {
    let rows = connection.execute(sql, ()).and_then(|mut result| result.all::<aludel::OwnedRow>());
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let named = |row: aludel::OwnedRow| {
        let name = row.columns()[0].sql_type.vendor_name.clone().into_owned();
        (row.values()[0].clone(), name)
    };
    rows.into_iter().map(named).collect()
}

fn assert_as_shown(expected: &[(usize, usize, String)], read: &[(usize, usize, Value)]) {
    assert_eq!(expected.len(), read.len());
    let mut wrong = Vec::new();
    for ((case, id, text), (_, _, value)) in expected.iter().zip(read) {
        let (_, case) = all_cases().nth(*case).expect("a case");
        let kind = value.as_ref().kind_name();
        let kind_is_right = kind == if text == "<NULL>" { "NULL" } else { case.kind };
        if !kind_is_right || !is_shown_as(value, text) {
            wrong.push(format!("{} {id}: psql shows {text}, read {value:?}", case.sql_type));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_that_psql_wrote_are_read_as_psql_shows_them_in_both_forms() {
    let Some(server) = Server::provided("read") else { return };
    let expected = written_by_psql(&server);
    assert!(expected.len() >= 250 + all_cases().count(), "{} values", expected.len());
    // Composites with a range come in text form, whatever else they hold.
    let wrappers = all_cases().map(|(number, case)| {
        format!("create type wrapper_{number} as (x {}, range int4range);", case.sql_type)
    });
    server.run(&wrappers.collect::<String>());
    let mut connection = server.connect();
    let (mut binary, mut text) = (Vec::new(), Vec::new());
    for (number, case) in all_cases() {
        let sql = format!("select x from read_{number} order by id");
        let values = column(&mut connection, &sql);
        let sql = format!("select row(x, null)::wrapper_{number} from read_{number} order by id");
        let wrapped = column(&mut connection, &sql);
        assert_eq!(values.len(), wrapped.len(), "{}", case.sql_type);
        let values = values.into_iter().enumerate();
        binary.extend(values.map(|(id, (value, _))| (number, id, value)));
        for (id, (value, _)) in wrapped.into_iter().enumerate() {
            let Value::Struct(mut fields) = value else { panic!("{value:?}") };
            text.push((number, id, fields.swap_remove(0)));
        }
    }
    assert_as_shown(&expected, &binary);
    assert_as_shown(&expected, &text);
}

#[test]
fn values_beyond_our_numbers_are_read_as_text_that_names_their_type() {
    let Some(server) = Server::provided("beyond") else { return };
    let mut connection = server.connect();
    for (sql_type, text, name) in [
        ("timestamp", "294276-12-31 23:59:59.5", "timestamp without time zone"),
        ("timestamptz", "294276-12-31 23:59:59.999999+00", "timestamp with time zone"),
        ("timetz", "12:30:00.5+05:53:28", "time with time zone"),
    ] {
        let sql = format!("select {}::{sql_type}", literal(text));
        let read = column(&mut connection, &sql);
        let other = Value::Other { type_name: name.into(), text: text.into() };
        assert_eq!(read, [(other, name.to_owned())]);
    }
}

#[test]
fn columns_are_named_and_described_as_the_server_names_them() {
    let Some(server) = Server::provided("described") else { return };
    server.run(SETUP);
    let mut connection = server.connect();
    let sql = "select 'ab'::varchar(20), 1::numeric(10,2), 'ok'::mood, array['ok'::mood], \
               row('a', 1)::pair, now()::timestamp(3), '1'::bit(4), 'x'::citext, \
               null";
    let mut result = connection.execute(sql, ()).expect("rows");
    let columns = result.description().expect("columns");
    let names: Vec<&str> = columns.iter().map(|column| &*column.sql_type.vendor_name).collect();
    assert_eq!(names[..3], ["character varying", "numeric", "mood"]);
    assert_eq!(
        names[3..],
        ["mood[]", "pair", "timestamp without time zone", "bit", "citext", "text",]
    );
    assert_eq!(columns[0].sql_type.length, Some(20));
    assert_eq!(columns[1].sql_type.precision, Some(10));
    assert_eq!(columns[1].sql_type.scale, Some(2));
    assert_eq!(columns[2].sql_type.labels, ["sad", "ok", "happy, very"]);
    assert_eq!(columns[4].sql_type.fields[1].0, "second");
    assert_eq!(columns[5].sql_type.precision, Some(3));
    assert_eq!(columns[6].sql_type.length, Some(4));
}
