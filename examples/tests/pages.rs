//! All Rust that the pages of the documentation show, run in the order in which they show it.

use std::error::Error;

type Outcome = Result<(), Box<dyn Error>>;

/// Runs a piece of a page.
fn runs(place: &str, piece: impl FnOnce() -> Outcome) {
    if let Err(error) = piece() {
        panic!("{place}: {error}");
    }
}

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
