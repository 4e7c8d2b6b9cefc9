//! What must hold for any bytes, one function for each fuzz target.
//!
//! The functions panic when it does not hold. The ordinary tests run them on the committed seeds.
#![forbid(unsafe_code)]

mod image;
mod note;
mod postgresql;
mod scheme;
mod url;

pub use image::{elf, macho, pe};
pub use note::note;
pub use postgresql::{postgresql, values_of_postgresql};
pub use scheme::scheme;
pub use url::url;

/// What must hold for bytes; panics when it does not.
pub type Property = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Property); 7] = [
    ("url", url),
    ("scheme", scheme),
    ("note", note),
    ("elf", elf),
    ("macho", macho),
    ("pe", pe),
    ("postgresql", postgresql),
];
