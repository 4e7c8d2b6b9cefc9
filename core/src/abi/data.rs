//! The frozen structs that carry values, parameters and calls across the boundary.

use core::ffi::c_void;

use super::describe::TypeDesc;
use super::layout::frozen;

frozen! {
    /// Borrowed bytes, valid for the call they are passed to unless said otherwise.
    pub struct Str {
        /// First byte; any value when `len` is 0.
        pub ptr: *const u8,
        /// Number of bytes.
        pub len: usize,
    }

    /// One value: 16 bytes, inline or by pointer.
    pub struct Cell {
        /// Which kind of value, see the tags.
        pub tag: u8,
        /// Properties of the value, see the cell flags.
        pub flags: u8,
        /// Scale of a decimal; offset from UTC in minutes of a time; bits 32..48 of the length of text, bytes, JSON and other.
        pub aux: u16,
        /// Length in bytes for pointer tags; nanoseconds 0-999 beyond the microsecond for times.
        pub len: u32,
        /// The value itself, or the address of its bytes.
        pub bits: u64,
    }

    /// Rows of one fetch, in memory of the host; the plugin fills cells and arena.
    pub struct Batch {
        /// In: room for cells, row after row.
        pub cells: *mut Cell,
        /// In: room for bytes that the cells point to, 8-byte aligned.
        pub arena: *mut u8,
        /// In: number of cells there is room for.
        pub cells_capacity: u32,
        /// In: bytes of the arena.
        pub arena_capacity: u32,
        /// In: at most this many rows are wanted.
        pub max_rows: u32,
        /// In: what the host will do with the rows, see the hints.
        pub hint: u32,
        /// Out: rows filled.
        pub rows: u32,
        /// Out: columns of each row, also when there are no rows.
        pub columns: u32,
        /// Out: bytes of the arena that are in use.
        pub arena_used: u32,
        /// Out: see the batch states.
        pub state: u32,
        /// Out: rows that the statement changed; `u64::MAX` when the database does not tell.
        pub affected: u64,
        /// Out: key of the last inserted row, when the state says so.
        pub last_insert_id: i64,
        /// Out: changes whenever the statement's columns change.
        pub columns_epoch: u32,
        /// Zero.
        pub reserved_0: u32,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// Parameters of one execution (one row) or of executemany (several rows).
    pub struct ParamSet {
        /// `n_rows` times `n_params` cells, row after row.
        pub cells: *const Cell,
        /// Neutral type of each parameter, or null; tells the type of nulls and arrays.
        pub types: *const TypeDesc,
        /// Parameters in a row.
        pub n_params: u32,
        /// See the parameter flags.
        pub flags: u32,
        /// Rows.
        pub n_rows: u64,
        /// Index of the first row of this set within the whole executemany.
        pub first_row: u64,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// Limits of one call; every call that may wait for a server takes one.
    pub struct CallOptions {
        /// Bytes of this struct that the host knows.
        pub size: usize,
        /// When to give up, in nanoseconds of the system's monotonic clock; 0 for never.
        pub deadline_mono_ns: u64,
        /// Number of the call on its connection, never 0; a cancel names the call that it means.
        pub generation: u64,
        /// At most this many rows in the whole result; 0 for all.
        pub max_rows: u64,
        /// Zero.
        pub flags: u64,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// A key and its value, both UTF-8.
    pub struct KeyValue {
        /// Key.
        pub key: Str,
        /// Value.
        pub value: Str,
    }

    /// One host of a URL.
    pub struct HostAddress {
        /// Name, address, or directory of a Unix socket; empty for the default.
        pub host: Str,
        /// Port; -1 for the default.
        pub port: i32,
        /// Zero.
        pub reserved: u32,
    }

    /// The URL in parts, and options from the program.
    pub struct ConnectArgs {
        /// Bytes of this struct that the host knows.
        pub size: usize,
        /// The scheme as written, for example `postgresql+psycopg`.
        pub scheme: Str,
        /// Hosts in order.
        pub hosts: *const HostAddress,
        /// Number of hosts.
        pub n_hosts: usize,
        /// User name, percent-decoded.
        pub username: Str,
        /// Password, percent-decoded; the host wipes it after the call.
        pub password: Str,
        /// Database or path, percent-decoded.
        pub database: Str,
        /// See the connect flags: which of the fields above are present, and whose URL it is.
        pub flags: u64,
        /// Options of the query part and of the program, in order; a key may repeat.
        pub options: *const KeyValue,
        /// Number of options.
        pub n_options: usize,
        /// The engine that connects, by a number that no other of the process has; 0 for none.
        pub engine: u64,
        /// Zero.
        pub reserved: u64,
    }

    /// How a transaction begins.
    pub struct TransactionArgs {
        /// Bytes of this struct that the host knows.
        pub size: usize,
        /// See the isolation levels; 0 for the session's.
        pub isolation: u32,
        /// 0 the session's, 1 read write, 2 read only.
        pub access: u32,
        /// 0 the session's, 1 not deferrable, 2 deferrable.
        pub deferrable: u32,
        /// Zero.
        pub flags: u32,
        /// A mode of the dialect's own (SQLite: DEFERRED, IMMEDIATE, EXCLUSIVE), or empty.
        pub mode: Str,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// A bulk operation, in or out.
    pub struct BulkArgs {
        /// Bytes of this struct that the host knows.
        pub size: usize,
        /// 1 into the database, 2 out of it.
        pub direction: u32,
        /// 0 rows of cells, 1 bytes in the format named by `format`.
        pub payload: u32,
        /// Schema of the table, or empty.
        pub schema: Str,
        /// Table; empty when `query` is set.
        pub table: Str,
        /// Query whose rows go out; empty when `table` is set.
        pub query: Str,
        /// Format of bytes, for example `csv`.
        pub format: Str,
        /// Columns in order; none for all.
        pub columns: *const Str,
        /// Number of columns.
        pub n_columns: usize,
        /// Further options.
        pub options: *const KeyValue,
        /// Number of options.
        pub n_options: usize,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// What to reflect.
    pub struct ReflectArgs {
        /// Bytes of this struct that the host knows.
        pub size: usize,
        /// See the reflection kinds.
        pub kind: u32,
        /// Zero.
        pub flags: u32,
        /// Catalog, or empty for the current one.
        pub catalog: Str,
        /// Schema, or empty for the default one.
        pub schema: Str,
        /// Table, or empty for all.
        pub table: Str,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// A notice or warning of the server.
    pub struct NoticeOut {
        /// Severity as the database names it, for example `WARNING`.
        pub severity: Str,
        /// Message.
        pub message: Str,
        /// SQLSTATE, zeros when there is none.
        pub sqlstate: [u8; 8],
        /// The database's own number.
        pub native_code: i64,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// An asynchronous notification (PostgreSQL NOTIFY and its kin).
    pub struct NotificationOut {
        /// Channel.
        pub channel: Str,
        /// Payload.
        pub payload: Str,
        /// Process or session that sent it; 0 when unknown.
        pub sender: u64,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// An event of the plugin's own `tracing`.
    pub struct LogRecord {
        /// Bytes of this struct that the plugin knows.
        pub size: usize,
        /// 1 error, 2 warn, 3 info, 4 debug, 5 trace.
        pub level: u32,
        /// Line in the source file; 0 when unknown.
        pub line: u32,
        /// Target, usually the module.
        pub target: Str,
        /// Message.
        pub message: Str,
        /// Source file, or empty.
        pub file: Str,
        /// Fields other than the message.
        pub fields: *const KeyValue,
        /// Number of fields.
        pub n_fields: usize,
    }

    /// A connection of the plugin.
    pub struct RawConnection {
        /// The plugin's own pointer.
        pub data: *mut c_void,
        /// A `ConnectionVt`, valid for ever.
        pub vt: *const c_void,
    }

    /// A statement of the plugin.
    pub struct RawStatement {
        /// The plugin's own pointer.
        pub data: *mut c_void,
        /// A `StatementVt`, valid for ever.
        pub vt: *const c_void,
    }

    /// A handle that cancels from another thread.
    pub struct RawCancel {
        /// The plugin's own pointer.
        pub data: *mut c_void,
        /// A `CancelVt`, valid for ever.
        pub vt: *const c_void,
    }
}

impl Str {
    /// No bytes.
    pub const EMPTY: Str = Str { ptr: core::ptr::null(), len: 0 };

    /// Borrows text.
    pub const fn new(text: &str) -> Str {
        Str { ptr: text.as_ptr(), len: text.len() }
    }

    /// Borrows bytes.
    pub const fn from_bytes(bytes: &[u8]) -> Str {
        Str { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes.
    ///
    /// # Safety
    /// The maker of this value must keep the bytes alive and unchanged for `'a`.
    pub const unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 || self.ptr.is_null() {
            return &[];
        }
        // SAFETY: the caller vouches for pointer, length and lifetime.
        unsafe { core::slice::from_raw_parts(self.ptr, self.len) }
    }

    /// The text; bytes that are not UTF-8 are replaced.
    ///
    /// # Safety
    /// As [`Str::bytes`].
    pub unsafe fn text<'a>(self) -> std::borrow::Cow<'a, str> {
        // SAFETY: passed on to the caller.
        String::from_utf8_lossy(unsafe { self.bytes() })
    }
}

impl CallOptions {
    /// No limits.
    pub const UNLIMITED: CallOptions = CallOptions {
        size: size_of::<CallOptions>(),
        deadline_mono_ns: 0,
        generation: 1,
        max_rows: 0,
        flags: 0,
        reserved: [0; 2],
    };

    /// Copies what the host passes, as much of it as both sides know; null is no limits.
    ///
    /// # Safety
    /// `options` is null or points to at least as many bytes as its `size` says.
    #[inline]
    pub(crate) unsafe fn read(options: *const CallOptions) -> CallOptions {
        let mut known = CallOptions::UNLIMITED;
        if options.is_null() {
            return known;
        }
        // SAFETY: `size` is the first field and always there.
        let size = unsafe { (*options).size };
        if size >= size_of::<CallOptions>() {
            // SAFETY: the caller vouches for `size` bytes.
            return unsafe { *options };
        }
        // SAFETY: `size` bytes are there, and fewer than the struct has.
        unsafe {
            let (from, to) = (options.cast::<u8>(), (&raw mut known).cast::<u8>());
            core::ptr::copy_nonoverlapping(from, to, size);
        }
        known
    }
}
