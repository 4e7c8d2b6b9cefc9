//! What an author can do wrong in safe code.

use aludel::Value;
use aludel::abi::constants::tag;
use aludel::dbapi::RowWriter;
use aludel::value::Array;

/// A way to misuse the writer of rows.
#[derive(Clone, Copy)]
pub(crate) enum Lie {
    FewCells,
    ManyCells,
    NeverDone,
    OtherWidth,
    NestedBytes,
    UnknownTag,
    BadText,
    Depth,
}

/// Not UTF-8.
static BAD_TEXT: [u8; 3] = [b'a', 0xff, b'b'];

impl Lie {
    /// The lie of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "few cells" => Lie::FewCells,
            "many cells" => Lie::ManyCells,
            "never done" => Lie::NeverDone,
            "other width" => Lie::OtherWidth,
            "nested bytes" => Lie::NestedBytes,
            "unknown tag" => Lie::UnknownTag,
            "bad text" => Lie::BadText,
            "depth" => Lie::Depth,
            _ => return None,
        })
    }

    /// Writes what is wrong.
    pub(crate) fn tell<'a>(self, rows: &mut RowWriter<'_, 'a>) {
        let (columns, cells) = match self {
            Lie::FewCells => (2, 1),
            Lie::ManyCells => (2, 3),
            _ => (1, 1),
        };
        rows.columns(columns);
        match self {
            Lie::NeverDone => return,
            Lie::OtherWidth => {
                let mut row = rows.row();
                row.null();
                // The next row says that it is wider.
                let _ = row.commit();
                rows.columns(7);
            }
            _ => {}
        }
        let mut row = rows.row();
        for _ in 0..cells {
            match self {
                Lie::NestedBytes => row.lend_as(tag::ARRAY, &BAD_TEXT),
                Lie::UnknownTag => row.lend_as(200, &BAD_TEXT),
                Lie::BadText => row.lend_as(tag::TEXT, &BAD_TEXT),
                Lie::Depth => row.value(nested(40).as_ref()),
                _ => row.i64(0),
            }
        }
        if row.commit() {
            rows.done();
        }
    }
}

/// Arrays inside arrays.
fn nested(levels: u32) -> Value {
    (0..levels).fold(Value::Null, |inner, _| Value::Array(Array::new(vec![inner])))
}
