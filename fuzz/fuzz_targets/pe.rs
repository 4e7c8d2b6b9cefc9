//! Fuzzes the reading of PE files.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::pe(data));
