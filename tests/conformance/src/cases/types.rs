//! Types beside the round trip: literals, columns, NULL, text that is none.

use aludel::Value;
use aludel::abi::host::ExecuteOptions;

use crate::case;
use crate::case::Case;
use crate::compare::identical;
use crate::flaw::Step;
use crate::session::done;
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Types,
        literals_are_read_as_parameters_are,
        [],
        "A value that SQL text wrote reads as the same value that a parameter wrote.",
        "ISO/IEC 9075-2, 5.3 <literal>"
    ),
    case!(
        Types,
        columns_tell_the_type_that_they_were_declared_with,
        [],
        "A column of a table has, in a result, the neutral type that its declaration means.",
        "PEP 249, Cursor.description: type_code; aludel: Column::sql_type"
    ),
    case!(
        Types,
        nulls_and_values_of_all_types_mix_in_a_row,
        [],
        "In a row each value is NULL or not for itself, whatever stands beside it.",
        "PEP 249, Type Objects and Constructors: None"
    ),
    case!(
        Types,
        text_that_is_no_utf8_is_an_error_when_it_is_read_as_text,
        [],
        "Bytes that are no UTF-8 never become a text silently; other columns can be read.",
        "aludel: RowBuilder::lend_as; Unicode, conformance C10"
    ),
];

fn literals_are_read_as_parameters_are(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    let mut session = trial.connect()?;
    let mut found = false;
    for kind in &quirks.kinds {
        let table = trial.table(&format!("id {{integer}}, x {}", kind.ddl))?;
        for sample in &kind.samples {
            let Some(literal) = &sample.literal else { continue };
            (found, _) = (true, trial.tried());
            session.run(&format!("delete from {table}"), &[])?;
            let with = |id: i64, x: &str| format!("insert into {table} (id, x) values ({id}, {x})");
            session.run(&with(1, literal), &[])?;
            session.run(&with(2, "?"), std::slice::from_ref(&sample.value))?;
            let text = format!("select x from {table} order by id");
            let rows = session.query(&text, &[])?.rows;
            let same = rows.len() == 2 && identical(&rows[0][0], &rows[1][0]);
            if !same {
                let expected = format!("twice the value of {literal}");
                return Err(session.wrong(&text, &[], &expected, &show::rows(&rows)));
            }
        }
    }
    match found {
        true => Ok(()),
        false => Err(trial.unsupported("the quirks know no literals")),
    }
}

fn columns_tell_the_type_that_they_were_declared_with(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    let mut session = trial.connect()?;
    let mut found = false;
    for kind in &quirks.kinds {
        let Some(expected) = kind.column else { continue };
        (found, _) = (true, trial.tried());
        let table = trial.table(&format!("x {}", kind.ddl))?;
        let text = format!("select x from {table}");
        let answer = session.query(&text, &[])?;
        let got = answer.columns.iter().flatten().next().map(|column| column.sql_type.kind);
        if got != Some(expected) {
            let expected = format!("{expected:?} for {}", kind.ddl);
            return Err(session.wrong(&text, &[], &expected, &format!("{got:?}")));
        }
    }
    match found {
        true => Ok(()),
        false => Err(trial.unsupported("the quirks know no kinds of columns")),
    }
}

fn nulls_and_values_of_all_types_mix_in_a_row(trial: &mut Trial) -> Step<()> {
    let table = trial.table("a {integer}, b {text}, c {float}, d {blob}, e {bigint}")?;
    let mut session = trial.connect()?;
    let values: [Value; 5] =
        [1.into(), "b".into(), 0.5.into(), Value::Bytes(vec![0, 1]), (1i64 << 40).into()];
    let mut expected = Vec::new();
    for mask in 0..32 {
        let row: Vec<Value> = values
            .iter()
            .enumerate()
            .map(|(place, value)| if mask >> place & 1 == 1 { value.clone() } else { Value::Null })
            .collect();
        session.run(&format!("insert into {table} values (?, ?, ?, ?, ?)"), &row)?;
        expected.push(row);
    }
    // One value in each row tells it from the others, so that it can be asked for.
    for row in &expected {
        let conditions: Vec<String> = ["a", "b", "c", "d", "e"]
            .iter()
            .zip(row)
            .map(|(name, value)| {
                format!("{name} is {}null", if value.is_null() { "" } else { "not " })
            })
            .collect();
        let text = format!("select * from {table} where {}", conditions.join(" and "));
        session.expect_rows(&text, &[], &vec![row.clone()])?;
    }
    Ok(())
}

fn text_that_is_no_utf8_is_an_error_when_it_is_read_as_text(trial: &mut Trial) -> Step<()> {
    let Some(expression) = trial.quirks().bad_utf8 else {
        return Err(trial.unsupported("the quirks know no text that is no UTF-8"));
    };
    let text = format!("select 'good', {expression}, 42");
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let prepared = session.prepare(&text)?;
        let read = {
            let options = ExecuteOptions::default();
            let cursor = session.raw().execute(&prepared.statement, &(), options);
            let mut cursor = done("execute", cursor)?;
            let row = done("next", cursor.next())?;
            row.map(|row| {
                (
                    row.get_at::<&str>(0).map(str::to_owned),
                    row.get_at::<&str>(1).map(str::to_owned),
                    row.bytes_at(1).map(|bytes| bytes.map(<[u8]>::to_vec)),
                    row.get_at::<i64>(2),
                )
            })
        };
        session.close_statement(prepared);
        let holds = matches!(
            &read,
            Some((Ok(good), Err(_), Ok(Some(bytes)), Ok(42)))
                if good == "good" && bytes == b"a\xffb"
        );
        if !holds {
            let expected = "'good', an error and the bytes x'61ff62', 42";
            return Err(session.wrong(&text, &[], expected, &format!("{read:?}")));
        }
    }
    Ok(())
}
