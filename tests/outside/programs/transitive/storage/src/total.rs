//! One question to SQLite.

use aludel::plugin::{Policy, Search, loaded_dialect};

/// The sum of a table, and where the dialect came from.
pub fn total() -> aludel::Result<String> {
    let url = aludel::Url::parse("sqlite:///:memory:")?;
    let mut connection = aludel::create_engine(url.clone())?.connect()?;
    connection.execute("create table orders (total integer)", ())?;
    connection.execute("insert into orders values (?), (?)", (40, 2))?;
    let total: i64 = connection.execute("select sum(total) from orders", ())?.scalar()?;
    let found = loaded_dialect(&url, &Search::new(), &Policy::new())?;
    Ok(format!("{total} {:?}", found.origin))
}
