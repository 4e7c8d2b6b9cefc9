//! Asks SQLite, which cargo has built as a plugin beside this program.

use aludel::plugin::{Policy, Search, loaded_dialect};

fn main() -> aludel::Result<()> {
    let url = aludel::Url::parse("sqlite:///:memory:")?;
    let engine = aludel::create_engine(url.clone())?;
    let mut connection = engine.connect()?;
    connection.execute("create table orders (id integer primary key, total integer)", ())?;
    connection.execute("insert into orders (total) values (?), (?)", (40, 2))?;
    let total: i64 = connection.execute("select sum(total) from orders", ())?.scalar()?;
    let found = loaded_dialect(&url, &Search::new(), &Policy::new())?;
    println!("{total} {:?}", found.origin);
    Ok(())
}
