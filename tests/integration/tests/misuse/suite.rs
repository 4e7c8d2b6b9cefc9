//! The cases as tests.

/// A test for each case, on the site that an expression makes; none where it is `None`.
macro_rules! misuse_suite {
    ($site:expr) => {
        $crate::misuse::misuse_suite!(@cases $site;
            drops: owned_things_are_dropped_in_every_order,
            drops: borrowed_things_are_dropped_in_every_order,
            drops: what_was_forgotten_holds_nothing_open,
            drops: the_connection_is_closed_under_what_it_held,
            panics: a_panic_in_a_block_rolls_back,
            panics: a_panic_between_rows_rolls_back,
            panics: a_panic_in_a_savepoint_undoes_the_savepoint,
            commits: a_commit_that_fails_keeps_nothing,
            commits: a_block_that_ended_inside_takes_no_statement,
            commits: a_block_whose_transaction_ended_in_sql_takes_no_statement,
            commits: errors_of_the_program_roll_back,
            nested: savepoints_keep_and_undo_their_own,
            nested: the_end_of_the_transaction_ends_its_savepoints,
            nested: a_hundred_savepoints_leave_none,
            nested: a_savepoint_that_cannot_be_undone_dooms_its_transaction,
            aborted: an_error_leaves_the_transaction_as_the_database_has_it,
            lost: an_invalidated_connection_connects_again_after_the_rollback,
            lost: an_invalidated_savepoint_ends_with_its_transaction,
            lost: a_detached_connection_is_not_returned,
            lost: a_closed_connection_does_nothing,
            returned: options_end_with_the_connection,
            returned: a_read_only_transaction_writes_nothing,
            returned: autocommit_ends_with_the_connection,
            by_hand: what_sql_begins_with_autocommit_is_committed_and_rolled_back,
            by_hand: a_block_with_autocommit_ends_what_sql_begins_in_it,
            returned: what_was_not_committed_is_not_seen_by_the_next,
            returned: a_handle_of_the_last_user_cancels_nobody,
            threads: everything_moves_between_threads,
            crowd: threads_that_do_all_of_it_leave_nothing,
            retries: a_transaction_runs_until_it_succeeds,
            retries: the_last_error_says_how_often_it_ran,
            retries: a_lost_connection_is_replaced,
            retries: what_is_committed_is_not_run_again,
            retries: a_run_that_rolled_back_itself_is_run_again,
            retries: nothing_is_run_again_with_autocommit,
        );
    };
    (@cases $site:expr; $($module:ident: $case:ident,)*) => {
        $(#[test]
        fn $case() {
            let Some(site) = $site else { return };
            crate::misuse::$module::$case(&site);
            site.is_clean();
        })*
    };
}

pub(crate) use misuse_suite;
