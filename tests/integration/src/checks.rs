//! Checks that are made alike against linked and loaded dialects.

pub mod bulk;
pub mod calls;
pub mod connecting;
pub mod describing;
pub mod errors;
pub mod limits;
pub mod panics;
pub mod required;
pub mod results;
pub mod session;
pub mod transactions;
pub mod values;

use crate::subject::Subject;

/// A check; it panics when the dialect does not behave.
pub type Check = fn(&Subject);

/// Calls a macro with the checks that every dialect must pass.
#[macro_export]
macro_rules! required_checks {
    ($callback:ident $subject:expr) => {
        $callback! { $subject;
            required::rows_arrive_in_order_with_names_and_types,
            required::many_rows_arrive_in_several_batches,
            required::a_result_without_rows_still_has_columns,
            required::a_limit_of_rows_is_kept,
            required::a_single_row_is_delivered_alone,
            required::a_statement_can_be_executed_again_in_the_middle_of_its_result,
            required::text_without_a_statement_prepares_nothing,
            required::several_statements_in_one_text_are_prepared_in_turn,
            required::a_script_runs_to_its_end,
            required::what_is_no_statement_is_a_programming_error,
            required::a_database_that_is_missing_is_an_operational_error,
            required::a_closed_statement_is_refused,
            required::what_the_dialect_does_not_have_is_replaced_or_refused,
            required::connections_are_used_on_several_threads_at_once,
        }
    };
}

/// Calls a macro with the checks of the dialect that has everything.
#[macro_export]
macro_rules! everything_checks {
    ($callback:ident $subject:expr) => {
        $callback! { $subject;
            values::every_sample_arrives_copied,
            values::every_sample_arrives_lent,
            values::every_sample_survives_the_way_there_and_back,
            values::every_sample_can_be_an_option,
            values::values_larger_than_the_arena_arrive,
            values::rows_wider_than_a_batch_arrive,
            values::rows_of_every_size_arrive_whole,
            values::values_nest_thirty_two_levels_and_no_deeper,
            results::several_results_follow_one_another,
            results::results_can_be_skipped,
            results::changed_rows_and_the_last_key_are_told,
            results::rows_are_delivered_before_an_error,
            results::executemany_tells_the_failing_row,
            results::executemany_crosses_in_chunks_and_says_when_no_more_follow,
            results::executemany_delivers_the_rows_that_come_back,
            results::rows_of_different_widths_are_refused,
            results::a_procedure_delivers_rows_then_out_parameters,
            results::a_procedure_that_is_not_there_is_refused,
            transactions::a_commit_shows_and_a_rollback_hides,
            transactions::a_transaction_begins_as_it_was_asked_to,
            transactions::savepoints_nest,
            transactions::an_aborted_transaction_accepts_only_a_rollback,
            transactions::two_phases_survive_their_connection,
            session::options_keep_what_they_are_set_to,
            session::options_that_do_not_exist_or_fit_are_refused,
            session::resetting_undoes_what_the_session_did,
            session::notices_come_in_order_and_once,
            session::notifications_reach_other_connections,
            session::waiting_for_a_notification_ends_at_the_deadline,
            session::the_server_tells_what_it_is,
            session::a_ping_notices_that_the_connection_died,
            session::a_script_tells_how_far_it_came,
            bulk::rows_go_in_and_come_out_as_bytes,
            bulk::bytes_go_in_in_pieces_that_end_anywhere,
            bulk::an_abandoned_operation_leaves_nothing,
            bulk::an_operation_ends_with_its_value,
            bulk::what_cannot_be_moved_is_refused,
            describing::columns_cross_with_every_field,
            describing::parameters_are_known_where_the_dialect_knows_them,
            describing::columns_follow_the_result,
            describing::every_kind_of_reflection_has_the_columns_it_promises,
            describing::reflection_is_filtered,
            connecting::every_part_of_the_url_arrives,
            connecting::the_url_is_checked_without_connecting,
            connecting::a_refusal_does_not_show_the_password,
            connecting::connecting_ends_at_its_deadline,
            limits::another_thread_cancels,
            limits::a_late_cancel_does_not_hit_the_next_call,
            limits::a_cancel_of_a_call_that_was_never_made_does_nothing,
            limits::a_deadline_ends_a_call,
            limits::a_cancel_handle_outlives_its_connection,
            errors::an_error_keeps_everything_it_carries,
            errors::a_long_message_is_cut_between_characters,
            errors::extras_that_do_not_fit_are_cut,
            errors::every_kind_of_error_arrives_as_that_kind,
            errors::a_kind_of_a_newer_plugin_is_a_database_error,
            errors::misuse_of_the_writer_is_an_error,
            errors::cells_that_are_not_what_they_say_are_refused_when_read,
            panics::a_panic_in_any_entry_is_an_error_and_others_live_on,
            panics::a_panic_while_connecting_is_an_error,
            panics::a_panic_while_freeing_is_survived,
            panics::a_panic_in_a_cancel_handle_is_an_error,
        }
    };
}

macro_rules! list {
    ($unused:expr; $($module:ident :: $check:ident,)*) => {
        &[$((stringify!($check), $module::$check as Check)),*]
    };
}

/// The checks of the dialect of everything, by name.
pub const EVERYTHING: &[(&str, Check)] = everything_checks!(list());

/// The checks of every dialect, by name.
pub const REQUIRED: &[(&str, Check)] = required_checks!(list());
