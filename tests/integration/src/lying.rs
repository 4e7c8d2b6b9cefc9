//! A plugin that lies: tables made by hand, whose every answer is wrong in another way.

use std::ffi::c_void;

use aludel::abi::constants::{batch_state, status, tag};
use aludel::abi::data::{
    Batch, CallOptions, Cell, ConnectArgs, ParamSet, RawConnection, RawStatement, Str,
};
use aludel::abi::describe::{ColumnDesc, ColumnSet};
use aludel::abi::failure::{ErrorOut, error_extra, error_flag};
use aludel::abi::host::DriverDialect;
use aludel::abi::tables::{ConnectionVt, DialectVt, StatementVt};
use aludel::dialect::DialectInfo;

/// The lies that `execute` tells, by the text of the statement.
pub const LIES: &[(&str, Lie)] = &[
    ("unknown tag", |batch, _| one(batch, Cell::inline(77, 0))),
    ("date out of range", |batch, _| one(batch, Cell::inline(tag::DATE, 1 << 40))),
    ("short uuid", |batch, _| one(batch, bytes(tag::UUID, &WORDS[..1], 3))),
    ("long interval", |batch, _| one(batch, bytes(tag::INTERVAL, &WORDS, 32))),
    ("array without header", |batch, _| one(batch, bytes(tag::ARRAY, &WORDS[..1], 4))),
    ("array of too many cells", |batch, _| one(batch, array(batch, 1, u32::MAX, 3))),
    ("array of too many dimensions", |batch, _| one(batch, array(batch, 255, 1, 4))),
    ("array inside itself", |batch, _| one(batch, cycle(batch))),
    ("array at an odd address", |batch, _| one(batch, odd(batch))),
    ("struct of too many cells", |batch, _| one(batch, bytes(tag::STRUCT, &MANY, 24))),
    ("map without header", |batch, _| one(batch, bytes(tag::MAP, &WORDS[..1], 7))),
    ("text that is null", |batch, _| one(batch, Cell { tag: tag::TEXT, len: 9, ..Cell::NULL })),
    ("more rows than room", |batch, _| rows(batch, 100_000, 100_000)),
    ("more columns than room", |batch, _| rows(batch, 1, u32::MAX)),
    ("more rows than wanted", |batch, _| rows(batch, batch.max_rows + 1, 0)),
    ("rows for ever", |batch, _| {
        batch.state = batch_state::RETURNS_ROWS;
        status::OK
    }),
    ("other columns", |batch, _| {
        batch.state = batch_state::RETURNS_ROWS | batch_state::DONE;
        batch.columns = 3;
        batch.rows = 1;
        // SAFETY: the host has room for more than three cells.
        (0..3).for_each(|i| unsafe { batch.cells.add(i).write(Cell::NULL) });
        status::OK
    }),
    ("lengths of an error", |_, error| {
        error.message_len = u32::MAX;
        error.extras_len = u32::MAX;
        status::ERROR
    }),
    ("an extra that is too long", |_, error| {
        text(error, b"short");
        let header = [error_extra::DETAIL as u8, 0, 0xff, 0xff, 0xff, 0xff];
        // SAFETY: the buffer has thousands of bytes.
        unsafe { error.buffer.add(5).copy_from_nonoverlapping(header.as_ptr(), 6) };
        error.extras_len = 6;
        status::ERROR
    }),
    ("a newer error", |_, error| {
        text(error, b"from the future");
        (error.kind, error.constraint) = (999, 999);
        error.flags = !error_flag::DISCONNECT;
        error.sqlstate = [0xff; 8];
        status::ERROR
    }),
    ("an error that is no text", |_, error| {
        text(error, b"bad \xff byte");
        status::ERROR
    }),
    ("an unknown status", |_, _| 77),
];

/// What `execute` does instead.
pub type Lie = fn(&mut Batch, &mut ErrorOut) -> i32;

static WORDS: [u64; 4] = [u64::MAX; 4];
/// A header of very many cells, and two words more.
static MANY: [u64; 3] = [0x7fff_ffff, 0, 0];

/// One row of one cell.
fn one(batch: &mut Batch, cell: Cell) -> i32 {
    // SAFETY: the host has room for a cell.
    unsafe { batch.cells.write(cell) };
    rows(batch, 1, 1)
}

fn rows(batch: &mut Batch, rows: u32, columns: u32) -> i32 {
    (batch.rows, batch.columns) = (rows, columns);
    batch.state = batch_state::RETURNS_ROWS | batch_state::DONE;
    status::OK
}

fn bytes(tag: u8, words: &'static [u64], len: usize) -> Cell {
    assert!(len <= size_of_val(words), "what is lied about is there");
    Cell::pointer(tag, 0, words.as_ptr().cast(), len)
}

/// Words in the arena, which is aligned.
fn in_arena(batch: &Batch, words: &[u64]) -> *const u8 {
    // SAFETY: the arena has room for some words and is aligned to 8.
    unsafe { batch.arena.cast::<u64>().copy_from_nonoverlapping(words.as_ptr(), words.len()) };
    batch.arena
}

/// An array header and so many words in all.
fn array(batch: &Batch, dimensions: u8, cells: u32, words: usize) -> Cell {
    let mut memory = vec![0u64; words];
    memory[0] = u64::from_ne_bytes({
        let [a, b, c, d] = cells.to_ne_bytes();
        [tag::I64, dimensions, 0, 0, a, b, c, d]
    });
    Cell::pointer(tag::ARRAY, 0, in_arena(batch, &memory), words * 8)
}

/// An array whose only element is itself.
fn cycle(batch: &Batch) -> Cell {
    let cell = array(batch, 0, 1, 3);
    // SAFETY: three words lie in the arena; the second and third are a cell.
    unsafe { batch.arena.add(8).cast::<Cell>().write(cell) };
    cell
}

/// A well formed array, one byte further than its alignment demands.
fn odd(batch: &Batch) -> Cell {
    let mut memory = [0u8; 32];
    memory[1..9].copy_from_slice(&[tag::I64, 0, 0, 0, 1, 0, 0, 0]);
    // SAFETY: the arena has room for some bytes.
    unsafe { batch.arena.copy_from_nonoverlapping(memory.as_ptr(), memory.len()) };
    // SAFETY: still inside the arena.
    Cell::pointer(tag::ARRAY, 0, unsafe { batch.arena.add(1) }, 24)
}

fn text(error: &mut ErrorOut, message: &[u8]) {
    // SAFETY: the buffer has thousands of bytes.
    unsafe { error.buffer.copy_from_nonoverlapping(message.as_ptr(), message.len()) };
    error.message_len = message.len() as u32;
}

/// The plugin as a dialect.
pub fn liar() -> DriverDialect {
    static INFO: DialectInfo = DialectInfo::new("liar", "0");
    // SAFETY: its lies are those that the host promises to find.
    unsafe { DriverDialect::new(&raw const DIALECT, &INFO) }
}

static DIALECT: DialectVt = DialectVt { connect: Some(connect), ..DialectVt::EMPTY };
static CONNECTION: ConnectionVt = ConnectionVt { prepare: Some(prepare), ..ConnectionVt::EMPTY };
static STATEMENT: StatementVt = StatementVt {
    execute: Some(execute),
    fetch: Some(fetch),
    columns: Some(columns),
    ..StatementVt::EMPTY
};

unsafe extern "C" fn connect(
    args: *const ConnectArgs,
    _: *const CallOptions,
    out: *mut RawConnection,
    _: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers.
    unsafe {
        let honest = (*args).database.len == 0;
        let vt = if honest { (&raw const CONNECTION).cast() } else { std::ptr::null() };
        *out = RawConnection { data: std::ptr::null_mut(), vt };
    }
    status::OK
}

/// Handles are numbers: the place of a lie in the list.
unsafe extern "C" fn prepare(
    _: *mut c_void,
    sql: Str,
    _: u32,
    _: *const CallOptions,
    out: *mut RawStatement,
    consumed: *mut usize,
    _: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers.
    unsafe {
        let name = sql.text();
        // Into the middle of a character, where there is one that has a middle.
        *consumed =
            sql.bytes().iter().position(|byte| *byte >= 0x80).map_or(usize::MAX, |at| at + 1);
        let Some(place) = LIES.iter().position(|(known, _)| *known == name) else {
            // A statement without a table.
            return status::OK;
        };
        let data = std::ptr::without_provenance_mut(place + 1);
        *out = RawStatement { data, vt: (&raw const STATEMENT).cast() };
    }
    status::OK
}

unsafe extern "C" fn execute(
    _: *mut c_void,
    statement: *mut c_void,
    _: *const ParamSet,
    _: *const CallOptions,
    batch: *mut Batch,
    error: *mut ErrorOut,
) -> i32 {
    let (_, lie) = LIES[statement.addr() - 1];
    // SAFETY: the host passes valid pointers.
    unsafe { lie(&mut *batch, &mut *error) }
}

unsafe extern "C" fn fetch(
    _: *mut c_void,
    _: *mut c_void,
    _: *const CallOptions,
    batch: *mut Batch,
    _: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers.
    unsafe { (*batch).state = batch_state::RETURNS_ROWS };
    status::OK
}

/// Says five columns and shows none.
unsafe extern "C" fn columns(
    _: *mut c_void,
    _: *mut c_void,
    out: *mut ColumnSet,
    _: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes valid pointers.
    unsafe { *out = ColumnSet { columns: std::ptr::null::<ColumnDesc>(), n_columns: 5 } };
    status::OK
}
