//! Fuzzes the reading of URLs.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::url(data));
