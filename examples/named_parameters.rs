//! Parameters by name, a list after `IN`, and rows as structs.

use aludel::{FromRow, params, text::text};

#[derive(FromRow)]
struct Track {
    id: i64,
    name: String,
    composer: Option<String>, // NULL is None
}

const SCHEMA: &str = "create table track (id integer primary key, name text, composer text)";
const TRACKS: [(&str, Option<&str>); 4] = [
    ("So What", Some("Davis")),
    ("Naima", Some("Coltrane")),
    ("Greensleeves", None),
    ("Blue in Green", Some("Davis")),
];

fn main() -> aludel::Result<()> {
    let engine = aludel::create_engine("sqlite://")?;
    let mut conn = engine.connect()?;
    conn.execute(SCHEMA, ())?;
    conn.execute("insert into track (name, composer) values (?, ?)", TRACKS)?;
    conn.commit()?;

    // The colons in the string and the comment are no parameters.
    let tracks: Vec<Track> = conn
        .execute("select * from track where name <> ':x' and id > :id -- :y", params! { id: 2 })?
        .all()?;
    for Track { id, name, composer } in &tracks {
        println!("{id} {name} by {}", composer.as_deref().unwrap_or("nobody knows"));
    }

    // The list becomes as many parameters as it has elements; an empty one matches nothing.
    let by = text("select name from track where composer in :composers order by name");
    for composers in [vec!["Davis", "Monk"], vec![]] {
        let names: Vec<String> =
            conn.scalars(&by, params! { composers: composers })?.collect::<Result<_, _>>()?;
        println!("{names:?}");
    }

    let error = conn.execute(&by, params! { composer: "Davis" }).unwrap_err();
    println!("{}", error.message());
    Ok(())
}
