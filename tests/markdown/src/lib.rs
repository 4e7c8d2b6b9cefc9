//! Makes tests of the Rust that stands in pages of documentation, so that no page can go stale.
//!
//! A build script calls [`tests_of`]; each page becomes one test, in which its pieces run in their
//! order:
//!
//! | in the page | becomes |
//! | --- | --- |
//! | a block `rust` | a scope of its own |
//! | a block `rust,page` | a part of the page's scope: what it declares, later pieces see |
//! | a comment `<!-- rust,page … -->` | the same, unseen by readers |
//! | a comment `<!-- rust,line … -->` | what each line of the tables below begins with |
//! | code in the column `aludel` of a table | a scope of its own |
//!
//! A cell of the column `aludel` holds code, or says `not yet` or `–` and perhaps why. Blocks with
//! other words beside `rust` are left out.
#![forbid(unsafe_code)]

mod page;
mod program;
mod table;

pub use page::{Kind, Page, Piece};
pub use program::tests_of;
