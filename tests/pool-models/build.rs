//! Copies the waiting room of the pool once for each seeded defect, with that defect in it.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// A defect: its name, the file, what stands there, and what is put in its place.
const DEFECTS: [(&str, &str, &str, &str); 6] = [
    (
        "return_ignores_who_waits",
        "packed.rs",
        "Self::push_unless(seat, keep, WAIT | CLOSED | MOVED)",
        "Self::push_unless(seat, keep, CLOSED | MOVED)",
    ),
    (
        "wait_without_a_second_look",
        "packed.rs",
        "if word & LENGTH != 0 && !anyhow {",
        "if false && !anyhow {",
    ),
    (
        "free_slot_is_not_handed_on",
        "passage.rs",
        "this.emptied.notify_all();\n        }\n        Self::settle(this, &mut slow, &mut woken);",
        "this.emptied.notify_all();\n        }",
    ),
    (
        "return_is_not_published",
        "packed.rs",
        "let swap = (Ordering::Release, Ordering::Relaxed);",
        "let swap = (Ordering::Relaxed, Ordering::Relaxed);",
    ),
    (
        "who_gives_up_forgets_what_was_granted",
        "passage.rs",
        "if let Some(grant) = ticket.take() {\n            return Some(grant);\n        }\n        if slow.waiters.remove",
        "if slow.waiters.remove",
    ),
    (
        "close_forgets_who_waits",
        "upkeep.rs",
        "while let Some(first) = slow.waiters.pop() {\n            woken.grant(first, Grant::Closed);\n        }",
        "",
    ),
];

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let room = manifest.join("../../core/src/pool/gate");
    println!("cargo::rerun-if-changed={}", room.display());
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut modules = String::new();
    for defect in DEFECTS {
        let copy = out.join(defect.0);
        seed(&room, &copy, defect);
        let path = copy.join("mod.rs");
        modules += &format!(
            "pub(crate) mod {} {{\n    use crate::sync;\n    #[path = {path:?}]\n    mod gate;\n    models!();\n}}\n",
            defect.0
        );
    }
    fs::write(out.join("defects.rs"), modules).expect("the directory of cargo can be written");
}

fn seed(room: &Path, copy: &Path, (name, file, found, put): (&str, &str, &str, &str)) {
    fs::create_dir_all(copy).expect("the directory of cargo can be written");
    let mut seeded = 0;
    for entry in fs::read_dir(room).expect("the room is there") {
        let path = entry.expect("the room can be read").path();
        let mut text = fs::read_to_string(&path).expect("the room can be read");
        let to = path.file_name().expect("files have names");
        if to == file {
            seeded = text.matches(found).count();
            text = text.replace(found, put);
        }
        fs::write(copy.join(to), text).expect("the directory of cargo can be written");
    }
    assert_eq!(seeded, 1, "{name}: the text to replace must stand in {file} once");
}
