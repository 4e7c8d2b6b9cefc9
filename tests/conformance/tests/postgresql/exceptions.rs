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

/// What a session keeps beyond its transaction is lost between two servers of PgBouncer, which in
/// transaction mode lends a server for the time of a transaction.
pub(crate) const SESSION_BOUND: &[(&str, &str)] = &[];
