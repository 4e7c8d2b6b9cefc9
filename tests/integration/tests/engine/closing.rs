//! When a result is exhausted, when it is closed, and what can still be asked of it.

use aludel::{CursorResult, Engine, ErrorKind, OwnedRow, Result};

use crate::memory;

const THREE: &str = "select column1 as x from (values (1), (2), (3))";

/// The error of a fetch, whatever the method.
fn refusals(result: &mut CursorResult<'_>) -> Vec<ErrorKind> {
    let errors = [
        result.next().err(),
        result.fetch_one::<OwnedRow>().err(),
        result.fetch_many::<OwnedRow>(2).err(),
        result.all::<OwnedRow>().err(),
        result.first::<OwnedRow>().err(),
        result.one::<OwnedRow>().err(),
        result.one_or_none::<OwnedRow>().err(),
        result.scalar::<Option<i64>>().err(),
        result.scalar_one::<i64>().err(),
        result.scalar_one_or_none::<i64>().err(),
        result.partitions::<OwnedRow>(2).next().and_then(Result::err),
    ];
    errors.into_iter().flatten().map(|error| error.kind()).collect()
}

fn is_refused(result: &mut CursorResult<'_>) -> bool {
    refusals(result) == [ErrorKind::ResourceClosed; 11]
}

fn three(engine: &Engine) -> CursorResult<'static> {
    engine.execute(THREE, ()).unwrap()
}

#[test]
fn a_result_that_was_read_is_empty_and_not_closed() {
    let mut result = three(&memory());
    assert_eq!(result.all::<(i64,)>().unwrap(), [(1,), (2,), (3,)]);
    assert!(!result.closed());
    assert!(result.next().unwrap().is_none());
    assert_eq!(result.fetch_many::<(i64,)>(2).unwrap(), []);
    assert_eq!(result.all::<(i64,)>().unwrap(), []);
    assert!(result.partitions::<(i64,)>(2).next().is_none());
    assert_eq!(result.first::<(i64,)>().unwrap(), None);
    assert!(result.closed(), "first() closes");
    assert!(is_refused(&mut result));
}

#[test]
fn methods_that_want_one_row_close() {
    let engine = memory();
    type Wants = fn(&mut CursorResult<'_>) -> Result<()>;
    let wants: [Wants; 7] = [
        |result| result.first::<(i64,)>().map(drop),
        |result| result.one::<(i64,)>().map(drop),
        |result| result.one_or_none::<(i64,)>().map(drop),
        |result| result.scalar::<i64>().map(drop),
        |result| result.scalar_one::<i64>().map(drop),
        |result| result.scalar_one_or_none::<i64>().map(drop),
        |result| result.close(),
    ];
    for want in wants {
        let mut result = three(&engine);
        let _too_many = want(&mut result);
        assert!(result.closed());
        assert!(is_refused(&mut result));
        assert_eq!(result.next().unwrap_err().message(), "this result object is closed");
        result.close().unwrap();
    }
}

#[test]
fn a_statement_without_rows_is_closed_at_once() {
    let engine = memory();
    let mut result = engine.execute("create table t (x integer)", ()).unwrap();
    assert!(!result.returns_rows());
    assert!(is_refused(&mut result));
    assert_eq!(
        result.keys().unwrap_err().to_string(),
        "ResourceClosedError: this result object does not return rows; it has been closed \
         automatically\n[SQL: create table t (x integer)]\n  help: ask returns_rows() first, or \
         rowcount() for what a statement changed"
    );
    let columns = engine.execute("insert into t values (1)", ()).unwrap().columns(["x"]);
    assert_eq!(columns.unwrap_err().kind(), ErrorKind::ResourceClosed);
}

#[test]
fn what_is_known_can_be_asked_of_a_closed_result() {
    let engine = memory();
    type Read = fn(&mut CursorResult<'_>) -> Result<()>;
    let reads: [Read; 2] = [|result| result.close(), |result| result.finish()];
    for read in reads {
        let mut result = three(&engine);
        read(&mut result).unwrap();
        assert_eq!(result.keys().unwrap(), ["x"]);
        assert_eq!(result.description().unwrap()[0].name, "x");
        assert!(result.returns_rows());
    }
    engine.execute("create table t (id integer primary key)", ()).unwrap();
    let mut inserted = engine.execute("insert into t values (7)", ()).unwrap();
    inserted.close().unwrap();
    assert_eq!((inserted.rowcount(), inserted.last_insert_id()), (Some(1), Some(7)));
    assert_eq!(inserted.inserted_primary_key(), Some(vec![7_i64.into()]));
}

#[test]
fn a_result_that_holds_its_connection_gives_it_back_when_nothing_is_left() {
    let engine = crate::private_memory();
    let mut read = three(&engine);
    read.all::<(i64,)>().unwrap();
    let mut closed = three(&engine);
    closed.next().unwrap();
    closed.close().unwrap();
    let changed = engine.execute("create table t (x integer)", ()).unwrap();
    let mut first = three(&engine);
    assert_eq!(first.first::<(i64,)>().unwrap(), Some((1,)));
    let open = three(&engine);
    assert_eq!(engine.connect().unwrap_err().kind(), ErrorKind::Timeout, "the one connection");
    drop((read, closed, changed, first));
    drop(open);
    engine.connect().unwrap();
}

#[test]
fn an_error_closes_after_the_rows_that_came_before() {
    let mut connection = memory().connect().unwrap();
    let sql = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 5) \
               select case when i < 4 then i else abs(-9223372036854775807 - 1) end from c";
    let mut result = connection.execute(sql, ()).unwrap();
    let mut rows = 0;
    let error = loop {
        match result.next() {
            Ok(row) => rows += i32::from(row.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!((rows, error.statement()), (3, Some(sql)));
    assert!(result.closed());
    assert_eq!(result.next().unwrap_err().kind(), ErrorKind::ResourceClosed);
}

#[test]
fn a_value_that_does_not_fit_leaves_the_result_open() {
    let engine = memory();
    let mut result = engine.execute("values (1), ('a'), (3)", ()).unwrap();
    assert_eq!(result.fetch_one::<(i64,)>().unwrap(), Some((1,)));
    assert_eq!(result.fetch_one::<(i64,)>().unwrap_err().kind(), ErrorKind::Conversion);
    assert_eq!(result.fetch_one::<(i64,)>().unwrap(), Some((3,)));
}

#[test]
fn the_errors_of_one_row_have_the_words_of_sqlalchemy() {
    let engine = memory();
    let none = |sql: &str| engine.execute(sql, ()).unwrap();
    let empty = "select 1 where false";
    assert_eq!(
        none(empty).one::<(i64,)>().unwrap_err().to_string(),
        "NoResultFound: no row was found when one was required\n[SQL: select 1 where false]"
    );
    assert_eq!(
        none(THREE).one::<(i64,)>().unwrap_err().message(),
        "multiple rows were found when exactly one was required"
    );
    assert_eq!(
        none(THREE).scalar_one_or_none::<i64>().unwrap_err().message(),
        "multiple rows were found when one or none was required"
    );
    assert_eq!(none(empty).scalar::<i64>().unwrap_err().kind(), ErrorKind::NoRow);
    assert_eq!(none(empty).scalar::<Option<i64>>().unwrap(), None);
    let null = none("select null").scalar::<i64>().unwrap_err();
    assert_eq!(null.kind(), ErrorKind::Conversion, "a NULL is a row");
    assert_eq!(none("select null").scalar_one_or_none::<Option<i64>>().unwrap(), Some(None));
    assert_eq!(none(empty).scalar_one_or_none::<Option<i64>>().unwrap(), None);
}
