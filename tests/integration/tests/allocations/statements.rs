//! Executions and rows that allocate nothing once everything is warm.

use aludel::ExecutionOptions;
use aludel::text::text;
use aludel::{Connection, Result, params};
use aludel_test_support::allocations::count;

use crate::{ROWS, connect};

/// Allocations of the third time that the work is done.
fn warm(connection: &mut Connection, mut work: impl FnMut(&mut Connection) -> Result<()>) -> u64 {
    for _ in 0..2 {
        work(connection).expect("warm-up");
    }
    let (done, seen) = count(|| work(connection));
    done.expect("the third time");
    seen.allocations
}

#[test]
fn a_known_statement_allocates_nothing() {
    let mut connection = connect();
    type Work = fn(&mut Connection) -> Result<()>;
    let works: [(&str, Work); 8] = [
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
        ("by place", |c| c.execute("select ? + ?", (1, 2))?.scalar::<i64>().map(drop)),
        ("no rows", |c| c.execute("update t set x = 1 where x = 2", ()).map(drop)),
        ("options", |c| {
            let options = ExecutionOptions::new().yield_per(10);
            c.execute_with("select 1", (), &options)?.scalar::<i64>().map(drop)
        }),
    ];
    connection.execute("create table t (x integer)", ()).expect("a table");
    for (name, work) in works {
        assert_eq!(warm(&mut connection, work), 0, "{name}");
    }
}

#[test]
fn values_by_name_cost_what_the_program_makes_of_them() {
    let mut connection = connect();
    let sql = "select :x + :y";
    let ((), making) = count(|| drop(params! { x: 1, y: 2 }));
    let executing = warm(&mut connection, |c| {
        c.execute(sql, params! { x: 1, y: 2 })?.scalar::<i64>().map(drop)
    });
    assert_eq!(executing, making.allocations);
    let given = params! { x: 1, y: 2 };
    let clause = text(sql);
    let executing =
        warm(&mut connection, |c| c.execute(&clause, &given)?.scalar::<i64>().map(drop));
    assert_eq!(executing, 0, "made once");
}

#[test]
fn a_scan_of_numbers_and_borrowed_text_allocates_nothing_for_a_row() {
    let mut connection = connect();
    let scan = |connection: &mut Connection| -> Result<()> {
        let mut rows = connection.execute(ROWS, ())?;
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
    assert_eq!(warm(&mut connection, scan), 0);
}

#[test]
fn other_columns_and_single_values_allocate_nothing_for_a_row() {
    let mut connection = connect();
    let reordered = |connection: &mut Connection| -> Result<()> {
        let mut rows = connection.execute(ROWS, ())?.columns([3, 0])?;
        while let Some(row) = rows.next()? {
            let (text, number): (&str, i64) = row.get()?;
            assert!(number > 0 && text.len() > 15);
        }
        Ok(())
    };
    assert!(warm(&mut connection, reordered) < 20, "what the other order takes, and no more");
    let values = |connection: &mut Connection| -> Result<()> {
        let sum = connection.execute(ROWS, ())?.scalars::<i64>(0)?.sum::<Result<i64>>()?;
        assert_eq!(sum, 50_005_000);
        Ok(())
    };
    assert!(warm(&mut connection, values) < 20);
}
