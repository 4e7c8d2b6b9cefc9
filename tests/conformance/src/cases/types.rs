//! Values of every type, there and back: each declared type with each of its samples.

use aludel::dbapi::TypeKind;
use aludel::value::{Date, Decimal, FromValue, Time, Timestamp, TimestampTz, Uuid};
use aludel::{Value, ValueRef};

use crate::case::{Case, case};
use crate::compare::{alike, identical};
use crate::flaw::Step;
use crate::quirks::{Back, Kind, Sample};
use crate::session::Session;
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Types,
        booleans_come_back_as_they_went,
        [],
        "Truth values and NULL come back as what was sent.",
        "PEP 249, Type Objects; aludel: Value::Bool"
    ),
    case!(
        Types,
        integers_come_back_exactly_up_to_their_limits,
        [],
        "Integers are exact up to the limits of their type, and refused beyond; never cut or wrapped.",
        "PEP 249, DataError: numeric value out of range"
    ),
    case!(
        Types,
        floats_come_back_bit_by_bit,
        [],
        "Floats come back with every bit: limits, the smallest, the sign of zero.",
        "IEEE 754; aludel: Value::F64"
    ),
    case!(
        Types,
        decimals_come_back_with_every_digit,
        [],
        "Exact numbers keep every digit; where the database cannot, the quirks say so.",
        "ISO/IEC 9075-2, 4.4 Numbers; aludel: Value::Decimal"
    ),
    case!(
        Types,
        text_comes_back_character_by_character,
        [],
        "Text keeps spaces, quotes, line breaks and every character, composed as it was.",
        "ISO/IEC 9075-2, 4.2 Character strings"
    ),
    case!(
        Types,
        bytes_come_back_byte_by_byte,
        [],
        "Bytes are any bytes, none of them special, and may be none at all.",
        "PEP 249, Binary"
    ),
    case!(
        Types,
        dates_and_times_come_back_to_the_microsecond,
        [],
        "Dates, times and timestamps keep their fields, before 1970 and to the last year.",
        "PEP 249, Date, Time, Timestamp"
    ),
    case!(
        Types,
        uuids_and_json_come_back_as_what_they_are,
        [],
        "UUIDs and JSON come back as the same UUID and the same document.",
        "RFC 9562; RFC 8259; aludel: Value::Uuid, Value::Json"
    ),
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

fn booleans_come_back_as_they_went(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Boolean])
}

fn integers_come_back_exactly_up_to_their_limits(trial: &mut Trial) -> Step<()> {
    round_trips(
        trial,
        &[
            TypeKind::TinyInteger,
            TypeKind::SmallInteger,
            TypeKind::Integer,
            TypeKind::BigInteger,
            TypeKind::HugeInteger,
        ],
    )
}

fn floats_come_back_bit_by_bit(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Real, TypeKind::Double])
}

fn decimals_come_back_with_every_digit(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Numeric])
}

fn text_comes_back_character_by_character(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Char, TypeKind::Varchar, TypeKind::Text])
}

fn bytes_come_back_byte_by_byte(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Binary, TypeKind::Varbinary, TypeKind::Blob])
}

fn dates_and_times_come_back_to_the_microsecond(trial: &mut Trial) -> Step<()> {
    round_trips(
        trial,
        &[
            TypeKind::Date,
            TypeKind::Time,
            TypeKind::TimeTz,
            TypeKind::Timestamp,
            TypeKind::TimestampTz,
            TypeKind::Interval,
        ],
    )
}

fn uuids_and_json_come_back_as_what_they_are(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Uuid, TypeKind::Json])
}

/// Sends every sample of these kinds there and back. Each value is read several times, because a
/// fault may show only now and then.
fn round_trips(trial: &mut Trial, kinds: &[TypeKind]) -> Step<()> {
    let quirks = trial.quirks();
    let known: Vec<&Kind> = quirks.kinds.iter().filter(|kind| kinds.contains(&kind.kind)).collect();
    if known.is_empty() {
        return Err(trial.unsupported("the dialect declares no such type"));
    }
    for kind in known {
        let table = trial.table(&format!("id {{integer}}, x {}", kind.ddl))?;
        let mut session = trial.connect()?;
        for (id, sample) in kind.samples.iter().enumerate() {
            trial.tried();
            let insert = format!("insert into {table} (id, x) values (?, ?)");
            let params = [(id as i64).into(), sample.value.clone()];
            if sample.back == Back::Refused {
                session.refusal(&insert, &params)?;
                let what = show::value(&sample.value);
                trial.cannot_represent(format!("{}: {what} is refused", kind.ddl));
                continue;
            }
            session.run(&insert, &params)?;
            reads_back(trial, &mut session, &table, kind, (id, sample))?;
        }
    }
    Ok(())
}

fn reads_back(
    trial: &mut Trial,
    session: &mut Session,
    table: &str,
    kind: &Kind,
    (id, sample): (usize, &Sample),
) -> Step<()> {
    let expected = match &sample.back {
        Back::As(back) => back,
        Back::Changed(back) => {
            let (sent, got) = (show::value(&sample.value), show::value(back));
            trial.cannot_represent(format!("{}: {sent} comes back as {got}", kind.ddl));
            back
        }
        Back::Same | Back::Refused => &sample.value,
    };
    let text = format!("select x from {table} where id = {id}");
    for _ in 0..ROUNDS {
        let got = session.scalar(&text, &[])?;
        let same = match kind.exact {
            true => identical(&got, expected),
            false => reads_as(&got, expected),
        };
        if !same {
            let what = format!("{} of {}", show::value(expected), kind.ddl);
            return Err(session.wrong(&text, &[], &what, &show::value(&got)));
        }
    }
    Ok(())
}

/// Whether a value, read as the type of another, is that other.
fn reads_as(got: &Value, expected: &Value) -> bool {
    fn read<'v, T: FromValue<'v> + PartialEq>(got: &'v Value, expected: T) -> bool {
        T::from_value(got.as_ref()).is_ok_and(|got| got == expected)
    }
    match expected.as_ref() {
        ValueRef::Bool(truth) => read(got, truth),
        ValueRef::Date(date) => read::<Date>(got, date),
        ValueRef::Time(time) => read::<Time>(got, time),
        ValueRef::Timestamp(timestamp) => read::<Timestamp>(got, timestamp),
        ValueRef::TimestampTz(moment) => {
            // The offset that a moment was written with is not part of the moment.
            TimestampTz::from_value(got.as_ref()).is_ok_and(|got| got.utc() == moment.utc())
        }
        ValueRef::Uuid(uuid) => read::<Uuid>(got, uuid),
        ValueRef::Decimal(text) => {
            Decimal::from_value(got.as_ref()).is_ok_and(|got| got.as_str() == text)
        }
        ValueRef::Json(text) => match got {
            Value::Json(got) | Value::Text(got) => same_json(got, text),
            _ => false,
        },
        _ => alike(got, expected),
    }
}

fn same_json(left: &str, right: &str) -> bool {
    let parse = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    parse(left).is_some() && parse(left) == parse(right)
}

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
            let options = aludel::abi::host::ExecuteOptions::default();
            let cursor = session.raw().execute(&prepared.statement, &(), options);
            let mut cursor = crate::session::done("execute", cursor)?;
            let row = crate::session::done("next", cursor.next())?;
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
