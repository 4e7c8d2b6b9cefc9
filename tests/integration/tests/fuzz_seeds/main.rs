//! The properties of the fuzz targets on their committed seeds, and on the libraries of other systems.

// The fuzz crate is a workspace of its own, with dependencies that no ordinary build should need.
#[path = "../../../../fuzz/src/lib.rs"]
pub mod properties;

use std::path::{Path, PathBuf};

use aludel::plugin::inspect_bytes;
use aludel_tests::c::root;

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(directory).unwrap_or_else(|error| panic!("{directory:?}: {error}"));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn seeds(target: &str) -> Vec<PathBuf> {
    let seeds = files(&root().join("fuzz/seeds").join(target));
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

/// Runs a check and names the input when it fails.
fn run(check: properties::Property, bytes: &[u8], file: &Path) {
    let outcome = std::panic::catch_unwind(|| check(bytes));
    assert!(outcome.is_ok(), "{} failed, its first {} bytes", file.display(), bytes.len());
}

#[test]
fn what_must_hold_holds_for_every_seed_at_every_length() {
    for (target, check) in properties::TARGETS {
        for seed in seeds(target) {
            let bytes = std::fs::read(&seed).unwrap();
            for len in 0..=bytes.len() {
                run(check, &bytes[..len], &seed);
            }
        }
    }
}

#[test]
fn what_must_hold_holds_for_long_urls() {
    for (start, part, end) in [
        ("db://h?", "?", ""),
        ("db://h/d?", "a=b&", ""),
        ("db:///d?", "host=h:1&", ""),
        ("db://", "h1:1,", "h2/d"),
        ("db://", ":", ""),
        ("db://", "[", ""),
        ("db://u:", "@", "@h"),
        ("db://u:", "%41", "@h"),
        ("db://u:", "x/", "@h"),
        ("", "a", "://h"),
    ] {
        let text = format!("{start}{}{end}", part.repeat(65_000 / part.len()));
        run(properties::url, text.as_bytes(), Path::new(part));
    }
}

#[test]
fn what_must_hold_holds_for_libraries_of_every_system() {
    let images = files(&root().join("tests/data/images"));
    let mut checked = 0;
    for image in images {
        let Some((format, _)) = image.file_name().unwrap().to_str().unwrap().split_once('-') else {
            continue;
        };
        let (_, check) = properties::TARGETS.into_iter().find(|(name, _)| *name == format).unwrap();
        run(check, &std::fs::read(&image).unwrap(), &image);
        checked += 1;
    }
    assert_eq!(checked, 12);
}

#[test]
fn the_seeds_lead_beyond_the_first_check() {
    let is_read = |target: &str| {
        let read = |seed: &PathBuf| inspect_bytes(&std::fs::read(seed).unwrap()).is_ok();
        seeds(target).iter().filter(|seed| read(seed)).count()
    };
    assert_eq!((is_read("elf"), is_read("macho"), is_read("pe")), (5, 9, 3));
    let values = |seed: &str| {
        let file = root().join("fuzz/seeds/postgresql").join(seed);
        properties::values_of_postgresql(&std::fs::read(file).unwrap())
    };
    assert_eq!((values("select"), values("kinds"), values("parts")), (6, 11, 4));
}

#[test]
fn every_target_has_a_program_and_seeds_that_bear_its_name() {
    let named = |directory: &str| -> Vec<String> {
        let files = files(&root().join("fuzz").join(directory));
        files.iter().map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let mut targets: Vec<String> =
        properties::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    targets.sort();
    assert_eq!(named("fuzz_targets"), targets);
    assert_eq!(named("seeds"), targets);
}
