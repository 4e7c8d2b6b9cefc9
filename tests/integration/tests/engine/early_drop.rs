//! Every way to leave a result half-way, on queries and on statements that change rows.
//!
//! The connection is ready for the next statement then, and what was changed stays changed.

use aludel::{Connection, CursorResult, OwnedRow, Result};

use crate::{engine, file, memory};

type Leave = fn(CursorResult<'_>) -> Result<()>;

/// Each reads a row or some, and leaves the rest.
const WAYS: [(&str, Leave); 19] = [
    ("nothing", |result| {
        drop(result);
        Ok(())
    }),
    ("next", |mut result| result.next().map(drop)),
    ("next twice", |mut result| {
        result.next()?;
        result.next().map(drop)
    }),
    ("close", |mut result| {
        result.next()?;
        result.close()
    }),
    ("fetch_one", |mut result| result.fetch_one::<OwnedRow>().map(drop)),
    ("fetch_many", |mut result| result.fetch_many::<OwnedRow>(3).map(drop)),
    ("first", |mut result| result.first::<OwnedRow>().map(drop)),
    ("one", |mut result| {
        result.one::<OwnedRow>().unwrap_err();
        Ok(())
    }),
    ("one_or_none", |mut result| {
        result.one_or_none::<OwnedRow>().unwrap_err();
        Ok(())
    }),
    ("scalar", |mut result| result.scalar::<i64>().map(drop)),
    ("scalar_one", |mut result| {
        result.scalar_one::<i64>().unwrap_err();
        Ok(())
    }),
    ("scalar_one_or_none", |mut result| {
        result.scalar_one_or_none::<i64>().unwrap_err();
        Ok(())
    }),
    ("a value that does not fit", |mut result| {
        result.first::<(Vec<u8>, Vec<u8>)>().unwrap_err();
        Ok(())
    }),
    ("partitions", |mut result| result.partitions::<OwnedRow>(2).next().transpose().map(drop)),
    ("owned", |result| result.owned().next().transpose().map(drop)),
    ("scalars", |result| result.scalars::<i64>(0)?.next().transpose().map(drop)),
    ("mappings", |result| result.mappings().next().transpose().map(drop)),
    ("columns and unique", |result| {
        let mut result = result.columns([1])?.unique();
        result.next().map(drop)
    }),
    ("next_result", |mut result| {
        result.next()?;
        assert!(!result.next_result()?);
        Ok(())
    }),
];

const MANY: &str = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 1000) \
     select i, 'row ' || i from c";

/// Statements that return rows, with how many of the 500 rows are left as they were.
const WRITES: [(&str, i64); 4] = [
    ("insert into t select i + 1000, 0 from numbers returning id, x", 500),
    ("update t set x = x + 1 returning id, x", 0),
    ("delete from t where id <= 400 returning id, x", 100),
    (
        "insert into t select i, 9 from numbers where true on conflict (id) do update set x = 9 \
      returning id, x",
        0,
    ),
];

fn prepare(connection: &mut Connection) {
    for sql in [
        "create table numbers (i integer)",
        "insert into numbers with recursive c(i) as (select 1 union all select i + 1 from c \
         where i < 500) select i from c",
        "create table t (id integer primary key, x integer)",
        "insert into t select i, 1 from numbers",
    ] {
        connection.execute(sql, ()).unwrap();
    }
    connection.commit().unwrap();
}

#[test]
fn a_query_can_be_left_at_any_point() {
    let mut connection = memory().connect().unwrap();
    for (way, leave) in WAYS {
        leave(connection.execute(MANY, ()).unwrap())
            .unwrap_or_else(|error| panic!("{way}: {error}"));
        // DDL wants a connection on which no statement is running.
        connection.execute("create table t (x integer)", ()).unwrap();
        connection.execute("drop table t", ()).unwrap();
        connection.commit().unwrap_or_else(|error| panic!("after {way}: {error}"));
    }
}

#[test]
fn what_a_statement_changed_stays_when_its_rows_are_left() {
    for (sql, left) in WRITES {
        let mut connection = memory().connect().unwrap();
        prepare(&mut connection);
        for (way, leave) in WAYS {
            leave(connection.execute(sql, ()).unwrap())
                .unwrap_or_else(|error| panic!("{way} of {sql}: {error}"));
            let same: i64 =
                connection.scalar("select count(*) from t where id <= 500 and x = 1", ()).unwrap();
            assert_eq!(same, left, "{way} of {sql}");
            connection.rollback().unwrap();
            let back: i64 = connection.scalar("select count(*) from t where x = 1", ()).unwrap();
            assert_eq!(back, 500, "rolled back after {way} of {sql}");
        }
    }
}

#[test]
fn a_result_that_holds_its_connection_commits_what_it_changed_when_it_is_left() {
    for (way, leave) in WAYS {
        let (_directory, url) = file();
        let engine = engine(&url);
        prepare(&mut engine.connect().unwrap());
        leave(engine.execute("update t set x = 2 returning id, x", ()).unwrap()).unwrap();
        let changed: i64 =
            engine.execute("select count(*) from t where x = 2", ()).unwrap().scalar().unwrap();
        assert_eq!(changed, 500, "{way}");
    }
}
