//! Any database by its URL: the dialect is found, checked and loaded while the program runs.
//!
//! `cargo run -p aludel-examples --example plugin_by_url -- postgresql://scott:tiger@localhost/test`

use aludel::plugin::{Resolved, Search, which};
use aludel::{Url, create_engine};

fn main() -> aludel::Result<()> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite:///:memory:".to_owned());
    let url = Url::parse(&url)?;

    // Which file would serve the URL; none of its code runs.
    match which(&url, &Search::new()) {
        Ok(found) => match found.resolved {
            Resolved::File(plan) => println!("{} would load {}", found.url, plan.path().display()),
            Resolved::Static(_) => println!("{} is served by what is linked", found.url),
        },
        Err(error) => {
            println!("{error}"); // with the places that were searched, and what to do
            return Ok(());
        }
    }

    let engine = create_engine(url)?; // checks the file, loads it, checks the URL's options
    println!("dialect {} {}", engine.dialect().name, engine.dialect().version);

    let one: i64 = engine.execute("select 1", ())?.scalar()?; // connects
    println!("select 1 is {one}");
    Ok(())
}
