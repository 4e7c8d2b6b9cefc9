//! Reading what the host passes in.

use std::borrow::Cow;

use crate::abi::constants::connect_flag;
use crate::abi::data::{
    BulkArgs, ConnectArgs as RawConnectArgs, HostAddress, KeyValue, Str, TransactionArgs,
};
use crate::dbapi::{
    AccessMode, BulkDirection, BulkSpec, IsolationLevel, ParamDirection, TransactionOptions,
};
use crate::dialect::ConnectArgs;
use crate::error::{Error, Result};
use crate::url::HostPort;

/// The text that the host passes; it promises UTF-8.
///
/// # Safety
/// The bytes live for `'a`.
pub(super) unsafe fn text<'a>(text: Str) -> Result<&'a str> {
    // SAFETY: passed on to the caller.
    std::str::from_utf8(unsafe { text.bytes() })
        .map_err(|_| Error::interface("the host passed text that is not UTF-8"))
}

/// # Safety
/// `len` values live at `pointer` for `'a`, unless `len` is 0.
unsafe fn slice<'a, T>(pointer: *const T, len: usize) -> &'a [T] {
    if len == 0 || pointer.is_null() {
        return &[];
    }
    // SAFETY: passed on to the caller.
    unsafe { core::slice::from_raw_parts(pointer, len) }
}

/// # Safety
/// The struct and what it points to live for `'a`.
pub(super) unsafe fn connect_args<'a>(raw: *const RawConnectArgs) -> Result<ConnectArgs<'a>> {
    // SAFETY: passed on to the caller for every pointer below.
    unsafe {
        let raw = &*raw;
        let part = |flag, value| {
            if raw.flags & flag == 0 { Ok(None) } else { text(value).map(Some) }
        };
        let hosts = slice::<HostAddress>(raw.hosts, raw.n_hosts)
            .iter()
            .map(|host| Ok(HostPort::new(text(host.host)?, u16::try_from(host.port).ok())))
            .collect::<Result<_>>()?;
        let options = slice::<KeyValue>(raw.options, raw.n_options)
            .iter()
            .map(|pair| Ok((Cow::Borrowed(text(pair.key)?), Cow::Borrowed(text(pair.value)?))))
            .collect::<Result<_>>()?;
        Ok(ConnectArgs {
            scheme: text(raw.scheme)?,
            hosts,
            username: part(connect_flag::USERNAME, raw.username)?,
            password: part(connect_flag::PASSWORD, raw.password)?,
            database: part(connect_flag::DATABASE, raw.database)?,
            options,
            is_untrusted: raw.flags & connect_flag::UNTRUSTED != 0,
            engine: raw.engine,
        })
    }
}

/// # Safety
/// The struct and what it points to live for `'a`.
pub(super) unsafe fn transaction_options<'a>(
    raw: *const TransactionArgs,
) -> Result<TransactionOptions<'a>> {
    // SAFETY: passed on to the caller.
    let raw = unsafe { &*raw };
    let isolation = match raw.isolation {
        0 => None,
        code => Some(IsolationLevel::from_code(code).ok_or_else(|| {
            Error::not_supported(format!("isolation level number {code} is not known here"))
        })?),
    };
    // SAFETY: as above.
    let mode = unsafe { text(raw.mode)? };
    Ok(TransactionOptions {
        isolation,
        access: AccessMode::from_code(raw.access),
        deferrable: match raw.deferrable {
            1 => Some(false),
            2 => Some(true),
            _ => None,
        },
        mode: (!mode.is_empty()).then_some(mode),
    })
}

/// # Safety
/// The struct and what it points to live for `'a`.
pub(super) unsafe fn bulk_spec<'a>(raw: *const BulkArgs) -> Result<BulkSpec<'a>> {
    // SAFETY: passed on to the caller for every pointer below.
    unsafe {
        let raw = &*raw;
        let columns = slice::<Str>(raw.columns, raw.n_columns);
        let options = slice::<KeyValue>(raw.options, raw.n_options);
        let format = text(raw.format)?;
        Ok(BulkSpec {
            direction: if raw.direction == 2 { BulkDirection::Out } else { BulkDirection::In },
            schema: text(raw.schema)?,
            table: text(raw.table)?,
            query: text(raw.query)?,
            columns: columns.iter().map(|column| text(*column)).collect::<Result<_>>()?,
            format: (raw.payload == 1).then_some(format),
            options: options
                .iter()
                .map(|pair| Ok((text(pair.key)?, text(pair.value)?)))
                .collect::<Result<_>>()?,
        })
    }
}

/// # Safety
/// The bytes live for the call.
pub(super) unsafe fn directions(raw: Str) -> Vec<ParamDirection> {
    // SAFETY: passed on to the caller.
    let bytes = unsafe { raw.bytes() };
    bytes
        .iter()
        .map(|byte| match byte {
            2 => ParamDirection::Out,
            3 => ParamDirection::InOut,
            _ => ParamDirection::In,
        })
        .collect()
}
