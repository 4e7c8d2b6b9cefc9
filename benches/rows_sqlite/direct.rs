//! The baseline: rusqlite as its users write it, borrowed where it can borrow.

use rusqlite::{Connection, params};

use crate::workload::{
    BLOB, CREATE, CREATE_BLOB, CREATE_MANY, EMPTY, FILL, FILL_BLOB, INSERT, POINT, SCAN, Size,
    fold, fold_blob, key, many_rows,
};

fn table(size: Size) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute(CREATE, []).unwrap();
    connection.execute(FILL, [size.rows as i64]).unwrap();
    connection
}

pub(crate) fn scan(size: Size) -> Box<dyn FnMut() -> u64> {
    let connection = table(size);
    Box::new(move || {
        let mut statement = connection.prepare_cached(SCAN).unwrap();
        let mut rows = statement.query([]).unwrap();
        let mut sum = 0;
        while let Some(row) = rows.next().unwrap() {
            let name = row.get_ref(2).unwrap().as_str().unwrap();
            sum = fold(sum, row.get(0).unwrap(), row.get(1).unwrap(), name, row.get(3).unwrap());
        }
        sum
    })
}

pub(crate) fn point(size: Size) -> Box<dyn FnMut() -> u64> {
    let connection = table(size);
    Box::new(move || {
        let mut sum = 0;
        for i in 0..size.times {
            let mut statement = connection.prepare_cached(POINT).unwrap();
            let mut rows = statement.query([key(i, size.rows)]).unwrap();
            let row = rows.next().unwrap().unwrap();
            let name = row.get_ref(2).unwrap().as_str().unwrap();
            sum = fold(sum, row.get(0).unwrap(), row.get(1).unwrap(), name, row.get(3).unwrap());
        }
        sum
    })
}

pub(crate) fn executemany(size: Size) -> Box<dyn FnMut() -> u64> {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute(CREATE_MANY, []).unwrap();
    let rows = many_rows(size);
    Box::new(move || {
        let transaction = connection.transaction().unwrap();
        transaction.execute(EMPTY, []).unwrap();
        let mut changed = 0;
        {
            let mut statement = transaction.prepare_cached(INSERT).unwrap();
            for (id, name) in &rows {
                changed += statement.execute(params![id, name]).unwrap() as u64;
            }
        }
        transaction.commit().unwrap();
        changed
    })
}

pub(crate) fn blob(size: Size) -> Box<dyn FnMut() -> u64> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute(CREATE_BLOB, []).unwrap();
    connection.execute(FILL_BLOB, [size.rows as i64]).unwrap();
    Box::new(move || {
        let mut sum = 0;
        for _ in 0..size.times {
            let mut statement = connection.prepare_cached(BLOB).unwrap();
            let mut rows = statement.query([]).unwrap();
            let row = rows.next().unwrap().unwrap();
            sum = fold_blob(sum, row.get_ref(0).unwrap().as_blob().unwrap());
        }
        sum
    })
}
