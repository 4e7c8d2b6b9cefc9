//! Types of one's own as values and as rows.

use aludel::{FromRow, FromValue, ToValue};

#[derive(ToValue, FromValue, Debug, Clone, Copy, PartialEq)]
struct OrderId(i64); // what the field is

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(rename_all = "snake_case")]
enum Status {
    // the text of the variant
    Open,
    InTransit,
    #[aludel(rename = "done")]
    Delivered,
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(repr = "i16")]
enum Priority {
    // the number of the variant
    Low = 10,
    High = 20,
}

#[derive(FromRow)]
struct Order<'r> {
    id: OrderId,
    status: Status,
    priority: Priority,
    #[aludel(flatten)]
    place: Place<'r>,
    #[aludel(default)]
    note: Option<String>, // the result need not have this column
}

#[derive(FromRow)]
struct Place<'r> {
    #[aludel(rename = "city_name")]
    city: &'r str, // borrowed from the row
    #[aludel(try_from = "i64")]
    postcode: u32,
}

fn main() -> aludel::Result<()> {
    let engine = aludel::create_engine("sqlite://")?;
    let sql = "select ? as id, ? as status, ? as priority, 'Porto' as city_name, 4000 as postcode";
    let mut rows = engine.execute(sql, (OrderId(7), Status::InTransit, Priority::High))?;
    while let Some(row) = rows.next()? {
        let order: Order<'_> = row.get()?;
        assert_eq!((order.id, order.note), (OrderId(7), None));
        let Place { city, postcode } = order.place;
        println!("{:?}, {:?}, to {postcode} {city}", order.status, order.priority);
    }

    let wrong = engine.execute("select 'lost'", ())?.scalar::<Status>().unwrap_err();
    println!("{}", wrong.message());
    Ok(())
}
