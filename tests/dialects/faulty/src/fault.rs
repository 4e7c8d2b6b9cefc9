//! The faults.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal, caught by $($case:literal),+;)*) => {
        /// Something that a dialect does wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Fault] = &[$(Fault::$name),*];

            /// The value of the URL option `fault`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Fault::$name => $text,)*
                }
            }

            /// The cases of the conformance kit that must catch it.
            pub const fn caught_by(self) -> &'static [&'static str] {
                match self {
                    $(Fault::$name => &[$($case),+],)*
                }
            }
        }
    };
}

faults! {
    /// The row count is one too high.
    WrongRowCount = "wrong_row_count", caught by "execute/row_counts_tell_what_was_changed";
    /// A query tells the row count of the change before it.
    RowCountLeftOver = "row_count_left_over", caught by "execute/a_select_has_no_row_count_left_over";
    /// The first two values of each row change places.
    SwappedColumns = "swapped_columns", caught by "execute/a_select_gives_values_and_names_in_the_order_of_its_list", "returning/an_insert_returns_the_rows_that_it_made", "returning/an_update_returns_the_rows_that_it_changed", "returning/a_delete_returns_the_rows_that_it_removed";
    /// A result without rows has no columns.
    EmptyWithoutColumns = "empty_without_columns", caught by "execute/an_empty_result_has_columns_and_no_rows";
    /// Columns of the same name are numbered.
    RenamedColumns = "renamed_columns", caught by "execute/columns_of_the_same_name_are_all_there";
    /// A prepared statement gives the rows of its last execution again.
    StaleRows = "stale_rows", caught by "execute/a_prepared_statement_is_executed_again_and_again";
    /// A prepared statement keeps the columns that its table had.
    StaleColumns = "stale_columns", caught by "execute/a_prepared_statement_sees_that_its_table_has_changed";
    /// The key of the last inserted row is told after statements that insert nothing.
    StaleInsertId = "stale_insert_id", caught by "execute/the_key_of_the_last_inserted_row_is_told";
    /// A script ends with its first statement and says that it is through.
    ScriptEndsEarly = "script_ends_early", caught by "execute/a_script_runs_to_its_end_or_tells_how_far_it_came";
    /// The first two parameters change places.
    SwappedParameters = "swapped_parameters", caught by "parameters/each_parameter_goes_to_its_own_place", "returning/rows_that_come_back_may_be_left_unread", "execute/an_upsert_inserts_or_updates";
    /// NULL as a parameter is the value of the time before.
    ParameterLeftOver = "parameter_left_over", caught by "parameters/null_replaces_the_value_of_the_time_before";
    /// Missing parameters are NULL.
    MissingParameters = "missing_parameters", caught by "parameters/too_few_parameters_are_refused";
    /// Extra parameters are left out.
    ExtraParameters = "extra_parameters", caught by "parameters/too_many_parameters_are_refused";
    /// Text as a parameter ends at U+0000.
    CutAtNul = "cut_at_nul", caught by "parameters/a_nul_in_text_arrives_or_is_refused";
    /// Empty text comes back as NULL.
    EmptyAsNull = "empty_as_null", caught by "parameters/empty_text_is_not_null";
    /// NULL comes back as empty text.
    NullAsEmpty = "null_as_empty", caught by "types/nulls_and_values_of_all_types_mix_in_a_row";
    /// Integers are cut to 32 bits.
    CutIntegers = "cut_integers", caught by "types/integers_come_back_exactly_up_to_their_limits";
    /// Floats are rounded to 32 bits.
    RoundedFloats = "rounded_floats", caught by "types/floats_come_back_bit_by_bit";
    /// The last character of a text is lost.
    CutText = "cut_text", caught by "types/text_comes_back_character_by_character";
    /// The last byte of bytes is lost.
    CutBytes = "cut_bytes", caught by "types/bytes_come_back_byte_by_byte";
    /// The last row of a result is lost.
    LostLastRow = "lost_last_row", caught by "streaming/every_row_arrives_once_at_every_size_of_result";
    /// The row at the end of the first batch is lost.
    LostRowAtBatch = "lost_row_at_batch", caught by "streaming/every_row_arrives_once_at_every_size_of_result";
    /// The first row of a result comes twice.
    DoubledRow = "doubled_row", caught by "streaming/every_row_arrives_once_at_every_size_of_result";
    /// A result that is dropped stays open, and the next statement is refused.
    DropLeavesOpen = "drop_leaves_open", caught by "streaming/a_result_that_is_dropped_leaves_the_connection_free", "results/results_that_are_not_read_leave_the_connection_free";
    /// The next execution after a dropped result gives its remaining rows.
    DropLeavesRows = "drop_leaves_rows", caught by "streaming/a_statement_begins_anew_after_its_result_was_dropped";
    /// A dropped result ends its transaction.
    DropEndsTransaction = "drop_ends_transaction", caught by "streaming/a_dropped_result_leaves_its_transaction_open";
    /// An error that follows rows is lost.
    LostLateError = "lost_late_error", caught by "streaming/rows_before_an_error_are_delivered_before_it";
    /// A transaction is not begun.
    BeginIgnored = "begin_ignored", caught by "transactions/a_rollback_undoes_every_change", "isolation/nothing_is_read_that_is_not_committed", "read_only/a_read_only_transaction_sees_what_is_committed";
    /// A commit rolls back.
    CommitRollsBack = "commit_rolls_back", caught by "transactions/a_commit_is_seen_by_another_connection";
    /// A commit does nothing.
    CommitIgnored = "commit_ignored", caught by "transactions/a_commit_is_seen_by_another_connection";
    /// The error of a commit is lost, and the transaction rolled back.
    LostCommitError = "lost_commit_error", caught by "transactions/a_deferred_constraint_fails_the_commit";
    /// Conflicts are not said to be worth a retry.
    NotRetryable = "not_retryable", caught by "transactions/of_two_writers_of_a_row_one_is_told_to_try_again";
    /// A rollback commits.
    RollbackCommits = "rollback_commits", caught by "transactions/a_rollback_undoes_every_change", "deadlines/a_transaction_rolls_back_after_a_deadline", "cancel/a_cancelled_statement_leaves_its_transaction_to_be_rolled_back";
    /// The transaction is said to be idle.
    StateAlwaysIdle = "state_always_idle", caught by "transactions/the_state_of_the_transaction_is_known";
    /// A read-only transaction may write.
    ReadOnlyIgnored = "read_only_ignored", caught by "read_only/a_read_only_transaction_refuses_changes", "read_only/every_kind_of_change_is_refused", "read_only/rows_of_an_executemany_are_refused", "deferrable/a_deferrable_transaction_refuses_changes";
    /// The isolation level of a transaction is the session's, whatever was asked for.
    IsolationIgnored = "isolation_ignored", caught by "isolation/every_declared_isolation_level_begins_a_transaction";
    /// The level that was set for the session is not.
    IsolationNotSet = "isolation_not_set", caught by "isolation/the_isolation_level_of_the_session_is_read_back";
    /// A savepoint is not created, and rolling back to it does nothing.
    SavepointIgnored = "savepoint_ignored", caught by "transactions/a_savepoint_undoes_what_came_after_it";
    /// Releasing a savepoint rolls back to it.
    ReleaseRollsBack = "release_rolls_back", caught by "transactions/a_released_savepoint_keeps_its_changes_and_is_gone";
    /// Savepoints are refused as not supported.
    SavepointRefused = "savepoint_refused", caught by "transactions/a_savepoint_undoes_what_came_after_it";
    /// A ping commits.
    PingCommits = "ping_commits", caught by "handshake/a_ping_leaves_the_transaction_as_it_is";
    /// The error of a statement is lost.
    LostError = "lost_error", caught by "errors/a_duplicate_of_a_unique_column_is_told";
    /// Errors are OperationalErrors.
    WrongClass = "wrong_class", caught by "errors/a_syntax_error_is_a_programming_error", "procedures/a_procedure_that_is_not_there_is_a_programming_error";
    /// Errors have no SQLSTATE.
    NoSqlstate = "no_sqlstate", caught by "errors/a_table_that_is_not_there_is_a_programming_error", "cancel/another_thread_cancels_a_statement";
    /// Errors do not tell which constraint refused the row.
    NoConstraint = "no_constraint", caught by "errors/a_null_where_none_may_be_is_told";
    /// Errors say that the connection is gone.
    FalseDisconnect = "false_disconnect", caught by "errors/a_connection_is_usable_after_an_error";
    /// An error rolls the transaction back and says nothing of it.
    SilentAbort = "silent_abort", caught by "errors/a_transaction_goes_on_or_is_known_to_be_aborted_after_an_error";
    /// An executemany skips its last row of parameters and counts it all the same.
    SkippedRow = "skipped_row", caught by "executemany/the_counts_of_all_rows_are_added";
    /// An executemany tells the count of its last row of parameters alone.
    CountOfLastRow = "count_of_last_row", caught by "executemany/the_counts_of_all_rows_are_added", "returning/an_executemany_may_discard_the_rows_that_come_back";
    /// The failing row is counted from 1.
    WrongFailingRow = "wrong_failing_row", caught by "executemany/the_row_that_failed_is_named", "returning/a_refused_executemany_that_returns_rows_leaves_nothing_behind";
    /// A reset does nothing.
    ResetIgnored = "reset_ignored", caught by "reset/a_reset_rolls_back";
    /// A reset rolls back and leaves options as they are.
    ResetKeepsOptions = "reset_keeps_options", caught by "reset/session_options_are_what_they_were_after_connecting";
    /// Executing panics.
    Panics = "panics", caught by "execute/a_prepared_statement_is_executed_again_and_again";
    /// Reflection leaves the name of the table out of account.
    FilterIgnored = "filter_ignored", caught by "reflection/a_table_is_found_by_its_name", "reflection/a_view_is_told_with_its_definition", "reflection/a_unique_constraint_is_told_column_by_column", "reflection/a_name_is_no_pattern";
    /// A late cancel hits the next statement.
    LateCancelHits = "late_cancel_hits", caught by "cancel/a_late_cancel_does_not_hit_the_next_statement";
    /// A deadline that has passed is not looked at.
    LateDeadlineIgnored = "late_deadline_ignored", caught by "deadlines/a_deadline_that_has_passed_executes_nothing";
    /// The second phase comes with the first.
    PrepareCommits = "prepare_commits", caught by "two_phase/a_prepared_transaction_is_kept_until_it_is_committed";
    /// What is prepared goes with its connection.
    PreparedGoes = "prepared_goes", caught by "two_phase/another_connection_commits_what_was_prepared";
    /// Rolling back what is prepared commits it.
    PreparedRollbackCommits = "prepared_rollback_commits", caught by "two_phase/a_prepared_transaction_is_rolled_back";
    /// One of the identifiers that can be recovered is not told.
    RecoverForgets = "recover_forgets", caught by "two_phase/prepared_transactions_are_recovered_by_their_identifiers";
    /// Identifiers of transactions that have ended are told.
    RecoverKeeps = "recover_keeps", caught by "two_phase/prepared_transactions_are_recovered_by_their_identifiers";
    /// A second transaction of the same identifier takes the place of the first.
    DuplicateIdentifier = "duplicate_identifier", caught by "two_phase/an_identifier_is_taken_while_its_transaction_is_prepared";
    /// Ending what nobody prepared succeeds.
    UnknownIdentifier = "unknown_identifier", caught by "two_phase/an_unknown_identifier_is_refused";
    /// Rolling back before the first phase ends the first phase.
    RollbackPrepares = "rollback_prepares", caught by "two_phase/what_is_not_prepared_yet_is_rolled_back_as_any_transaction";
    /// The connection is still in its transaction after the first phase.
    PreparedStaysActive = "prepared_stays_active", caught by "two_phase/a_connection_is_free_after_the_first_phase";
    /// Identifiers are cut where a character would need quotes.
    CutIdentifier = "cut_identifier", caught by "two_phase/an_identifier_is_any_text";
    /// Transactions are never deferrable.
    DeferrableIgnored = "deferrable_ignored", caught by "deferrable/a_transaction_is_deferrable_when_it_was_asked_for";
    /// After a deferrable transaction all are.
    DeferrableStays = "deferrable_stays", caught by "deferrable/the_next_transaction_is_not_deferrable";
    /// A deferrable transaction reads at once.
    DeferrableWaitsNot = "deferrable_waits_not", caught by "deferrable/a_deferrable_transaction_waits_until_nothing_can_disturb_it";
    /// Each query of a transaction reads what is committed by then.
    SnapshotLost = "snapshot_lost", caught by "deferrable/a_deferrable_transaction_sees_one_moment", "isolation/a_row_reads_the_same_twice", "isolation/no_row_appears_between_two_reads";
    /// Every transaction reads what was committed when it began to read.
    StaleSnapshot = "stale_snapshot", caught by "isolation/each_statement_sees_what_was_committed_before_it";
    /// The error of a conflict with another transaction is lost.
    LostConflict = "lost_conflict", caught by "isolation/of_two_that_read_and_then_write_one_is_told_to_try_again", "isolation/two_transactions_do_not_both_act_on_what_the_other_changes";
    /// AUTOCOMMIT begins a transaction.
    AutocommitBegins = "autocommit_begins", caught by "isolation/autocommit_commits_each_statement_for_itself";
    /// A level that there is not becomes another one.
    UnknownLevel = "unknown_level", caught by "isolation/levels_that_are_not_declared_are_refused";
    /// After a read-only transaction all are.
    ReadOnlyStays = "read_only_stays", caught by "read_only/a_prepared_statement_writes_again_in_the_next_transaction";
    /// The session's option `read_only` is not set.
    ReadOnlyNotSet = "read_only_not_set", caught by "read_only/a_session_that_is_read_only_refuses_changes";
    /// The error of a deadline has no SQLSTATE.
    DeadlineWithoutState = "deadline_without_state", caught by "deadlines/a_deadline_ends_a_statement", "deadlines/the_timeout_of_a_session_ends_a_statement";
    /// The error of a deadline is a ProgrammingError.
    DeadlineClass = "deadline_class", caught by "deadlines/a_deadline_ends_the_wait_for_a_lock";
    /// A deadline costs the connection, and nothing says so.
    DeadlineKills = "deadline_kills", caught by "deadlines/a_connection_is_usable_after_a_deadline";
    /// Every deadline is taken to have passed.
    EveryDeadlinePassed = "every_deadline_passed", caught by "deadlines/a_deadline_that_is_far_away_changes_nothing";
    /// The error of a server that does not answer is an InternalError.
    SilenceIsInternal = "silence_is_internal", caught by "deadlines/connecting_ends_at_its_deadline";
    /// A cancel hits whatever runs.
    CancelIgnoresCall = "cancel_ignores_call", caught by "cancel/a_cancel_that_comes_with_the_end_hits_nothing_that_follows";
    /// A cancel hits all connections.
    CancelHitsAll = "cancel_hits_all", caught by "cancel/a_cancel_hits_no_other_connection";
    /// Cancelling what is closed is an error.
    CancelAfterEnd = "cancel_after_end", caught by "cancel/a_cancel_handle_may_outlive_its_connection";
    /// Rows of an executemany come back last one first.
    ReturnedReversed = "returned_reversed", caught by "returning/rows_that_come_back_stand_in_the_order_of_the_parameters";
    /// The last of several results is lost.
    LastResultLost = "last_result_lost", caught by "results/every_result_comes_in_its_order";
    /// All results have the columns of the first.
    ResultColumnsKept = "result_columns_kept", caught by "results/each_result_has_columns_of_its_own";
    /// A result without rows is left out.
    EmptyResultSkipped = "empty_result_skipped", caught by "results/a_result_without_rows_hides_none_that_follow";
    /// Rows that were not read come with the next result.
    RestComesNext = "rest_comes_next", caught by "results/going_on_abandons_the_rest_of_a_result";
    /// Out parameters are a result like any other.
    OutNotMarked = "out_not_marked", caught by "procedures/out_parameters_are_the_last_result";
    /// Out parameters change places.
    OutSwapped = "out_swapped", caught by "procedures/out_parameters_stand_in_the_order_of_their_declaration";
    /// A call is executed with the parameters of the time before.
    CallKeepsParameters = "call_keeps_parameters", caught by "procedures/a_call_is_executed_again_with_other_parameters";
    /// NULL as a parameter of a procedure is 0.
    CallNullAsZero = "call_null_as_zero", caught by "procedures/null_goes_in_and_comes_out";
    /// Out parameters come before the results.
    OutFirst = "out_first", caught by "procedures/results_of_a_procedure_come_before_its_out_parameters";
    /// NULL is loaded as empty text.
    LoadNullAsEmpty = "load_null_as_empty", caught by "bulk/rows_of_values_go_in_as_they_are";
    /// Each piece of bytes is decoded on its own.
    LoadByPieces = "load_by_pieces", caught by "bulk/bytes_go_in_wherever_their_pieces_end";
    /// What is abandoned is kept.
    AbandonKeeps = "abandon_keeps", caught by "bulk/what_is_abandoned_is_not_kept";
    /// Malformed rows are left out.
    MalformedSkipped = "malformed_skipped", caught by "bulk/a_malformed_row_is_refused_and_nothing_is_kept";
    /// Rows that the database refuses are left out.
    RefusedSkipped = "refused_skipped", caught by "bulk/a_row_that_a_constraint_refuses_is_told";
    /// Bulk operations take the columns in the order of the table.
    BulkColumnsIgnored = "bulk_columns_ignored", caught by "bulk/columns_are_filled_in_the_order_that_was_asked_for", "bulk/a_table_goes_out_with_the_columns_that_were_asked_for";
    /// A load commits.
    LoadCommits = "load_commits", caught by "bulk/a_load_belongs_to_its_transaction";
    /// The last row of a load is lost, and counted all the same.
    LoadLosesRow = "load_loses_row", caught by "bulk/a_large_load_arrives_whole";
    /// The last row of an unload is lost, and counted all the same.
    UnloadLosesRow = "unload_loses_row", caught by "bulk/a_query_goes_out_row_by_row";
    /// NULL is unloaded as empty text.
    UnloadNullAsEmpty = "unload_null_as_empty", caught by "bulk/null_goes_out_as_something_else_than_empty_text";
    /// What is unloaded has its quotes once only.
    UnloadQuotesOnce = "unload_quotes_once", caught by "bulk/what_goes_out_goes_in_again";
    /// An unload that is left early blocks the connection.
    UnloadBlocks = "unload_blocks", caught by "bulk/an_unload_may_be_left_early";
    /// A table that is not there is unloaded as an empty one.
    UnloadNothing = "unload_nothing", caught by "bulk/what_is_not_there_does_not_go_out";
    /// Notices have no SQLSTATE.
    NoticeWithoutState = "notice_without_state", caught by "notices/a_notice_tells_its_message_its_severity_and_its_sqlstate";
    /// A notice is told twice.
    NoticeTwice = "notice_twice", caught by "notices/each_notice_is_told_once";
    /// Notices come last one first.
    NoticesReversed = "notices_reversed", caught by "notices/notices_come_in_their_order";
    /// Every connection hears all notices.
    NoticesShared = "notices_shared", caught by "notices/notices_are_those_of_their_own_connection";
    /// The last character of a message is lost.
    CutMessage = "cut_message", caught by "notices/a_message_arrives_whole";
    /// An error takes the notices before it away.
    NoticesGoWithErrors = "notices_go_with_errors", caught by "notices/a_notice_survives_the_error_of_the_next_statement";
    /// A notification is heard twice.
    NotificationTwice = "notification_twice", caught by "notifications/another_connection_hears_what_is_sent";
    /// Who has ceased to listen still hears.
    UnlistenIgnored = "unlisten_ignored", caught by "notifications/only_who_listens_hears";
    /// The newest notification comes first.
    NotificationsReversed = "notifications_reversed", caught by "notifications/notifications_come_in_their_order";
    /// A notification is sent though its transaction has not committed.
    NotifyAtOnce = "notify_at_once", caught by "notifications/what_a_transaction_sends_is_heard_when_it_commits";
    /// The last character of a payload is lost.
    CutPayload = "cut_payload", caught by "notifications/a_payload_arrives_whole";
    /// Nobody waits for a notification.
    WaitEndsAtOnce = "wait_ends_at_once", caught by "notifications/waiting_ends_at_its_deadline_or_soon_after_something_came";
    /// A statement takes the notifications that have come away.
    StatementsDropNotifications = "statements_drop_notifications", caught by "notifications/statements_and_notifications_do_not_disturb_one_another";
    /// Reflection tells the first row only.
    ReflectOneRow = "reflect_one_row", caught by "reflection/every_table_is_told_where_no_name_is_given";
    /// Reflection tells names in lower case.
    ReflectLowerCase = "reflect_lower_case", caught by "reflection/a_name_may_hold_any_character";
    /// Reflection leaves the schema out of account.
    SchemaIgnored = "schema_ignored", caught by "reflection/the_schema_of_a_table_is_one_of_the_schemas";
    /// The server has no version.
    ServerWithoutVersion = "server_without_version", caught by "server/the_server_tells_its_name_and_its_version";
    /// Each connection tells another server.
    ServerVaries = "server_varies", caught by "server/every_connection_tells_the_same_server";
    /// The version has lost its end.
    ServerVersionCut = "server_version_cut", caught by "server/the_version_is_the_one_that_the_server_tells_in_sql";
    /// Asking for the server commits.
    ServerInfoCommits = "server_info_commits", caught by "server/asking_for_the_server_leaves_the_transaction_as_it_is";
    /// The server changes a rule that there is not.
    UnknownRule = "unknown_rule", caught by "server/rules_that_differ_have_known_names_and_values";
}

impl Fault {
    /// The fault of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}
