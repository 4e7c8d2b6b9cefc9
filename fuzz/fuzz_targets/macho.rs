//! Fuzzes the reading of Mach-O files, universal ones too.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::macho(data));
