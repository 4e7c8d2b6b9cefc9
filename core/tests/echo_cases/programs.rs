//! The programs of the recorded cases, written for aludel.

use aludel::dbapi::IsolationLevel;
use aludel::text::text;
use aludel::{Connection, Engine, ExecutionOptions, NamedParams, OwnedRow, Result, Value, params};

/// Runs the program of a case.
pub(crate) fn program(id: &str, engine: &Engine) -> Result<()> {
    match &id["echo-".len()..] {
        "001" | "043" | "067" => one(engine, "select 1", params! {}),
        "003" => one(engine, "select :a", params! { a: 5 }),
        "005" => one(
            engine,
            "select :a, :b, :c",
            params! { a: "plain", b: "has 'single'", c: "both ' and \"" },
        ),
        "007" => engine.connect()?.exec_driver_sql("select 1", ()).map(drop),
        "009" => refused(engine.connect()?.exec_driver_sql("select :a", params! { a: 1 })),
        "011" => commit_as_you_go(engine),
        "013" => engine.begin(|conn| conn.execute("select 1", ()).map(drop)),
        "015" => engine.begin(|_| Ok(())),
        "017" => engine.connect()?.transaction().map(drop),
        "019" => savepoint(engine),
        "021" => refused(engine.connect()?.execute(text("select nope"), ())),
        "023" | "025" => autocommit(engine, id == "echo-023"),
        "033" => {
            let sql = format!("select {}", ["?"; 101].join(","));
            let values: Vec<Value> = (0..101_i64).map(Value::from).collect();
            engine.connect()?.exec_driver_sql(&sql, values.as_slice()).map(drop)
        }
        "035" => one(engine, "select :a", params! { a: "x".repeat(298) }),
        "037" => {
            let long: String = (0..1250).map(|number| format!("{number:04}")).collect();
            one(engine, "select :a", params! { a: long })
        }
        "041" => one(engine, "select 1,\n  2\nfrom (select 3)", params! {}),
        "053" => token_of_connection(engine),
        "055" => token_of_statement(engine),
        "065" => {
            let mut conn = engine.connect()?;
            engine.set_echo(true);
            conn.execute(text("select 1"), ()).map(drop)
        }
        "057" => {
            one(engine, "select 1", params! {})?;
            engine.dispose();
            Ok(())
        }
        "059" => {
            one(engine, "select 1", params! {})?;
            engine.connect()?.exec_driver_sql("select 1", ())?;
            engine.dispose();
            Ok(())
        }
        "061" => one(engine, "select 1", params! {}),
        "063" => {
            let mut conn = engine.connect()?;
            conn.execute(text("select 1"), ())?;
            conn.invalidate()
        }
        "077" => one(
            engine,
            "SELECT users.id \nFROM users \nWHERE users.name = :name_1",
            params! { name_1: "x" },
        ),
        "081" => {
            let sql = text("select * from missing where a = :a");
            refused(engine.connect()?.execute(sql, params! { a: 1 }))
        }
        "085" => {
            refused(engine.connect()?.execute(text("insert into users (id) values (1), (1)"), ()))
        }
        "045" | "047" | "049" => rows(engine, id),
        _ => many(engine, id),
    }
}

fn one(engine: &Engine, sql: &str, values: NamedParams) -> Result<()> {
    engine.connect()?.execute(text(sql), values).map(drop)
}

/// The program goes on after an error that it expects.
fn refused<T>(result: Result<T>) -> Result<()> {
    assert!(result.is_err());
    Ok(())
}

fn commit_as_you_go(engine: &Engine) -> Result<()> {
    let mut conn = engine.connect()?;
    conn.execute(text("insert into users (name) values ('x')"), ())?;
    conn.commit()?;
    conn.execute(text("select 1"), ()).map(drop)
}

fn savepoint(engine: &Engine) -> Result<()> {
    engine.begin(|conn| {
        let mut savepoint = conn.savepoint()?;
        savepoint.execute(text("select 1"), ())?;
        savepoint.rollback()
    })
}

fn autocommit(engine: &Engine, goes_on: bool) -> Result<()> {
    let mut conn = engine.connect()?;
    conn.set_isolation_level(IsolationLevel::Autocommit)?;
    conn.execute(text("select 1"), ())?;
    if !goes_on {
        return conn.rollback();
    }
    conn.commit()?;
    conn.execute(text("select 2"), ()).map(drop)
}

fn token_of_connection(engine: &Engine) -> Result<()> {
    let mut conn = engine.connect()?;
    conn.execution_options(&ExecutionOptions::new().logging_token("track1"))?;
    conn.execute(text("select 1"), ())?;
    conn.commit()
}

fn token_of_statement(engine: &Engine) -> Result<()> {
    let options = ExecutionOptions::new().logging_token("S");
    engine.connect()?.execute_with(text("select 1"), (), &options).map(drop)
}

fn rows(engine: &Engine, id: &str) -> Result<()> {
    let mut conn = engine.connect()?;
    match id {
        "echo-045" => conn.execute("select 1 as a where 0", ())?.all::<OwnedRow>().map(drop),
        "echo-047" => conn.scalar::<i64>("select 42", ()).map(drop),
        _ => {
            let sql = format!("select '{}' as a", "y".repeat(500));
            conn.execute(sql, ())?.all::<OwnedRow>().map(drop)
        }
    }
}

/// Inserts, most of them of many rows.
fn many(engine: &Engine, id: &str) -> Result<()> {
    if id == "echo-083" {
        let sets: Vec<NamedParams> = (0..20).map(|_| params! { i: 1 }).collect();
        let sql = text("insert into users (id) values (:i)");
        return refused(engine.connect()?.execute(sql, &sets));
    }
    engine.begin(|conn| inserts(conn, id))
}

fn inserts(conn: &mut Connection, id: &str) -> Result<()> {
    let id_and_name = "insert into users (id, name) values (:i, :n)";
    let ids = |count: i64| (0..count).map(|i| params! { i: i }).collect::<Vec<_>>();
    match id {
        "echo-027" => {
            let sets = [params! { i: 1, n: "a" }, params! { i: 2, n: "b" }];
            conn.execute(text(id_and_name), &sets).map(drop)
        }
        "echo-029" => conn.execute(text("insert into users (id) values (:i)"), ids(11)).map(drop),
        "echo-031" => {
            let sets = [params! { i: 1 }];
            conn.execute(text("insert into users (id) values (:i)"), &sets).map(drop)
        }
        "echo-039" => {
            let sets: Vec<_> = (0..3_i64).map(|i| params! { i: i, n: "z".repeat(400) }).collect();
            conn.execute(text(id_and_name), &sets).map(drop)
        }
        "echo-051" => {
            let sql = text("insert into users (name) values ('q') returning id, name");
            conn.execute(sql, ())?.all::<OwnedRow>().map(drop)
        }
        "echo-073" => {
            let sets = [params! { name: "a" }, params! { name: "b" }];
            conn.execute(text("INSERT INTO users (name) VALUES (:name)"), &sets).map(drop)
        }
        "echo-075" => {
            let sets: Vec<_> = (0..5).map(|i| params! { name: format!("n{i}") }).collect();
            let sql = text("INSERT INTO users (name) VALUES (:name) RETURNING id");
            let pages = ExecutionOptions::new().insertmanyvalues_page_size(2);
            conn.execute_with(sql, &sets, &pages)?.all::<OwnedRow>().map(drop)
        }
        other => panic!("{other} has no program"),
    }
}
