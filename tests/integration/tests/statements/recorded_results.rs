//! The recorded operations on results, replayed on PostgreSQL.

use aludel::{Connection, ExecutionOptions, Result};
use serde_json::Value as Json;

use crate::databases::postgresql;
use crate::steps::Replay;

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cases/result_cases.json");

/// Where PostgreSQL gives something else than SQLite has given SQLAlchemy, and why.
const DEVIATIONS: [(&str, &str, &str); 6] = [
    (
        "result-025",
        "a NULL is told apart from a missing row, on every database",
        r#"[{"some":null}]"#,
    ),
    ("result-039", "PostgreSQL refuses columns beside an aggregate", "error 42803"),
    (
        "result-047",
        "a column that is not there is one kind of error, on every database",
        r#"[{"error":"NoSuchColumnError"}]"#,
    ),
    ("result-051", "PostgreSQL folds `Foo` to `foo`", "[1]"),
    (
        "result-059",
        "PostgreSQL tells no key of a row that was inserted without RETURNING",
        r#"[false,1,null,{"error":"ResourceClosedError"}]"#,
    ),
    (
        "result-075",
        "the compiler refuses the use of a result that went out of scope",
        r#"[[{"row":[1,"a"]}]]"#,
    ),
];

fn record() -> Json {
    let text = std::fs::read_to_string(RECORD).expect("the record is there");
    serde_json::from_str(&text).expect("the record is JSON")
}

fn list<'a>(json: &'a Json, field: &str) -> &'a [Json] {
    json[field].as_array().unwrap_or_else(|| panic!("`{field}` is a list"))
}

/// The SQL in words that both databases read alike.
fn portable(sql: &str) -> String {
    sql.replace("where 0", "where false").replace("create table", "create temporary table")
}

fn run(connection: &mut Connection, case: &Json) -> Result<Vec<Json>> {
    let mut options = ExecutionOptions::new();
    if let Some(rows) = case["execution_options"]["yield_per"].as_u64() {
        options = options.yield_per(rows as usize);
    }
    if let Some(streams) = case["execution_options"]["stream_results"].as_bool() {
        options = options.stream_results(streams);
    }
    let sql = portable(case["sql"].as_str().expect("a statement"));
    let result = connection.execute_with(&sql, (), &options)?;
    let mut replay = Replay::new(result);
    Ok(list(case, "steps").iter().map(|step| replay.step(&step["op"])).collect())
}

/// What a step gave when it was recorded; of errors the kind.
fn recorded(step: &Json) -> Json {
    match (&step["error"], &step["result"]) {
        (Json::String(kind), _) => serde_json::json!({ "error": kind }),
        (_, result) => result.clone(),
    }
}

#[test]
fn recorded_results_are_those_of_postgresql_or_deviate_as_listed() {
    let Some(database) = postgresql() else { return };
    let mut connection = database.engine().connect().expect("the server takes a connection");
    let record = record();
    for sql in list(&record, "setup") {
        connection.execute(portable(sql.as_str().expect("a statement")), ()).expect("a table");
    }
    connection.commit().expect("the table stays");
    let mut problems = Vec::new();
    for case in list(&record, "cases") {
        let id = case["id"].as_str().expect("a name");
        let ours = match run(&mut connection, case) {
            Ok(steps) => Json::from(steps).to_string(),
            Err(error) => format!("error {}", error.sqlstate().unwrap_or_default()),
        };
        connection.rollback().expect("it rolls back");
        let recorded = Json::from_iter(list(case, "steps").iter().map(recorded)).to_string();
        let listed = DEVIATIONS.iter().find(|(deviation, ..)| *deviation == id);
        match listed {
            None if ours == recorded => {}
            None => problems.push(format!("{id}: {ours}, not {recorded}")),
            Some(_) if ours == recorded => problems.push(format!("{id}: stale deviation")),
            Some((_, reason, gives)) if ours != *gives => {
                problems.push(format!("{id} ({reason}): {ours}"));
            }
            Some(_) => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
