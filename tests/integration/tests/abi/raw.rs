//! What crosses, looked at as it crosses.

use std::collections::BTreeSet;

use aludel::abi::constants::{batch_state, cell_flag, hint, status, tag};
use aludel::abi::data::{CallOptions, Cell};
use aludel::abi::static_dialect;
use aludel::abi::tables::DialectVt;
use aludel_test_everything::{Everything, SAMPLES};
use aludel_tests::raw::{Delivered, RawSession};

fn table() -> *const DialectVt {
    static_dialect::<Everything>().table()
}

fn open(sql: &str) -> RawSession {
    // SAFETY: the shims made this table.
    unsafe { RawSession::open(table(), sql) }
}

fn execute(sql: &str) -> Vec<(u8, u8)> {
    let mut session = open(sql);
    // SAFETY: options of full size.
    let delivered = unsafe { session.execute(&raw const UNLIMITED) };
    assert_eq!(delivered.status, status::OK);
    assert!(!delivered.rows.is_empty(), "{sql}");
    delivered.rows.iter().flatten().map(|cell| (cell.tag, cell.flags)).collect()
}

static UNLIMITED: CallOptions = CallOptions::UNLIMITED;

#[test]
fn every_tag_and_every_flag_crosses() {
    let mut tags = BTreeSet::new();
    let mut flags = 0;
    for name in SAMPLES {
        for sql in [format!("emit {name}"), format!("emit lent {name}")] {
            for (tag, flag) in execute(&sql) {
                tags.insert(u64::from(tag));
                flags |= u64::from(flag);
            }
        }
    }
    let known: BTreeSet<u64> = tag::ALL.iter().map(|constant| constant.value).collect();
    assert_eq!(tags, known);
    let all = cell_flag::ALL.iter().fold(0, |all, constant| all | constant.value);
    assert_eq!(flags, all);
}

#[test]
fn lent_cells_are_marked_and_so_is_their_batch() {
    let state = |sql: &str| {
        let mut session = open(sql);
        // SAFETY: options of full size.
        let delivered = unsafe { session.execute(&raw const UNLIMITED) };
        let lent = delivered.rows.iter().flatten().any(|cell| cell.flags & cell_flag::LENT != 0);
        (lent, delivered.batch.state & batch_state::LENT != 0)
    };
    assert_eq!(state("emit scalars"), (false, false));
    assert_eq!(state("emit lent scalars"), (true, true));
    // Text that no arena holds is lent by the shim.
    assert_eq!(state("text 9000"), (true, true));
    assert_eq!(state("rows 3"), (false, false));
}

fn integers(delivered: &Delivered) -> Vec<Vec<i64>> {
    let integer = |cell: &Cell| {
        assert_eq!(cell.tag, tag::I64);
        cell.bits as i64
    };
    delivered.rows.iter().map(|row| row.iter().map(integer).collect()).collect()
}

#[test]
fn executemany_returns_rows_when_they_are_wanted() {
    let mut session = open("insert returning");
    let rows: Vec<[i64; 2]> = (0..100).map(|key| [key, -key]).collect();
    let mut delivered = session.execute_many(&rows, 0);
    let mut all = integers(&delivered);
    while delivered.batch.state & batch_state::DONE == 0 {
        delivered = session.fetch();
        assert_eq!(delivered.status, status::OK);
        all.extend(integers(&delivered));
    }
    assert_eq!(all, rows);
    assert_eq!(delivered.batch.affected, 100);
    assert_eq!(delivered.batch.last_insert_id, 99);
    assert_ne!(delivered.batch.state & batch_state::LAST_INSERT_ID, 0);

    let mut session = open("insert returning");
    let delivered = session.execute_many(&rows, hint::NO_ROWS);
    assert_eq!((delivered.batch.rows, delivered.batch.affected), (0, 100));
    assert_ne!(delivered.batch.state & batch_state::DONE, 0);
}

/// Options of another version of the host, of which `size` bytes are there.
fn execute_with(size: usize) -> Delivered {
    let mut full = vec![0u8; size_of::<CallOptions>() + 64];
    let mut options = CallOptions::UNLIMITED;
    options.size = size;
    options.max_rows = 2;
    // A deadline that has passed: seen only by who reads that far.
    options.deadline_mono_ns = if size < 24 { 0 } else { u64::MAX };
    // SAFETY: there are more bytes than the struct has, all of which are initialized.
    unsafe {
        let from = (&raw const options).cast::<u8>();
        full.as_mut_ptr().copy_from_nonoverlapping(from, size_of::<CallOptions>());
    }
    // Exactly as many bytes as stated, so that a sanitizer sees one that is read beyond them.
    let words = size.div_ceil(8);
    let mut exact = vec![0u64; words].into_boxed_slice();
    // SAFETY: both are at least so long.
    unsafe { full.as_ptr().copy_to_nonoverlapping(exact.as_mut_ptr().cast(), size) };
    let mut session = open("rows 5");
    // SAFETY: `size` bytes are there.
    unsafe { session.execute(exact.as_ptr().cast()) }
}

#[test]
fn call_options_may_be_shorter_or_longer_than_the_plugin_knows() {
    for size in [8, 16, 24] {
        let delivered = execute_with(size);
        assert_eq!((delivered.status, delivered.batch.rows), (status::OK, 5), "{size} bytes");
    }
    for size in [32, 40, 56, 120] {
        let delivered = execute_with(size);
        assert_eq!((delivered.status, delivered.batch.rows), (status::OK, 2), "{size} bytes");
    }
    let mut session = open("rows 5");
    // SAFETY: null stands for no limits.
    let delivered = unsafe { session.execute(std::ptr::null()) };
    assert_eq!((delivered.status, delivered.batch.rows), (status::OK, 5));
}
