//! What bytes in memory say of themselves.

use aludel::plugin::{code, inspect_bytes};

use crate::{fixture_files, fixtures};

#[test]
fn every_fixture_says_who_it_is_and_what_for() {
    for path in fixture_files() {
        let bytes = std::fs::read(&path).unwrap();
        let found = inspect_bytes(&bytes).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_eq!((found.name(), found.version()), ("image", "1.2.3"), "{path:?}");
        let file = path.file_name().unwrap().to_str().unwrap();
        let format = match file.split('-').next().unwrap() {
            "elf" => "ELF",
            "macho" => "Mach-O",
            _ => "PE",
        };
        assert_eq!(found.format(), format, "{file}");
        // Rust calls the processor x86 and the target i686.
        let machine =
            found.machine().replace("x86_64", "X").replace("x86", "i686").replace('X', "x86_64");
        assert!(found.target().starts_with(&machine), "{file}: {machine}");
        assert!(bytes.as_ptr_range().contains(&found.note().as_ptr()), "{file}");
        assert!(found.note().ends_with('}'), "{file}");
    }
}

#[test]
fn an_elf_file_says_what_it_needs() {
    let bytes = std::fs::read(fixtures().join("elf-needs.so")).unwrap();
    let found = inspect_bytes(&bytes).unwrap();
    assert_eq!(found.needed_libraries(), ["libaludel_absent.so.1", "libc.so.6"]);
    assert_eq!(found.needed_glibc().as_deref(), Some("2.99"));
    assert!(found.uses_origin() && !found.is_big_endian());
    assert_eq!((found.bits(), found.abi()), (64, (0, 1)));
}

#[test]
fn bytes_that_are_no_library_say_why() {
    for (bytes, code) in [
        (b"".as_slice(), code::NOT_A_PLUGIN),
        (b"#!/bin/sh\n", code::NOT_A_PLUGIN),
        (b"\x7fELF\x02\x01\x01", code::TRUNCATED),
        (b"\xcf\xfa\xed\xfe", code::TRUNCATED),
        (b"MZ", code::TRUNCATED),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", code::NOT_A_PLUGIN),
    ] {
        assert_eq!(inspect_bytes(bytes).unwrap_err().code(), Some(code), "{bytes:?}");
    }
}

#[test]
fn a_real_plugin_that_is_cut_at_any_page_is_refused_or_read_right() {
    for library in ["aludel_sqlite", "aludel_toy"] {
        let bytes = std::fs::read(aludel_tests::open::built(library)).unwrap();
        let whole = inspect_bytes(&bytes).unwrap();
        assert!(bytes.len() > 100_000, "{library}");
        let mut refused = 0;
        for len in (0..bytes.len()).step_by(4096) {
            match inspect_bytes(&bytes[..len]) {
                Ok(cut) => assert_eq!(cut, whole, "{library} {len}"),
                Err(error) => {
                    let is_told =
                        matches!(error.code(), Some(code::NOT_A_PLUGIN | code::TRUNCATED));
                    assert!(is_told, "{library} {len}: {error}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 10, "{library}: only {refused} were refused");
    }
}
