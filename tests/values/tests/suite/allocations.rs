//! What parameters and rows allocate: nothing, once a connection has seen them.

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::value::Json;
use aludel::{FromRow, FromValue, Result};
use aludel_test_support::allocations::{CountingAllocator, count};
use rust_decimal::Decimal;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

#[derive(FromValue, Debug, PartialEq)]
#[aludel(rename_all = "lowercase")]
enum Genre {
    Jazz,
}

#[derive(FromRow)]
struct Name<'r> {
    name: &'r str,
    genre: Genre,
}

#[derive(FromRow)]
struct Track<'r> {
    id: i64,
    #[aludel(default)]
    missing: Option<i64>,
    #[aludel(flatten)]
    name: Name<'r>,
}

const SQL: &str = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
                   select 'jazz' as genre, i as id, 'x' || i as name from n";

#[test]
fn structs_are_read_from_rows_without_allocating() -> Result<()> {
    let _ = aludel::register(aludel_dialect_sqlite::dialect());
    let engine = aludel::create_engine("sqlite:///:memory:")?;
    let mut result = engine.execute(SQL, ())?;
    let mut read = |rows: u64| -> Result<i64> {
        let mut sum = 0;
        for _ in 0..rows {
            let row = result.next()?.expect("there are more");
            let track: Track<'_> = row.get()?;
            assert_eq!((track.name.genre, track.missing), (Genre::Jazz, None));
            sum += track.id + track.name.name.len() as i64;
        }
        Ok(sum)
    };
    read(1)?;
    let (sum, seen) = count(|| read(1500));
    assert!(sum? > 1500);
    assert_eq!(seen.allocations, 0, "{seen:?}");
    Ok(())
}

#[test]
fn parameters_that_make_text_do_not_allocate_after_the_first_time() -> Result<()> {
    let _ = aludel::register(aludel_dialect_sqlite::dialect());
    let mut connection = aludel::create_engine("sqlite:///:memory:")?.connect()?;
    let driver = connection.driver().unwrap();
    let sql = "select ?1, ?2, ?3";
    let (statement, _) = driver.prepare(sql, PrepareOptions::default(), Limits::NONE)?;
    let statement = statement.expect("there is one");
    let mut execute = |number: i64| -> Result<()> {
        let params = (Decimal::new(number, 3), Json([number; 30]), 'x');
        let mut rows = driver.execute(&statement, &params, ExecuteOptions::default())?;
        let row = rows.next()?.expect("there is one");
        assert_eq!(row.get_at::<Decimal>(0)?, params.0);
        assert_eq!(row.get_at::<char>(2)?, 'x');
        rows.finish()
    };
    (100..103).try_for_each(&mut execute)?;
    let (executed, seen) = count(|| (103..200).try_for_each(execute));
    executed?;
    assert_eq!(seen.allocations, 0, "{seen:?}");
    Ok(())
}
