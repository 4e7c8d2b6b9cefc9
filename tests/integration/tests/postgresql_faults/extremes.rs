//! Statements, parameters and results at the limits of the protocol and of the server.

use aludel::{ErrorKind, Value};

use crate::engines::{connect, error_of, in_both_languages, rows, scalar};

#[test]
fn more_parameters_than_the_protocol_counts_are_refused_and_as_many_are_taken() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        for (count, is_taken) in [(65_535, true), (65_536, false), (100_000, false)] {
            let places: Vec<String> =
                (1..=count).map(|number| format!("(${number}::int)")).collect();
            let sql = format!("select sum(n) from (values {}) as t (n)", places.join(","));
            let found = rows(&mut connection, &sql, vec![1_i64; count]);
            if is_taken {
                assert_eq!(found.unwrap(), [[Value::I64(65_535)]]);
                continue;
            }
            let error = found.unwrap_err();
            let message = format!("a statement takes at most 65535 parameters, not {count}");
            assert_eq!(error.message(), message);
            assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Programming, Some("54023")));
            assert!(error.help().unwrap().contains("unnest($1)"), "{}", error.message());
            assert!(!error.is_disconnect() && !error.is_transaction_aborted());
        }
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    }
}

#[test]
fn a_nul_in_a_text_or_a_statement_is_refused_and_the_session_goes_on() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        for sql in ["select $1::text", "select $1"] {
            let error = rows(&mut connection, sql, ("a\0b",)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Data, "{error}");
            assert_eq!(error.sqlstate(), Some("22021"), "{error}");
            assert!(!error.is_disconnect(), "{error}");
            connection.rollback().unwrap();
        }
        let error = error_of(&mut connection, "select 'a\0b'");
        assert_eq!(
            (error.kind(), error.position()),
            (ErrorKind::Programming, Some(9)),
            "{error:?}"
        );
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    }
}

#[test]
fn a_name_that_is_too_long_is_cut_by_the_server_which_says_so() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        let name = "ä".repeat(40);
        rows(&mut connection, &format!("create temp table {name} (n int)"), ()).unwrap();
        let notice = connection.driver().next_notice().unwrap().expect("a notice");
        assert_eq!(notice.sqlstate.as_deref(), Some("42622"), "{notice:?}");
        let found = rows(&mut connection, &format!("select 1 as {name}"), ()).unwrap();
        assert_eq!(found.len(), 1);
        let mut result = connection.execute(format!("select 1 as {name}"), ()).unwrap();
        // Whole characters: 63 bytes would end in the middle of one.
        assert_eq!(result.description().unwrap()[0].name, "ä".repeat(31));
    }
}

#[test]
fn a_statement_of_ten_megabytes_is_executed_twice() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        let sql = format!("select length('{}'), $1::int", "x".repeat(10 << 20));
        for number in [1, 2] {
            let found = rows(&mut connection, &sql, (number,)).unwrap();
            assert_eq!(found, [[Value::I64(10 << 20), Value::I64(number)]]);
        }
    }
}

#[test]
fn the_most_columns_that_a_result_can_have_arrive_and_one_more_is_the_servers_error() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        for count in [1600, 1664] {
            let list: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            let found = rows(&mut connection, &format!("select {}", list.join(",")), ()).unwrap();
            let expected: Vec<Value> = (0..count).map(Value::I64).collect();
            assert_eq!(found, [expected]);
        }
        let list = vec!["1"; 1665].join(",");
        let error = error_of(&mut connection, &format!("select {list}"));
        assert_eq!(error.sqlstate(), Some("54011"), "{error}");
    }
}

#[test]
fn rows_without_columns_are_rows() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        for (sql, count) in [("select", 1), ("select from generate_series(1, 3000)", 3000)] {
            for _ in 0..2 {
                let mut result = connection.execute(sql, ()).unwrap();
                assert!(result.returns_rows());
                let mut found = 0;
                while let Some(row) = result.next().unwrap() {
                    assert!(row.is_empty());
                    found += 1;
                }
                assert_eq!(found, count);
            }
        }
    }
}

#[test]
fn nothing_to_execute_is_refused_and_the_session_goes_on() {
    for url in in_both_languages() {
        let mut connection = connect(&url);
        for sql in ["", " \n", ";", "-- only a remark", "/* the same */ ;;"] {
            let error = error_of(&mut connection, sql);
            assert_eq!(error.kind(), ErrorKind::Programming, "{sql:?}: {error}");
            assert!(!error.is_disconnect(), "{error}");
        }
        assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    }
}

#[test]
fn a_copy_as_a_statement_is_refused_and_leaves_no_transaction_half_done() {
    for url in in_both_languages() {
        for prefix in ["", "prepared_statements=off"] {
            let mut connection = connect(&crate::engines::with(&url, prefix));
            crate::engines::run(&mut connection, "create temp table copied (n int)", ());
            for sql in [
                "copy copied from stdin",
                "copy copied to stdout",
                "copy (select generate_series(1, 100000)) to stdout",
            ] {
                let error = error_of(&mut connection, sql);
                assert_eq!(error.sqlstate(), Some("0A000"), "{error}");
                assert!(error.help().unwrap().contains("bulk"), "{error}");
                assert!(!error.is_disconnect() && connection.driver().is_alive(), "{error}");
                connection.rollback().unwrap();
                assert_eq!(scalar(&mut connection, "select count(*) from copied"), Value::I64(0));
                connection.commit().unwrap();
            }
        }
    }
}
