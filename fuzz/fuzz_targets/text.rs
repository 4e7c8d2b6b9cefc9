//! Fuzzes the search for binds in SQL text.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::text(data));
