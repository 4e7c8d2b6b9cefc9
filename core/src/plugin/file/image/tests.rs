//! Real libraries of several systems, whole, cut short and damaged.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use object::read::{ReadCache, ReadRef};

use super::elf_dynamic::Needs;
use super::elf_versions::Version;
use super::kind::Format;
use super::read::Image;
use super::start::Start;
use crate::error::Result;

/// File, format, machine, bits, and whether the order is big-endian.
type Fixture = (&'static str, Format, &'static str, u32, bool);

const FIXTURES: &[Fixture] = &[
    ("elf-x86_64.so", Format::Elf, "x86_64", 64, false),
    ("elf-needs.so", Format::Elf, "x86_64", 64, false),
    ("elf-rpath.so", Format::Elf, "x86_64", 64, false),
    ("elf-aarch64.so", Format::Elf, "aarch64", 64, false),
    ("elf-s390x.so", Format::Elf, "s390x", 64, true),
    ("elf-x86.so", Format::Elf, "x86", 32, false),
    ("macho-x86_64.dylib", Format::MachO, "x86_64", 64, false),
    ("macho-aarch64.dylib", Format::MachO, "aarch64", 64, false),
    ("pe-x86_64.dll", Format::Pe, "x86_64", 64, false),
    ("pe-aarch64.dll", Format::Pe, "aarch64", 64, false),
    ("pe-x86.dll", Format::Pe, "x86", 32, false),
];
const UNIVERSAL: &str = "macho-universal.dylib";

fn fixture(file: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/images");
    std::fs::read(folder.join(file)).unwrap()
}

fn parse<'data, R: ReadRef<'data>>(data: R) -> Result<(Image, &'data [u8], Needs)> {
    let path = Path::new("x");
    let image = Image::parse(data, &Start::of(data, path)?, path)?;
    let note = image.note(data, path)?;
    let needs = image.needs(data, path)?;
    Ok((image, note, needs))
}

/// What a file in memory and the same file on a disk give, which must be the same.
fn both(bytes: &[u8]) -> Result<(Vec<u8>, Needs)> {
    let read = parse(bytes).map(|(_, note, needs)| (note.to_vec(), needs));
    let cache = ReadCache::new(Cursor::new(bytes));
    let cached = parse(&cache).map(|(_, note, needs)| (note.to_vec(), needs));
    let in_words = |read: &Result<_>| format!("{read:?}");
    assert_eq!(in_words(&read), in_words(&cached));
    read
}

#[test]
fn every_image_is_read_as_what_it_is() {
    for (file, format, machine, bits, is_big_endian) in FIXTURES {
        let bytes = fixture(file);
        let (image, note, _) = parse(bytes.as_slice()).unwrap();
        assert_eq!(image.kind.format, *format, "{file}");
        assert_eq!(image.kind.arch(), *machine, "{file}");
        assert_eq!((image.kind.bits, image.kind.is_big_endian), (*bits, *is_big_endian), "{file}");
        let note = String::from_utf8(note.to_vec()).unwrap();
        assert!(note.starts_with("{\"aludel\":1,"), "{file}: {note}");
        assert!(note.ends_with("\"name\":\"image\",\"version\":\"1.2.3\"}\0"), "{file}: {note}");
        assert!(both(&bytes).is_ok(), "{file}");
    }
}

#[test]
fn of_a_universal_file_the_image_for_this_machine_is_read() {
    let bytes = fixture(UNIVERSAL);
    let start = Start::of(bytes.as_slice(), Path::new("x")).unwrap();
    assert_eq!(start.to_string(), "universal Mach-O (x86-64, AArch64)");
    let (image, note, _) = parse(bytes.as_slice()).unwrap();
    let machine = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };
    assert_eq!(image.kind.arch(), machine);
    let target = format!("\"target\":\"{machine}-apple-darwin\"");
    assert!(String::from_utf8_lossy(note).contains(&target));
    assert!(both(&bytes).is_ok());
}

#[test]
fn an_elf_file_says_what_it_needs() {
    let (_, _, needs) = parse(fixture("elf-needs.so").as_slice()).unwrap();
    assert_eq!(needs.libraries, ["libaludel_absent.so.1", "libc.so.6"]);
    assert_eq!(needs.runpath, ["$ORIGIN/lib", "/opt/lib"]);
    assert_eq!((needs.rpath.len(), needs.soname.as_ref()), (0, None));
    assert_eq!(needs.glibc, Version::parse("2.99"));
    assert!(needs.uses_origin() && !needs.no_default_dirs);
    let mut bytes = fixture("elf-rpath.so");
    let (_, _, needs) = parse(bytes.as_slice()).unwrap();
    assert_eq!(needs.soname.as_deref(), Some("libaludel_known.so.1"));
    assert_eq!((needs.rpath, needs.runpath.len()), (vec!["$ORIGIN/lib".to_owned()], 0));
    assert!(!needs.no_default_dirs && needs.libraries.is_empty() && needs.glibc.is_none());
    let flags = 0x6fff_fffb_u64.to_le_bytes();
    let flags = bytes.windows(8).position(|window| window == flags).unwrap();
    bytes[flags + 9] |= 0x08;
    assert!(parse(bytes.as_slice()).unwrap().2.no_default_dirs);
    let (_, _, none) = parse(fixture("elf-s390x.so").as_slice()).unwrap();
    assert_eq!(none, Needs::default());
}

#[test]
fn packed_relocations_need_the_glibc_that_unpacks_them() {
    let mut bytes = fixture("elf-needs.so");
    let place = |bytes: &[u8], wanted: &[u8]| {
        bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
    };
    let version = place(&bytes, b"GLIBC_2.99\0");
    bytes[version..version + 10].copy_from_slice(b"GLIBC_2.09");
    let glibc = |bytes: &[u8]| parse(bytes).unwrap().2.glibc;
    assert_eq!(glibc(&bytes), Version::parse("2.9"));
    // An entry of the dynamic section that nothing here reads becomes DT_RELR.
    let hash = place(&bytes, &0x6fff_fef5_u64.to_le_bytes());
    bytes[hash..hash + 8].copy_from_slice(&36_u64.to_le_bytes());
    assert_eq!(glibc(&bytes), Version::parse("2.36"));
    bytes[version..version + 10].copy_from_slice(b"GLIBC_2.40");
    assert_eq!(glibc(&bytes), Version::parse("2.40"));
    bytes[version..version + 10].copy_from_slice(b"OTHER_2.40");
    assert_eq!(glibc(&bytes), None);
}

#[test]
fn a_file_that_is_cut_short_is_refused_or_still_read_right() {
    for file in FIXTURES.iter().map(|fixture| fixture.0).chain([UNIVERSAL]) {
        let whole = fixture(file);
        let (note, needs) = both(&whole).unwrap();
        // Every length of the headers, then every 64 bytes, and the last few.
        let lens = (0..2048).chain((2048..whole.len()).step_by(64));
        for len in lens.chain(whole.len() - 8..whole.len()).filter(|len| *len < whole.len()) {
            match both(&whole[..len]) {
                Ok(read) => assert_eq!(read, (note.clone(), needs.clone()), "{file} {len}"),
                Err(error) => assert!(matches!(error.code(), Some("P06" | "P07")), "{error}"),
            }
        }
    }
}

#[test]
fn what_is_cut_off_is_named_with_both_lengths() {
    for (file, len, message) in [
        ("elf-x86_64.so", 63, "the header ends at 64, the file at 63"),
        ("elf-x86.so", 51, "the header ends at 52, the file at 51"),
        ("elf-x86_64.so", 100, "the table of segments ends at 456, the file at 100"),
        ("elf-x86_64.so", 600, "segment 1 ends at 760, the file at 600"),
        ("macho-x86_64.dylib", 31, "the header ends at 32, the file at 31"),
        ("macho-x86_64.dylib", 40, "the table of load commands ends at "),
        ("macho-x86_64.dylib", 5000, "segment __TEXT ends at 5,216, the file at 5,000"),
        ("macho-universal.dylib", 7, "the header ends at 8, the file at 7"),
        ("macho-universal.dylib", 8, "the table of images ends at 48, the file at 8"),
        ("macho-universal.dylib", 50_000, "the image for AArch64 ends at 82,496, the file at 50"),
        ("pe-x86_64.dll", 63, "the header ends at 64, the file at 63"),
        ("pe-x86_64.dll", 64, "the header ends at "),
        ("pe-x86_64.dll", 400, "the table of sections ends at "),
        ("pe-x86_64.dll", 3071, "section .reloc ends at 3,072, the file at 3,071"),
        ("pe-x86_64.dll", 2100, "section .aludel ends at 2,560, the file at 2,100"),
    ] {
        let error = both(&fixture(file)[..len]).unwrap_err().to_string();
        let start = format!("error[P07]: x is cut short ({message}");
        assert!(error.starts_with(&start), "{file} {len}: {error}");
    }
}

#[test]
fn no_damage_to_the_headers_makes_it_panic_or_lose_the_bounds() {
    for file in FIXTURES.iter().map(|fixture| fixture.0).chain([UNIVERSAL]) {
        let whole = fixture(file);
        let headers = whole.len().min(if file.ends_with(".so") { 4096 } else { 1024 });
        // The rest of a large image is pages of zeros, which no header changes.
        let mut bytes = whole;
        for at in 0..headers {
            let original = bytes[at];
            for value in [0, 1, 0x7f, 0x80, 0xff, original ^ 4] {
                bytes[at] = value;
                if let Ok((_, note, _)) = parse(bytes.as_slice()) {
                    assert!(note.len() <= 65_536);
                    assert!(bytes.as_ptr_range().contains(&note.as_ptr()));
                }
            }
            bytes[at] = original;
        }
    }
}

#[test]
fn damage_is_read_alike_from_memory_and_from_a_disk() {
    for file in ["elf-needs.so", "elf-x86.so", "pe-x86_64.dll", "macho-x86_64.dylib"] {
        let mut bytes = fixture(file);
        for at in 0..bytes.len().min(1024) {
            let original = std::mem::replace(&mut bytes[at], 0xff);
            let _same = both(&bytes);
            bytes[at] = original;
        }
    }
}

#[test]
fn numbers_that_leave_the_file_are_refused() {
    // An entry of the table of segments: its type and offset.
    let mut elf = fixture("elf-x86_64.so");
    let load = (64..).step_by(56).find(|at| elf[*at..at + 4] == [1, 0, 0, 0]).unwrap();
    elf[load + 8..load + 16].fill(0xff);
    let error = both(&elf).unwrap_err().to_string();
    assert!(error.contains("segment 1 ends at 18,446,744,073,709,551,615"), "{error}");

    // The size of an entry, which no longer is that of the struct.
    let mut elf = fixture("elf-x86_64.so");
    elf[54] = 55;
    let error = both(&elf).unwrap_err().to_string();
    assert!(error.contains("Invalid ELF program header entry size"), "{error}");

    // A dynamic section that no segment holds.
    let mut elf = fixture("elf-needs.so");
    let dynamic = (64..).step_by(56).find(|at| elf[*at..at + 4] == [2, 0, 0, 0]).unwrap();
    elf[dynamic + 16..dynamic + 24].fill(0xff);
    let error = both(&elf).unwrap_err().to_string();
    assert!(error.contains("its dynamic section lies outside the file"), "{error}");

    // The offset of the PE header.
    let mut pe = fixture("pe-x86_64.dll");
    pe[0x3c..0x40].fill(0xff);
    let error = both(&pe).unwrap_err().to_string();
    assert!(error.contains("the header ends at 4,294,967,319"), "{error}");

    // The count of images, as in a class of Java.
    let mut universal = fixture(UNIVERSAL);
    universal[7] = 52;
    let error = both(&universal).unwrap_err().to_string();
    assert!(error.contains("its table of images is malformed"), "{error}");
    universal[7] = 0;
    assert!(both(&universal).is_err());

    // The machine in the table of images, which is no longer that of the image.
    let mut universal = fixture(UNIVERSAL);
    (universal[11], universal[31]) = (12, 7);
    let error = both(&universal).unwrap_err().to_string();
    assert!(error.contains("its image for "), "{error}");
}

#[test]
fn programs_and_objects_are_no_plugins() {
    // The type of file in each header.
    for (file, at, value) in
        [("elf-x86_64.so", 16, 1), ("macho-x86_64.dylib", 12, 2), ("pe-x86_64.dll", 0, 0)]
    {
        let mut bytes = fixture(file);
        if file.starts_with("pe") {
            let header = usize::from(bytes[0x3c]) + 4;
            bytes[header + 19] &= !0x20;
        } else {
            bytes[at] = value;
        }
        let error = both(&bytes).unwrap_err().to_string();
        let message = "error[P06]: x is not an aludel plugin (it is no shared library)";
        assert!(error.starts_with(message), "{file}: {error}");
    }
}
