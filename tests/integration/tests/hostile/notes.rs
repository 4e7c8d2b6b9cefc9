//! Notes that cannot be read, and notes that lie.

use aludel::abi::{ABI_MAJOR, ABI_MINOR};
use aludel_tests::hostile::{Library, Stage};
use serde_json::json;

use crate::texts::not_a_plugin;

const FILE: &str = "env/libaludel_noted.so";

fn noted() -> Library {
    Library::new("noted")
}

fn refusal(library: &Library) -> String {
    let stage = Stage::new();
    stage.put_as(FILE, library);
    stage.refusal("noted")
}

#[test]
fn garbage_in_the_place_of_a_note_is_refused_with_what_is_wrong() {
    let deep = "[".repeat(1000);
    // Blanks fill the note up to its end.
    let end = noted().note_room();
    let no_json = |why: &str| format!("the note is no JSON: {why}");
    for (note, why) in [
        (&b""[..], no_json(&format!("EOF while parsing a value at line 1 column {end}"))),
        (b"\0\0\0\0", no_json("expected value at line 1 column 1")),
        (b"\xff\xfe\xfd", no_json("expected value at line 1 column 1")),
        (b"{\"aludel\":1", no_json(&format!("EOF while parsing an object at line 1 column {end}"))),
        (b"{\"aludel\":1} trailing", no_json("trailing characters at line 1 column 14")),
        (b"[]", "the note is no JSON object".to_owned()),
        (b"null", "the note is no JSON object".to_owned()),
        (deep.as_bytes(), no_json("recursion limit exceeded at line 1 column 128")),
        (
            b"{\"name\":\"noted\",\"version\":\"\xc3\x28\"}",
            no_json("invalid unicode code point at line 1 column 28"),
        ),
    ] {
        assert_eq!(refusal(&noted().write_note(note)), not_a_plugin(FILE, &why));
    }
}

#[test]
fn a_note_without_one_of_its_members_is_refused() {
    for member in ["name", "version", "aludel", "abi", "layout", "target", "panic"] {
        let message = refusal(&noted().without(member));
        assert_eq!(message, not_a_plugin(FILE, &format!("the note lacks `{member}`")));
    }
}

#[test]
fn a_member_of_another_type_is_refused() {
    for (member, value, why) in [
        ("name", json!(1), "`name` is no text"),
        ("name", json!("../noted"), "`name` is no name of a dialect"),
        ("name", json!("a".repeat(65)), "`name` is no name of a dialect"),
        ("version", json!("1\u{1b}[2J"), "`version` cannot be shown"),
        ("version", json!("1".repeat(101)), "`version` cannot be shown"),
        ("aludel", json!(2), "form 2 of the note is unknown, 1 is known"),
        ("abi", json!("0.1"), "`abi` is no pair of numbers"),
        ("abi", json!([0, 65536]), "`abi` is no pair of numbers"),
        ("layout", json!("a layout"), "`layout` is no hexadecimal number"),
        ("target", json!("two\nlines"), "`target` cannot be shown"),
        ("panic", json!(false), "`panic` is no text"),
        ("aliases", json!("noted2"), "`aliases` is no list of texts"),
        ("aliases", json!([1]), "`aliases` is no list of texts"),
        ("options", json!([1]), "`options` is no list of objects"),
        ("options", json!([{"class": "code"}]), "the note lacks `options[].name`"),
        ("threading", json!("sometimes"), "`threading` is of an unknown kind"),
        ("default_port", json!(65536), "`default_port` is no small number"),
        ("rules", json!({"paramstyle": "guess"}), "`rules.paramstyle` is unknown"),
    ] {
        let message = refusal(&noted().set(member, value));
        assert_eq!(message, not_a_plugin(FILE, why), "{member}");
    }
}

#[test]
fn a_note_of_another_owner_or_kind_is_none() {
    let none = not_a_plugin(FILE, "no ALUDEL note");
    assert_eq!(refusal(&noted().replace(b"ALUDEL\0\0", b"aludel\0\0")), none);
    assert_eq!(refusal(&noted().replace(b"\x01\0\0\0ALUDEL", b"\x02\0\0\0ALUDEL")), none);
}

#[test]
fn a_note_longer_than_64_kib_is_refused() {
    for size in ["65537", "70000", "1000000"] {
        let library = Library::compiled("noted", &[&format!("-DLONG_NOTE={size}")]);
        assert_eq!(
            refusal(&library),
            not_a_plugin(FILE, "its ALUDEL note is longer than 64 KiB"),
            "{size}"
        );
    }
}

#[test]
fn a_note_that_says_that_it_is_longer_than_its_segment_is_refused() {
    for (size, why) in [
        (u32::MAX, "its ALUDEL note is longer than 64 KiB"),
        (65_537, "its ALUDEL note is longer than 64 KiB"),
        (65_536, "its ALUDEL note ends outside its segment"),
    ] {
        let note = noted().note_at();
        let library = noted().edit(note - 16, &size.to_ne_bytes());
        assert_eq!(refusal(&library), not_a_plugin(FILE, why));
    }
}

const INSTALL: &str = "\n  help: install the plugin again under its own name\n  file: ROOT/";
const BUILD: &str =
    "\n  help: build plugin and program from the same version of aludel\n  file: ROOT/";

#[test]
fn a_plugin_under_the_name_of_another_is_refused() {
    let library = Library::new("truthful");
    assert_eq!(
        refusal(&library),
        format!(
            "error[P13]: the file is called `noted` and says that it is `truthful`{INSTALL}{FILE}"
        )
    );
}

#[test]
fn a_plugin_that_is_found_by_an_alias_has_the_name_of_its_file() {
    let stage = Stage::new();
    let library = Library::new("liar").set("aliases", json!(["wanted"]));
    stage.put_as("env/libaludel_another.so", &library);
    assert_eq!(
        stage.refusal("wanted"),
        format!(
            "error[P13]: the file is called `another` and says that it is `liar`{INSTALL}\
             env/libaludel_another.so"
        )
    );
}

#[test]
fn another_version_of_the_abi_is_refused() {
    for (major, minor) in [(ABI_MAJOR, ABI_MINOR + 1), (ABI_MAJOR + 1, ABI_MINOR)] {
        assert_eq!(
            refusal(&noted().set("abi", json!([major, minor]))),
            format!(
                "error[P04]: dialect `noted` 1.0 was built for aludel ABI {major}.{minor}, this \
                 program speaks {ABI_MAJOR}.{ABI_MINOR}{BUILD}{FILE}"
            )
        );
    }
}

#[test]
fn what_plugin_and_program_must_share_is_compared() {
    let target = noted().says("target").to_owned();
    let layout = noted().says("layout").to_owned();
    for (member, value, message) in [
        (
            "target",
            json!("aarch64-apple-darwin"),
            format!(
                "error[P05]: ROOT/{FILE} was built for aarch64-apple-darwin; this program is \
                 {target}\n  help: install the plugin that was built for this program's target"
            ),
        ),
        (
            "layout",
            json!("00000000000000ff"),
            format!(
                "error[P04]: dialect `noted` 1.0 was built with another layout of aludel ABI \
                 {ABI_MAJOR}.{ABI_MINOR}: 00000000000000ff, this program has {layout}{BUILD}{FILE}"
            ),
        ),
        (
            "panic",
            json!("abort"),
            format!(
                "error[P04]: dialect `noted` 1.0 was built with panic = \"abort\": a panic in it \
                 would end this program\n  help: build the plugin in a profile with panic = \
                 \"unwind\"\n  file: ROOT/{FILE}"
            ),
        ),
        (
            "threading",
            json!("thread_affine"),
            format!(
                "error[P18]: dialect `noted` binds connections to the thread that opened them, \
                 which this version of aludel does not offer\n  help: ask its author for a version \
                 whose connections may change threads\n  file: ROOT/{FILE}"
            ),
        ),
    ] {
        assert_eq!(refusal(&noted().set(member, value)), message);
    }
}
