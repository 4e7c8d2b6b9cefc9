//! Tries every interleaving of the pool's waiting room, and of copies of it with seeded defects.

#[macro_use]
mod room;
mod sync;

#[path = "../../../../core/src/pool/gate/mod.rs"]
#[allow(dead_code, unused_imports)]
mod gate;

// Copies with one defect each; a model has to find each.
#[allow(dead_code, unused_imports, unused_mut, clippy::all)]
mod defects {
    use crate::sync;
    include!(concat!(env!("OUT_DIR"), "/defects.rs"));
}

models!();

mod sound {
    //! The room as it is.

    use crate::model;

    #[test]
    fn two_threads_on_one_slot_are_both_served() {
        model::hand_off(2, model::PACKED, 1, false);
    }

    #[test]
    fn three_threads_on_one_slot_are_all_served() {
        model::hand_off(3, model::PACKED, 1, false);
    }

    #[test]
    fn three_threads_on_two_slots_are_all_served() {
        model::hand_off(3, 2, 2, false);
    }

    #[test]
    fn threads_on_slots_behind_the_lock_are_all_served() {
        model::hand_off(3, model::MOVED, 1, false);
    }

    #[test]
    fn a_failed_connect_serves_the_next() {
        model::hand_off(3, model::PACKED, 1, true);
        model::hand_off(3, model::MOVED, 1, true);
    }

    #[test]
    fn an_overflowing_seat_is_dropped_before_its_slot_is_free() {
        model::hand_off(3, model::PACKED, 2, false);
    }

    #[test]
    fn giving_up_while_something_is_granted_loses_nothing() {
        model::give_up();
    }

    #[test]
    fn a_dropped_task_hands_on_what_it_was_granted() {
        model::cancel_task();
    }

    #[test]
    fn closing_leaves_nobody_waiting() {
        model::close();
    }

    #[test]
    fn growing_serves_who_waits() {
        model::grow();
    }

    #[test]
    fn shrinking_keeps_the_limit() {
        model::shrink();
    }

    #[test]
    fn disposing_loses_nobody() {
        model::dispose();
    }

    #[test]
    fn connecting_in_the_background_serves_who_waits() {
        model::background(true);
        model::background(false);
    }

    #[test]
    fn who_is_overtaken_is_served() {
        model::bypass();
    }
}

mod found {
    //! Each seeded defect is found.

    use std::process::Command;

    use crate::defects::*;

    /// Set in the process that runs the model of a defect.
    const INSIDE: &str = "ALUDEL_MODEL_WITH_DEFECT";

    /// Runs this very test again in a process of its own, since a model that fails may abort, and
    /// looks for what loom has to say.
    fn finds(test: &str, expected: &str, model: impl FnOnce()) {
        if std::env::var_os(INSIDE).is_some() {
            return model();
        }
        let program = std::env::current_exe().expect("the test was started from a file");
        let test = format!("found::{test}");
        let run = Command::new(program)
            .args(["--exact", &test, "--nocapture"])
            .env(INSIDE, "1")
            .output()
            .expect("the test can be started again");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(!run.status.success(), "the defect was not found");
        assert!(said.contains(expected), "loom found something else: {said}");
    }

    #[test]
    fn a_return_that_ignores_who_waits() {
        finds("a_return_that_ignores_who_waits", "deadlock", || {
            let model = return_ignores_who_waits::model::hand_off;
            model(3, return_ignores_who_waits::model::PACKED, 1, false);
        });
    }

    #[test]
    fn waiting_without_a_second_look() {
        finds("waiting_without_a_second_look", "deadlock", || {
            let model = wait_without_a_second_look::model::hand_off;
            model(2, wait_without_a_second_look::model::PACKED, 1, false);
        });
    }

    #[test]
    fn a_failed_connect_that_is_not_handed_on() {
        finds("a_failed_connect_that_is_not_handed_on", "deadlock", || {
            let model = free_slot_is_not_handed_on::model::hand_off;
            model(2, free_slot_is_not_handed_on::model::PACKED, 1, true);
        });
    }

    #[test]
    fn a_return_that_is_not_published() {
        finds("a_return_that_is_not_published", "Causality violation", || {
            let model = return_is_not_published::model::hand_off;
            model(2, return_is_not_published::model::PACKED, 1, false);
        });
    }

    #[test]
    fn giving_up_without_looking_at_what_was_granted() {
        finds("giving_up_without_looking_at_what_was_granted", "panicked", || {
            who_gives_up_forgets_what_was_granted::model::give_up();
        });
    }

    #[test]
    fn closing_without_telling_who_waits() {
        finds("closing_without_telling_who_waits", "deadlock", || {
            close_forgets_who_waits::model::close();
        });
    }
}
