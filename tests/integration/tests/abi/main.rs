//! The ABI, with dialects that are linked into the test and with tables made by hand.

mod active;
mod everything;
mod evolution;
mod header;
mod layout;
mod lying;
mod properties;
mod raw;
mod toy;

/// A test for each check of a list.
macro_rules! tests {
    ($subject:expr; $($module:ident :: $check:ident,)*) => {$(
        #[test]
        fn $check() {
            aludel_tests::checks::$module::$check(&$subject);
        }
    )*};
}
pub(crate) use tests;
