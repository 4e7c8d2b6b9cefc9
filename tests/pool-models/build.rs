//! Copies parts of the pool once for each seeded defect, with that defect in it.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// A defect: its name, what it is in and the models of that, the file, what stands there, and what is
/// put in its place.
type Defect = (&'static str, Part, &'static str, &'static str, &'static str);

/// A directory of the pool or a file of it, and what makes its models.
#[derive(Clone, Copy)]
struct Part(&'static str, &'static str);

const ROOM: Part = Part("gate", "models");
const TURNS: Part = Part("gate", "turns_models");
const HANDOVER: Part = Part("handover", "handover_models");
const ALARMS: Part = Part("alarms", "alarms_models");
const JOBS: Part = Part("jobs", "jobs_models");
const FILLERS: Part = Part("fillers", "fillers_models");

const DEFECTS: [Defect; 18] = [
    (
        "return_ignores_who_waits",
        ROOM,
        "packed.rs",
        "Self::push_unless(seat, keep, WAIT | CLOSED | MOVED)",
        "Self::push_unless(seat, keep, CLOSED | MOVED)",
    ),
    (
        "wait_without_a_second_look",
        ROOM,
        "packed.rs",
        "if word & LENGTH != 0 && !anyhow {",
        "if false && !anyhow {",
    ),
    (
        "free_slot_is_not_handed_on",
        ROOM,
        "passage.rs",
        "this.emptied.notify_all();\n        }\n        Self::settle(this, &mut slow, &mut woken);",
        "this.emptied.notify_all();\n        }",
    ),
    (
        "return_is_not_published",
        ROOM,
        "packed.rs",
        "let swap = (Ordering::Release, Ordering::Relaxed);",
        "let swap = (Ordering::Relaxed, Ordering::Relaxed);",
    ),
    (
        "who_gives_up_forgets_what_was_granted",
        ROOM,
        "passage.rs",
        "if let Some(grant) = ticket.take() {\n            return Some(grant);\n        }\n        if slow.waiters.remove",
        "if slow.waiters.remove",
    ),
    (
        "close_forgets_who_waits",
        ROOM,
        "upkeep.rs",
        "while let Some(first) = slow.waiters.pop() {\n            woken.grant(first, Grant::Closed);\n        }",
        "",
    ),
    (
        "turn_ends_in_silence",
        TURNS,
        "turn.rs",
        "slow.turns.taken -= 1;\n        self.0.turn.notify_all();",
        "slow.turns.taken -= 1;",
    ),
    (
        "close_forgets_who_waits_for_a_turn",
        TURNS,
        "upkeep.rs",
        "this.packed.close();\n        this.turn.notify_all();",
        "this.packed.close();",
    ),
    (
        "who_is_in_a_hurry_is_forgotten",
        TURNS,
        "room.rs",
        "slow.dismiss(idle, woken);",
        "let _ = idle;",
    ),
    ("task_is_not_woken", HANDOVER, "handover.rs", "waker.wake();", "drop(waker);"),
    (
        "who_polls_later_is_not_woken",
        HANDOVER,
        "handover.rs",
        "} else {\n            std::mem::replace(&mut *state, next)\n        };",
        "} else {\n            let _: State<T, K> = next;\n            return None;\n        };",
    ),
    (
        "worker_does_not_see_that_the_task_is_gone",
        HANDOVER,
        "handover.rs",
        "if let State::Unwanted(kept) = &mut *state {",
        "if let (false, State::Unwanted(kept)) = (true, &mut *state) {",
    ),
    (
        "an_earlier_alarm_is_not_told",
        ALARMS,
        "alarms.rs",
        "if kept && earliest {",
        "if false && earliest {",
    ),
    (
        "an_alarm_is_not_changed",
        ALARMS,
        "alarms.rs",
        "std::mem::swap(alarm, &mut other);",
        "let _ = alarm;",
    ),
    (
        "worker_ends_without_a_last_look",
        JOBS,
        "jobs.rs",
        "if let Some(job) = state.jobs.pop_front() {",
        "if let (false, Some(job)) = (is_late, state.jobs.pop_front()) {",
    ),
    (
        "one_idle_worker_is_enough_for_all",
        JOBS,
        "jobs.rs",
        "if state.idle >= state.jobs.len() {",
        "if state.idle >= 1 {",
    ),
    (
        "who_has_no_worker_does_one_job_alone",
        JOBS,
        "jobs.rs",
        "while state.workers == 0\n",
        "let mut first = true;\n        while std::mem::take(&mut first)\n            && state.workers == 0\n",
    ),
    (
        "filler_ends_without_a_last_look",
        FILLERS,
        "fillers.rs",
        "if !wanted() || !self.begin(limit) {",
        "if true || !wanted() || !self.begin(limit) {",
    ),
];

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let pool = manifest.join("../../core/src/pool");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut modules = String::new();
    for defect in DEFECTS {
        let (name, Part(part, models), ..) = defect;
        let copy = out.join(name);
        let path = seed(&pool, &copy, defect);
        modules += &format!(
            "pub(crate) mod {name} {{\n    use crate::sync;\n    #[path = {path:?}]\n    mod {part};\n    \
             {models}!();\n}}\n"
        );
    }
    fs::write(out.join("defects.rs"), modules).expect("the directory of cargo can be written");
}

/// The sources of a part: all files of its directory, or its one file. The first is its root.
fn sources(pool: &Path, part: &str) -> Vec<PathBuf> {
    let directory = pool.join(part);
    let file = pool.join(format!("{part}.rs"));
    if file.exists() {
        println!("cargo::rerun-if-changed={}", file.display());
        return vec![file];
    }
    println!("cargo::rerun-if-changed={}", directory.display());
    let files = fs::read_dir(&directory).expect("the part is there");
    let files = files.map(|entry| entry.expect("the part can be read").path());
    let mut files: Vec<_> = files.collect();
    files.sort_by_key(|file| !file.ends_with("mod.rs"));
    files
}

/// Copies a part with a defect. The path of its root.
fn seed(pool: &Path, copy: &Path, (name, part, file, found, put): Defect) -> PathBuf {
    fs::create_dir_all(copy).expect("the directory of cargo can be written");
    let sources = sources(pool, part.0);
    let mut seeded = 0;
    for path in &sources {
        let mut text = fs::read_to_string(path).expect("the part can be read");
        if path.ends_with(file) {
            seeded = text.matches(found).count();
            text = text.replace(found, put);
        }
        let to = path.file_name().expect("files have names");
        fs::write(copy.join(to), text).expect("the directory of cargo can be written");
    }
    assert_eq!(seeded, 1, "{name}: the text to replace must stand in {file} once");
    copy.join(sources[0].file_name().expect("files have names"))
}
