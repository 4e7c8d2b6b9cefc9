//! What each command answers.

use std::collections::VecDeque;
use std::time::Duration;

use aludel::dbapi::{Call, Column, Notice, Notification, Origin, Params, SqlType, TypeKind};
use aludel::{Error, Result, Value};

use crate::answer::Answer;
use crate::connection::EverythingConnection;
use crate::script::{Command, unknown};
use crate::{coverage, failure, samples};

/// The results of a statement, in order.
pub(crate) type Answers = VecDeque<Answer>;

/// Runs a command once.
pub(crate) fn run(
    command: &Command,
    connection: &mut EverythingConnection,
    params: Params<'_>,
    call: &Call<'_>,
) -> Result<Answers> {
    params.iter().for_each(coverage::received);
    let answer = match command {
        Command::Echo { lent } => Answer { lent: *lent, ..Answer::rows(vec![values(params)]) },
        Command::Emit { name, lent } => {
            let rows = samples::rows(name).ok_or_else(|| unknown(name))?;
            Answer { lent: *lent, ..Answer::rows(rows) }
        }
        Command::Types => {
            let row = vec![Value::Null; described().len()];
            Answer { columns: Some(described()), ..Answer::rows(vec![row]) }
        }
        Command::Rows(rows) => Answer::counted(0..*rows),
        Command::RowsThen(rows, name) => {
            let failure = failure::named(name).ok_or_else(|| unknown(name))?;
            Answer { failure: Some(failure), ..Answer::counted(0..*rows) }
        }
        Command::Wide(columns) => {
            Answer::rows(vec![(0..*columns as i64).map(Value::I64).collect()])
        }
        Command::Text { bytes, lent } => {
            let text = Value::Text("x".repeat(*bytes));
            let row = vec![Value::I64(1), text, Value::I64(2)];
            Answer { lent: *lent, ..Answer::rows(vec![row.clone(), row]) }
        }
        Command::Results(count) => return Ok((0..*count).map(|n| Answer::counted(0..n)).collect()),
        Command::Insert { returning } => insert(connection, params, *returning)?,
        Command::Select => Answer::table(&["key", "value"], connection.table()),
        Command::Fail(name) => return Err(failure::named(name).ok_or_else(|| unknown(name))?),
        Command::Lie(lie) => Answer { lie: Some(*lie), ..Answer::rows(vec![vec![Value::I64(0)]]) },
        Command::Coverage => Answer::table(&["group", "name"], coverage::rows()),
        Command::Arguments => Answer::table(&["name", "value"], connection.arguments()),
        Command::Flushes => Answer::table(&["flushes"], vec![vec![connection.flushes.into()]]),
        Command::Transaction => {
            let text = Value::from(connection.transaction.description());
            Answer::table(&["transaction"], vec![vec![text]])
        }
        Command::Call(procedure) => return procedure_results(procedure, params),
        other => {
            act(other, connection, call)?;
            Answer::default()
        }
    };
    Ok(VecDeque::from([answer]))
}

/// Commands that answer nothing.
fn act(command: &Command, connection: &mut EverythingConnection, call: &Call<'_>) -> Result<()> {
    match command {
        Command::Panic(entry) => connection.probe.arm(entry),
        Command::Sleep(time) => {
            return connection.waiting.wait(Duration::from_millis(*time), call);
        }
        Command::Notice(text) => connection.notices.push_back(Notice {
            severity: "WARNING".into(),
            message: text.clone(),
            sqlstate: Some("01000".into()),
            native_code: Some(1003),
        }),
        Command::Notify(channel, payload) => connection.database.notify(Notification {
            channel: channel.clone(),
            payload: payload.clone(),
            sender: Some(connection.number),
        }),
        Command::Log => log(connection.number),
        Command::Abort => return Err(connection.transaction.abort()),
        Command::Die => {
            connection.alive = false;
            return Err(Error::operational("the connection died").disconnected());
        }
        _ => {}
    }
    Ok(())
}

fn insert(
    connection: &mut EverythingConnection,
    params: Params<'_>,
    returning: bool,
) -> Result<Answer> {
    if params.len() != 2 {
        return Err(Error::programming(format!("insert takes 2 parameters, not {}", params.len())));
    }
    let row = values(params);
    let read_only = connection.options.read_only();
    let entry = (row[0].clone(), row[1].clone());
    if connection.table().iter().any(|known| known[0] == entry.0) {
        return Err(failure::duplicate(&entry.0));
    }
    connection.transaction.insert(vec![entry], read_only, &connection.database)?;
    let key = match row[0] {
        Value::I64(key) => Some(key),
        _ => None,
    };
    let answer =
        if returning { Answer::table(&["key", "value"], vec![row]) } else { Answer::default() };
    Ok(Answer { affected: Some(1), last_insert_id: key, ..answer })
}

/// `add(in a, in out b, out sum)`: a result with both, then b doubled and the sum.
fn procedure_results(procedure: &str, params: Params<'_>) -> Result<Answers> {
    let (Some(a), Some(b)) = (integer(params, 0), integer(params, 1)) else {
        return Err(Error::data(format!("{procedure} takes two integers")));
    };
    let result = Answer::table(&["a", "b"], vec![vec![a.into(), b.into()]]);
    let out = Answer::table(&["b", "sum"], vec![vec![(2 * b).into(), (a + b).into()]]);
    Ok(VecDeque::from([result, Answer { out_parameters: true, ..out }]))
}

fn integer(params: Params<'_>, index: usize) -> Option<i64> {
    match params.get(index) {
        aludel::ValueRef::I64(number) => Some(number),
        _ => None,
    }
}

/// Copies a row of parameters.
pub(crate) fn values(params: Params<'_>) -> Vec<Value> {
    params.iter().map(|value| value.to_owned()).collect()
}

/// An event of each level, with fields.
fn log(connection: u64) {
    tracing::error!(connection, "an error");
    tracing::warn!(text = "with \"quotes\"", "a warning");
    tracing::info!(target: "everything::chosen", answer = ?Some(42), "some information");
    tracing::debug!("a detail");
    tracing::trace!("a trace");
}

/// Columns that leave no field out.
fn described() -> Vec<Column> {
    let mut exact = SqlType::new(TypeKind::Numeric, "EXACT");
    (exact.precision, exact.scale, exact.unsigned) = (Some(38), Some(-2), true);
    let mut text = SqlType::new(TypeKind::Varchar, "STRING");
    text.length = Some(6_000_000_000);
    text.collation = Some("sv_SE".into());
    text.charset = Some("utf8mb4".into());
    let mut mood = SqlType::new(TypeKind::Enum, "mood");
    mood.labels = vec!["glad".into(), "ledsen".into(), String::new()];
    let mut array = SqlType::new(TypeKind::Array, "EXACT[][]");
    array.array_dimensions = 2;
    array.element = Some(Box::new(exact.clone()));
    let mut composite = SqlType::new(TypeKind::Struct, "pair");
    composite.fields = vec![("left".into(), array.clone()), ("right".into(), mood.clone())];
    let mut map = SqlType::new(TypeKind::Map, "MAP");
    map.element = Some(Box::new(composite.clone()));
    let mut columns: Vec<Column> = [("exact", exact), ("text", text), ("mood", mood)]
        .into_iter()
        .chain([("array", array), ("composite", composite), ("map", map)])
        .map(|(name, sql_type)| Column::new(name, sql_type))
        .collect();
    columns[0].nullable = Some(false);
    columns[1].nullable = Some(true);
    columns[1].display_size = Some(80);
    columns[2].origin = Some(Origin {
        catalog: "memory".into(),
        schema: "main".into(),
        table: "entries".into(),
        column: "mood".into(),
    });
    columns
}
