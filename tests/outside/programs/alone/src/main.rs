//! Asks the database of the URL in its argument, with the dialects that are installed.

use aludel::plugin::{Policy, Search, loaded_dialect};

fn main() {
    let url = std::env::args().nth(1).expect("a URL as the argument");
    match total(&url) {
        Ok(answer) => println!("{answer}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}

fn total(url: &str) -> aludel::Result<String> {
    let url = aludel::Url::parse(url)?;
    let mut connection = aludel::create_engine(url.clone())?.connect()?;
    connection.execute("create table orders (total integer)", ())?;
    connection.execute("insert into orders values (?), (?)", (40, 2))?;
    let total: i64 = connection.execute("select sum(total) from orders", ())?.scalar()?;
    let found = loaded_dialect(&url, &Search::new(), &Policy::new())?;
    Ok(format!("{total} {:?}", found.origin))
}
