//! Faults in the rows of a result.

use aludel::value::Value;

use crate::fault::Fault;
use crate::plan::Plan;
use crate::result::Answer;

/// Rows of a batch of the host.
const BATCH: usize = 256;

/// Makes the result what the fault makes of it. A fault has a chance only where it would show.
pub(crate) fn spoil(plan: &Plan, answer: &mut Answer) {
    if answer.rows.front().is_some_and(|row| row.len() >= 2) && plan.makes(Fault::SwappedColumns) {
        answer.rows.iter_mut().for_each(|row| row.swap(0, 1));
    }
    if !answer.rows.is_empty() && plan.makes(Fault::DoubledRow) {
        let first = answer.rows[0].clone();
        answer.rows.push_front(first);
    }
    if answer.rows.len() > BATCH && plan.makes(Fault::LostRowAtBatch) {
        answer.rows.remove(BATCH - 1);
    }
    if !answer.rows.is_empty() && plan.makes(Fault::LostLastRow) {
        answer.rows.pop_back();
    }
    if answer.error.is_some() && plan.makes(Fault::LostLateError) {
        answer.error = None;
    }
    if answer.rows.is_empty() && answer.columns.is_some() && plan.makes(Fault::EmptyWithoutColumns)
    {
        answer.columns = None;
    }
    spoil_names(plan, answer);
    spoil_values(plan, answer, Fault::NullAsEmpty, |value| match value {
        Value::Null => Some(Value::Text(String::new())),
        _ => None,
    });
    spoil_values(plan, answer, Fault::EmptyAsNull, |value| match value {
        Value::Text(text) if text.is_empty() => Some(Value::Null),
        _ => None,
    });
    spoil_values(plan, answer, Fault::CutIntegers, |value| match value {
        Value::I64(number) if i32::try_from(*number).is_err() => {
            Some(Value::I64(i64::from(*number as i32)))
        }
        _ => None,
    });
    spoil_values(plan, answer, Fault::RoundedFloats, |value| match value {
        Value::F64(number) if f64::from(*number as f32) != *number => {
            Some(Value::F64(f64::from(*number as f32)))
        }
        _ => None,
    });
    spoil_values(plan, answer, Fault::CutText, |value| match value {
        Value::Text(text) if !text.is_empty() => {
            let mut cut = text.clone();
            cut.pop();
            Some(Value::Text(cut))
        }
        _ => None,
    });
    spoil_values(plan, answer, Fault::CutBytes, |value| match value {
        Value::Bytes(bytes) if !bytes.is_empty() => {
            Some(Value::Bytes(bytes[..bytes.len() - 1].to_vec()))
        }
        _ => None,
    });
}

fn spoil_values(
    plan: &Plan,
    answer: &mut Answer,
    fault: Fault,
    spoiled: impl Fn(&Value) -> Option<Value>,
) {
    let has_chance = |row: &Vec<Value>| row.iter().any(|value| spoiled(value).is_some());
    if !answer.rows.iter().any(has_chance) || !plan.makes(fault) {
        return;
    }
    for value in answer.rows.iter_mut().flatten() {
        if let Some(spoiled) = spoiled(value) {
            *value = spoiled;
        }
    }
}

fn spoil_names(plan: &Plan, answer: &mut Answer) {
    let Some(columns) = &mut answer.columns else { return };
    let repeated = (1..columns.len())
        .find(|index| columns[..*index].iter().any(|column| column.name == columns[*index].name));
    let Some(index) = repeated else { return };
    if plan.makes(Fault::RenamedColumns) {
        let name = format!("{}_1", columns[index].name);
        columns[index].name = name;
    }
}

/// Makes an answer about the schema what the fault makes of it.
pub(crate) fn spoil_reflection(plan: &Plan, answer: &mut Answer) {
    if answer.rows.len() > 1 && plan.makes(Fault::ReflectOneRow) {
        answer.rows.truncate(1);
    }
    spoil_values(plan, answer, Fault::ReflectLowerCase, |value| match value {
        Value::Text(text) if text.to_lowercase() != *text => Some(Value::Text(text.to_lowercase())),
        _ => None,
    });
}
