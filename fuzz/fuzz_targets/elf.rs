//! Fuzzes the reading of ELF files.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aludel_fuzz::elf(data));
