//! From a URL to a row: a database in memory, and nothing to set up.

use aludel::params;

fn main() -> aludel::Result<()> {
    let engine = aludel::create_engine("sqlite:///:memory:")?; // does not connect yet

    let mut conn = engine.connect()?;
    conn.execute("create table greeting (id integer primary key, who text)", ())?;
    conn.execute("insert into greeting (who) values (:who)", params! { who: "world" })?;
    conn.commit()?; // without it, dropping the connection rolls back

    let who: String = conn.scalar("select who from greeting where id = ?", (1,))?;
    println!("hello, {who}");
    Ok(())
}
