//! Policies: which files may be loaded at all.

use aludel::plugin::{Environment, Policy, Search, plan_of_file, verify};
use aludel_tests::hostile::{Library, Stage, assert_answers};

const FILE: &str = "env/libaludel_ruled.so";

/// A stage with a good plugin at the level env.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.put("env", &Library::new("ruled"));
    stage
}

fn refusal(stage: &Stage, policy: &Policy) -> String {
    stage.refusal_with("ruled", &stage.search(), policy)
}

/// The search of a stage with this value of `ALUDEL_PLUGIN_POLICY`.
fn with_words(stage: &Stage, words: &str) -> Search {
    let plugin_policy = Some(words.into());
    Search::new().with_environment(Environment { plugin_policy, ..stage.environment() })
}

const NOT_OF_THE_SYSTEM: &str = "error[P03]: refusing ROOT/env/libaludel_ruled.so: it is of level \
     env, and the policy is system_only\n  help: install it at level system, or remove it so that \
     the one there is found";

/// The sum of the plugin, as `Verified` tells it.
fn sum(stage: &Stage) -> String {
    let plan = plan_of_file(&stage.path(FILE), &stage.search()).unwrap();
    verify(plan, &Policy::new()).unwrap().sha256().unwrap()
}

fn not_pinned(stage: &Stage, source: &str) -> String {
    format!(
        "error[P20]: refusing ROOT/{FILE}: its SHA-256 sum is not among those of {source}\n  help: \
         install the file that is meant, or pin this one after you have examined it\n  sha256: {}",
        sum(stage)
    )
}

#[test]
fn system_only_refuses_files_of_other_levels_and_does_not_pass_them_over() {
    let stage = stage();
    stage.put("system", &Library::new("ruled"));
    assert_eq!(refusal(&stage, &Policy::new().system_only()), NOT_OF_THE_SYSTEM);
}

#[test]
fn system_only_loads_from_the_system() {
    let stage = Stage::new();
    stage.put("system", &Library::new("of_the_system"));
    let policy = Policy::new().system_only();
    let found = stage.load_with("of_the_system", &stage.search(), &policy);
    if nix::unistd::geteuid().is_root() {
        return assert_answers(found.unwrap().dialect);
    }
    // What lies at that level is root's.
    let uid = nix::unistd::geteuid();
    let path = "ROOT/system/libaludel_of_the_system.so";
    assert_eq!(
        stage.shown(&found.unwrap_err()),
        format!(
            "error[P03]: refusing {path}: it belongs to uid {uid}, and level system is root's\n  \
             help: chown root {path}"
        )
    );
}

#[test]
fn a_file_whose_sum_is_not_pinned_is_refused() {
    let stage = stage();
    let policy = Policy::new().pinned(["ab".repeat(32)]);
    assert_eq!(refusal(&stage, &policy), not_pinned(&stage, "the program"));
    let none: [&str; 0] = [];
    assert_eq!(refusal(&stage, &Policy::new().pinned(none)), not_pinned(&stage, "the program"));
}

#[test]
fn a_file_whose_sum_is_pinned_is_loaded() {
    let stage = Stage::new();
    let path = stage.put("env", &Library::new("pinned"));
    let plan = plan_of_file(&path, &stage.search()).unwrap();
    let sum = verify(plan, &Policy::new()).unwrap().sha256().unwrap();
    let policy = Policy::new().pinned(["ab".repeat(32), sum.to_uppercase()]);
    let found = stage.load_with("pinned", &stage.search(), &policy).unwrap();
    assert_answers(found.dialect);
}

#[test]
fn what_is_no_sum_is_no_pin() {
    let stage = stage();
    for text in ["", "ab", &"g".repeat(64), &"ab".repeat(33), &format!(" {}", "ab".repeat(32))] {
        assert_eq!(
            refusal(&stage, &Policy::new().pinned([text])),
            format!(
                "error[P23]: {text:?} is pinned and is no SHA-256 sum\n  help: write 64 \
                 hexadecimal digits, as `sha256sum` prints them"
            )
        );
    }
}

#[test]
fn development_loads_what_others_may_write_and_says_so() {
    let stage = Stage::new();
    let path = stage.put("env", &Library::new("developed"));
    stage.mode("env", 0o777);
    let policy = Policy::new().development();
    let plan = plan_of_file(&path, &stage.search()).unwrap();
    let verified = verify(plan, &policy).unwrap();
    let warnings: Vec<String> =
        verified.warnings().iter().map(|warning| stage.without_root(warning)).collect();
    assert_eq!(
        warnings,
        [format!(
            "ROOT/env/libaludel_developed.so: directory ROOT/env is writable by others (mode 0777, \
             owner uid {}); the policy standard would refuse it",
            nix::unistd::geteuid()
        )]
    );
    let found = stage.load_with("developed", &stage.search(), &policy).unwrap();
    assert_answers(found.dialect);
}

#[test]
fn the_environment_tightens_the_policy_and_a_word_that_it_does_not_know_is_refused() {
    let stage = stage();
    let refusal = |words: &str, policy: &Policy| {
        stage.refusal_with("ruled", &with_words(&stage, words), policy)
    };
    for policy in [Policy::new(), Policy::new().development()] {
        assert_eq!(refusal("system_only", &policy), NOT_OF_THE_SYSTEM);
        assert_eq!(refusal("pinned,system_only", &policy), NOT_OF_THE_SYSTEM);
    }
    // It ends what a program chose for its development.
    stage.mode("env", 0o777);
    assert_eq!(
        refusal("pinned", &Policy::new().development()),
        format!(
            "error[P03]: refusing ROOT/{FILE}: directory ROOT/env is writable by others (mode \
             0777, owner uid {})\n  help: chmod go-w ROOT/env",
            nix::unistd::geteuid()
        )
    );
    stage.mode("env", 0o755);
    for word in ["development", "none", "standard", "SYSTEM_ONLY", "*"] {
        assert_eq!(
            refusal(word, &Policy::new()),
            format!(
                "error[P23]: ALUDEL_PLUGIN_POLICY holds {word:?}, which is no policy\n  \
                 help: write system_only or pinned, or both with a comma"
            )
        );
    }
    assert_eq!(
        refusal("pinned,", &Policy::new()),
        "error[P23]: ALUDEL_PLUGIN_POLICY holds \"\", which is no policy\n  \
         help: write system_only or pinned, or both with a comma"
    );
}
