//! The recorded texts, executed: what SQLite gave SQLAlchemy, and what PostgreSQL gives for them.

use aludel::text::{bindparam, text};
use aludel::value::Array;
use aludel::{Connection, NamedParams, OwnedRow, Result, Value};
use serde_json::Value as Json;

use crate::databases::{Database, databases, postgresql};

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cases/text_params_cases.json");

fn cases() -> Vec<Json> {
    let text = std::fs::read_to_string(RECORD).expect("the record is there");
    let mut record: Json = serde_json::from_str(&text).expect("the record is JSON");
    match record["cases"].take() {
        Json::Array(cases) => cases,
        other => panic!("`cases` is a list, not {other}"),
    }
}

fn string<'a>(case: &'a Json, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_else(|| panic!("`{field}` is a text in {case}"))
}

fn names<'a>(case: &'a Json, field: &str) -> impl Iterator<Item = &'a str> {
    case.get(field).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::I64(number.as_i64().expect("recorded numbers are whole")),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::Array(Array::new(items.iter().map(value).collect())),
        other => panic!("no value is {other}"),
    }
}

/// Executes the case with the parameters that it names, and those only.
fn execute(connection: &mut Connection, case: &Json) -> Result<Vec<OwnedRow>> {
    let expanding = names(case, "expanding").map(|name| bindparam(name).expanding());
    let literal = names(case, "literal_execute").map(|name| bindparam(name).literal_execute());
    let statement = text(string(case, "text")).bindparams(expanding.chain(literal))?;
    let given = case["params"].as_object().into_iter().flatten();
    let params = given
        .fold(NamedParams::new(), |params, (name, json)| params.with(name.clone(), value(json)));
    let mut result = connection.execute(&statement, params)?;
    if result.returns_rows() { result.all() } else { Ok(Vec::new()) }
}

/// What executing the case gives, as text.
fn outcome(database: &Database, case: &Json) -> String {
    let mut connection = database.engine().connect().expect("the database takes a connection");
    match execute(&mut connection, case) {
        Ok(rows) => rows.iter().map(shown).collect::<Vec<_>>().join("; "),
        Err(error) => match error.sqlstate() {
            Some(state) if database.name == "postgresql" => format!("error {state}"),
            _ => format!("error {}", error.kind().name()),
        },
    }
}

fn shown(row: &OwnedRow) -> String {
    let one = |value: &Value| match value {
        Value::Null => "null".to_owned(),
        Value::I64(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    };
    row.values().iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What SQLite gave when the case was recorded.
fn recorded(case: &Json) -> String {
    let run = &case["sqlite_run"];
    match run["rows"].as_array() {
        Some(rows) => rows
            .iter()
            .map(|row| row.as_array().expect("a row").iter().map(Json::to_string))
            .map(|row| row.collect::<Vec<_>>().join(", "))
            .collect::<Vec<_>>()
            .join("; "),
        None => match run["error"].as_str() {
            // What pysqlite calls operational is SQLite's general code, of wrong statements; a bind
            // without a value is PEP 249's class of wrong numbers of parameters.
            Some("OperationalError" | "StatementError") => "error ProgrammingError".to_owned(),
            Some(kind) => format!("error {kind}"),
            None => String::new(),
        },
    }
}

/// Where executing decides otherwise than SQLAlchemy on SQLite, why, and what it gives.
const DEVIATIONS: [(&str, &str, &str); 3] = [
    ("text-069", "`%(a)s` in quotes is text, and no second value is looked for", "\"%(a)s\", 1"),
    (
        "text-087",
        "a value that no bind takes is an error, which names it",
        "error ProgrammingError",
    ),
    ("text-099", "a text without a statement is an error", "error ProgrammingError"),
];

/// What PostgreSQL gives; the other cases are errors there, of its syntax, of tables that are not
/// there, or of values that no bind takes. A parameter whose type nothing tells is a text.
const POSTGRESQL: [(&str, &str); 20] = [
    ("text-001", "1"),
    ("text-003", "\"1\", \"2\""),
    ("text-005", "\"1\", \"2\", \"1\""),
    ("text-011", "\"1\""),
    ("text-013", "\"1\", \"2\", \"3\", \"4\""),
    ("text-015", "\"x\", \"y\""),
    ("text-025", "1"),
    ("text-029", "1"),
    ("text-031", "Date(Date { days: 18262 })"),
    ("text-047", "1"),
    ("text-057", "\"12:30:00\""),
    ("text-061", "\"{\\\"k\\\": true}\""),
    ("text-065", "\":a\""),
    ("text-067", "\"100%\", \"1\""),
    ("text-069", "\"%(a)s\", \"1\""),
    ("text-073", "\"?\", \"1\""),
    ("text-075", "\"1\", \"1\""),
    ("text-083", "null"),
    ("text-101", "\"1\", \"2\""),
    ("text-009", "error 42725"),
];

#[test]
fn recorded_texts_give_on_sqlite_what_was_recorded_or_deviate_as_listed() {
    let database = &databases()[0];
    let mut problems = Vec::new();
    for case in cases() {
        let id = string(&case, "id");
        let (ours, recorded) = (outcome(database, &case), recorded(&case));
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

#[test]
fn recorded_texts_give_on_postgresql_what_its_sql_says() {
    let Some(database) = postgresql() else { return };
    for case in cases() {
        let id = string(&case, "id");
        let ours = outcome(&database, &case);
        match POSTGRESQL.iter().find(|(known, _)| *known == id) {
            Some((_, gives)) => assert_eq!(ours, *gives, "{id}"),
            None => assert!(ours.starts_with("error"), "{id}: {ours}"),
        }
    }
}

#[test]
fn the_errors_of_missing_and_extra_values_name_them() {
    for database in databases() {
        for (id, message) in [
            ("text-085", "no value for parameter `a`"),
            ("text-087", "the statement has no parameter `zz`"),
            ("text-099", "the text holds no statement"),
        ] {
            let cases = cases();
            let case = cases.iter().find(|case| string(case, "id") == id).expect("recorded");
            let mut connection = database.engine().connect().expect("it takes a connection");
            let error = execute(&mut connection, case).expect_err(id);
            assert_eq!(error.message(), message, "{id} on {}", database.name);
        }
    }
}
