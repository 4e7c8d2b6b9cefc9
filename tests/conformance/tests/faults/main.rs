//! Faults seeded into the SQLite dialect are caught, and dialects that do nothing pass nothing.
//!
//! Each fault has a case that is there for it and must catch it, also when it shows every seventh
//! time only.

mod caught;
mod generic;
#[path = "../every/names.rs"]
mod names;
mod nothing;
mod place;

use libtest_mimic::Arguments;

fn main() {
    let tests = caught::tests().chain(nothing::tests()).chain(generic::tests()).collect();
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}
