//! Sizes and offsets of the frozen structs, literally: what they were when plugins were built.

use aludel::abi::constants::tag;
use aludel::abi::data::{Cell, Str};
use aludel::abi::layout::{Constant, FieldLayout, StructLayout, hash};
use aludel::abi::tables::{CancelVt, ConnectionVt, Descriptor, DialectVt, HostVt, StatementVt};
use aludel::abi::{CODES, CONSTANTS, LAYOUT_HASH, STRUCTS};

/// Name, size, and offset of each field.
const FROZEN: &[(&str, usize, &[usize])] = &[
    ("Str", 16, &[0, 8]),
    ("Cell", 16, &[0, 1, 2, 4, 8]),
    ("Batch", 88, &[0, 8, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 68, 72]),
    ("TypeDesc", 128, &[0, 4, 8, 24, 32, 36, 40, 56, 72, 76, 80, 88, 96, 104, 112]),
    ("FieldDesc", 144, &[0, 16]),
    ("ColumnDesc", 232, &[0, 16, 144, 148, 152, 168, 184, 200, 216]),
    ("ColumnSet", 16, &[0, 8]),
    ("ParameterDesc", 144, &[0, 16]),
    ("ParameterSet", 16, &[0, 8]),
    ("ParamSet", 56, &[0, 8, 16, 20, 24, 32, 40]),
    ("CallOptions", 56, &[0, 8, 16, 24, 32, 40]),
    ("ErrorOut", 72, &[0, 4, 8, 16, 24, 32, 36, 40, 44, 48, 56]),
    ("KeyValue", 32, &[0, 16]),
    ("HostAddress", 24, &[0, 16, 20]),
    ("ConnectArgs", 128, &[0, 8, 24, 32, 40, 56, 72, 88, 96, 104, 112, 120]),
    ("TransactionArgs", 56, &[0, 8, 12, 16, 20, 24, 40]),
    ("BulkArgs", 128, &[0, 8, 12, 16, 32, 48, 64, 80, 88, 96, 104, 112]),
    ("ReflectArgs", 80, &[0, 8, 12, 16, 32, 48, 64]),
    ("NoticeOut", 64, &[0, 16, 32, 40, 48]),
    ("NotificationOut", 56, &[0, 16, 32, 40]),
    ("LogRecord", 80, &[0, 8, 12, 16, 32, 48, 64, 72]),
    ("RawConnection", 16, &[0, 8]),
    ("RawStatement", 16, &[0, 8]),
    ("RawCancel", 16, &[0, 8]),
];

#[test]
fn the_frozen_structs_lie_as_they_always_did() {
    assert_eq!(STRUCTS.len(), FROZEN.len());
    for (layout, (name, size, offsets)) in STRUCTS.iter().zip(FROZEN) {
        let now: Vec<usize> = layout.fields.iter().map(|field| field.offset).collect();
        assert_eq!((layout.name, layout.size, now.as_slice()), (*name, *size, *offsets));
        assert_eq!(layout.align, 8, "{name}");
    }
}

#[test]
fn no_frozen_struct_has_padding() {
    for layout in STRUCTS {
        let mut end = 0;
        for field in layout.fields {
            assert_eq!(field.offset, end, "padding before {}.{}", layout.name, field.name);
            end += field.size;
        }
        assert_eq!(end, layout.size, "padding after the fields of {}", layout.name);
    }
}

#[test]
fn tables_begin_with_their_size_and_have_a_pointer_for_each_entry() {
    let tables = [DialectVt::LAYOUT, ConnectionVt::LAYOUT, StatementVt::LAYOUT, CancelVt::LAYOUT];
    let sizes = [size_of::<DialectVt>(), size_of::<ConnectionVt>()];
    let sizes = sizes.into_iter().chain([size_of::<StatementVt>(), size_of::<CancelVt>()]);
    for (table, size) in tables.iter().zip(sizes) {
        for (index, entry) in table.entries.iter().enumerate() {
            assert_eq!(entry.offset, 8 * (index + 1), "{}.{}", table.name, entry.name);
        }
        assert_eq!(size, 8 * (table.entries.len() + 1), "{}", table.name);
    }
    assert_eq!(DialectVt::LAYOUT.entries.len(), 2);
    // Entries are appended, never moved: the first and the last of this version.
    let ends = |table: &aludel::abi::layout::TableLayout| {
        let entries = table.entries;
        (entries[0].name, entries[entries.len() - 1].name, entries.len())
    };
    assert_eq!(ends(&ConnectionVt::LAYOUT), ("free", "server_info", 26));
    assert_eq!(ends(&StatementVt::LAYOUT), ("free", "parameters", 8));
    assert_eq!(ends(&CancelVt::LAYOUT), ("free", "cancel", 2));
    assert_eq!(HostVt::LAYOUT.size, 32);
    assert_eq!(Descriptor::LAYOUT.size, 104);
}

#[test]
fn constants_have_the_numbers_that_crossed_before() {
    let values = |group: &str| -> Vec<u64> {
        let list = CONSTANTS.iter().chain(CODES).find(|(name, _)| *name == group);
        list.unwrap_or_else(|| panic!("a group {group}")).1.iter().map(|c| c.value).collect()
    };
    let tags: Vec<u64> = (0..=9).chain(16..=26).chain([31]).collect();
    assert_eq!(values("TAG"), tags);
    assert_eq!(values("CELL"), [1, 2, 4, 8, 16]);
    assert_eq!(values("BATCH"), [1, 2, 4, 8, 16, 32]);
    assert_eq!(values("HINT"), [1, 2]);
    assert_eq!(values("PARAM"), [1, 2]);
    assert_eq!(values("CONNECT"), [1, 2, 4, 8]);
    assert_eq!(values("PREPARE"), [1]);
    assert_eq!(values("STATUS"), [0, 1, 2]);
    assert_eq!(values("ERROR"), [1, 2, 4, 8, 16]);
    assert_eq!(values("EXTRA"), (1..=11).collect::<Vec<_>>());
    assert_eq!(values("KIND"), (1..=8).chain(32..=43).collect::<Vec<_>>());
    assert_eq!(values("CONSTRAINT"), (1..=7).collect::<Vec<_>>());
    assert_eq!(values("TYPE"), (0..=31).collect::<Vec<_>>());
    assert_eq!(values("REFLECT"), (1..=13).collect::<Vec<_>>());
}

#[test]
fn the_hash_notices_every_change() {
    const FIELD: FieldLayout =
        FieldLayout { name: "a", ty: "u64", docs: &["text"], offset: 0, size: 8 };
    const BASE: StructLayout =
        StructLayout { name: "S", docs: &["text"], size: 8, align: 8, fields: &[FIELD] };
    const NUMBER: Constant = Constant { name: "N", value: 1, docs: &["text"] };
    let base = hash(&[BASE], &[("G", &[NUMBER])]);
    let changed = [
        hash(&[StructLayout { name: "T", ..BASE }], &[("G", &[NUMBER])]),
        hash(&[StructLayout { size: 16, ..BASE }], &[("G", &[NUMBER])]),
        hash(&[StructLayout { align: 4, ..BASE }], &[("G", &[NUMBER])]),
        hash(&[StructLayout { fields: &[], ..BASE }], &[("G", &[NUMBER])]),
        hash(
            &[StructLayout { fields: &[FieldLayout { offset: 4, ..FIELD }], ..BASE }],
            &[("G", &[NUMBER])],
        ),
        hash(
            &[StructLayout { fields: &[FieldLayout { name: "b", ..FIELD }], ..BASE }],
            &[("G", &[NUMBER])],
        ),
        hash(&[BASE], &[("H", &[NUMBER])]),
        hash(&[BASE], &[("G", &[Constant { value: 2, ..NUMBER }])]),
        hash(&[BASE], &[("G", &[Constant { name: "M", ..NUMBER }])]),
        hash(&[BASE, BASE], &[("G", &[NUMBER])]),
    ];
    assert!(changed.iter().all(|hash| *hash != base));
    // Documentation is no layout.
    let reworded = StructLayout { docs: &["other"], ..BASE };
    assert_eq!(hash(&[reworded], &[("G", &[Constant { docs: &[], ..NUMBER }])]), base);
    assert_eq!(hash(STRUCTS, CONSTANTS), LAYOUT_HASH);
}

#[test]
fn lengths_beyond_four_gibibytes_fit_a_cell() {
    for len in [0, 1, u32::MAX as usize, 5 << 30, (1 << 48) - 1] {
        for tag in [tag::TEXT, tag::BYTES, tag::JSON, tag::OTHER, tag::ARRAY] {
            let cell = Cell::pointer(tag, 0, std::ptr::dangling(), len);
            assert_eq!(cell.byte_len(), len, "{len} bytes of tag {tag}");
        }
    }
    assert_eq!(Str::EMPTY.len, 0);
}
