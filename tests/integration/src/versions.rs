//! Tables of other versions: those of a dialect, cut short or made longer than this host knows.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::{Mutex, PoisonError};

use aludel::abi::constants::status;
use aludel::abi::data::{CallOptions, ConnectArgs, RawConnection, RawStatement, Str};
use aludel::abi::failure::ErrorOut;
use aludel::abi::host::DriverDialect;
use aludel::abi::tables::{ConnectionVt, DialectVt, StatementVt};
use aludel::abi::{StaticDialect, tables};

/// How many bytes each table says that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// The dialect's.
    pub dialect: usize,
    /// The connection's.
    pub connection: usize,
    /// The statement's.
    pub statement: usize,
}

impl Sizes {
    /// As this host knows them.
    pub const KNOWN: Sizes = Sizes {
        dialect: size_of::<DialectVt>(),
        connection: size_of::<ConnectionVt>(),
        statement: size_of::<StatementVt>(),
    };
}

/// A pointer that faults when it is called or followed: what lies beyond a table's size.
const POISON: usize = 0xdead_0000_dead_0000_u64 as usize;

/// Entries of a newer version.
const FURTHER: usize = 4;

thread_local! {
    static SPLICE: Cell<Option<Splice>> = const { Cell::new(None) };
}

/// What the functions below put in the place of the dialect's own.
#[derive(Clone, Copy)]
struct Splice {
    dialect: &'static DialectVt,
    connection: *const ConnectionVt,
    sizes: Sizes,
}

/// Tables of a test, kept so that they are reachable until its process ends.
static KEPT: Mutex<Vec<Box<[usize]>>> = Mutex::new(Vec::new());

/// A dialect whose tables have these sizes. Connections of it are used on this thread only, and
/// before the next call of this function.
pub fn resized(dialect: StaticDialect, sizes: Sizes) -> DriverDialect {
    let splice = Splice { dialect: dialect.table(), connection: std::ptr::null(), sizes };
    SPLICE.set(Some(splice));
    let table = DialectVt { connect: Some(connect), ..*dialect.table() };
    let table = resize(&table, sizes.dialect);
    // SAFETY: the table follows the ABI for the size that it states, and is kept.
    unsafe { DriverDialect::new(table, dialect.info()) }
}

/// A copy that states `size`, with poison where the size does not reach or the original ends.
fn resize<T: Copy>(table: &T, size: usize) -> *const T {
    let known = size_of::<T>() / size_of::<usize>();
    let mut words = vec![POISON; known + FURTHER].into_boxed_slice();
    assert!(size <= size_of_val(&*words), "there is so much memory");
    // SAFETY: tables are made of words, which are all initialized; the copy has at least as many.
    unsafe {
        let from = (&raw const *table).cast::<usize>();
        let whole = (size / size_of::<usize>()).min(known);
        std::ptr::copy_nonoverlapping(from, words.as_mut_ptr(), whole);
    }
    words[0] = size;
    let pointer = words.as_ptr().cast();
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(words);
    pointer
}

unsafe extern "C" fn connect(
    args: *const ConnectArgs,
    call: *const CallOptions,
    out: *mut RawConnection,
    error: *mut ErrorOut,
) -> i32 {
    let mut splice = SPLICE.get().expect("invariant: set before the table is handed out");
    let own = splice.dialect.connect.expect("the dialect connects");
    // SAFETY: what the host passes is passed on.
    let outcome = unsafe { own(args, call, out, error) };
    if outcome == status::OK {
        // SAFETY: the call has filled it in.
        let out = unsafe { &mut *out };
        splice.connection = out.vt.cast();
        SPLICE.set(Some(splice));
        // SAFETY: the dialect's table, valid for ever.
        let table =
            tables::ConnectionVt { prepare: Some(prepare), ..unsafe { *splice.connection } };
        out.vt = resize(&table, splice.sizes.connection).cast();
    }
    outcome
}

unsafe extern "C" fn prepare(
    connection: *mut c_void,
    sql: Str,
    flags: u32,
    call: *const CallOptions,
    out: *mut RawStatement,
    consumed: *mut usize,
    error: *mut ErrorOut,
) -> i32 {
    let splice = SPLICE.get().expect("invariant: set before the table is handed out");
    // SAFETY: the dialect's table, valid for ever; set when the connection was made.
    let own = unsafe { (*splice.connection).prepare }.expect("the connection prepares");
    // SAFETY: what the host passes is passed on.
    let outcome = unsafe { own(connection, sql, flags, call, out, consumed, error) };
    if outcome == status::OK {
        // SAFETY: the call has filled it in, and its table is valid for ever.
        unsafe {
            let table = (*out).vt.cast::<StatementVt>();
            (*out).vt = resize(&*table, splice.sizes.statement).cast();
        }
    }
    outcome
}
