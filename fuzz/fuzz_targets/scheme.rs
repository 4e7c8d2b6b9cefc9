//! Fuzzes the reading of schemes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::scheme(data));
