//! The driver's connections below the engine.

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::{Connection, ErrorKind};

use crate::memory;

#[test]
fn a_statement_of_another_connection_is_refused() {
    let (mut one, mut two) = (memory().connect().unwrap(), memory().connect().unwrap());
    let prepare = |connection: &mut Connection, sql| {
        let prepared =
            connection.driver().unwrap().prepare(sql, PrepareOptions::default(), Limits::NONE);
        prepared.unwrap().0.unwrap()
    };
    let from_one = prepare(&mut one, "select 'one'");
    let from_two = prepare(&mut two, "select 'two'");
    let error =
        two.driver().unwrap().execute(&from_one, &(), ExecuteOptions::default()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ResourceClosed);
    let mut rows =
        two.driver().unwrap().execute(&from_two, &(), ExecuteOptions::default()).unwrap();
    assert_eq!(rows.next().unwrap().unwrap().get_at::<&str>(0).unwrap(), "two");
}

#[test]
fn a_statement_that_is_closed_is_refused() {
    let mut connection = memory().connect().unwrap();
    let driver = connection.driver().unwrap();
    let (statement, _) =
        driver.prepare("select 1", PrepareOptions::default(), Limits::NONE).unwrap();
    let statement = statement.unwrap();
    driver.close_statement(statement);
    let error = driver.execute(&statement, &(), ExecuteOptions::default()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ResourceClosed);
}
