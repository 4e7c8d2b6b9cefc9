//! A million rows in constant memory: lent one by one, in groups, and as far as one wants.

use aludel::ExecutionOptions;

const NUMBERS: &str = "with recursive n (x) as (select 1 union all select x + 1 from n \
                       where x < 1000000) select x, 'row ' || x as label from n";

fn main() -> aludel::Result<()> {
    let engine = aludel::create_engine("sqlite://")?;
    let mut conn = engine.connect()?;

    // Lent: text is borrowed from the batch, nothing is allocated for a row.
    let (mut sum, mut longest) = (0, 0);
    let mut rows = conn.execute(NUMBERS, ())?;
    while let Some(row) = rows.next()? {
        let (x, label): (i64, &str) = row.get()?;
        sum += x;
        longest = longest.max(label.len());
    }
    drop(rows);
    println!("sum {sum}, longest label {longest} bytes");

    // In groups of owned rows: memory holds one group.
    let options = ExecutionOptions::new().yield_per(10_000);
    let mut rows = conn.execute_with(NUMBERS, (), &options)?;
    let mut groups = 0;
    for group in rows.partitions::<(i64, String)>(None) {
        groups += usize::from(group?.len() == 10_000);
    }
    drop(rows);
    println!("{groups} groups");

    // Dropped early: the rest is never made, and the connection is free for the next statement.
    let first: Vec<(i64, String)> = conn.execute(NUMBERS, ())?.fetch_many(3)?;
    let next: i64 = conn.scalar("select count(*) from pragma_table_list", ())?;
    println!("{first:?}, and then {}", if next > 0 { "another statement" } else { "nothing" });
    Ok(())
}
