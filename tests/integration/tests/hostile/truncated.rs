//! A plugin that is cut short: refused, or loaded as if it were whole, and never a signal.

use std::fs::OpenOptions;

use aludel::plugin::{Environment, Policy, Search, plan_of_file, verify};
use aludel_tests::hostile::Stage;
use aludel_tests::open::copied;

use crate::program::Program;
use crate::texts::turned_out_no_plugin;

const STEP: u64 = 4096;
/// Of the lengths beyond the last segment, that many of the shortest are loaded, and then every so
/// many: what lies there is for debuggers, and grows with it what a whole test takes.
const LOADED: (u64, u64) = (16, 128);

/// The ends of the segments that are loaded, with their numbers, as the 64-bit headers tell.
fn segments(bytes: &[u8]) -> Vec<(usize, u64)> {
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let half = |at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()) as usize;
    let table = word(32) as usize;
    let headers = (0..half(56)).map(|index| (index, table + index * half(54)));
    let is_loaded = |at: usize| bytes[at..at + 4] == [1, 0, 0, 0];
    let loaded = headers.filter(|(_, at)| is_loaded(*at));
    loaded.map(|(index, at)| (index, word(at + 8) + word(at + 32))).collect()
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    groups.join(",")
}

#[test]
fn a_plugin_that_is_cut_at_any_page_is_refused_or_answers() {
    let stage = Stage::new();
    let name = "libaludel_sqlite.so";
    let path = copied("aludel_sqlite", &stage.dir("env"));
    let bytes = std::fs::read(&path).unwrap();
    let segments = segments(&bytes);
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let search = Search::new().with_environment(Environment::empty());
    let end = segments.iter().map(|(_, end)| *end).max().unwrap();

    let (mut refused, mut loaded) = (0, 0);
    for len in (0..=bytes.len() as u64 / STEP).rev().map(|pages| pages * STEP) {
        file.set_len(len).unwrap();
        let plan = plan_of_file(&path, &search).unwrap();
        let outcome = verify(plan, &Policy::new());
        let cut = segments.iter().find(|(_, end)| *end > len);
        match (cut, outcome) {
            (None, Ok(_)) => {
                let pages = (len - end) / STEP;
                if pages < LOADED.0 || pages.is_multiple_of(LOADED.1) {
                    let ran = Program::new(&stage).run(&["sqlite://"]);
                    assert_eq!(ran.out, "sqlite answers I64(1)\n", "{len}");
                    loaded += 1;
                }
            }
            (Some((index, end)), Err(error)) => {
                let expected = match len {
                    0 => turned_out_no_plugin(&format!("env/{name}"), "it is no ELF file"),
                    _ => format!(
                        "error[P07]: ROOT/env/{name} is cut short (segment {index} ends at {}, the \
                         file at {})\n  help: copy or build the file again",
                        thousands(*end),
                        thousands(len)
                    ),
                };
                assert_eq!(stage.shown(&error), expected);
                refused += 1;
            }
            (cut, outcome) => panic!("{len}: {cut:?}, {outcome:?}"),
        }
    }
    assert_eq!(refused, end.div_ceil(STEP));
    assert!(loaded >= LOADED.0, "{loaded}");
}
