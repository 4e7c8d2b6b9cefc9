//! Links SQLite with one line; with the argument `loaded` it leaves that line out.

use aludel::plugin::{Policy, Search, loaded_dialect};

fn main() {
    if std::env::args().nth(1).as_deref() != Some("loaded") {
        aludel::register(aludel_dialect_sqlite::dialect()).expect("nothing is registered yet");
    }
    match total() {
        Ok(answer) => println!("{answer}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

fn total() -> aludel::Result<String> {
    let url = aludel::Url::parse("sqlite:///:memory:")?;
    let mut connection = aludel::create_engine(url.clone())?.connect()?;
    connection.execute("create table orders (total integer)", ())?;
    connection.execute("insert into orders values (?), (?)", (40, 2))?;
    let total: i64 = connection.execute("select sum(total) from orders", ())?.scalar()?;
    let found = loaded_dialect(&url, &Search::new(), &Policy::new())?;
    Ok(format!("{total} {:?}", found.origin))
}
