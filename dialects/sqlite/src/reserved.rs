//! The words that SQLite does not take as names without quotes.

/// Lower case, sorted. A test asks SQLite about each of its keywords.
#[rustfmt::skip]
pub(crate) const WORDS: &[&str] = &[
    "add", "all", "alter", "and", "as", "autoincrement", "between", "case", "cast", "check",
    "collate", "commit", "constraint", "create", "current_date", "current_time",
    "current_timestamp", "default", "deferrable", "delete", "distinct", "drop", "else",
    "escape", "except", "exists", "foreign", "from", "group", "having", "if", "in", "index",
    "insert", "intersect", "into", "is", "isnull", "join", "limit", "not", "nothing",
    "notnull", "null", "on", "or", "order", "primary", "raise", "references", "returning",
    "select", "set", "table", "then", "to", "transaction", "union", "unique", "update",
    "using", "values", "when", "where",
];

#[cfg(test)]
mod tests {
    use std::ffi::{c_char, c_int};
    use std::ptr;

    use rusqlite::ffi;

    use super::WORDS;

    fn keywords() -> Vec<String> {
        // SAFETY: SQLite's constant list of keywords, each of the length that it tells.
        (0..unsafe { ffi::sqlite3_keyword_count() })
            .map(|index| {
                let (mut name, mut length): (*const c_char, c_int) = (ptr::null(), 0);
                // SAFETY: as above.
                let bytes = unsafe {
                    ffi::sqlite3_keyword_name(index, &raw mut name, &raw mut length);
                    std::slice::from_raw_parts(name.cast::<u8>(), length as usize)
                };
                String::from_utf8(bytes.to_ascii_lowercase()).unwrap()
            })
            .collect()
    }

    fn is_name(connection: &rusqlite::Connection, word: &str) -> bool {
        let uses = [
            format!("create table temp.{word} ({word} int, b int)"),
            format!("insert into {word} ({word}) values (1)"),
            format!("select {word}, {word}.{word}, 1 as {word} from {word} where {word} = 1"),
            format!("update {word} set {word} = 2"),
            format!("drop table {word}"),
        ];
        uses.iter().all(|sql| connection.execute_batch(sql).is_ok())
    }

    #[test]
    fn the_reserved_words_are_those_keywords_that_sqlite_refuses_as_names() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let mut refused: Vec<String> =
            keywords().into_iter().filter(|word| !is_name(&connection, word)).collect();
        refused.sort();
        assert_eq!(refused, WORDS);
    }
}
