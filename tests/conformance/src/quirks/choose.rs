//! Which quirks a dialect has.

use aludel::dialect::DialectInfo;

use super::{Quirks, generic, postgresql, sqlite};

/// The quirks of the dialect of this name; the generic ones for a name that is not known here.
pub fn of(info: &DialectInfo) -> Quirks {
    match info.name {
        "sqlite" => sqlite(),
        "postgresql" => postgresql(),
        _ => generic(info),
    }
}
