//! One open result for a connection, where the dialect has but one.

use std::sync::atomic::{AtomicU32, Ordering};

use aludel::abi::host::{DriverDialect, ExecuteOptions};
use aludel::abi::static_dialect;
use aludel::dbapi::{
    Call, Column, Connection, Params, PrepareOptions, Prepared, RowWriter, SqlType, Statement,
};
use aludel::dialect::{ConnectArgs, Dialect, DialectInfo};
use aludel::{Error, Result};
use aludel_tests::subject::{arguments, prepare};

/// How often a result was abandoned.
static RESETS: AtomicU32 = AtomicU32::new(0);

/// Endless rows, one result at a time.
struct Single;
struct SingleConnection;
struct SingleStatement {
    /// Fails in the second call.
    fails: bool,
    called: bool,
}

impl Dialect for Single {
    type Connection = SingleConnection;
    const INFO: DialectInfo = DialectInfo::new("single", "0.1.0");

    fn connect(_: &ConnectArgs<'_>, _: &Call<'_>) -> Result<SingleConnection> {
        Ok(SingleConnection)
    }
}

impl Connection for SingleConnection {
    type Statement = SingleStatement;

    fn prepare(
        &mut self,
        sql: &str,
        _: PrepareOptions,
        _: &Call<'_>,
    ) -> Result<Prepared<SingleStatement>> {
        let statement = SingleStatement { fails: sql == "fail", called: false };
        Ok(Prepared { statement: Some(statement), consumed: sql.len() })
    }
}

impl Statement for SingleStatement {
    type Connection = SingleConnection;

    fn execute<'a>(
        &'a mut self,
        connection: &'a mut SingleConnection,
        _: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.fetch(connection, rows, call)
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut SingleConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        rows.columns(1);
        if std::mem::replace(&mut self.called, true) && self.fails {
            return Err(Error::operational("asked to fail"));
        }
        while rows.wants_row() {
            let mut row = rows.row();
            row.i64(1);
            if !row.commit() {
                break;
            }
        }
        Ok(())
    }

    fn columns(&self, _: &SingleConnection) -> Result<Vec<Column>> {
        Ok(vec![Column::new("one", SqlType::default())])
    }

    fn reset(&mut self, _: &mut SingleConnection, _: &Call<'_>) -> Result<()> {
        RESETS.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn an_open_result_is_abandoned_before_another_statement_is_executed() -> Result<()> {
    let dialect = DriverDialect::from(static_dialect::<Single>());
    let mut connection = dialect.connect(&arguments(), Default::default())?;
    let (one, two) = (prepare(&mut connection, "one")?, prepare(&mut connection, "two")?);
    let resets = || RESETS.load(Ordering::Relaxed);

    // A cursor that is dropped abandons its result itself.
    drop(connection.execute(&one, &(), ExecuteOptions::default())?);
    assert_eq!(resets(), 1);
    // One that is forgotten leaves it to the next execution of another statement.
    std::mem::forget(connection.execute(&one, &(), ExecuteOptions::default())?);
    assert_eq!(resets(), 1);
    std::mem::forget(connection.execute(&two, &(), ExecuteOptions::default())?);
    assert_eq!(resets(), 2);
    // The same statement abandons its own result.
    std::mem::forget(connection.execute(&two, &(), ExecuteOptions::default())?);
    assert_eq!(resets(), 2);
    // Nor does anything else happen on the connection before.
    drop(connection.execute(&two, &(), ExecuteOptions::default())?);
    assert_eq!(resets(), 3);
    std::mem::forget(connection.execute(&two, &(), ExecuteOptions::default())?);
    prepare(&mut connection, "three")?;
    assert_eq!(resets(), 4);
    std::mem::forget(connection.execute(&two, &(), ExecuteOptions::default())?);
    // One that has failed is over.
    let fail = prepare(&mut connection, "fail")?;
    assert_eq!(resets(), 5);
    let mut cursor = connection.execute(&fail, &(), ExecuteOptions::default())?;
    let failed =
        std::iter::from_fn(|| Some(cursor.next().is_err())).take(1000).any(|failed| failed);
    drop(cursor);
    prepare(&mut connection, "four")?;
    assert_eq!((failed, resets()), (true, 5));
    // A statement that is closed has none.
    std::mem::forget(connection.execute(&two, &(), ExecuteOptions::default())?);
    connection.close_statement(two);
    drop(connection.execute(&one, &(), ExecuteOptions::default())?);
    assert_eq!(resets(), 6);
    Ok(())
}
