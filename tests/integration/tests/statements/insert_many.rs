//! INSERT … RETURNING with many sets of parameters: how many statements, which rows, which order.

use aludel::dbapi::{IsolationLevel, SqlType, TypeKind};
use aludel::result::InsertManyValues;
use aludel::text::{bindparam, text};
use aludel::{Connection, ErrorKind, ExecutionOptions, NamedParams, params};

use crate::databases::{databases, with_table};

const INSERT: &str = "insert into t (n, s) values (:n, :s) returning n, s, id";

fn sets(numbers: impl IntoIterator<Item = i64>) -> Vec<NamedParams> {
    numbers.into_iter().map(|n| params! { n: n, s: format!("it's {n}") }).collect()
}

fn count(connection: &mut Connection) -> i64 {
    connection.scalar("select count(*) from t", ()).expect("the table is there")
}

/// Executes, and gives how it was done and the numbers that came back.
fn insert(
    connection: &mut Connection,
    sql: &str,
    sets: &[NamedParams],
    options: &ExecutionOptions,
) -> (InsertManyValues, Vec<i64>) {
    let result = connection.execute_with(sql, sets, options).expect("it is inserted");
    let done = result.insertmanyvalues().expect("rows of many sets");
    assert_eq!(result.rowcount(), Some(sets.len() as u64));
    assert_eq!(result.inserted_primary_key(), None, "the rows have the keys");
    (done, result.scalars(0).and_then(|numbers| numbers.collect()).expect("numbers"))
}

#[test]
fn many_sets_become_few_inserts_whose_rows_are_one_result() {
    for database in databases() {
        let mut connection = database.with_table();
        for (rows, statements) in [(2, 1), (1000, 1), (2500, 3), (31, 1), (1001, 2)] {
            let sets = sets(0..rows);
            let (done, mut numbers) =
                insert(&mut connection, INSERT, &sets, &ExecutionOptions::new());
            numbers.sort_unstable();
            assert_eq!(numbers, (0..rows).collect::<Vec<_>>(), "{}", database.name);
            assert_eq!((done.statements, done.row_by_row), (statements, None), "{rows}");
            assert!(!done.is_sorted, "nobody has promised it");
            assert_eq!(count(&mut connection), rows);
            connection.rollback().unwrap();
        }
    }
}

#[test]
fn each_row_that_comes_back_is_what_one_set_has_made() {
    for database in databases() {
        let mut connection = database.with_table();
        let mut result = connection.execute(INSERT, sets(0..1500)).unwrap();
        assert_eq!(result.keys().unwrap(), ["n", "s", "id"]);
        let mut ids = Vec::new();
        while let Some(row) = result.next().unwrap() {
            let (n, s, id): (i64, &str, i64) = row.get().unwrap();
            assert_eq!(s, format!("it's {n}"));
            ids.push(id);
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1500, "{}", database.name);
    }
}

#[test]
fn the_page_is_what_the_execution_says_or_else_the_statement_or_the_engine() {
    for database in databases() {
        let engine = database.builder().insertmanyvalues_page_size(7).build().unwrap();
        let mut connection = with_table(&engine, database.name);
        let none = ExecutionOptions::new();
        assert_eq!(insert(&mut connection, INSERT, &sets(0..20), &none).0.statements, 3);
        let ten = ExecutionOptions::new().insertmanyvalues_page_size(10);
        assert_eq!(insert(&mut connection, INSERT, &sets(20..40), &ten).0.statements, 2);
        let statement = text(INSERT).execution_options(&ten);
        let result = connection.execute(&statement, sets(40..60)).unwrap();
        assert_eq!(result.insertmanyvalues().unwrap().statements, 2);
        drop(result);
        let one = ExecutionOptions::new().insertmanyvalues_page_size(0);
        let (done, numbers) = insert(&mut connection, INSERT, &sets(60..65), &one);
        assert_eq!((done.statements, done.row_by_row, done.is_sorted), (5, None, true));
        assert_eq!(numbers, [60, 61, 62, 63, 64]);
    }
}

#[test]
fn a_page_has_no_more_parameters_than_the_database_takes() {
    for database in databases() {
        let mut connection = database.with_table();
        let most = connection.dialect().rules.max_parameters as usize;
        let width = most / 300;
        let names: Vec<String> = (0..width).map(|bind| format!("b{bind}")).collect();
        let others = names[1..].join(", :");
        let row = format!("(coalesce(cast(:b0 as integer), :{others}))");
        let sql = format!("insert into t (n) values {row} returning n");
        let sets: Vec<NamedParams> = (0..500_i64)
            .map(|n| {
                let first = NamedParams::new().with("b0", n);
                names[1..].iter().fold(first, |set, name| set.with(name.clone(), 0))
            })
            .collect();
        let (done, numbers) = insert(&mut connection, &sql, &sets, &ExecutionOptions::new());
        assert_eq!((done.statements, numbers.len()), (2, 500), "{}", database.name);
    }
}

#[test]
fn rows_stand_in_the_order_of_the_parameters_when_that_is_asked_for() {
    for database in databases() {
        let mut connection = database.with_table();
        let numbers: Vec<i64> = (0..2100).map(|i| (i * 7919) % 2100).collect();
        let options = ExecutionOptions::new().sort_by_parameter_order(true);
        let (done, found) =
            insert(&mut connection, INSERT, &sets(numbers.iter().copied()), &options);
        assert_eq!(found, numbers, "{}", database.name);
        assert_eq!((done.statements, done.is_sorted), (2100, true));
        assert_eq!(done.row_by_row, Some("the order of the parameters is wanted"));
    }
}

#[test]
fn what_cannot_be_one_insert_is_executed_for_each_set_and_says_why() {
    for database in databases() {
        for (sql, why, last) in [
            (
                "insert into t (n, s) values ((select count(*) from t), :s || :n) returning n",
                "it holds a query",
                vec![0, 1, 2],
            ),
            (
                "insert into t (n, s) values (1, :s || :n) on conflict (n) do update set \
                 s = t.s || excluded.s returning length(s)",
                "it updates rows that are there already",
                vec![7, 14, 21],
            ),
            (
                "insert into t (n, s) values (:n, :s) returning n + cast(:n as integer)",
                "it has parameters outside of the row of VALUES",
                vec![10, 12, 14],
            ),
            (
                "insert into t (n, s) values (:n, :s), (:n + 100, '') returning n",
                "it has several rows of VALUES",
                vec![5, 105, 6, 106, 7, 107],
            ),
            (
                "with x as (select 1) insert into t (n, s) values (:n, :s) returning n",
                "it is not a plain INSERT INTO",
                vec![5, 6, 7],
            ),
        ] {
            let mut connection = database.with_table();
            let sets: Vec<_> =
                (5..8).map(|n: i32| params! { n: n, s: format!("it's {n}") }).collect();
            let sets = match sql.contains("|| :n") {
                true => (5..8).map(|n| params! { n: n.to_string(), s: "it's 5" }).collect(),
                false => sets,
            };
            let mut result =
                connection.execute(sql, &sets).unwrap_or_else(|e| panic!("{sql}: {e}"));
            let done = result.insertmanyvalues().expect("rows of many sets");
            assert_eq!((done.row_by_row, done.statements), (Some(why), 3), "{sql}");
            let found: Vec<(i64,)> = result.all().unwrap();
            let found: Vec<i64> = found.into_iter().map(|(n,)| n).collect();
            assert_eq!(found, last, "{sql} on {}", database.name);
        }
    }
}

#[test]
fn rows_of_an_update_and_of_a_delete_come_back_too() {
    for database in databases() {
        let mut connection = database.with_table();
        connection.execute(INSERT, sets(0..4)).unwrap();
        let both = [params! { n: 1 }, params! { n: 3 }];
        let update = "update t set s = 'new' where n = :n returning n, s";
        let mut result = connection.execute(update, &both).unwrap();
        assert!(result.insertmanyvalues().unwrap().row_by_row.is_some());
        assert_eq!(result.rowcount(), Some(2));
        let new = |n: i64| (n, "new".to_owned());
        assert_eq!(result.all::<(i64, String)>().unwrap(), [new(1), new(3)]);
        drop(result);
        let delete = "delete from t where n = :n returning n";
        let gone = connection.execute(delete, &both).unwrap().all::<(i64,)>().unwrap();
        assert_eq!(gone, [(1,), (3,)]);
        assert_eq!(count(&mut connection), 2);
    }
}

#[test]
fn a_list_that_expands_is_executed_for_each_set() {
    for database in databases() {
        let mut connection = database.with_table();
        connection.execute(INSERT, sets(0..6)).unwrap();
        let sql = "update t set s = '' where n in :ns returning n";
        let lists = [
            params! { ns: vec![1, 2] },
            params! { ns: Vec::<i32>::new() },
            params! { ns: vec![5] },
        ];
        let mut found = connection.execute(sql, &lists).unwrap().all::<(i64,)>().unwrap();
        found.sort_unstable();
        assert_eq!(found, [(1,), (2,), (5,)], "{}", database.name);
    }
}

#[test]
fn insertmanyvalues_can_be_turned_off() {
    for database in databases() {
        let engine = database.builder().use_insertmanyvalues(false).build().unwrap();
        let mut connection = with_table(&engine, database.name);
        let (done, numbers) =
            insert(&mut connection, INSERT, &sets(0..5), &ExecutionOptions::new());
        assert_eq!((done.statements, done.row_by_row), (5, Some("use_insertmanyvalues is off")));
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
    }
}

#[test]
fn a_list_of_one_is_one_execution() {
    for database in databases() {
        let mut connection = database.with_table();
        let mut result = connection.execute(INSERT, sets([4])).unwrap();
        assert_eq!(result.insertmanyvalues(), None);
        assert_eq!(result.one::<(i64, String, i64)>().unwrap().0, 4);
        drop(result);
        let none = connection.execute(INSERT, sets([])).unwrap();
        assert!(!none.returns_rows());
        assert_eq!((none.rowcount(), none.insertmanyvalues()), (Some(0), None));
        drop(none);
        assert_eq!(count(&mut connection), 1, "an executemany of nothing executes nothing");
    }
}

#[test]
fn outside_of_a_transaction_all_rows_are_there_or_none() {
    for database in databases() {
        let mut connection = database.with_table();
        connection.set_isolation_level(IsolationLevel::Autocommit).unwrap();
        let ten = ExecutionOptions::new().insertmanyvalues_page_size(10);
        let sorted = ten.clone().sort_by_parameter_order(true);
        for options in [&ten, &sorted] {
            let mut twice = sets(0..25);
            twice.push(params! { n: 3, s: "again" });
            let error = connection.execute_with(INSERT, &twice, options).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Integrity, "{error}");
            let statement = error.statement().unwrap_or_default().to_owned();
            assert!(statement.len() < 80 && statement.starts_with("insert into t"), "{statement}");
            assert_eq!(count(&mut connection), 0, "{}", database.name);
            assert!(!connection.in_transaction());
            connection.execute_with(INSERT, sets(0..25), options).unwrap();
            assert!(!connection.in_transaction(), "it is committed");
            assert_eq!(count(&mut connection), 25);
            connection.execute("delete from t", ()).unwrap();
        }
        let error = connection.execute_with(INSERT, sets([1, 2, 1]), &sorted).unwrap_err();
        assert_eq!(error.failing_row(), Some(2), "{}", database.name);
        connection.set_isolation_level(IsolationLevel::Serializable).unwrap();
        connection.execute_with(INSERT, sets(0..25), &ten).unwrap();
        connection.rollback().unwrap();
        assert_eq!(count(&mut connection), 0, "in a transaction it is part of that");
    }
}

#[test]
fn an_insert_of_many_rows_is_the_same_on_a_connection_of_its_own() {
    for database in databases() {
        let engine = database.engine();
        let table = format!("many_{}", std::process::id());
        engine.execute(format!("create table {table} (n integer)"), ()).unwrap();
        let sql = format!("insert into {table} values (:n) returning n");
        let sets: Vec<_> = (0..1200_i64).map(|n| params! { n: n }).collect();
        let rows = engine.execute(&sql, &sets).unwrap().all::<(i64,)>().unwrap();
        let stored: i64 =
            engine.execute(format!("select count(*) from {table}"), ()).unwrap().scalar().unwrap();
        engine.execute(format!("drop table {table}"), ()).unwrap();
        assert_eq!((rows.len(), stored), (1200, 1200), "{}", database.name);
    }
}

#[test]
fn missing_and_extra_parameters_of_any_set_are_listed_before_anything_is_sent() {
    for database in databases() {
        let mut connection = database.with_table();
        let sets = [params! { n: 1, s: "a" }, params! { n: 2, x: 3, y: 4 }];
        let error = connection.execute(INSERT, &sets).unwrap_err();
        let message = "no value for parameter `s`; the statement has no parameter `x`, `y`";
        assert_eq!((error.kind(), error.message()), (ErrorKind::Programming, message));
        assert_eq!(error.failing_row(), Some(1), "the second");
        assert_eq!(count(&mut connection), 0);
    }
}

#[test]
fn declared_types_and_values_hold_for_every_row_of_the_insert() {
    for database in databases() {
        let mut connection = database.with_table();
        let statement = text("insert into t (n, s) values (:n, :s) returning n, s")
            .bindparams([
                bindparam("s").value("by default"),
                bindparam("n").sql_type(SqlType::new(TypeKind::Integer, "")),
            ])
            .unwrap();
        let sets = [params! { n: None::<i64> }, params! { n: 2, s: "said" }, params! { n: 3 }];
        let mut result = connection.execute(&statement, &sets).unwrap();
        assert_eq!(result.insertmanyvalues().unwrap().statements, 1);
        let mut rows = result.all::<(Option<i64>, String)>().unwrap();
        rows.sort();
        let row = |n, s: &str| (n, s.to_owned());
        assert_eq!(
            rows,
            [row(None, "by default"), row(Some(2), "said"), row(Some(3), "by default")]
        );
    }
}

#[test]
fn what_the_session_did_last_is_seen_by_a_row_only_where_sets_are_executed_by_themselves() {
    let database = &databases()[0];
    let mut connection = database.with_table();
    let sql = "insert into t (n, s) values (:n, last_insert_rowid()) returning cast(s as integer)";
    let numbers = |all: std::ops::Range<i64>| all.map(|n| params! { n: n }).collect::<Vec<_>>();
    let none = ExecutionOptions::new();
    let (together, _) = insert(&mut connection, sql, &numbers(0..3), &none);
    assert_eq!(together.statements, 1);
    let seen = connection.scalars::<i64>("select cast(s as integer) from t order by n", ());
    assert_eq!(seen.unwrap().all().unwrap(), [0, 0, 0]);
    let singly = ExecutionOptions::new().sort_by_parameter_order(true);
    let (_, mut seen) = insert(&mut connection, sql, &numbers(3..6), &singly);
    seen.sort_unstable();
    assert_eq!(seen, [3, 4, 5]);
}

#[test]
fn inserts_of_several_statements_keep_to_the_limit_of_their_execution() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:///{}?begin=immediate", directory.path().join("x.db").display());
    let dialect = aludel_dialect_sqlite::dialect();
    let engine = aludel::Engine::builder(url.as_str()).dialect(dialect).build().unwrap();
    engine.execute("create table t (n, s)", ()).unwrap();
    let mut other = engine.connect().unwrap();
    other.execute("insert into t (n) values (0)", ()).unwrap();
    let limit = ExecutionOptions::new().timeout(std::time::Duration::from_millis(100));
    for options in
        [limit.clone().insertmanyvalues_page_size(1), limit.sort_by_parameter_order(true)]
    {
        for level in [IsolationLevel::Autocommit, IsolationLevel::Serializable] {
            let mut connection = engine.connect().unwrap();
            connection.set_isolation_level(level).unwrap();
            let start = std::time::Instant::now();
            let error =
                connection.execute_with(INSERT, sets(0..3), &options).map(drop).unwrap_err();
            assert!(start.elapsed() < std::time::Duration::from_secs(3), "{:?}", start.elapsed());
            assert_eq!(error.sqlstate(), Some("HYT00"), "{error}");
            let _ended = connection.rollback();
        }
    }
}
