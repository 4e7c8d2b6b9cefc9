//! Cases that PostgreSQL, or a session of PgBouncer's, does not pass as a whole, each with its reason.

use aludel_conformance::Outcome;

/// What comes of a case instead of a pass.
pub(crate) const OF_POSTGRESQL: &[(&str, Outcome, &str)] = &[
    (
        "types/integers_come_back_exactly_up_to_their_limits",
        Outcome::Partial,
        "integers beyond 64 bits are refused",
    ),
    (
        "types/text_comes_back_character_by_character",
        Outcome::Partial,
        "U+0000 is no character of a text (manual, 8.3)",
    ),
    (
        "parameters/a_nul_in_text_arrives_or_is_refused",
        Outcome::Partial,
        "U+0000 is no character of a text (manual, 8.3)",
    ),
    (
        "types/text_that_is_no_utf8_is_an_error_when_it_is_read_as_text",
        Outcome::Unsupported,
        "the server checks texts before it stores them",
    ),
    (
        "transactions/two_transactions_exclude_one_another_where_they_are_asked_to",
        Outcome::Unsupported,
        "no mode of a transaction excludes others from its beginning",
    ),
];

/// Cases of what a session keeps beyond its transaction: PgBouncer in transaction mode lends a server
/// for the time of a transaction, so that the next one, or another client's, meets another session.
pub(crate) const SESSION_BOUND: &[(&str, &str)] = &[
    ("notifications/another_connection_hears_what_is_sent", LISTENS),
    ("notifications/only_who_listens_hears", LISTENS),
    ("notifications/notifications_come_in_their_order", LISTENS),
    ("notifications/what_a_transaction_sends_is_heard_when_it_commits", LISTENS),
    ("notifications/a_payload_arrives_whole", LISTENS),
    ("notifications/waiting_ends_at_its_deadline_or_soon_after_something_came", LISTENS),
    ("notifications/statements_and_notifications_do_not_disturb_one_another", LISTENS),
    ("isolation/the_isolation_level_of_the_session_is_read_back", SETS),
    ("read_only/a_session_that_is_read_only_refuses_changes", SETS),
    ("deadlines/the_timeout_of_a_session_ends_a_statement", SETS),
    ("reset/session_options_are_what_they_were_after_connecting", SETS),
    ("reset/the_isolation_level_is_what_it_was_after_connecting", SETS),
    (
        "reset/temporary_tables_are_gone_after_a_reset",
        "a temporary table is the server's session's, and another client's transaction may meet it",
    ),
];

const LISTENS: &str =
    "LISTEN is the server's session's: nobody reads what comes for a server that is not lent";
const SETS: &str =
    "SET stays with the server's session, which another client's transaction may be lent next";
