//! The faults.

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal, caught by $case:literal;)*) => {
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

            /// The case of the conformance kit that must catch it.
            pub const fn caught_by(self) -> &'static str {
                match self {
                    $(Fault::$name => $case,)*
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
    SwappedColumns = "swapped_columns", caught by "execute/a_select_gives_values_and_names_in_the_order_of_its_list";
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
    SwappedParameters = "swapped_parameters", caught by "parameters/each_parameter_goes_to_its_own_place";
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
    DropLeavesOpen = "drop_leaves_open", caught by "streaming/a_result_that_is_dropped_leaves_the_connection_free";
    /// The next execution after a dropped result gives its remaining rows.
    DropLeavesRows = "drop_leaves_rows", caught by "streaming/a_statement_begins_anew_after_its_result_was_dropped";
    /// A dropped result ends its transaction.
    DropEndsTransaction = "drop_ends_transaction", caught by "streaming/a_dropped_result_leaves_its_transaction_open";
    /// An error that follows rows is lost.
    LostLateError = "lost_late_error", caught by "streaming/rows_before_an_error_are_delivered_before_it";
    /// A transaction is not begun.
    BeginIgnored = "begin_ignored", caught by "transactions/a_rollback_undoes_every_change";
    /// A commit rolls back.
    CommitRollsBack = "commit_rolls_back", caught by "transactions/a_commit_is_seen_by_another_connection";
    /// A commit does nothing.
    CommitIgnored = "commit_ignored", caught by "transactions/a_commit_is_seen_by_another_connection";
    /// The error of a commit is lost, and the transaction rolled back.
    LostCommitError = "lost_commit_error", caught by "transactions/a_deferred_constraint_fails_the_commit";
    /// Conflicts are not said to be worth a retry.
    NotRetryable = "not_retryable", caught by "transactions/of_two_writers_of_a_row_one_is_told_to_try_again";
    /// A rollback commits.
    RollbackCommits = "rollback_commits", caught by "transactions/a_rollback_undoes_every_change";
    /// The transaction is said to be idle.
    StateAlwaysIdle = "state_always_idle", caught by "transactions/the_state_of_the_transaction_is_known";
    /// A read-only transaction may write.
    ReadOnlyIgnored = "read_only_ignored", caught by "read_only/a_read_only_transaction_refuses_changes";
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
    WrongClass = "wrong_class", caught by "errors/a_syntax_error_is_a_programming_error";
    /// Errors have no SQLSTATE.
    NoSqlstate = "no_sqlstate", caught by "errors/a_table_that_is_not_there_is_a_programming_error";
    /// Errors do not tell which constraint refused the row.
    NoConstraint = "no_constraint", caught by "errors/a_null_where_none_may_be_is_told";
    /// Errors say that the connection is gone.
    FalseDisconnect = "false_disconnect", caught by "errors/a_connection_is_usable_after_an_error";
    /// An error rolls the transaction back and says nothing of it.
    SilentAbort = "silent_abort", caught by "errors/a_transaction_goes_on_or_is_known_to_be_aborted_after_an_error";
    /// An executemany skips its last row of parameters and counts it all the same.
    SkippedRow = "skipped_row", caught by "executemany/the_counts_of_all_rows_are_added";
    /// An executemany tells the count of its last row of parameters alone.
    CountOfLastRow = "count_of_last_row", caught by "executemany/the_counts_of_all_rows_are_added";
    /// The failing row is counted from 1.
    WrongFailingRow = "wrong_failing_row", caught by "executemany/the_row_that_failed_is_named";
    /// A reset does nothing.
    ResetIgnored = "reset_ignored", caught by "reset/a_reset_rolls_back";
    /// A reset rolls back and leaves options as they are.
    ResetKeepsOptions = "reset_keeps_options", caught by "reset/session_options_are_what_they_were_after_connecting";
    /// Executing panics.
    Panics = "panics", caught by "execute/a_prepared_statement_is_executed_again_and_again";
    /// Reflection leaves the name of the table out of account.
    FilterIgnored = "filter_ignored", caught by "reflection/a_table_is_found_by_its_name";
    /// A late cancel hits the next statement.
    LateCancelHits = "late_cancel_hits", caught by "cancel/a_late_cancel_does_not_hit_the_next_statement";
    /// A deadline that has passed is not looked at.
    LateDeadlineIgnored = "late_deadline_ignored", caught by "deadlines/a_deadline_that_has_passed_executes_nothing";
}

impl Fault {
    /// The fault of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}
