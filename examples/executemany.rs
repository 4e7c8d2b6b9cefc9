//! One statement, many rows of parameters: one call, and all rows or none.

use aludel::{ErrorKind, params};

fn main() -> aludel::Result<()> {
    let engine = aludel::create_engine("sqlite://")?;
    let mut conn = engine.connect()?;
    conn.execute("create table point (x integer unique, y integer)", ())?;

    // By name: a list of what one execution gets.
    let few = [params! { x: 1, y: 1 }, params! { x: 2, y: 4 }];
    let inserted = conn.execute("insert into point (x, y) values (:x, :y)", few)?.rowcount();
    println!("{inserted:?} rows by name");

    // By place: tuples are cheaper, for their values are not copied first.
    let many: Vec<(i64, i64)> = (3..=100_000).map(|x| (x, x * x)).collect();
    let inserted = conn.execute("insert into point (x, y) values (?, ?)", many)?.rowcount();
    println!("{inserted:?} rows by place");
    conn.commit()?;

    // The second row breaks the constraint; the rollback takes the first one away as well.
    let error = conn
        .execute("insert into point (x, y) values (?, ?)", [(100_001, 0), (1, 0)])
        .expect_err("x is unique");
    let constraint = error.constraint().expect("the database names it");
    println!("{:?} of {:?}", constraint.kind, constraint.columns);
    assert_eq!(error.kind(), ErrorKind::Integrity);
    conn.rollback()?;

    let count: i64 = conn.scalar("select count(*) from point", ())?;
    println!("{count} rows stay");
    Ok(())
}
