//! Faults that show when code has run already: each is reported, and the process stays usable.

use aludel::plugin::Policy;
use aludel_tests::hostile::{Library, Stage};

use crate::program::Program;
use crate::texts::turned_out_no_plugin;

/// Loads a plugin that has run when it is refused, and another one afterwards.
fn failure(library: &Library, ran: &str) -> String {
    let stage = Stage::new();
    let name = library.says("name");
    stage.put("env", library);
    let message = stage.failure_with(name, &stage.search(), &Policy::new());
    assert_eq!(stage.ran(&format!("env/libaludel_{name}.so")), ran);
    stage.assert_usable(&format!("after_{name}"));
    message
}

#[test]
fn a_library_without_a_descriptor_is_no_plugin() {
    let library = Library::new("no_symbol").replace(b"\0ALUDEL_PLUGIN\0", b"\0ALUDEL_PLUGIX\0");
    assert_eq!(
        failure(&library, "constructor\n"),
        turned_out_no_plugin("env/libaludel_no_symbol.so", "no symbol ALUDEL_PLUGIN")
    );
}

#[test]
fn a_descriptor_has_its_magic_bytes() {
    let library = Library::new("wrong_magic").edit_descriptor(13, &[1]);
    assert_eq!(
        failure(&library, "constructor\n"),
        turned_out_no_plugin(
            "env/libaludel_wrong_magic.so",
            "its descriptor does not begin with the magic bytes"
        )
    );
}

#[test]
fn a_descriptor_is_as_long_as_it_has_to_be() {
    let library = Library::new("short_descriptor").edit_descriptor(16, &64_u32.to_ne_bytes());
    assert_eq!(
        failure(&library, "constructor\n"),
        turned_out_no_plugin("env/libaludel_short_descriptor.so", "its descriptor is too short")
    );
}

#[test]
fn a_descriptor_has_a_table() {
    for (name, flag) in [("no_table", "-DNO_TABLE"), ("short_table", "-DSHORT_TABLE")] {
        assert_eq!(
            failure(&Library::compiled(name, &[flag]), "constructor\n"),
            turned_out_no_plugin(
                &format!("env/libaludel_{name}.so"),
                "its descriptor has no table of functions"
            )
        );
    }
}

#[test]
fn a_descriptor_says_what_the_note_says() {
    let other_text = Library::new("descriptor_text");
    let note = other_text.note_text();
    for (what, library) in [
        ("ABI version", Library::new("descriptor_abi").edit_descriptor(22, &[99])),
        ("layout of the ABI", Library::new("descriptor_layout").edit_descriptor(24, &[0; 8])),
        ("panic strategy", Library::new("descriptor_panic").edit_descriptor(32, &[0; 8])),
        ("text", other_text.write_note(note.as_bytes()).set("version", "2.0")),
    ] {
        let name = library.says("name").to_owned();
        assert_eq!(
            failure(&library, "constructor\n"),
            format!(
                "error[P13]: descriptor and note of dialect `{name}` differ in their {what}\n  \
                 help: install the plugin again under its own name\n  \
                 file: ROOT/env/libaludel_{name}.so"
            )
        );
    }
}

#[test]
fn a_plugin_that_is_refused_after_loading_does_not_stand_in_for_the_next() {
    let stage = Stage::new();
    stage.put("env", &Library::new("refused").edit_descriptor(0, b"X"));
    for name in ["next", "and_next"] {
        stage.put("env", &Library::new(name));
    }
    // In a program of its own, where the second file gets the number that the first had.
    let ran = Program::new(&stage).run(&["refused://", "refused://", "next://", "and_next://"]);
    let refused = turned_out_no_plugin(
        "env/libaludel_refused.so",
        "its descriptor does not begin with the magic bytes",
    );
    assert_eq!(
        stage.without_root(&ran.out),
        format!("{refused}\n{refused}\nnext answers I64(42)\nand_next answers I64(42)\n")
    );
    // Its constructors run once, because a library is never unloaded.
    assert_eq!(stage.ran("env/libaludel_refused.so"), "constructor\n");
}

#[test]
fn a_plugin_that_changes_its_own_file_while_it_is_loaded_is_refused() {
    let library = Library::compiled("self_change", &["-DCONSTRUCTOR_WRITES"]);
    assert_eq!(
        failure(&library, "constructor\n"),
        "error[P15]: ROOT/env/libaludel_self_change.so changed while it was being loaded\n  \
         help: try again when its installation has finished"
    );
}
