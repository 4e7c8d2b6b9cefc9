//! Tables, types and statements that change between two executions of the same statement.

use aludel::abi::host::{DriverStatement, ExecuteOptions};
use aludel::dbapi::{IsolationLevel, PrepareOptions};
use aludel::{Connection, Error, Value};

use crate::engines::{in_both_languages, rows, run, with};

/// How the statement is executed again.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Again {
    /// By its text, which the cache knows.
    ByText,
    /// By a statement that the program holds.
    Held,
    /// Without names on the server.
    Unnamed,
}

/// A schema of a test's own, in a session of its own.
struct Changing {
    connection: Connection,
    held: Option<DriverStatement>,
    again: Again,
    sql: &'static str,
}

impl Changing {
    /// Executes the statement once after the setup, in autocommit.
    fn new(url: &str, again: Again, setup: &[&str], sql: &'static str, value: i64) -> Self {
        let options = if again == Again::Unnamed { "prepared_statements=off" } else { "" };
        let mut connection = crate::engines::connect(&with(url, options));
        for sql in setup {
            run(&mut connection, sql, ());
        }
        connection.set_isolation_level(IsolationLevel::Autocommit).unwrap();
        let mut changing = Changing { connection, held: None, again, sql };
        changing.execute(Value::I64(value)).expect("the first execution");
        changing
    }

    fn execute(&mut self, value: Value) -> Result<Vec<Vec<Value>>, Error> {
        let params: Vec<Value> = if self.sql.contains("$1") { vec![value] } else { Vec::new() };
        if self.again != Again::Held {
            return rows(&mut self.connection, self.sql, params);
        }
        let driver = self.connection.driver().unwrap();
        if self.held.is_none() {
            let (statement, _) = driver.prepare(
                self.sql,
                PrepareOptions::default(),
                aludel::abi::host::Limits::NONE,
            )?;
            self.held = statement;
        }
        let statement = self.held.as_ref().expect("it was just prepared");
        let mut cursor = driver.execute(statement, &params[..], ExecuteOptions::default())?;
        let mut found = Vec::new();
        while let Some(row) = cursor.next()? {
            found.push((0..row.len()).map(|at| row.owned_value(at)).collect::<Result<_, _>>()?);
        }
        Ok(found)
    }
}

const READ: &str = "select * from changing";
const WRITE: &str = "insert into changing (a) values ($1)";

/// What changes between two executions.
struct Change {
    what: &'static str,
    sql: &'static str,
    /// The statement that meets it, and what it is given afterwards.
    statement: &'static str,
    value: fn() -> Value,
}

fn one() -> Value {
    Value::I64(1)
}

fn text() -> Value {
    Value::Text("one".into())
}

const CHANGES: &[Change] = &[
    Change {
        what: "a column more",
        sql: "alter table changing add b text",
        statement: READ,
        value: one,
    },
    Change {
        what: "a column of another type",
        sql: "alter table changing alter a type text",
        statement: READ,
        value: one,
    },
    Change {
        what: "a column of another name",
        sql: "alter table changing rename a to c",
        statement: READ,
        value: one,
    },
    Change {
        what: "a parameter of another type",
        sql: "alter table changing alter a type text",
        statement: WRITE,
        value: text,
    },
    Change {
        what: "another table of the name",
        sql: "drop table changing; create temp table changing (a text, b int)",
        statement: WRITE,
        value: text,
    },
    Change {
        what: "another table to read",
        sql: "drop table changing; create temp table changing (b int, a text)",
        statement: READ,
        value: one,
    },
    Change { what: "DEALLOCATE ALL", sql: "deallocate all", statement: WRITE, value: one },
    Change {
        what: "DEALLOCATE ALL behind our back",
        sql: "do $$ begin execute 'deallocate all'; end $$",
        statement: WRITE,
        value: one,
    },
    Change { what: "DISCARD PLANS", sql: "discard plans", statement: READ, value: one },
];

const SETUP: &[&str] = &["create temp table changing (a int)", "insert into changing values (1)"];

fn change(connection: &mut Connection, sql: &str) {
    for sql in sql.split("; ").filter(|_| !sql.starts_with("do ")) {
        rows(connection, sql, ()).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    if sql.starts_with("do ") {
        rows(connection, sql, ()).unwrap();
    }
}

#[test]
fn a_statement_outside_a_transaction_survives_what_changes_between_its_executions() {
    for url in in_both_languages() {
        for again in [Again::ByText, Again::Held, Again::Unnamed] {
            for it in CHANGES {
                let mut changing = Changing::new(&url, again, SETUP, it.statement, 1);
                change(&mut changing.connection, it.sql);
                for _ in 0..2 {
                    let found = changing.execute((it.value)());
                    found.unwrap_or_else(|error| panic!("{} {again:?}: {error}", it.what));
                }
            }
        }
    }
}

#[test]
fn a_statement_inside_a_transaction_fails_at_most_once_and_is_healed_after_the_rollback() {
    for url in in_both_languages() {
        for again in [Again::ByText, Again::Held, Again::Unnamed] {
            for it in CHANGES {
                let mut changing = Changing::new(&url, again, SETUP, it.statement, 1);
                change(&mut changing.connection, it.sql);
                rows(&mut changing.connection, "begin", ()).unwrap();
                rows(&mut changing.connection, "select 1", ()).unwrap();
                if let Err(error) = changing.execute((it.value)()) {
                    assert!(error.is_transaction_aborted(), "{} {again:?}: {error}", it.what);
                    assert!(!error.is_disconnect(), "{} {again:?}: {error}", it.what);
                }
                rows(&mut changing.connection, "rollback", ()).unwrap();
                let found = changing.execute((it.value)());
                found.unwrap_or_else(|error| panic!("{} {again:?}: {error}", it.what));
            }
        }
    }
}

#[test]
fn an_enum_that_gets_a_label_or_is_made_anew_is_read_and_written() {
    for url in in_both_languages() {
        for again in [Again::ByText, Again::Held, Again::Unnamed] {
            let setup = &[
                "drop type if exists pg_temp.mood cascade",
                "create type pg_temp.mood as enum ('sad')",
                "create temp table changing (a int, m pg_temp.mood)",
            ];
            let sql = "insert into changing (a, m) values (1, $1::text::pg_temp.mood) returning m";
            let mut changing = Changing::new(&url, again, &setup[..], "select $1::int", 1);
            changing.sql = sql;
            changing.held = None;
            let label = |label: &str| Value::Text(label.into());
            assert_eq!(changing.execute(label("sad")).unwrap(), [[label("sad")]]);
            change(&mut changing.connection, "alter type pg_temp.mood add value 'glad'");
            assert_eq!(changing.execute(label("glad")).unwrap(), [[label("glad")]]);
            change(
                &mut changing.connection,
                "drop type pg_temp.mood cascade; create type pg_temp.mood as enum ('calm'); \
                 alter table changing add m pg_temp.mood",
            );
            let found = changing.execute(label("calm"));
            if again == Again::Unnamed {
                // It has run, with a column of a type that nobody had heard of.
                let error = found.unwrap_err();
                assert!(error.help().unwrap().contains("type was altered"), "{error}");
                assert_eq!(changing.execute(label("calm")).unwrap(), [[label("calm")]]);
            } else {
                assert_eq!(found.unwrap(), [[label("calm")]]);
            }
        }
    }
}

#[test]
fn an_error_of_the_statement_itself_is_reported_and_executed_once_only() {
    for url in in_both_languages() {
        let mut connection = crate::engines::connect(&url);
        run(&mut connection, "create temp sequence runs", ());
        let failing = "create function pg_temp.failing() returns int language plpgsql as $$ begin \
             perform nextval('runs'); raise undefined_table; end $$";
        run(&mut connection, failing, ());
        connection.set_isolation_level(IsolationLevel::Autocommit).unwrap();
        for _ in 0..3 {
            let error = rows(&mut connection, "select pg_temp.failing()", ()).unwrap_err();
            assert_eq!(error.sqlstate(), Some("42P01"), "{error}");
        }
        let runs = rows(&mut connection, "select last_value from runs", ()).unwrap();
        assert_eq!(runs, [[Value::I64(3)]]);
    }
}

#[test]
fn a_table_that_is_gone_is_an_error_and_back_again_is_found() {
    for url in in_both_languages() {
        for again in [Again::ByText, Again::Held, Again::Unnamed] {
            let mut changing = Changing::new(&url, again, SETUP, READ, 1);
            change(&mut changing.connection, "drop table changing");
            for _ in 0..2 {
                let error = changing.execute(one()).unwrap_err();
                assert_eq!(error.sqlstate(), Some("42P01"), "{again:?}: {error}");
                assert!(!error.is_disconnect(), "{error}");
            }
            change(&mut changing.connection, "create temp table changing (b text, a int)");
            assert_eq!(changing.execute(one()).unwrap(), Vec::<Vec<Value>>::new(), "{again:?}");
        }
    }
}
