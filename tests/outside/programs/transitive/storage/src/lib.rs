//! A library that brings the plugin along for the programs that use it.

mod total;

pub use total::total;
