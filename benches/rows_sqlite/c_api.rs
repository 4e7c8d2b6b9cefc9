//! The floor: SQLite's C API in a loop, statements held, values read where SQLite keeps them.

use std::ffi::c_int;

use rusqlite::{Connection, ffi};

use crate::workload::{
    BLOB, CREATE, CREATE_BLOB, CREATE_MANY, EMPTY, FILL, FILL_BLOB, INSERT, POINT, SCAN, Size,
    fold, fold_blob, key, many_rows,
};

/// A statement on a connection that lives as long.
struct Statement {
    raw: *mut ffi::sqlite3_stmt,
    connection: Connection,
}

impl Statement {
    fn new(connection: Connection, sql: &str) -> Self {
        let mut raw = std::ptr::null_mut();
        let flags = ffi::SQLITE_PREPARE_PERSISTENT;
        // SAFETY: the connection is open, the text lives for the call.
        let code = unsafe {
            ffi::sqlite3_prepare_v3(
                connection.handle(),
                sql.as_ptr().cast(),
                sql.len() as c_int,
                flags,
                &raw mut raw,
                std::ptr::null_mut(),
            )
        };
        assert_eq!(code, ffi::SQLITE_OK);
        Statement { raw, connection }
    }

    fn step(&self) -> bool {
        // SAFETY: the statement is live.
        match unsafe { ffi::sqlite3_step(self.raw) } {
            ffi::SQLITE_ROW => true,
            ffi::SQLITE_DONE => false,
            code => panic!("step failed: {code}"),
        }
    }

    fn reset(&self) {
        // SAFETY: the statement is live.
        unsafe { ffi::sqlite3_reset(self.raw) };
    }

    fn value(&self, column: c_int) -> *mut ffi::sqlite3_value {
        // SAFETY: a row is there and has this column.
        unsafe { ffi::sqlite3_column_value(self.raw, column) }
    }

    fn int(&self, column: c_int) -> i64 {
        // SAFETY: the value lives until the next step.
        unsafe { ffi::sqlite3_value_int64(self.value(column)) }
    }

    fn bytes(&self, column: c_int) -> &[u8] {
        // SAFETY: the bytes live until the next step, which needs another call on `self`.
        unsafe {
            let value = self.value(column);
            let start = ffi::sqlite3_value_blob(value).cast::<u8>();
            std::slice::from_raw_parts(start, ffi::sqlite3_value_bytes(value) as usize)
        }
    }

    fn row(&self, sum: u64) -> u64 {
        let name = std::str::from_utf8(self.bytes(2)).unwrap();
        // SAFETY: the values live until the next step.
        let (x, n) = unsafe {
            let n = self.value(3);
            let n = (ffi::sqlite3_value_type(n) != ffi::SQLITE_NULL)
                .then(|| ffi::sqlite3_value_int64(n));
            (ffi::sqlite3_value_double(self.value(1)), n)
        };
        fold(sum, self.int(0), x, name, n)
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: the statement is live, and its connection is dropped after it.
        unsafe { ffi::sqlite3_finalize(self.raw) };
    }
}

fn table(size: Size) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute(CREATE, []).unwrap();
    connection.execute(FILL, [size.rows as i64]).unwrap();
    connection
}

pub(crate) fn scan(size: Size) -> Box<dyn FnMut() -> u64> {
    let statement = Statement::new(table(size), SCAN);
    Box::new(move || {
        let mut sum = 0;
        while statement.step() {
            sum = statement.row(sum);
        }
        statement.reset();
        sum
    })
}

pub(crate) fn point(size: Size) -> Box<dyn FnMut() -> u64> {
    let statement = Statement::new(table(size), POINT);
    Box::new(move || {
        let mut sum = 0;
        for i in 0..size.times {
            // SAFETY: the statement is live and has one parameter.
            unsafe { ffi::sqlite3_bind_int64(statement.raw, 1, key(i, size.rows)) };
            assert!(statement.step());
            sum = statement.row(sum);
            statement.reset();
        }
        sum
    })
}

pub(crate) fn executemany(size: Size) -> Box<dyn FnMut() -> u64> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute(CREATE_MANY, []).unwrap();
    let statement = Statement::new(connection, INSERT);
    let rows = many_rows(size);
    Box::new(move || {
        statement.connection.execute_batch("begin").unwrap();
        statement.connection.execute(EMPTY, []).unwrap();
        let mut changed = 0;
        for (id, name) in &rows {
            // SAFETY: the statement is live; the text outlives its binding, which the next replaces
            // and `sqlite3_clear_bindings` ends.
            unsafe {
                ffi::sqlite3_bind_int64(statement.raw, 1, *id);
                let len = name.len() as c_int;
                let text = name.as_ptr().cast();
                ffi::sqlite3_bind_text(statement.raw, 2, text, len, ffi::SQLITE_STATIC());
            }
            assert!(!statement.step());
            statement.reset();
            changed += 1;
        }
        // SAFETY: the statement is live.
        unsafe { ffi::sqlite3_clear_bindings(statement.raw) };
        statement.connection.execute_batch("commit").unwrap();
        changed
    })
}

pub(crate) fn blob(size: Size) -> Box<dyn FnMut() -> u64> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute(CREATE_BLOB, []).unwrap();
    connection.execute(FILL_BLOB, [size.rows as i64]).unwrap();
    let statement = Statement::new(connection, BLOB);
    Box::new(move || {
        let mut sum = 0;
        for _ in 0..size.times {
            assert!(statement.step());
            sum = fold_blob(sum, statement.bytes(0));
            statement.reset();
        }
        sum
    })
}
