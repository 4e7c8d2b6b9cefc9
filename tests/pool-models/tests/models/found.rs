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
#[test]
fn a_turn_that_ends_in_silence() {
    finds("a_turn_that_ends_in_silence", "deadlock", || {
        turn_ends_in_silence::turns_model::turns(true);
    });
}

#[test]
fn closing_without_telling_who_waits_for_a_turn() {
    finds("closing_without_telling_who_waits_for_a_turn", "deadlock", || {
        close_forgets_who_waits_for_a_turn::turns_model::close();
    });
}

#[test]
fn a_return_that_forgets_who_is_in_a_hurry() {
    finds("a_return_that_forgets_who_is_in_a_hurry", "deadlock", || {
        who_is_in_a_hurry_is_forgotten::turns_model::overtaken();
    });
}

#[test]
fn a_worker_that_does_not_wake_the_task() {
    finds("a_worker_that_does_not_wake_the_task", "deadlock", || {
        task_is_not_woken::handover_model::serve();
    });
}

#[test]
fn a_worker_that_wakes_who_polled_first() {
    finds("a_worker_that_wakes_who_polled_first", "deadlock", || {
        who_polls_later_is_not_woken::handover_model::serve();
    });
}

#[test]
fn a_worker_that_hands_over_to_nobody() {
    finds("a_worker_that_hands_over_to_nobody", "what was done is lost", || {
        worker_does_not_see_that_the_task_is_gone::handover_model::refuse(false);
    });
}

#[test]
fn an_earlier_alarm_that_is_not_told() {
    finds("an_earlier_alarm_that_is_not_told", "deadlock", || {
        an_earlier_alarm_is_not_told::alarms_model::set();
    });
}

#[test]
fn a_change_of_an_alarm_that_is_lost() {
    finds("a_change_of_an_alarm_that_is_lost", "the change is lost", || {
        an_alarm_is_not_changed::alarms_model::change();
    });
}

#[test]
fn a_worker_that_ends_without_a_last_look() {
    finds("a_worker_that_ends_without_a_last_look", "a job is lost", || {
        worker_ends_without_a_last_look::jobs_model::end();
    });
}

#[test]
fn a_job_that_waits_for_the_end_of_another() {
    finds("a_job_that_waits_for_the_end_of_another", "deadlock", || {
        one_idle_worker_is_enough_for_all::jobs_model::wait();
    });
}

#[test]
fn a_caller_without_worker_that_does_one_job_alone() {
    finds("a_caller_without_worker_that_does_one_job_alone", "a job is lost", || {
        who_has_no_worker_does_one_job_alone::jobs_model::no_threads();
    });
}

#[test]
fn a_filler_that_ends_without_a_last_look() {
    finds("a_filler_that_ends_without_a_last_look", "somebody is forgotten", || {
        filler_ends_without_a_last_look::fillers_model::serve(1);
    });
}
