//! The dialect is linked into the program by one line.

use crate::programs::{Dependency, Program};
use crate::workshop::Workshop;

#[test]
fn one_line_links_the_dialect() {
    let workshop = Workshop::open();
    let program = Program::write(&workshop, "linked", Dependency::Path);
    assert_eq!(program.run(), "42 Static\n");
}
