//! The dialect of everything, loaded.

use aludel_tests::load::beside_this_test;
use aludel_tests::subject::{EVERYTHING, Subject};

use crate::tests;

/// The plugin, loaded once for this process.
pub(crate) fn subject() -> Subject {
    Subject { dialect: beside_this_test("everything"), speech: EVERYTHING }
}

aludel_tests::required_checks!(tests subject());
aludel_tests::everything_checks!(tests subject());
