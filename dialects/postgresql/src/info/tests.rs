//! What is said of PostgreSQL, against what the server says.

use aludel::{Connection, Engine};
use aludel_test_services::provided;

use super::{ALIASES, TYPE_NAMES, WORDS};

/// A connection to the server around this test.
fn connect(test: &str) -> Option<Connection> {
    let vars = provided("pg", test)?;
    let engine = Engine::builder(&vars["ALUDEL_PG_URL"]).dialect(crate::dialect()).build();
    Some(engine.unwrap().connect().unwrap())
}

/// The first column of a query, as text.
fn column(connection: &mut Connection, sql: &str) -> Vec<String> {
    let mut rows = connection.execute(sql, ()).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        found.push(row.get::<(String,)>().unwrap().0);
    }
    found
}

#[test]
fn reserved_words_are_sorted_and_those_of_the_server_are_among_them() {
    assert!(WORDS.is_sorted(), "{WORDS:?}");
    let Some(mut connection) = connect("reserved_words_of_postgresql") else { return };
    let sql = "select word::text from pg_get_keywords() where catcode in ('R', 'T')";
    let of_server = column(&mut connection, sql);
    assert!(of_server.len() > 90, "{of_server:?}");
    for word in &of_server {
        assert!(WORDS.contains(&word.as_str()), "{word}");
    }
    // Newer than the oldest server that is supported.
    let newer = ["system_user"];
    for word in WORDS.iter().filter(|word| !newer.contains(word)) {
        assert!(of_server.iter().any(|known| known == word), "{word}");
    }
}

#[test]
fn every_neutral_type_is_a_type_of_the_server() {
    let Some(mut connection) = connect("type_names_of_postgresql") else { return };
    for known in TYPE_NAMES {
        let name = known.name.replace("{length}", "7");
        let name = name.replace("{precision}", "9").replace("{scale}", "2");
        let found = column(&mut connection, &format!("select pg_typeof(null::{name})::text"));
        assert_eq!(found.len(), 1, "{name}");
    }
}

#[test]
fn aliases_belong_to_no_other_database() {
    for alias in ALIASES {
        let name = alias.split('+').next().unwrap();
        assert!(["postgresql", "postgres", "pg", "pgsql"].contains(&name), "{alias}");
    }
}
