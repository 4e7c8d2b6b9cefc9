//! Short programs with aludel: each file beside `Cargo.toml` is one, `README.md` lists them.
//!
//! The tests of this crate run them, and all Rust that stands in the pages of the documentation
//! which `build.rs` names.
#![forbid(unsafe_code)]
