//! One operation of a recorded case on our result, and what it gave in the record's form.

use aludel::{CursorResult, OwnedRow, Result, Value};
use serde_json::{Value as Json, json};

/// A result whose operations are replayed.
pub(crate) struct Replay<'c> {
    /// `None` once an operation has used it up.
    result: Option<CursorResult<'c>>,
    /// Of the last error.
    pub(crate) message: Option<String>,
}

impl<'c> Replay<'c> {
    pub(crate) fn new(result: CursorResult<'c>) -> Self {
        Replay { result: Some(result), message: None }
    }

    /// What the operation gives; errors by their kind.
    pub(crate) fn step(&mut self, op: &Json) -> Json {
        let name = op[0].as_str().expect("the name of an operation");
        let given = match self.consuming(name, &op[1]) {
            Some(given) => given,
            None => self.asking(name, &op[1]),
        };
        given.unwrap_or_else(|error| {
            self.message = Some(error.message().to_owned());
            json!({ "error": error.kind().name() })
        })
    }

    /// The operations that use the result up.
    fn consuming(&mut self, name: &str, argument: &Json) -> Option<Result<Json>> {
        let mut take = || self.result.take().expect("the result is there");
        Some(match name {
            "iter" => take().owned().map(|row| Ok(row_json(&row?))).collect(),
            "scalars" => scalars(take(), argument),
            "unique_scalars" => take().unique().scalars::<Value>(0).and_then(values_json),
            "mappings_all" => take().mappings().map(|row| Ok(mapping_json(row?))).collect(),
            "columns" => columns(take(), argument),
            "freeze_twice" => freeze_twice(take()),
            "with_then_fetch" => {
                let first = take().fetch_one().map(optional_row);
                // What went out of scope cannot be asked: programs that try do not compile.
                first.map(|first| json!([first]))
            }
            _ => return None,
        })
    }

    fn asking(&mut self, name: &str, argument: &Json) -> Result<Json> {
        let result = self.result.as_mut().expect("the result is there");
        Ok(match name {
            "all" => rows_json(&result.all()?),
            "fetchone" => optional_row(result.fetch_one()?),
            "fetchmany" => {
                rows_json(&result.fetch_many(argument.as_u64().map(|size| size as usize))?)
            }
            "first" => optional_row(result.first()?),
            "one" => row_json(&result.one()?),
            "one_or_none" => optional_row(result.one_or_none()?),
            "scalar" => value_json(&result.scalar::<Value>()?),
            "scalar_one" => value_json(&result.scalar_one::<Value>()?),
            "scalar_one_or_none" => match result.scalar_one_or_none::<Value>()? {
                Some(value) => json!({ "some": value_json(&value) }),
                None => Json::Null,
            },
            "keys" => json!(result.keys()?),
            "close" => result.close().map(|()| Json::Null)?,
            "closed" => json!(result.closed()),
            "returns_rows" => json!(result.returns_rows()),
            "rowcount" => result.rowcount().map_or(json!(-1), |count| json!(count)),
            "lastrowid" => json!(result.last_insert_id()),
            "row_get" => {
                let name = argument.as_str().expect("a name");
                value_json(&result.one::<OwnedRow>()?.get_by::<Value>(name)?)
            }
            "row_idx" => {
                let index = argument.as_u64().expect("a place") as usize;
                value_json(&result.one::<OwnedRow>()?.get_at::<Value>(index)?)
            }
            "asdict" => {
                let row: aludel::result::RowMapping = result.one()?;
                row.iter().map(|(name, value)| (name.to_owned(), value_json(value))).collect()
            }
            other => panic!("unknown operation {other}"),
        })
    }
}

fn scalars(result: CursorResult<'_>, key: &Json) -> Result<Json> {
    values_json(match key.as_u64() {
        Some(index) => result.scalars::<Value>(index as usize)?,
        None => result.scalars::<Value>(key.as_str().expect("a name"))?,
    })
}

fn columns(result: CursorResult<'_>, keys: &Json) -> Result<Json> {
    let keys = keys.as_array().expect("names").iter().map(|key| key.as_str().expect("a name"));
    Ok(rows_json(&result.columns(keys)?.all()?))
}

fn freeze_twice(result: CursorResult<'_>) -> Result<Json> {
    let frozen = result.freeze()?;
    let rows = rows_json(&frozen.result().all()?);
    Ok(json!([rows, values_json(frozen.result().scalars(0)?)?]))
}

fn values_json(values: aludel::result::ScalarResult<'_, Value>) -> Result<Json> {
    values.map(|value| Ok(value_json(&value?))).collect()
}

fn rows_json(rows: &[OwnedRow]) -> Json {
    rows.iter().map(row_json).collect()
}

fn optional_row(row: Option<OwnedRow>) -> Json {
    row.as_ref().map_or(Json::Null, row_json)
}

fn row_json(row: &OwnedRow) -> Json {
    json!({ "row": row.values().iter().map(value_json).collect::<Json>() })
}

fn mapping_json(row: aludel::result::RowMapping) -> Json {
    let pairs = row.iter().map(|(name, value)| json!([name, value_json(value)]));
    json!({ "mapping": pairs.collect::<Json>() })
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::I64(number) => json!(number),
        Value::Text(text) => json!(text),
        other => panic!("no case gives {other:?}"),
    }
}
