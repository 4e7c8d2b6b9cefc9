//! The ABI across the boundary of a shared library: plugins in Rust and in C.

mod coverage;
mod everything;
mod hosts;
mod levels;
mod logs;
mod memory;
mod panics;
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
