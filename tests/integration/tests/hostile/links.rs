//! Links on the way to a plugin: each lies where nobody else may replace it.

use std::os::unix::fs::{chown, lchown};

use aludel::plugin::{Environment, Policy, Search};
use aludel_tests::hostile::{Library, Stage, assert_answers, link};

use crate::program::is_root;

const GOOD: &str = "good/libaludel_linked.so";
const STRANGER: u32 = 54_321;

fn uid() -> u32 {
    nix::unistd::geteuid().as_raw()
}

/// A stage with a good plugin in `good`, an empty `env`, and `open`, where others may write.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.put("good", &Library::new("linked"));
    for dir in ["env", "open"] {
        stage.dir(dir);
    }
    stage.mode("open", 0o777);
    stage
}

fn open_to_others(file: &str) -> String {
    format!(
        "error[P03]: refusing ROOT/{file}: directory ROOT/open is writable by others (mode 0777, \
         owner uid {})\n  help: chmod go-w ROOT/open",
        uid()
    )
}

/// The refusal when this directory is searched.
fn refusal_in(stage: &Stage, dir: &str) -> String {
    let search = Search::new().with_environment(Environment::empty()).path(stage.path(dir));
    stage.refusal_with("linked", &search, &Policy::new())
}

#[test]
fn links_in_good_places_to_a_good_file_are_good() {
    let stage = Stage::new();
    stage.put("good", &Library::new("well_linked"));
    let file = "libaludel_well_linked.so";
    link(&stage.path("good"), &stage.path("dir"));
    link(&stage.path("dir").join(file), &stage.dir("more").join(file));
    link(&stage.path("more").join(file), &stage.dir("env").join(file));
    assert_answers(stage.load("well_linked").unwrap().dialect);
}

#[test]
fn a_link_into_a_place_that_others_may_write_is_refused() {
    let stage = stage();
    let bad = stage.put("open", &Library::new("linked"));
    link(&bad, &stage.path("env/libaludel_linked.so"));
    assert_eq!(stage.refusal("linked"), open_to_others("open/libaludel_linked.so"));
}

#[test]
fn a_link_in_a_place_that_others_may_write_is_refused() {
    let stage = stage();
    link(&stage.path(GOOD), &stage.path("open/libaludel_linked.so"));
    assert_eq!(refusal_in(&stage, "open"), open_to_others(GOOD));
}

#[test]
fn a_link_by_way_of_a_place_that_others_may_write_is_refused() {
    let stage = stage();
    let [between, first] = ["open/between.so", "env/libaludel_linked.so"].map(|at| stage.path(at));
    link(&stage.path(GOOD), &between);
    link(&between, &first);
    assert_eq!(stage.refusal("linked"), open_to_others(GOOD));
}

#[test]
fn a_directory_that_is_a_link_in_a_place_that_others_may_write_is_refused() {
    let stage = stage();
    link(&stage.path("good"), &stage.path("open/dir"));
    assert_eq!(refusal_in(&stage, "open/dir"), open_to_others(GOOD));
    link(&stage.path("open/dir"), &stage.path("by_way"));
    assert_eq!(refusal_in(&stage, "by_way"), open_to_others(GOOD));
}

#[test]
fn a_relative_link_is_followed_from_where_it_lies() {
    let stage = stage();
    link("../open/dir/libaludel_linked.so".as_ref(), &stage.path("env/libaludel_linked.so"));
    link("../good".as_ref(), &stage.path("open/dir"));
    assert_eq!(stage.refusal("linked"), open_to_others(GOOD));
}

/// In a directory as `/tmp` is, where everybody may add files and only their owners replace them.
#[test]
fn in_a_common_directory_a_link_of_a_stranger_is_refused_and_one_of_the_user_is_good() {
    let stage = stage();
    if !is_root("links of a stranger") {
        return;
    }
    stage.mode("open", 0o1777);
    let path = stage.path("open/libaludel_linked.so");
    link(&stage.path(GOOD), &path);
    lchown(&path, Some(STRANGER), None).unwrap();
    assert_eq!(
        refusal_in(&stage, "open"),
        format!(
            "error[P03]: refusing ROOT/{GOOD}: link ROOT/open/libaludel_linked.so belongs to uid \
             {STRANGER}, who is neither root nor the user of this program (uid 0)\n  \
             help: chown -h 0 ROOT/open/libaludel_linked.so"
        )
    );
    lchown(&path, Some(0), None).unwrap();
    let search = Search::new().with_environment(Environment::empty()).path(stage.path("open"));
    assert_answers(stage.load_with("linked", &search, &Policy::new()).unwrap().dialect);
}

#[test]
fn a_good_file_in_a_common_directory_is_refused_when_it_is_a_strangers() {
    let stage = stage();
    if !is_root("files of a stranger in a common directory") {
        return;
    }
    stage.mode("open", 0o1777);
    let path = stage.put("open", &Library::new("linked"));
    chown(path, Some(STRANGER), None).unwrap();
    assert_eq!(
        refusal_in(&stage, "open"),
        format!(
            "error[P03]: refusing ROOT/open/libaludel_linked.so: it belongs to uid {STRANGER}, who \
             is neither root nor the user of this program (uid 0)\n  \
             help: chown 0 ROOT/open/libaludel_linked.so"
        )
    );
}
