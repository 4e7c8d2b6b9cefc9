//! The dialect's table: connecting.

use core::ffi::c_void;

use super::arguments::connect_args;
use super::connection;
use super::guard::{ConnectionBox, guard_free};
use crate::abi::constants::status;
use crate::abi::data::{CallOptions, ConnectArgs, RawConnection, Str};
use crate::abi::failure::ErrorOut;
use crate::abi::tables::{DialectVt, Sink};
use crate::dbapi::Call;
use crate::dialect::Dialect;

struct Table<D>(core::marker::PhantomData<D>);

impl<D: Dialect> Table<D> {
    const TABLE: DialectVt = DialectVt {
        size: size_of::<DialectVt>(),
        connect: Some(connect::<D>),
        create_connect_args: Some(create_connect_args::<D>),
    };
}

/// The table of a dialect.
pub const fn dialect_table<D: Dialect>() -> &'static DialectVt {
    &Table::<D>::TABLE
}

unsafe extern "C" fn connect<D: Dialect>(
    args: *const ConnectArgs,
    call: *const CallOptions,
    out: *mut RawConnection,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers that live for the call.
    unsafe {
        guard_free("connect", error, || {
            let connection = D::connect(&connect_args(args)?, &Call::new(CallOptions::read(call)))?;
            *out = RawConnection {
                data: ConnectionBox::into_raw(connection),
                vt: (&raw const *connection::table::<D::Connection>()).cast(),
            };
            Ok(status::OK)
        })
    }
}

unsafe extern "C" fn create_connect_args<D: Dialect>(
    args: *const ConnectArgs,
    sink: Sink,
    context: *mut c_void,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers that live for the call; the sink copies.
    unsafe {
        guard_free("create_connect_args", error, || {
            let plan = D::create_connect_args(&connect_args(args)?)?;
            if let Some(pool) = &plan.pool {
                sink(context, Str::new("pool"), Str::new(pool));
            }
            if plan.keep_connected {
                sink(context, Str::new("keep_connected"), Str::new("true"));
            }
            if plan.pool_use_lifo {
                sink(context, Str::new("pool_use_lifo"), Str::new("true"));
            }
            for (name, value) in &plan.arguments {
                sink(context, Str::new(&format!("arg:{name}")), Str::new(value));
            }
            Ok(status::OK)
        })
    }
}
