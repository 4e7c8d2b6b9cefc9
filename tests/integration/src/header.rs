//! The C header, made from the same definitions as the Rust side of the ABI.

mod declare;
mod names;
mod wrap;

use std::fmt::Write as _;

use aludel::abi::data::Str;
use aludel::abi::layout::{Constant, StructLayout, TableLayout};
use aludel::abi::tables::{
    CancelVt, ConnectionVt, Descriptor, DialectVt, HostVt, MAGIC, StatementVt,
};
use aludel::abi::{ABI_MAJOR, ABI_MINOR, CODES, CONSTANTS, LAYOUT_HASH, STRUCTS};

use declare::{declaration, function};
use names::{constant_name, type_name};
use wrap::comment;

/// What stands before the generated part, and after it.
const HEAD: &str = include_str!("header/head.h");
const TAIL: &str = include_str!("header/tail.h");

const TABLES: &[TableLayout] =
    &[DialectVt::LAYOUT, ConnectionVt::LAYOUT, StatementVt::LAYOUT, CancelVt::LAYOUT];

/// What the groups of numbers are called in the comments of the structs.
const TITLES: &[(&str, &str)] = &[
    ("TAG", "Tags: kinds of cells; from 16 on the payload is a pointer and a length."),
    ("CELL", "Cell flags."),
    ("BATCH", "Batch states."),
    ("HINT", "Hints: what the host will do with the rows."),
    ("PARAM", "Parameter flags."),
    ("CONNECT", "Connect flags: which parts of the URL are present, and whose it is."),
    ("PREPARE", "Flags of prepare."),
    ("STATUS", "What functions return."),
    ("ERROR", "Error flags."),
    ("EXTRA", "Keys of the extras of an error."),
    ("TYPE_FLAG", "Type flags."),
    ("DESCRIPTOR", "Descriptor flags."),
    ("KIND", "Error kinds."),
    ("CONSTRAINT", "Constraint kinds."),
    ("TYPE", "Type kinds."),
    ("ISOLATION", "Isolation levels."),
    ("ACCESS", "Access of a transaction."),
    ("SAVEPOINT", "Operations of savepoint."),
    ("TWO_PHASE", "Operations of two_phase."),
    ("TRANSACTION", "States of a transaction."),
    ("REFLECT", "Reflection kinds, each with the columns of its answer."),
];

/// The whole text of `aludel.h`.
pub fn generate() -> String {
    let mut out = HEAD.to_owned();
    versions(&mut out);
    section(&mut out, "Numbers. Unknown bits and numbers come from newer hosts: leave them alone.");
    CONSTANTS.iter().for_each(|(group, list)| constants(&mut out, group, list));
    section(&mut out, "Numbers of lists that grow.");
    CODES.iter().for_each(|(group, list)| constants(&mut out, group, list));
    section(&mut out, "Data. These structs are frozen within a minor version of the ABI.");
    forward(&mut out);
    STRUCTS.iter().for_each(|layout| structure(&mut out, layout));
    section(
        &mut out,
        "Tables. Entries may be NULL: the host falls back, or says \"not supported\".",
    );
    sink(&mut out);
    TABLES.iter().for_each(|layout| table(&mut out, layout));
    structure(&mut out, &HostVt::LAYOUT);
    structure(&mut out, &Descriptor::LAYOUT);
    section(&mut out, "Proof that this compiler lays the structs out as the host does.");
    proofs(&mut out);
    out.push_str(TAIL);
    out
}

fn section(out: &mut String, title: &str) {
    let _ = write!(out, "\n/* ---- {title} */\n");
}

fn versions(out: &mut String) {
    let magic: Vec<String> = MAGIC.iter().map(|byte| format!("0x{byte:02x}")).collect();
    let _ = write!(
        out,
        "/* The version of the ABI that this header describes; both must be those of the host. */\n\
         #define ALUDEL_ABI_MAJOR {ABI_MAJOR}\n\
         #define ALUDEL_ABI_MINOR {ABI_MINOR}\n\
         /* Hash of the frozen structs and constants. */\n\
         #define ALUDEL_LAYOUT_HASH UINT64_C(0x{LAYOUT_HASH:016x})\n\
         /* First bytes of the descriptor. */\n\
         #define ALUDEL_MAGIC \\\n    {{ {} }}\n\
         /* The members that every note begins with. */\n\
         #define ALUDEL_NOTE_HEAD \\\n    \
         \"\\\"aludel\\\":1,\\\"abi\\\":[{ABI_MAJOR},{ABI_MINOR}],\" \\\n    \
         \"\\\"layout\\\":\\\"{LAYOUT_HASH:016x}\\\",\" \\\n    \
         \"\\\"target\\\":\\\"\" ALUDEL_TARGET \"\\\",\\\"panic\\\":\\\"unwind\\\"\"\n",
        magic.join(", "),
    );
}

fn constants(out: &mut String, group: &str, list: &[Constant]) {
    let title = TITLES.iter().find(|(known, _)| *known == group);
    let title = title.unwrap_or_else(|| panic!("give the group {group} a title")).1;
    let _ = write!(out, "\n/* -- {title} */\n");
    for constant in list {
        out.push_str(&comment("", constant.docs));
        // Most are small, and signs of negative ones are lost in the list.
        let value = constant.value as i64;
        let _ = writeln!(out, "#define {} {value}", constant_name(group, constant.name));
    }
}

fn forward(out: &mut String) {
    out.push('\n');
    let tables = TABLES.iter().map(|layout| layout.name);
    let open = [HostVt::LAYOUT.name, Descriptor::LAYOUT.name];
    for name in STRUCTS.iter().map(|layout| layout.name).chain(tables).chain(open) {
        let name = type_name(name);
        let _ = writeln!(out, "typedef struct {name} {name};");
    }
}

fn structure(out: &mut String, layout: &StructLayout) {
    let _ = write!(out, "\n{}struct {} {{\n", comment("", layout.docs), type_name(layout.name));
    for field in layout.fields {
        out.push_str(&comment("    ", field.docs));
        let _ = writeln!(out, "    {};", declaration(field.ty, field.name));
    }
    out.push_str("};\n");
}

fn sink(out: &mut String) {
    out.push_str(
        "\n/* Receives text from the plugin: `context` as it was passed in, a key, a value. The host \
         copies. */\ntypedef void (*aludel_sink)(void *context, aludel_str key, aludel_str value);\n",
    );
}

fn table(out: &mut String, layout: &TableLayout) {
    let _ = write!(out, "\n{}struct {} {{\n", comment("", layout.docs), type_name(layout.name));
    out.push_str(
        "    /* sizeof of this struct: how many entries its maker knows. */\n    size_t size;\n",
    );
    for entry in layout.entries {
        out.push_str(&comment("    ", entry.docs));
        let _ = writeln!(out, "    {};", function(entry.name, entry.params, entry.result));
    }
    out.push_str("};\n");
}

fn proofs(out: &mut String) {
    let _ = write!(out, "\nALUDEL_PROVE(sizeof(void *) == {});\n", size_of::<Str>() / 2);
    for layout in STRUCTS.iter().chain(&[HostVt::LAYOUT, Descriptor::LAYOUT]) {
        let name = type_name(layout.name);
        let _ = writeln!(out, "ALUDEL_PROVE(sizeof({name}) == {});", layout.size);
        for field in layout.fields {
            let (field, offset) = (field.name, field.offset);
            let _ = writeln!(out, "ALUDEL_PROVE(offsetof({name}, {field}) == {offset});");
        }
    }
    for layout in TABLES {
        let name = type_name(layout.name);
        for entry in layout.entries {
            let (entry, offset) = (entry.name, entry.offset);
            let _ = writeln!(out, "ALUDEL_PROVE(offsetof({name}, {entry}) == {offset});");
        }
    }
}
