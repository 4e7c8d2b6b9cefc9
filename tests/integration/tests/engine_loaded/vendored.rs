//! A database file that stands in the repository, read through the loaded plugin.

use aludel::{Engine, Value};

/// Read only, so that no test changes the file.
fn library() -> Engine {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/library.db");
    crate::engine(&format!("sqlite:///{file}?mode=ro"))
}

#[test]
fn rows_of_a_join_come_back_in_order_with_their_sums() {
    let rows: Vec<(String, i64, i64)> = library()
        .execute(
            "select g.name, count(*), sum(pages) from book b join genre g on g.id = b.genre_id \
             group by 1 order by 2 desc, 1",
            (),
        )
        .unwrap()
        .owned()
        .map(|row| {
            let row = row.unwrap();
            (row.get_at(0).unwrap(), row.get_at(1).unwrap(), row.get_at(2).unwrap())
        })
        .collect();
    let expected = [("Novel", 2, 1515), ("Poetry", 2, 145), ("Science", 1, 502)];
    assert_eq!(rows, expected.map(|(name, count, pages)| (name.to_owned(), count, pages)));
}

#[test]
fn every_kind_of_value_of_the_file_is_read_as_it_was_written() {
    let sql = "select title, pages, price, cover from book order by id";
    let rows: Vec<aludel::OwnedRow> = library().execute(sql, ()).unwrap().all().unwrap();
    let row = |index: usize| rows[index].values().to_vec();
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(
        row(0),
        [text("Middlemarch"), Value::I64(880), Value::F64(12.5), Value::Bytes(b"\x89PNG".to_vec())]
    );
    assert_eq!(row(3)[2..], [Value::I64(11), Value::Bytes(Vec::new())]);
    assert_eq!(row(4)[..2], [text("Sonette an Orpheus – Rilke"), Value::Null]);
}

#[test]
fn the_file_cannot_be_changed_when_it_was_opened_to_be_read() {
    let error = library().execute("delete from book", ()).unwrap_err();
    assert_eq!(error.native_code(), Some(8), "SQLITE_READONLY: {error}");
}
