//! Executions and rows that allocate nothing once everything is warm.

use aludel::ExecutionOptions;
use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::text::text;
use aludel::{Connection, Result, params};
use aludel_test_support::allocations::count;

use crate::{Database, databases};

/// Allocations of the third time that the work is done.
fn warm(connection: &mut Connection, mut work: impl FnMut(&mut Connection) -> Result<()>) -> u64 {
    for _ in 0..2 {
        work(connection).expect("warm-up");
    }
    let (done, seen) = count(|| work(connection));
    done.expect("the third time");
    seen.allocations
}

/// Allocations of the driver's connection alone, for a statement that is held and has one row. The
/// client of PostgreSQL takes some for each execution; SQLite's does not.
fn of_the_driver(database: &Database) -> u64 {
    let mut connection = database.connect();
    let sql = "select 1";
    connection.execute(sql, ()).and_then(|mut rows| rows.finish()).expect("a transaction");
    let driver = connection.driver().expect("a connection");
    let (statement, _) =
        driver.prepare(sql, PrepareOptions::default(), Limits::NONE).expect("SQL is good");
    let statement = statement.expect("the text holds a statement");
    let allocations = warm(&mut connection, |c| {
        let mut rows = c.driver()?.execute(&statement, &(), ExecuteOptions::default())?;
        while rows.next()?.is_some() {}
        Ok(())
    });
    assert!(database.name != "sqlite" || allocations == 0, "{allocations}");
    allocations
}

#[test]
fn a_connection_of_the_pool_is_taken_and_returned_without_allocating() {
    for database in databases() {
        let engine = database.engine();
        for _ in 0..3 {
            drop(engine.connect().expect("a connection"));
        }
        let (done, seen) = count(|| engine.connect().map(drop));
        done.expect("a connection");
        assert_eq!(seen.allocations, 0, "{}", database.name);
    }
}

/// Most allocations of reading 10,000 rows: the client of PostgreSQL takes a new buffer when it has
/// lent from the last one, which has what had come by then: a hundred rows and more, and some tens
/// where the two take turns on a busy processor.
fn of_a_scan(database: &Database) -> u64 {
    if database.name == "sqlite" { 0 } else { 500 }
}

#[test]
fn a_known_statement_allocates_nothing_beside_what_its_driver_does() {
    type Work = fn(&mut Connection) -> Result<()>;
    let works: [(&str, Work); 7] = [
        ("scalar", |c| c.execute("select 1", ())?.scalar::<i64>().map(drop)),
        ("first", |c| c.execute("select 1", ())?.first::<(i64,)>().map(drop)),
        ("one", |c| c.execute("select 1, 2", ())?.one::<(i64, i64)>().map(drop)),
        ("next", |c| {
            let mut rows = c.execute("select 'text' as t", ())?;
            while let Some(row) = rows.next()? {
                assert_eq!(row.get_at::<&str>(0)?, "text");
            }
            Ok(())
        }),
        ("by name", |c| {
            let mut rows = c.execute("select 1 as a, 2 as b", ())?;
            rows.next()?.expect("a row").get_by::<i64>("b").map(drop)
        }),
        ("no rows", |c| c.execute("update t set x = 1 where x = 2", ()).map(drop)),
        ("options", |c| {
            let options = ExecutionOptions::new().yield_per(10);
            c.execute_with("select 1", (), &options)?.scalar::<i64>().map(drop)
        }),
    ];
    for database in databases() {
        let mut connection = database.connect();
        connection.execute("create temporary table t (x integer)", ()).expect("a table");
        let driver = of_the_driver(&database);
        for (name, work) in works {
            assert_eq!(warm(&mut connection, work), driver, "{name} on {}", database.name);
        }
        let sum = match database.name {
            "sqlite" => "select ? + ?",
            _ => "select $1::bigint + $2::bigint",
        };
        let by_place = warm(&mut connection, |c| c.execute(sum, (1, 2))?.scalar::<i64>().map(drop));
        assert_eq!(by_place, driver, "by place on {}", database.name);
    }
}

#[test]
fn values_by_name_cost_what_the_program_makes_of_them() {
    databases().iter().for_each(check_values_by_name);
}

fn check_values_by_name(database: &Database) {
    let driver = of_the_driver(database);
    let mut connection = database.connect();
    let sql = "select cast(:x as integer) + :y";
    let ((), making) = count(|| drop(params! { x: 1, y: 2 }));
    let executing = warm(&mut connection, |c| {
        c.execute(sql, params! { x: 1, y: 2 })?.scalar::<i64>().map(drop)
    });
    assert_eq!(executing, making.allocations + driver, "{}", database.name);
    let given = params! { x: 1, y: 2 };
    let clause = text(sql);
    let executing =
        warm(&mut connection, |c| c.execute(&clause, &given)?.scalar::<i64>().map(drop));
    assert_eq!(executing, driver, "made once");
}

#[test]
fn a_scan_of_numbers_and_borrowed_text_allocates_nothing_for_a_row() {
    databases().iter().for_each(check_scan);
}

fn check_scan(database: &Database) {
    let mut connection = database.connect();
    let scan = |connection: &mut Connection| -> Result<()> {
        let mut rows = connection.execute(database.rows, ())?;
        let (mut count, mut bytes) = (0, 0);
        while let Some(row) = rows.next()? {
            let (number, half, null, text): (i64, f64, Option<i64>, &str) = row.get()?;
            assert_eq!((half, null), (number as f64 * 0.5, None));
            count += 1;
            bytes += text.len();
        }
        assert_eq!((count, bytes), (10_000, 198_894));
        Ok(())
    };
    let allocations = warm(&mut connection, scan);
    assert!(allocations <= of_a_scan(database), "{allocations} on {}", database.name);
}

#[test]
fn other_columns_and_single_values_allocate_nothing_for_a_row() {
    databases().iter().for_each(check_other_columns);
}

fn check_other_columns(database: &Database) {
    let mut connection = database.connect();
    let reordered = |connection: &mut Connection| -> Result<()> {
        let mut rows = connection.execute(database.rows, ())?.columns([3, 0])?;
        while let Some(row) = rows.next()? {
            let (text, number): (&str, i64) = row.get()?;
            assert!(number > 0 && text.len() > 15);
        }
        Ok(())
    };
    let few = of_a_scan(database) + 20;
    let taken = warm(&mut connection, reordered);
    assert!(taken < few, "what the other order takes, and no more: {taken} on {}", database.name);
    let values = |connection: &mut Connection| -> Result<()> {
        let sum = connection.execute(database.rows, ())?.scalars::<i64>(0)?.sum::<Result<i64>>()?;
        assert_eq!(sum, 50_005_000);
        Ok(())
    };
    assert!(warm(&mut connection, values) < few);
}
