//! Values of every type, there and back: each declared type with each of its samples.

use aludel::dbapi::TypeKind;
use aludel::value::{Date, Decimal, FromValue, Time, Timestamp, TimestampTz, Uuid};
use aludel::{Value, ValueRef};

use crate::case;
use crate::case::Case;
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
        arrays_come_back_element_by_element,
        [],
        "Arrays keep their elements in order, NULLs among them, and may have none.",
        "ISO/IEC 9075-2, 4.10 Collection types; aludel: Value::Array"
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

fn arrays_come_back_element_by_element(trial: &mut Trial) -> Step<()> {
    round_trips(trial, &[TypeKind::Array])
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
