//! Errors as the server reports them, in another language too.

use aludel::{Connection, ConstraintKind, Engine, Error, ErrorKind};
use aludel_test_services::{provided, translated};

/// A connection of the user whose messages are German, with tables that go with it.
fn connect(test: &str) -> Option<Connection> {
    let vars = provided("pg", test)?;
    let url = translated(&vars, test)?;
    let mut connection =
        Engine::builder(url).dialect(crate::dialect()).build().unwrap().connect().unwrap();
    for sql in [
        "create temporary table parent (id int primary key)",
        "create temporary table things (
            a int, b int not null, c int check (c > 0), \"D, \"\"x\" int,
            p int references parent, during int4range,
            constraint two unique (a, \"D, \"\"x\"),
            exclude using gist (during with &&))",
        "create unique index of_expression on things ((c + 1))",
        "insert into things values (1, 1, 1, 1, null, '[1,3)')",
    ] {
        connection.execute(sql, ()).unwrap();
    }
    connection.commit().unwrap();
    Some(connection)
}

fn error(connection: &mut Connection, sql: &str) -> Error {
    connection.rollback().unwrap();
    connection.execute(sql, ()).map(drop).unwrap_err()
}

#[test]
fn a_translated_error_of_postgresql_names_constraint_table_and_columns() {
    let Some(mut connection) = connect("constraints_in_german") else { return };
    for (sql, kind, name, columns) in [
        (
            "insert into things values (1, 1, 5, 1, null, null)",
            ConstraintKind::Unique,
            Some("two"),
            &["a", "D, \"x"][..],
        ),
        (
            "insert into things values (2, 1, 1, 1, null, null)",
            ConstraintKind::Unique,
            Some("of_expression"),
            &[],
        ),
        ("insert into things (a) values (2)", ConstraintKind::NotNull, None, &["b"]),
        (
            "insert into things (b, c) values (1, -1)",
            ConstraintKind::Check,
            Some("things_c_check"),
            &[],
        ),
        (
            "insert into things (b, p) values (1, 7)",
            ConstraintKind::ForeignKey,
            Some("things_p_fkey"),
            &[],
        ),
        (
            "insert into things (b, during) values (1, '[2,4)')",
            ConstraintKind::Exclusion,
            Some("things_during_excl"),
            &["during"],
        ),
    ] {
        let found = error(&mut connection, sql);
        assert_eq!(found.kind(), ErrorKind::Integrity, "{sql}");
        let english = ["duplicate", "violates", "conflicting"];
        assert!(english.iter().all(|word| !found.message().contains(word)), "{found}");
        let constraint = found.constraint().unwrap();
        assert_eq!((constraint.kind, constraint.name.as_deref()), (kind, name), "{sql}");
        assert_eq!(constraint.table.as_deref(), Some("things"), "{sql}");
        assert_eq!(constraint.columns, columns, "{sql}");
        assert!(!found.is_disconnect() && !found.is_retryable(), "{sql}");
    }
}

#[test]
fn a_translated_error_of_postgresql_points_at_its_place() {
    let Some(mut connection) = connect("positions_in_german") else { return };
    let sql = "select 'größe', missing from things";
    let found = error(&mut connection, sql);
    assert_eq!((found.kind(), found.sqlstate()), (ErrorKind::Programming, Some("42703")));
    assert_eq!(found.position(), Some(sql.find("missing").unwrap() as u64));
    assert!(!found.message().contains("does not exist"), "{found}");
}

#[test]
fn a_wrong_password_and_an_unknown_database_of_postgresql_say_what_to_do() {
    let Some(vars) = provided("pg", "refusals_of_postgresql") else { return };
    let refusal = |url: String| {
        let engine = Engine::builder(url.as_str()).dialect(crate::dialect()).build().unwrap();
        engine.connect().unwrap_err()
    };
    let place = format!("{}:{}", &vars["ALUDEL_PG_HOST"], &vars["ALUDEL_PG_PORT"]);
    let (user, password) = (&vars["ALUDEL_PG_USER"], &vars["ALUDEL_PG_PASSWORD"]);
    let wrong = refusal(format!("postgresql://{user}:wrong@{place}/postgres"));
    assert_eq!((wrong.kind(), wrong.sqlstate()), (ErrorKind::Operational, Some("28P01")));
    assert!(wrong.help().unwrap().contains("PGPASSWORD"));
    let unknown = refusal(format!("postgresql://{user}:{password}@{place}/missing"));
    assert_eq!((unknown.kind(), unknown.sqlstate()), (ErrorKind::Operational, Some("3D000")));
    assert!(!format!("{unknown} {unknown:?}").contains(password), "{unknown}");
    assert!(wrong.is_disconnect() && unknown.is_disconnect());
}
