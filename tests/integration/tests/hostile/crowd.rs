//! A directory with a thousand plugins.

use std::collections::HashMap;

use aludel_tests::hostile::{Library, Stage, assert_answers};
use nix::errno::Errno;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};

const PLUGINS: usize = 1000;

/// A stage with a thousand plugins and one that is broken.
fn crowd() -> Stage {
    let stage = Stage::new();
    let library = Library::new("crowd");
    for number in 0..PLUGINS {
        stage.put("env", &library.clone().set("name", format!("crowd_{number}")));
    }
    stage.put("env", &Library::new("broken").edit(0, b"X"));
    stage
}

/// How often each file is opened while the work is done.
fn opened(stage: &Stage, work: impl FnOnce()) -> HashMap<String, usize> {
    let watch = Inotify::init(InitFlags::IN_NONBLOCK).unwrap();
    // Closing, too, because the system makes one event of two that follow each other and are the same.
    let flags = AddWatchFlags::IN_OPEN | AddWatchFlags::IN_CLOSE;
    watch.add_watch(&stage.path("env"), flags).unwrap();
    work();
    let mut opened = HashMap::new();
    loop {
        match watch.read_events() {
            Ok(events) => {
                let opened_now =
                    events.into_iter().filter(|event| event.mask.contains(AddWatchFlags::IN_OPEN));
                // Without a name it is the directory itself.
                for file in opened_now.filter_map(|event| event.name) {
                    *opened.entry(file.into_string().unwrap()).or_default() += 1;
                }
            }
            Err(Errno::EAGAIN) => return opened,
            Err(fault) => panic!("{fault}"),
        }
    }
}

#[test]
fn among_a_thousand_plugins_one_is_found_and_each_note_is_read_once() {
    let stage = crowd();
    let mut opened = opened(&stage, || assert_answers(stage.load("crowd_500").unwrap().dialect));
    assert_eq!(opened.len(), PLUGINS + 1);
    // The one that is chosen is opened to be verified and loaded, too.
    opened.retain(|file, times| file != "libaludel_crowd_500.so" && *times > 1);
    assert_eq!(opened, HashMap::new());
    for number in 0..PLUGINS {
        let ran = stage.ran(&format!("env/libaludel_crowd_{number}.so"));
        assert_eq!(ran, if number == 500 { "constructor\ninit\n" } else { "" });
    }
}

#[test]
fn a_scheme_that_none_of_a_thousand_plugins_has_is_told_with_all_of_them() {
    let stage = crowd();
    let mut names: Vec<String> = (0..PLUGINS).map(|number| format!("crowd_{number}")).collect();
    names.sort();
    assert_eq!(
        stage.refusal("absent"),
        format!(
            "error[P01]: no dialect for scheme `absent`\n  help: put libaludel_absent.so into one \
             of the places below, or its directory into ALUDEL_PLUGIN_PATH\n  url: absent://\n  \
             searched: static: none · api: not set · env ROOT/env: broken (P06), {} · app: the \
             program's path is unknown · user ROOT/user: does not exist · system ROOT/system: does \
             not exist\n  rejected: ROOT/env/libaludel_broken.so is not an aludel plugin (it is no \
             ELF file) [P06]",
            names.join(", ")
        )
    );
}
