//! Fuzzes the reading of the JSON of notes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::note(data));
