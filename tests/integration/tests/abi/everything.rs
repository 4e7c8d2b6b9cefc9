//! The dialect of everything, linked.

use aludel::abi::static_dialect;
use aludel_test_everything::Everything;
use aludel_tests::subject::{EVERYTHING, Subject};

use crate::tests;

fn subject() -> Subject {
    Subject { dialect: static_dialect::<Everything>().into(), speech: EVERYTHING }
}

aludel_tests::required_checks!(tests subject());
aludel_tests::everything_checks!(tests subject());
