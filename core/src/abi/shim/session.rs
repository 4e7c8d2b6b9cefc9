//! The rest of the connection's table: cancelling, options, notices, bulk, reflection.

use core::ffi::c_void;

use super::arguments::{bulk_spec, text};
use super::connection::raw_statement;
use super::guard::{drop_quietly, guard, guard_free};
use crate::abi::constants::status;
use crate::abi::data::{
    BulkArgs, CallOptions, Cell, NoticeOut, NotificationOut, ParamSet, RawCancel, RawStatement,
    ReflectArgs, Str,
};
use crate::abi::failure::ErrorOut;
use crate::abi::params::ParamRows;
use crate::abi::tables::{CancelVt, Sink};
use crate::dbapi::{BulkChunk, Call, Cancel, Connection, ReflectFilter, ReflectKind};
use crate::error::Error;

static CANCEL_TABLE: CancelVt =
    CancelVt { size: size_of::<CancelVt>(), free: Some(cancel_free), cancel: Some(cancel) };

unsafe extern "C" fn cancel_free(handle: *mut c_void) {
    // SAFETY: the host frees a handle once.
    drop_quietly(unsafe { Box::from_raw(handle.cast::<Box<dyn Cancel>>()) });
}

unsafe extern "C" fn cancel(
    handle: *mut c_void,
    generation: u64,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes a live handle; `Cancel` is Sync, so that any thread may.
    unsafe {
        guard_free("cancel", error, || {
            let handle = &*handle.cast::<Box<dyn Cancel>>();
            handle.cancel(generation, &Call::new(CallOptions::read(call)))?;
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn cancel_handle<C: Connection>(
    connection: *mut c_void,
    out: *mut RawCancel,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers that live for the call, and never makes two calls at
    // once on a connection; the same holds for every function below.
    unsafe {
        guard::<C>("cancel_handle", connection, error, |boxed| {
            let Some(handle) = boxed.connection.cancel_handle() else { return Ok(status::NOTHING) };
            *out = RawCancel {
                data: Box::into_raw(Box::new(handle)).cast(),
                vt: (&raw const CANCEL_TABLE).cast(),
            };
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn get_option<C: Connection>(
    connection: *mut c_void,
    key: Str,
    call: *const CallOptions,
    out: *mut Cell,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("get_option", connection, error, |boxed| {
            let call = Call::new(CallOptions::read(call));
            let value = boxed.connection.get_option(text(key)?, &call)?;
            let too_deep = || Error::data("the value of this option is nested too deeply");
            *out = boxed.lent.cell(value).ok_or_else(too_deep)?;
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn set_option<C: Connection>(
    connection: *mut c_void,
    key: Str,
    value: *const Cell,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("set_option", connection, error, |boxed| {
            let value = (*value).value().map_err(|error| Error::argument(error.to_string()))?;
            boxed.connection.set_option(text(key)?, value, &Call::new(CallOptions::read(call)))?;
            Ok(status::OK)
        })
    }
}

fn sqlstate_bytes(sqlstate: Option<&str>) -> [u8; 8] {
    let mut bytes = [0; 8];
    if let Some(sqlstate) = sqlstate.filter(|sqlstate| sqlstate.len() == 5) {
        bytes[..5].copy_from_slice(sqlstate.as_bytes());
    }
    bytes
}

pub(super) unsafe extern "C" fn next_notice<C: Connection>(
    connection: *mut c_void,
    out: *mut NoticeOut,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("next_notice", connection, error, |boxed| {
            let Some(notice) = boxed.connection.next_notice() else { return Ok(status::NOTHING) };
            boxed.lent.notice = notice;
            let notice = &boxed.lent.notice;
            *out = NoticeOut {
                severity: Str::new(&notice.severity),
                message: Str::new(&notice.message),
                sqlstate: sqlstate_bytes(notice.sqlstate.as_deref()),
                native_code: notice.native_code.unwrap_or(0),
                reserved: [0; 2],
            };
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn next_notification<C: Connection>(
    connection: *mut c_void,
    call: *const CallOptions,
    out: *mut NotificationOut,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("next_notification", connection, error, |boxed| {
            let next = boxed.connection.next_notification(&Call::new(CallOptions::read(call)))?;
            let Some(notification) = next else { return Ok(status::NOTHING) };
            boxed.lent.notification = notification;
            let notification = &boxed.lent.notification;
            *out = NotificationOut {
                channel: Str::new(&notification.channel),
                payload: Str::new(&notification.payload),
                sender: notification.sender.unwrap_or(0),
                reserved: [0; 2],
            };
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn bulk_begin<C: Connection>(
    connection: *mut c_void,
    args: *const BulkArgs,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("bulk_begin", connection, error, |boxed| {
            boxed.connection.bulk_begin(&bulk_spec(args)?, &Call::new(CallOptions::read(call)))?;
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn bulk_write<C: Connection>(
    connection: *mut c_void,
    rows: *const ParamSet,
    bytes: Str,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("bulk_write", connection, error, |boxed| {
            let chunk = match rows.as_ref() {
                Some(rows) => BulkChunk::Rows(ParamRows::new(rows)),
                None => BulkChunk::Bytes(bytes.bytes()),
            };
            boxed.connection.bulk_write(chunk, &Call::new(CallOptions::read(call)))?;
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn bulk_read<C: Connection>(
    connection: *mut c_void,
    call: *const CallOptions,
    out: *mut Str,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("bulk_read", connection, error, |boxed| {
            let chunk = boxed.connection.bulk_read(&Call::new(CallOptions::read(call)))?;
            let Some(bytes) = chunk else { return Ok(status::NOTHING) };
            *out = Str::from_bytes(bytes);
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn bulk_end<C: Connection>(
    connection: *mut c_void,
    commit: u32,
    call: *const CallOptions,
    affected: *mut u64,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("bulk_end", connection, error, |boxed| {
            *affected =
                boxed.connection.bulk_end(commit != 0, &Call::new(CallOptions::read(call)))?;
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn reflect<C: Connection>(
    connection: *mut c_void,
    args: *const ReflectArgs,
    call: *const CallOptions,
    out: *mut RawStatement,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`.
    unsafe {
        guard::<C>("reflect", connection, error, |boxed| {
            let args = &*args;
            let kind = ReflectKind::from_code(args.kind).ok_or_else(|| {
                Error::not_supported(format!("reflection number {} is not known here", args.kind))
            })?;
            let filter = ReflectFilter {
                catalog: text(args.catalog)?,
                schema: text(args.schema)?,
                table: text(args.table)?,
            };
            let new =
                boxed.connection.reflect(kind, &filter, &Call::new(CallOptions::read(call)))?;
            *out = raw_statement::<C>(new);
            Ok(status::OK)
        })
    }
}

pub(super) unsafe extern "C" fn server_info<C: Connection>(
    connection: *mut c_void,
    sink: Sink,
    context: *mut c_void,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `cancel_handle`; the sink copies.
    unsafe {
        guard::<C>("server_info", connection, error, |boxed| {
            let info = boxed.connection.server_info(&Call::new(CallOptions::read(call)))?;
            let emit = |key: &str, value: &str| sink(context, Str::new(key), Str::new(value));
            emit("name", &info.name);
            emit("version", &info.version);
            if let Some(capabilities) = &info.capabilities {
                emit("capabilities", &capabilities.join(","));
            }
            for (key, value) in &info.rules {
                emit(&format!("rule:{key}"), value);
            }
            Ok(status::OK)
        })
    }
}
