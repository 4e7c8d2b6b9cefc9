//! Executing statements: rows, counts, parameters, columns.

use aludel::Value;
use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::{PrepareOptions, TypeKind};

use crate::support::{
    connect, connect_with, error_of, execute, prepare, rows, run, scalar, text, try_run,
};

#[test]
fn rows_come_back_again_and_again_by_one_statement() {
    let Some(mut connection) = connect() else { return };
    let sql = "select n, n || 'x', nullif(n, 2) from generate_series(1, $1) n";
    let statement = prepare(&mut connection, sql);
    for last in [3_i64, 0, 2] {
        let (rows, affected) = execute(&mut connection, &statement, &(last,)).unwrap();
        assert_eq!((rows.len() as i64, affected), (last, None));
        if last == 3 {
            assert_eq!(rows[1], [Value::I64(2), text("2x"), Value::Null]);
        }
    }
}

#[test]
fn many_rows_arrive_in_order_whatever_their_size() {
    let Some(mut connection) = connect() else { return };
    let sql = "select n, repeat('x', (n * 7919 % 5000)::int) from generate_series(1, 4000) n";
    let statement = prepare(&mut connection, sql);
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    let mut expected = 1;
    while let Some(row) = cursor.next().unwrap() {
        let (n, text): (i64, &str) = row.get().unwrap();
        assert_eq!((n, text.len() as i64), (expected, n * 7919 % 5000));
        expected += 1;
    }
    assert_eq!(expected, 4001);
}

#[test]
fn a_value_larger_than_the_buffer_arrives_and_small_ones_after_it() {
    let Some(mut connection) = connect() else { return };
    let sql =
        "select repeat('y', case n when 2 then 3000000 else n end) from generate_series(1, 3) n";
    let lens: Vec<usize> = rows(&mut connection, sql)
        .iter()
        .map(|row| match &row[0] {
            Value::Text(text) => text.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(lens, [1, 3_000_000, 3]);
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn changes_are_counted_at_the_first_execution_and_at_the_second() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table counted (a int, b text)");
    let insert = prepare(&mut connection, "insert into counted values ($1, $2), ($1, 'again')");
    for a in [1_i64, 2] {
        let (rows, affected) = execute(&mut connection, &insert, &(a, "x")).unwrap();
        assert_eq!((rows.len(), affected), (0, Some(2)));
    }
    assert_eq!(run(&mut connection, "update counted set b = 'z' where a = 2"), Some(2));
    assert_eq!(run(&mut connection, "delete from counted"), Some(4));
    assert_eq!(
        run(&mut connection, "create temp table copied as select 1 union select 2"),
        Some(2)
    );
    assert_eq!(run(&mut connection, "set extra_float_digits to 1"), None);
}

#[test]
fn returning_gives_rows_and_a_count() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table kept (id serial, a int)");
    let sql = "insert into kept (a) values ($1), ($2) returning id, a";
    let (rows, affected) = try_run(&mut connection, sql, &(10_i64, 20_i64)).unwrap();
    let expected = [[Value::I64(1), Value::I64(10)], [Value::I64(2), Value::I64(20)]];
    assert_eq!((rows, affected), (expected.map(Vec::from).to_vec(), Some(2)));
}

#[test]
fn text_without_a_statement_is_none_and_an_empty_statement_returns_nothing() {
    let Some(mut connection) = connect() else { return };
    let (statement, consumed) =
        connection.prepare("  \n", PrepareOptions::default(), Limits::NONE).unwrap();
    assert!(statement.is_none());
    assert_eq!(consumed, 3);
}

#[test]
fn the_first_statement_of_a_text_is_prepared_and_told_where_it_ends() {
    let Some(mut connection) = connect() else { return };
    let sql = "-- one\nselect ';'; select 2";
    let (statement, consumed) =
        connection.prepare(sql, PrepareOptions::default(), Limits::NONE).unwrap();
    assert_eq!(&sql[consumed..], " select 2");
    let (rows, _) = execute(&mut connection, &statement.unwrap(), &()).unwrap();
    assert_eq!(rows, [[text(";")]]);
    let (statement, consumed) =
        connection.prepare(" ; -- nothing", PrepareOptions::default(), Limits::NONE).unwrap();
    assert_eq!((statement.is_none(), consumed), (true, 13));
}

#[test]
fn rows_without_columns_are_still_rows() {
    let Some(mut connection) = connect() else { return };
    assert_eq!(rows(&mut connection, "select from generate_series(1, 3)").len(), 3);
}

#[test]
fn columns_and_parameters_are_described() {
    let Some(mut connection) = connect() else { return };
    let sql = "select $1::varchar(20) as name, 1.5::numeric(10, 2) as price, $2::int as n";
    let statement = prepare(&mut connection, sql);
    assert_eq!(connection.parameters(&statement).unwrap(), None, "the server was not asked yet");
    execute(&mut connection, &statement, &("a", 1_i64)).unwrap();
    let columns = connection.columns(&statement).unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["name", "price", "n"]);
    assert_eq!(columns[0].sql_type.length, Some(20));
    assert_eq!((columns[1].sql_type.precision, columns[1].sql_type.scale), (Some(10), Some(2)));
    let parameters = connection.parameters(&statement).unwrap().unwrap();
    assert_eq!(parameters[1].sql_type.kind, TypeKind::Integer);
}

#[test]
fn the_types_of_the_database_are_found_by_the_catalog() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create type pg_temp.mood as enum ('sad', 'ok')");
    run(&mut connection, "create temp table moods (m pg_temp.mood)");
    assert_eq!(
        try_run(&mut connection, "insert into moods values ($1)", &("ok",)).unwrap().1,
        Some(1)
    );
    let (rows, _) = try_run(&mut connection, "select m from moods where m = $1", &("ok",)).unwrap();
    assert_eq!(rows, [[text("ok")]]);
    let error = try_run(&mut connection, "insert into moods values ($1)", &("glad",)).unwrap_err();
    assert_eq!(error.sqlstate(), Some("22P02"));
}

#[test]
fn a_wrong_number_of_parameters_is_refused_and_harms_nothing() {
    let Some(mut connection) = connect() else { return };
    for sql in ["select $1::int, $2::int", "set search_path to public", "select 1"] {
        let error = try_run(&mut connection, sql, &(1_i64,)).unwrap_err();
        assert!(error.help().unwrap().contains("one value for each"), "{error}");
        assert_eq!(scalar(&mut connection, "select 5"), Value::I64(5));
    }
}

#[test]
fn more_parameters_than_the_protocol_holds_are_refused_before_anything_is_sent() {
    let Some(mut connection) = connect() else { return };
    let params: Vec<i64> = (0..65_536).collect();
    let error = try_run(&mut connection, "select 1", params.as_slice()).unwrap_err();
    assert_eq!(error.sqlstate(), Some("54023"));
    assert!(error.to_string().contains("65535"), "{error}");
    let list: Vec<String> = (1..=65_535).map(|index| format!("${index}::int")).collect();
    let sql = format!("select array_length(array[{}], 1)", list.join(","));
    let (rows, _) = try_run(&mut connection, &sql, &params[..65_535]).unwrap();
    assert_eq!(rows, [[Value::I64(65_535)]]);
}

#[test]
fn a_nul_byte_is_refused_with_its_place() {
    let Some(mut connection) = connect() else { return };
    let error = error_of(&mut connection, "select 'a\0b'");
    assert_eq!((error.sqlstate(), error.position()), (Some("22021"), Some(9)));
    let error = try_run(&mut connection, "select $1::text", &("a\0b",)).unwrap_err();
    assert!(!error.is_disconnect(), "{error}");
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn at_most_one_row_is_asked_for_when_one_is_wanted() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select generate_series(1, 1000000000)");
    for _ in 0..2 {
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::ONE_ROW).unwrap();
        let row = cursor.next().unwrap().expect("a row");
        assert_eq!(row.owned_value(0).unwrap(), Value::I64(1));
    }
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn an_error_after_rows_comes_after_them() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select 1 / (3 - n) from generate_series(1, 5) n");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.next().unwrap().is_some());
    assert!(cursor.next().unwrap().is_some());
    let error = cursor.next().unwrap_err();
    assert_eq!(error.sqlstate(), Some("22012"));
    drop(cursor);
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn statements_work_without_names_on_the_server() {
    let Some(mut connection) = connect_with("prepared_statements=off") else { return };
    run(&mut connection, "create temp table plain (a int, b text)");
    let insert = prepare(&mut connection, "insert into plain values ($1, $2)");
    let select = prepare(&mut connection, "select a, b from plain where a >= $1 order by a");
    for a in [1_i64, 2, 3] {
        execute(&mut connection, &insert, &(a, "x")).unwrap();
        let (rows, _) = execute(&mut connection, &select, &(1_i64,)).unwrap();
        assert_eq!(rows.len() as i64, a);
    }
    let kept =
        scalar(&mut connection, "select count(*) from pg_prepared_statements where name <> ''");
    assert_eq!(kept, Value::I64(0));
}

#[test]
fn the_cache_closes_the_statement_that_was_used_longest_ago() {
    let Some(mut connection) = connect_with("statement_cache_size=3") else { return };
    let count = "select count(*) from pg_prepared_statements where name <> ''";
    for n in 0..10 {
        assert_eq!(scalar(&mut connection, &format!("select {n}::int")), Value::I64(n));
    }
    assert_eq!(scalar(&mut connection, count), Value::I64(3));
    assert_eq!(scalar(&mut connection, count), Value::I64(3));
}
