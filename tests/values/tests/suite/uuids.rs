//! The crate `uuid`.

use aludel_tests_values::{refused, selected, stored, through};
use uuid::Uuid;

const TEXT: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

#[test]
fn uuids_go_in_and_come_out_of_text_and_of_bytes() -> aludel::Result<()> {
    let uuid = Uuid::parse_str(TEXT).expect("a UUID");
    assert_eq!(stored(uuid), (TEXT.to_owned(), "text".to_owned()));
    assert_eq!(through::<_, Uuid>(uuid)?, uuid);
    assert_eq!(selected::<Uuid>("x'67e5504410b1426f9247bb680e5fe0c8'")?, uuid);
    assert_eq!(selected::<Uuid>("'67E5504410B1426F9247BB680E5FE0C8'")?, uuid);
    assert_eq!(selected::<Option<Uuid>>("null")?, None);
    Ok(())
}

#[test]
fn what_is_no_uuid_is_refused() {
    assert!(refused::<Uuid>("'x'").contains("wanted Uuid, found text that is not of its form"));
    assert!(refused::<Uuid>("x'00'").contains("wanted Uuid, found bytes that is not of its form"));
    assert!(refused::<Uuid>("1").contains("wanted Uuid, found i64"));
}
