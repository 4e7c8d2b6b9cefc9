//! The parts as they are.

use crate::{alarms_model, fillers_model, handover_model, jobs_model, model, turns_model};

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
#[test]
fn who_fills_again_waits_for_his_turn() {
    turns_model::turns(true);
    turns_model::turns(false);
}

#[test]
fn closing_tells_who_waits_for_a_turn() {
    turns_model::close();
}

#[test]
fn who_may_not_wait_gets_what_a_worker_gives_back() {
    turns_model::come_back(true, false);
    turns_model::come_back(false, false);
}

#[test]
fn who_may_not_wait_leaves_what_a_worker_gives_back_to_who_came_before() {
    turns_model::come_back(true, true);
    turns_model::come_back(false, true);
}

#[test]
fn who_may_not_wait_is_told_when_another_took_what_came_back() {
    turns_model::overtaken();
}

#[test]
fn a_task_that_was_moved_gets_what_a_worker_hands_over() {
    handover_model::serve();
}

#[test]
fn what_a_worker_hands_over_to_a_task_that_is_dropped_is_neither_lost_nor_doubled() {
    handover_model::refuse(true);
    handover_model::refuse(false);
}

#[test]
fn an_earlier_alarm_goes_off_first() {
    alarms_model::set();
}

#[test]
fn an_alarm_goes_off_or_is_taken_back() {
    alarms_model::cancel();
}

#[test]
fn an_alarm_that_is_changed_goes_off_once() {
    alarms_model::change();
}

#[test]
fn a_job_that_comes_while_a_worker_ends_is_done() {
    jobs_model::end();
}

#[test]
fn a_job_does_not_wait_for_the_end_of_another() {
    jobs_model::wait();
}

#[test]
fn a_job_for_which_there_is_no_thread_is_done() {
    jobs_model::no_thread();
}

#[test]
fn jobs_for_none_of_which_there_is_a_thread_are_all_done() {
    jobs_model::no_threads();
}

#[test]
fn who_comes_to_wait_while_a_filler_ends_is_served() {
    fillers_model::serve(1);
    fillers_model::serve(2);
}
