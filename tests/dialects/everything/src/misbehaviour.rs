//! What an author can do wrong in safe code.

use aludel::abi::data::tag;
use aludel::dbapi::RowWriter;

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
                _ => row.i64(0),
            }
        }
        if row.commit() {
            rows.done();
        }
    }
}
