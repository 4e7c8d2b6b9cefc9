//! The dialect of a hundred lines, linked.

use aludel::abi::static_dialect;
use aludel::{ErrorKind, Result};
use aludel_test_toy::Toy;
use aludel_tests::subject::{Subject, TOY, prepare, query};

use crate::tests;

fn subject() -> Subject {
    Subject { dialect: static_dialect::<Toy>().into(), speech: TOY }
}

aludel_tests::required_checks!(tests subject());

#[test]
fn a_panic_is_an_error_and_other_connections_live_on() -> Result<()> {
    let mut victim = subject().connect();
    let mut other = subject().connect();
    let error = query(&mut victim, "panic on purpose").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panic);
    assert_eq!(
        error.to_string(),
        "error[P10]: dialect `toy` panicked in prepare(): on purpose\n[SQL: panic on purpose]\n  \
         help: the connection is not used again; report this to the author of the dialect"
    );
    assert!(!victim.is_alive());
    prepare(&mut other, "select 1").map(drop)
}

#[test]
fn the_toy_stays_below_a_hundred_lines() {
    let source = include_str!("../../../dialects/toy/src/toy.rs");
    assert!(source.lines().count() <= 100);
    assert!(source.contains("#![forbid(unsafe_code)]"));
}
