//! Files that are no library for this machine, refused while resolving.

use std::fs::File;

use aludel_tests::hostile::{Library, Stage};

use crate::texts::not_a_plugin;

const FILE: &str = "env/libaludel_image.so";

/// The largest number, as messages write it.
const MOST: &str = "18,446,744,073,709,551,615";

fn image() -> Library {
    Library::new("image")
}

fn refusal(library: &Library) -> String {
    let stage = Stage::new();
    stage.put("env", library);
    stage.refusal("image")
}

/// The refusal of a file with these bytes.
fn refusal_of(bytes: &[u8]) -> String {
    let stage = Stage::new();
    stage.dir("env");
    std::fs::write(stage.path(FILE), bytes).unwrap();
    stage.refusal("image")
}

fn cut_short(what: &str, len: &str) -> String {
    format!(
        "error[P07]: ROOT/{FILE} is cut short ({what}, the file at {len})\n  \
         help: copy or build the file again"
    )
}

/// The message for another machine; the target of this program is that of the C compiler.
fn built_for(what: &str) -> String {
    format!(
        "error[P05]: ROOT/{FILE} was built for {what}; this program is {}\n  \
         help: install the plugin that was built for this program's target",
        image().says("target")
    )
}

/// The size of the file, as messages write it.
fn size() -> String {
    let size = image().size();
    format!("{},{:03}", size / 1000, size % 1000)
}

fn machine_name() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        "aarch64" => "AArch64",
        other => panic!("the header names no target for {other}"),
    }
}

#[test]
fn a_library_of_another_class_is_refused() {
    let name = machine_name();
    assert_eq!(
        refusal(&image().edit(4, &[1])),
        built_for(&format!("{name} (32 bits, little endian)"))
    );
}

#[test]
fn a_library_of_another_byte_order_is_refused() {
    let (name, library) = (machine_name(), image());
    let machine = library.bytes_at(18..20).to_vec();
    let library = library.edit(5, &[2]).edit(18, &[machine[1], machine[0]]);
    assert_eq!(refusal(&library), built_for(&format!("{name} (64 bits, big endian)")));
}

#[test]
fn a_library_for_another_machine_is_refused() {
    for (machine, name) in [(22_u16, "S/390"), (40, "ARM"), (0xffff, "machine 65535")] {
        let library = image().edit(18, &machine.to_le_bytes());
        assert_eq!(refusal(&library), built_for(&format!("{name} (64 bits, little endian)")));
    }
}

#[test]
fn a_library_for_another_system_is_refused() {
    let pe = include_bytes!("../../../data/images/pe-x86_64.dll");
    let macho = include_bytes!("../../../data/images/macho-aarch64.dylib");
    assert_eq!(refusal_of(pe), built_for("x86_64-pc-windows-gnu"));
    assert_eq!(refusal_of(macho), built_for("aarch64-apple-darwin"));
}

#[test]
fn a_program_or_an_object_is_no_library() {
    for kind in [1_u16, 2, 4] {
        let message = refusal(&image().edit(16, &kind.to_le_bytes()));
        assert_eq!(message, not_a_plugin(FILE, "it is no shared library"));
    }
}

#[test]
fn an_empty_file_is_no_library() {
    assert_eq!(refusal_of(b""), not_a_plugin(FILE, "it is no ELF file"));
}

#[test]
fn text_in_the_place_of_a_library_is_no_library() {
    assert_eq!(refusal_of(b"INPUT ( /lib/libc.so.6 )\n"), not_a_plugin(FILE, "it is no ELF file"));
}

#[test]
fn a_header_that_ends_too_early_is_cut_short() {
    assert_eq!(refusal_of(b"\x7fELF"), cut_short("the header ends at 64", "4"));
}

#[test]
fn a_table_of_segments_beyond_the_file_is_cut_short() {
    let message = refusal(&image().edit(32, &[0xff; 8]));
    assert_eq!(message, cut_short(&format!("the table of segments ends at {MOST}"), &size()));
}

#[test]
fn segments_that_no_linker_makes_are_refused() {
    let message = refusal(&image().edit(56, &[0xff, 0xff]));
    assert_eq!(message, not_a_plugin(FILE, "it has 65535 segments"));
    // None at all.
    assert_eq!(refusal(&image().edit(56, &[0, 0])), not_a_plugin(FILE, "no ALUDEL note"));
    // Of another size than the class says.
    assert_eq!(
        refusal(&image().edit(54, &[1, 0])),
        not_a_plugin(FILE, "Invalid ELF program header entry size")
    );
}

#[test]
fn a_segment_that_ends_beyond_the_largest_number_is_cut_short() {
    // The size in the file of the first segment, which is one to load.
    let message = refusal(&image().edit(64 + 32, &[0xff; 8]));
    assert_eq!(message, cut_short(&format!("segment 0 ends at {MOST}"), &size()));
}

#[test]
fn a_huge_file_with_nothing_in_it_is_no_library() {
    let stage = Stage::new();
    stage.dir("env");
    File::create(stage.path(FILE)).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(stage.refusal("image"), not_a_plugin(FILE, "it is no ELF file"));
}

#[test]
fn a_good_library_may_have_a_huge_hole_behind_it() {
    let stage = Stage::new();
    let path = stage.put("env", &Library::new("hole"));
    File::options().write(true).open(path).unwrap().set_len(1 << 40).unwrap();
    aludel_tests::hostile::assert_answers(stage.load("hole").unwrap().dialect);
}
