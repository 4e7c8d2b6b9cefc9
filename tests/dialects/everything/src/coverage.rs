//! Which entries were called and which kinds of values crossed, since the library was loaded.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aludel::abi::constants::tag;
use aludel::{Value, ValueRef};

/// What was seen: a group (`entry`, `received`, `sent`, `lent`) and a name.
static SEEN: Mutex<BTreeSet<(&'static str, &'static str)>> = Mutex::new(BTreeSet::new());

fn seen() -> MutexGuard<'static, BTreeSet<(&'static str, &'static str)>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry of a table was called.
pub(crate) fn entry(name: &'static str) {
    seen().insert(("entry", name));
}

/// A value came from the host.
pub(crate) fn received(value: ValueRef<'_>) {
    record("received", value);
}

/// A value goes to the host, copied.
pub(crate) fn sent(value: ValueRef<'_>) {
    record("sent", value);
}

/// A value goes to the host, lent.
pub(crate) fn lent(value: ValueRef<'_>) {
    record("lent", value);
}

fn record(group: &'static str, value: ValueRef<'_>) {
    seen().insert((group, tag_name(value)));
    match value {
        ValueRef::Array(array) => array.iter().for_each(|element| record(group, element)),
        ValueRef::Struct(fields) | ValueRef::Map(fields) => {
            fields.iter().for_each(|field| record(group, field));
        }
        _ => {}
    }
}

/// All that was seen, a row each.
pub(crate) fn rows() -> Vec<Vec<Value>> {
    seen().iter().map(|(group, name)| vec![Value::from(*group), Value::from(*name)]).collect()
}

fn tag_name(value: ValueRef<'_>) -> &'static str {
    let tag = match value {
        ValueRef::Null => tag::NULL,
        ValueRef::Bool(_) => tag::BOOL,
        ValueRef::I64(_) => tag::I64,
        ValueRef::U64(_) => tag::U64,
        ValueRef::I128(_) => tag::I128,
        ValueRef::U128(_) => tag::U128,
        ValueRef::F64(_) => tag::F64,
        ValueRef::F32(_) => tag::F32,
        ValueRef::Decimal(_) => tag::DECIMAL,
        ValueRef::Text(_) => tag::TEXT,
        ValueRef::Bytes(_) => tag::BYTES,
        ValueRef::Date(_) => tag::DATE,
        ValueRef::Time(_) => tag::TIME,
        ValueRef::Timestamp(_) => tag::TIMESTAMP,
        ValueRef::TimestampTz(_) => tag::TIMESTAMP_TZ,
        ValueRef::Interval(_) => tag::INTERVAL,
        ValueRef::Uuid(_) => tag::UUID,
        ValueRef::Json(_) => tag::JSON,
        ValueRef::Array(_) => tag::ARRAY,
        ValueRef::Struct(_) => tag::STRUCT,
        ValueRef::Map(_) => tag::MAP,
        ValueRef::Other { .. } => tag::OTHER,
        _ => return "a kind that this dialect does not know",
    };
    let known = tag::ALL.iter().find(|constant| constant.value == u64::from(tag));
    known.map_or("a tag without a name", |constant| constant.name)
}
