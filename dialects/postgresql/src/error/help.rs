//! The next step after the errors that people meet most.

use crate::wire::ErrorFields;

/// What to do next, where more can be said than the server's own hint says.
pub(super) fn help(fields: &ErrorFields) -> Option<&'static str> {
    let routine = fields.routine.as_deref().unwrap_or_default();
    of_connecting(&fields.code)
        .or_else(|| of_session(&fields.code))
        .or_else(|| of_statement(&fields.code, routine))
}

fn of_connecting(code: &str) -> Option<&'static str> {
    Some(match code {
        "28P01" => {
            "check user name and password; a password can stand in the URL, in PGPASSWORD or in \
             ~/.pgpass"
        }
        "28000" => {
            "check user name and database; pg_hba.conf of the server says who may come from where, \
             and whether with TLS (sslmode)"
        }
        "3D000" => "check the name after the last `/` of the URL, or create the database",
        "53300" => {
            "close connections that are not needed, share them through a pool or PgBouncer, or \
             raise max_connections of the server"
        }
        "57P03" => "the server is starting, stopping or recovering; try again in a moment",
        "57P01" => "an administrator ended the session or the server is shut down; connect again",
        "57P02" => "another process of the server crashed and all sessions ended; connect again",
        "57P05" => {
            "the session was idle for longer than idle_session_timeout; connect again, or recycle \
             connections sooner"
        }
        _ => return None,
    })
}

fn of_session(code: &str) -> Option<&'static str> {
    Some(match code {
        "25P02" => {
            "an earlier statement of this transaction failed; roll back, at least to a savepoint, \
             before the next one"
        }
        "25P03" => {
            "the transaction was idle for longer than idle_in_transaction_session_timeout; commit \
             or roll back sooner, and connect again"
        }
        "25P04" => {
            "the transaction took longer than transaction_timeout; connect again and do less in one"
        }
        "25001" => "this statement needs autocommit: use the isolation level AUTOCOMMIT for it",
        "25006" => {
            "the transaction is read only: by its own options, by default_transaction_read_only, or \
             because the server is a standby (target_session_attrs=read-write finds the primary)"
        }
        "26000" | "42P05" => {
            "behind a proxy that pools transactions, connect with prepared_statements=off"
        }
        "40001" | "40P01" => "roll back and run the whole transaction again",
        "55P03" => "another transaction holds the lock; roll back and try again later",
        _ => return None,
    })
}

fn of_statement(code: &str, routine: &str) -> Option<&'static str> {
    Some(match code {
        "42P18" | "42P08" => "say the type of the parameter in the SQL: $1::integer, for example",
        "54023" => {
            "a function takes at most 100 arguments, a statement 65535 parameters; pass an array, \
             for example = any($1)"
        }
        "08P01" if routine == "exec_bind_message" => {
            "give one value for each of the parameters $1, $2, … of the statement"
        }
        "0A000" if routine == "RevalidateCachedQuery" => {
            "a table changed since the statement was prepared; roll back and execute it again"
        }
        "42P01" => {
            "check the spelling and search_path; a name that was created in double quotes keeps its \
             case and needs them"
        }
        "42501" => "let the owner GRANT what is missing, or use a role that may do it",
        "57014" => {
            "somebody cancelled the statement, or statement_timeout of the session has passed"
        }
        "22021" => "text in PostgreSQL is valid UTF-8 without NUL; use bytea for anything else",
        "53100" => "free disk space on the server",
        _ => return None,
    })
}
