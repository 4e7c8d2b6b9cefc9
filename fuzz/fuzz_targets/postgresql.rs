//! Fuzzes what a PostgreSQL server sends.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::postgresql(data));
