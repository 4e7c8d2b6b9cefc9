//! The tables of functions: what a plugin offers and what the host offers back.
//!
//! A missing or null entry means "not supported": the host falls back or says so.

use core::ffi::c_void;

use super::data::{
    Batch, BulkArgs, CallOptions, Cell, ConnectArgs, LogRecord, NoticeOut, NotificationOut,
    ParamSet, RawCancel, RawConnection, RawStatement, ReflectArgs, Str, TransactionArgs,
};
use super::describe::{ColumnSet, ParameterSet};
use super::failure::ErrorOut;
use super::layout::{constants, growing, table};

/// Receives text from the plugin; the bytes are valid for the call only.
pub type Sink = unsafe extern "C" fn(*mut c_void, Str, Str);

table! {
    /// What a dialect offers before there is a connection.
    pub struct DialectVt {
        /// Opens a connection. Blocks until the deadline at most.
        connect: fn(args: *const ConnectArgs, call: *const CallOptions, out: *mut RawConnection, error: *mut ErrorOut) -> i32,
        /// Checks a URL without connecting; emits what the driver would get as `arg:` and its name, secrets left out, `pool` where another pool than QueuePool suits, `keep_connected` = `true` where the database is gone with its last connection, and `pool_use_lifo` = `true` where the connection that came back last is best used first.
        create_connect_args: fn(args: *const ConnectArgs, sink: Sink, context: *mut c_void, error: *mut ErrorOut) -> i32,
    }

    /// What a connection offers. The host never has two calls at once on a connection.
    pub struct ConnectionVt {
        /// Frees the connection without waiting for the server.
        free: fn(connection: *mut c_void) -> (),
        /// Says goodbye to the server; `free` follows.
        close: fn(connection: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Prepares the first statement of the text; `consumed` receives its length in bytes, separator included. NOTHING when the text holds no statement.
        prepare: fn(connection: *mut c_void, sql: Str, flags: u32, call: *const CallOptions, out: *mut RawStatement, consumed: *mut usize, error: *mut ErrorOut) -> i32,
        /// Prepares the call of a stored procedure; directions hold a byte a parameter: 1 in, 2 out, 3 both.
        prepare_call: fn(connection: *mut c_void, procedure: Str, directions: Str, call: *const CallOptions, out: *mut RawStatement, error: *mut ErrorOut) -> i32,
        /// Executes all statements of the text and discards their rows; `consumed` receives the end of the last that succeeded, `affected` the sum.
        execute_script: fn(connection: *mut c_void, sql: Str, call: *const CallOptions, consumed: *mut usize, affected: *mut u64, error: *mut ErrorOut) -> i32,
        /// Begins a transaction; a dialect may send it together with the first statement.
        begin: fn(connection: *mut c_void, args: *const TransactionArgs, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Commits.
        commit: fn(connection: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Rolls back.
        rollback: fn(connection: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Savepoints: operation 1 creates, 2 releases, 3 rolls back to.
        savepoint: fn(connection: *mut c_void, operation: u32, name: Str, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Two-phase commit: operation 1 begins, 2 prepares, 3 commits, 4 rolls back.
        two_phase: fn(connection: *mut c_void, operation: u32, xid: Str, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Emits the identifiers of prepared transactions (as keys, values empty).
        recover: fn(connection: *mut c_void, sink: Sink, context: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Asks the server for a sign of life; leaves session and transaction as they are.
        ping: fn(connection: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Brings the session back to its state after connecting; rolls back first.
        reset_session: fn(connection: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// 1 when the connection looks usable, 0 when it is known to be gone; never waits.
        is_alive: fn(connection: *mut c_void) -> u32,
        /// 0 unknown, 1 idle, 2 in a transaction, 3 in an aborted transaction; never waits.
        transaction_state: fn(connection: *mut c_void) -> u32,
        /// A handle that other threads use to cancel.
        cancel_handle: fn(connection: *mut c_void, out: *mut RawCancel, error: *mut ErrorOut) -> i32,
        /// Reads a session option; the cell lives until the next call on the connection.
        get_option: fn(connection: *mut c_void, key: Str, call: *const CallOptions, out: *mut Cell, error: *mut ErrorOut) -> i32,
        /// Sets a session option.
        set_option: fn(connection: *mut c_void, key: Str, value: *const Cell, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// The next notice of the server, NOTHING when there is none; never waits.
        next_notice: fn(connection: *mut c_void, out: *mut NoticeOut, error: *mut ErrorOut) -> i32,
        /// The next notification; waits until the deadline, NOTHING when none came.
        next_notification: fn(connection: *mut c_void, call: *const CallOptions, out: *mut NotificationOut, error: *mut ErrorOut) -> i32,
        /// Begins a bulk operation; one at a time on a connection.
        bulk_begin: fn(connection: *mut c_void, args: *const BulkArgs, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Sends a chunk: rows of cells, or bytes when `rows` is null.
        bulk_write: fn(connection: *mut c_void, rows: *const ParamSet, bytes: Str, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Receives a chunk of bytes that lives until the next call on the connection; NOTHING at the end.
        bulk_read: fn(connection: *mut c_void, call: *const CallOptions, out: *mut Str, error: *mut ErrorOut) -> i32,
        /// Ends a bulk operation: `commit` 1 keeps it, 0 abandons it.
        bulk_end: fn(connection: *mut c_void, commit: u32, call: *const CallOptions, affected: *mut u64, error: *mut ErrorOut) -> i32,
        /// A statement whose rows describe the schema.
        reflect: fn(connection: *mut c_void, args: *const ReflectArgs, call: *const CallOptions, out: *mut RawStatement, error: *mut ErrorOut) -> i32,
        /// Emits what is known of the server: `name`, `version`, `capabilities` (with commas between, where they differ from the dialect's), and as `rule:` and its name each SQL rule that differs.
        server_info: fn(connection: *mut c_void, sink: Sink, context: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
    }

    /// What a statement offers. Every call gets its connection.
    pub struct StatementVt {
        /// Frees the statement; never waits.
        free: fn(connection: *mut c_void, statement: *mut c_void) -> (),
        /// Binds, executes and delivers the first rows of the first result.
        execute: fn(connection: *mut c_void, statement: *mut c_void, params: *const ParamSet, call: *const CallOptions, batch: *mut Batch, error: *mut ErrorOut) -> i32,
        /// Delivers the next rows of the current result.
        fetch: fn(connection: *mut c_void, statement: *mut c_void, call: *const CallOptions, batch: *mut Batch, error: *mut ErrorOut) -> i32,
        /// Goes on to the next result and delivers its first rows; NOTHING when there is none.
        next_result: fn(connection: *mut c_void, statement: *mut c_void, call: *const CallOptions, batch: *mut Batch, error: *mut ErrorOut) -> i32,
        /// Executes once for each row of parameters; rows that come back are delivered like those of execute.
        execute_many: fn(connection: *mut c_void, statement: *mut c_void, params: *const ParamSet, call: *const CallOptions, batch: *mut Batch, error: *mut ErrorOut) -> i32,
        /// Abandons the current result; bounded by the deadline.
        reset: fn(connection: *mut c_void, statement: *mut c_void, call: *const CallOptions, error: *mut ErrorOut) -> i32,
        /// Describes the columns of the current result. Leaves lent memory alone.
        columns: fn(connection: *mut c_void, statement: *mut c_void, out: *mut ColumnSet, error: *mut ErrorOut) -> i32,
        /// Describes the parameters; NOTHING when the dialect does not know them. Leaves lent memory alone.
        parameters: fn(connection: *mut c_void, statement: *mut c_void, out: *mut ParameterSet, error: *mut ErrorOut) -> i32,
    }

    /// What a cancel handle offers. May be called from any thread at any time.
    pub struct CancelVt {
        /// Frees the handle.
        free: fn(handle: *mut c_void) -> (),
        /// Cancels the call of this generation; does nothing when it has ended.
        cancel: fn(handle: *mut c_void, generation: u64, call: *const CallOptions, error: *mut ErrorOut) -> i32,
    }
}

growing! {
    /// What the host offers to a plugin; passed to `init`, valid for ever.
    pub struct HostVt {
        /// Bytes of this table that the host knows.
        pub size: usize,
        /// Passed back to the functions below.
        pub context: *mut c_void,
        /// Receives an event of the plugin. May be called from any thread.
        pub log: Option<unsafe extern "C" fn(context: *mut c_void, record: *const LogRecord)>,
        /// The most verbose level that anyone listens to: 0 none, 1 error, up to 5 trace.
        pub max_level: Option<unsafe extern "C" fn(context: *mut c_void) -> u32>,
    }

    /// What a plugin file exports as `ALUDEL_PLUGIN`: plain data, readable without running code.
    pub struct Descriptor {
        /// The magic bytes.
        pub magic: [u8; 16],
        /// Bytes of this struct that the plugin knows.
        pub size: u32,
        /// Major version of the ABI.
        pub abi_major: u16,
        /// Minor version of the ABI.
        pub abi_minor: u16,
        /// Hash of the frozen structs and constants.
        pub layout_hash: u64,
        /// See the descriptor flags.
        pub flags: u64,
        /// The JSON text of the note.
        pub note: Str,
        /// The dialect's table, valid for ever.
        pub dialect: *const DialectVt,
        /// Called once by each host before anything else; null when there is nothing to set up.
        pub init: Option<unsafe extern "C" fn(host: *const HostVt, error: *mut ErrorOut) -> i32>,
        /// Zero.
        pub reserved: [u64; 4],
    }
}

// SAFETY: the functions may be called from any thread, as their documentation says.
unsafe impl Send for HostVt {}
// SAFETY: as above.
unsafe impl Sync for HostVt {}
// SAFETY: plain data behind pointers to statics.
unsafe impl Sync for Descriptor {}

/// First bytes of every [`Descriptor`].
pub const MAGIC: [u8; 16] = *b"ALUDEL-PLUGIN\0\0\x01";

constants! {
    /// Flags of a [`Descriptor`].
    pub mod descriptor_flag: u64 {
        /// No panic and no exception leaves a function of this plugin; one without it is refused.
        PANIC_UNWIND = 1;
    }
}
