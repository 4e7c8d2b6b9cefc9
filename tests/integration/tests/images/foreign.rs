//! Libraries of other systems under the name of a plugin of this one.

use std::env::consts::ARCH;
use std::path::Path;

use aludel::Url;
use aludel::plugin::{Environment, Search, code, inspect_bytes, resolve};

use crate::{fixture_files, fixtures};

/// What is said of a file that lies in a directory of plugins under this name.
fn refusal(file: &Path) -> (Option<&'static str>, String) {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().canonicalize().unwrap();
    let plugin = directory.join("libaludel_image.so");
    std::fs::copy(file, &plugin).unwrap();
    let search = Search::new().with_environment(Environment::empty()).path(&directory);
    let error = resolve(&Url::parse("image://").unwrap(), &search).err().expect("a refusal");
    (error.code(), error.to_string().replace(&directory.display().to_string(), "DIR"))
}

#[test]
fn each_is_refused_and_its_target_named() {
    let mut refused = 0;
    for path in fixture_files() {
        let bytes = std::fs::read(&path).unwrap();
        let found = inspect_bytes(&bytes).unwrap();
        let is_universal = path.ends_with("macho-universal.dylib");
        if found.format() == "ELF" && found.machine() == ARCH {
            continue;
        }
        let built_for =
            if is_universal { "universal Mach-O (x86-64, AArch64)" } else { found.target() };
        let (code, message) = refusal(&path);
        assert_eq!(code, Some(code::WRONG_TARGET), "{path:?}");
        let start = format!(
            "error[P05]: DIR/libaludel_image.so was built for {built_for}; this program is {ARCH}-"
        );
        assert!(message.starts_with(&start), "{path:?}: {message}");
        refused += 1;
    }
    assert!(refused >= 8, "only {refused} are of other systems");
}

#[test]
fn a_foreign_file_without_a_note_is_told_by_its_header() {
    let directory = tempfile::tempdir().unwrap();
    for (file, built_for) in [
        ("macho-aarch64.dylib", "AArch64 Mach-O"),
        ("pe-x86_64.dll", "x86-64 PE"),
        ("elf-s390x.so", "S/390 (64 bits, big endian)"),
    ] {
        let mut bytes = std::fs::read(fixtures().join(file)).unwrap();
        let note = bytes.windows(6).position(|window| window == b"ALUDEL").unwrap();
        // The descriptor begins with the same letters.
        let note = if bytes[note + 6] == 0 {
            note
        } else {
            note + 1 + bytes[note + 1..].windows(7).position(|name| name == b"ALUDEL\0").unwrap()
        };
        bytes[note] = b'X';
        let changed = directory.path().join(file);
        std::fs::write(&changed, bytes).unwrap();
        let (code, message) = refusal(&changed);
        assert_eq!(code, Some(code::WRONG_TARGET), "{file}");
        assert!(message.contains(&format!(" was built for {built_for}; ")), "{message}");
    }
}

#[test]
fn a_foreign_file_that_claims_this_target_is_told_by_its_header() {
    let own = std::fs::read(aludel_tests::open::built("aludel_toy")).unwrap();
    let own = inspect_bytes(&own).unwrap().target().to_owned();
    let mut bytes = std::fs::read(fixtures().join("pe-aarch64.dll")).unwrap();
    let text = b"aarch64-pc-windows-gnullvm\"";
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    let lie = format!("{:width$}", format!("{own}\""), width = text.len());
    bytes[at..at + text.len()].copy_from_slice(lie.as_bytes());
    assert_eq!(inspect_bytes(&bytes).unwrap().target(), own);
    let directory = tempfile::tempdir().unwrap();
    let liar = directory.path().join("liar");
    std::fs::write(&liar, bytes).unwrap();
    let (_, message) = refusal(&liar);
    let said = format!(" was built for AArch64 PE; this program is {own}");
    assert!(message.contains(&said), "{message}");
}
