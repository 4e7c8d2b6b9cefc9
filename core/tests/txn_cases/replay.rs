//! Replays the steps of a recorded case.
//!
//! Transactions and savepoints borrow the connection, so that each step that begins one opens a
//! level of its own, which ends with the step that ends it.

use aludel::dbapi::IsolationLevel;
use aludel::text::text;
use aludel::{
    Connection, CursorResult, Engine, ExecutionOptions, NamedParams, OwnedRow, Result, Value,
};
use serde_json::{Value as Json, json};

pub(crate) struct Replay<'r> {
    engine: &'r Engine,
    steps: &'r [Json],
    outcomes: Vec<Json>,
}

/// What a step asks of a transaction or savepoint around the level that it stands in.
struct Asked {
    name: String,
    what: Verb,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Commit,
    Rollback,
    Close,
    State,
}

/// A transaction or a savepoint.
trait Guard: std::ops::DerefMut<Target = Connection> + Sized {
    fn commit(self) -> Result<()>;
    fn rollback(self) -> Result<()>;
    fn state(&self) -> Json;
}

macro_rules! guards {
    ($($guard:ident),*) => {
        $(impl Guard for aludel::engine::$guard<'_> {
            fn commit(self) -> Result<()> {
                self.commit()
            }

            fn rollback(self) -> Result<()> {
                self.rollback()
            }

            fn state(&self) -> Json {
                json!({ "is_active": self.is_active(), "is_valid": self.is_valid() })
            }
        })*
    };
}

guards!(Transaction, Savepoint);

fn outcome(result: Result<Json>) -> Json {
    result.unwrap_or_else(|error| json!({ "error": error.kind().name() }))
}

fn nothing(result: Result<()>) -> Json {
    outcome(result.map(|()| Json::Null))
}

impl<'r> Replay<'r> {
    pub(crate) fn new(engine: &'r Engine, steps: &'r [Json]) -> Self {
        Replay { engine, steps, outcomes: Vec::new() }
    }

    /// What each step gives.
    pub(crate) fn outcomes(mut self) -> Vec<Json> {
        let mut connection = self.engine.connect().expect("the database is there");
        let asked = self.level(&mut connection, &[]).map(|asked| asked.name);
        assert_eq!(asked, None, "nobody holds it");
        self.outcomes
    }

    /// Replays until a step asks something of an open transaction, or to the end.
    fn level(&mut self, connection: &mut Connection, open: &[String]) -> Option<Asked> {
        while let Some(step) = self.steps.get(self.outcomes.len()) {
            let op = &step["op"];
            let verb = op[0].as_str().expect("an operation");
            let name = || op[1].as_str().expect("a name").to_owned();
            let what = match verb {
                "t_commit" => Verb::Commit,
                "t_rollback" => Verb::Rollback,
                "t_close" => Verb::Close,
                "t_state" => Verb::State,
                "begin" | "begin_nested" => {
                    if let Some(asked) = self.guarded(connection, open, verb, name()) {
                        return Some(asked);
                    }
                    continue;
                }
                _ => {
                    let given = self.step(connection, op);
                    self.outcomes.push(given);
                    continue;
                }
            };
            if open.contains(&name()) {
                return Some(Asked { name: name(), what });
            }
            self.outcomes.push(json!("gone"));
        }
        None
    }

    /// Opens a level for a transaction or a savepoint.
    fn guarded(
        &mut self,
        connection: &mut Connection,
        open: &[String],
        verb: &str,
        name: String,
    ) -> Option<Asked> {
        if verb == "begin" {
            match connection.transaction() {
                Ok(transaction) => self.held(transaction, open, name),
                Err(error) => self.refused(&error),
            }
        } else {
            match connection.savepoint() {
                Ok(savepoint) => self.held(savepoint, open, name),
                Err(error) => self.refused(&error),
            }
        }
    }

    fn refused(&mut self, error: &aludel::Error) -> Option<Asked> {
        self.outcomes.push(json!({ "error": error.kind().name() }));
        None
    }

    fn held<G: Guard>(&mut self, mut guard: G, open: &[String], name: String) -> Option<Asked> {
        self.outcomes.push(Json::Null);
        let mut inner = open.to_vec();
        inner.push(name.clone());
        loop {
            let asked = self.level(&mut guard, &inner)?;
            if asked.name != name {
                return Some(asked);
            }
            let ended = match asked.what {
                Verb::State => {
                    self.outcomes.push(guard.state());
                    continue;
                }
                Verb::Commit => guard.commit(),
                Verb::Rollback => guard.rollback(),
                Verb::Close => {
                    drop(guard);
                    Ok(())
                }
            };
            self.outcomes.push(nothing(ended));
            return None;
        }
    }

    /// A step that asks something of the connection.
    fn step(&self, connection: &mut Connection, op: &Json) -> Json {
        match op[0].as_str().expect("an operation") {
            "state" => json!({
                "in_transaction": connection.in_transaction(),
                "in_nested": connection.in_nested_transaction(),
                "closed": connection.closed(),
                "invalidated": connection.invalidated(),
            }),
            "close" => nothing(connection.close()),
            "commit" => nothing(connection.commit()),
            "rollback" => nothing(connection.rollback()),
            "invalidate" => nothing(connection.invalidate()),
            "detach" => nothing(connection.detach()),
            "count" => outcome(self.count()),
            "options" => nothing(set_options(connection, &op[1])),
            "get_isolation_level" => {
                outcome(connection.get_isolation_level().map(|level| level.name().into()))
            }
            "default_isolation_level" => {
                connection.default_isolation_level().map_or(Json::Null, |level| level.name().into())
            }
            "execute" => read(connection.execute(sql(op), ())),
            "driver" if op[2].is_null() => read(connection.exec_driver_sql(sql(op), ())),
            "driver" => {
                let values: Vec<Value> = values(op[2]["tuple"].as_array().expect("a tuple"));
                read(connection.exec_driver_sql(sql(op), values.as_slice()))
            }
            "execute_params" => execute_params(connection, op),
            other => panic!("unknown operation {other}"),
        }
    }

    /// The ids that another connection sees.
    fn count(&self) -> Result<Json> {
        let sql = "select group_concat(id) from t";
        let ids: Option<String> = self.engine.execute(sql, ())?.scalar()?;
        Ok(ids.map_or(Json::Null, Json::String))
    }
}

fn sql(op: &Json) -> &str {
    op[1].as_str().expect("a statement")
}

fn values(list: &[Json]) -> Vec<Value> {
    list.iter().map(|value| Value::I64(value.as_i64().expect("a number"))).collect()
}

fn set_options(connection: &mut Connection, options: &Json) -> Result<()> {
    let level: IsolationLevel = options["isolation_level"].as_str().expect("a level").parse()?;
    connection.execution_options(&ExecutionOptions::new().isolation_level(level)).map(drop)
}

fn execute_params(connection: &mut Connection, op: &Json) -> Json {
    let list = op[2].as_array().expect("a list");
    if list.iter().any(|row| row.get("tuple").is_some()) {
        let rows: Vec<(i64,)> =
            list.iter().map(|row| (row["tuple"][0].as_i64().expect("a number"),)).collect();
        return read(connection.execute(text(sql(op)), rows.as_slice()));
    }
    let rows: Vec<NamedParams> = list
        .iter()
        .map(|row| aludel::params! { a: row["a"].as_i64().expect("a number") })
        .collect();
    read(connection.execute(sql(op), rows.as_slice()))
}

/// The rows, or how many were changed.
fn read(result: Result<CursorResult<'_>>) -> Json {
    outcome(result.and_then(|mut result| {
        if !result.returns_rows() {
            return Ok(json!({ "rowcount": result.rowcount() }));
        }
        let rows = result.all::<OwnedRow>()?;
        let row = |row: &OwnedRow| {
            let values: Vec<Json> = row.values().iter().map(shown).collect();
            json!({ "row": values })
        };
        Ok(rows.iter().map(row).collect())
    }))
}

fn shown(value: &Value) -> Json {
    match value {
        Value::I64(number) => json!(number),
        other => panic!("the cases have numbers, and not {other:?}"),
    }
}
