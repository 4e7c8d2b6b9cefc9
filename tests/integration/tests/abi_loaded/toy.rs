//! The dialect of a hundred lines, loaded.

use aludel_tests::load::beside_this_test;
use aludel_tests::subject::{Subject, TOY};

use crate::tests;

fn subject() -> Subject {
    Subject { dialect: beside_this_test("toy"), speech: TOY }
}

aludel_tests::required_checks!(tests subject());
