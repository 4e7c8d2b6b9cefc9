//! The language: text to commands.

use aludel::{Error, Result};

use crate::failure;
use crate::misbehaviour::Lie;

/// What a statement asks for; in brackets how it is written.
#[derive(Clone)]
pub(crate) enum Command {
    /// `echo`, `echo lent`: the parameters as a row; all rows of an executemany.
    Echo { lent: bool },
    /// `emit <name>`, `emit lent <name>`: sample values.
    Emit { name: String, lent: bool },
    /// `types`: one row whose columns have everything that a column can have.
    Types,
    /// `rows <n>`: a number and a text in each.
    Rows(u64),
    /// `rows <n> then <failure>`: the error comes after the rows.
    RowsThen(u64, String),
    /// `wide <n>`: a row of so many columns.
    Wide(usize),
    /// `text <n>`, `text lent <n>`: a text of so many bytes, between a number and a number.
    Text { bytes: usize, lent: bool },
    /// `results <n>`: so many results of 0, 1, 2 … rows.
    Results(u64),
    /// `insert`, `insert returning`: two parameters into the table.
    Insert { returning: bool },
    /// `select`: the table.
    Select,
    /// `fail <failure>`: an error.
    Fail(String),
    /// `panic in <entry>`: the next call of this entry panics.
    Panic(String),
    /// `lie about <what>`: misuses the writer of rows.
    Lie(Lie),
    /// `sleep <milliseconds>`.
    Sleep(u64),
    /// `notice <text>`.
    Notice(String),
    /// `notify <channel> <payload>`.
    Notify(String, String),
    /// `log`: an event of each level.
    Log,
    /// `abort`: the transaction accepts only a rollback.
    Abort,
    /// `die`: the connection is gone.
    Die,
    /// `arguments`: what the connection was opened with.
    Arguments,
    /// `flushes`: how many calls of executemany said that no more would follow.
    Flushes,
    /// `coverage`: what was called and sent since the library was loaded.
    Coverage,
    /// `transaction`: how the transaction was begun.
    Transaction,
    /// `call <procedure>`: not written but prepared.
    Call(String),
}

/// The first statement of the text, `None` when there is none, and the bytes it takes.
pub(crate) fn first(sql: &str) -> Result<(Option<Command>, usize)> {
    let body = sql.trim_start_matches([';', ' ', '\n', '\t']);
    if body.is_empty() {
        return Ok((None, sql.len()));
    }
    let end = sql.len() - body.len() + body.find(';').map_or(body.len(), |at| at + 1);
    let text = sql[sql.len() - body.len()..end].trim_end_matches(';').trim_end();
    let command = command(text).ok_or_else(|| failure::syntax(sql, text))?;
    Ok((Some(command), end))
}

fn command(text: &str) -> Option<Command> {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (lent, operand) = match rest.strip_prefix("lent") {
        Some(operand) => (true, operand.trim()),
        None => (false, rest),
    };
    Some(match verb {
        "echo" => Command::Echo { lent },
        "emit" => Command::Emit { name: operand.to_owned(), lent },
        "types" => Command::Types,
        "rows" => match rest.split_once(" then ") {
            Some((rows, failure)) => Command::RowsThen(rows.parse().ok()?, failure.to_owned()),
            None => Command::Rows(rest.parse().ok()?),
        },
        "wide" => Command::Wide(rest.parse().ok()?),
        "text" => Command::Text { bytes: operand.parse().ok()?, lent },
        "results" => Command::Results(rest.parse().ok()?),
        "insert" => Command::Insert { returning: rest == "returning" },
        "select" => Command::Select,
        "fail" => Command::Fail(rest.to_owned()),
        "panic" => Command::Panic(rest.strip_prefix("in ")?.to_owned()),
        "lie" => Command::Lie(Lie::named(rest.strip_prefix("about ")?)?),
        "sleep" => Command::Sleep(rest.parse().ok()?),
        "notice" => Command::Notice(rest.to_owned()),
        "notify" => {
            let (channel, payload) = rest.split_once(' ')?;
            Command::Notify(channel.to_owned(), payload.to_owned())
        }
        "log" => Command::Log,
        "abort" => Command::Abort,
        "die" => Command::Die,
        "arguments" => Command::Arguments,
        "flushes" => Command::Flushes,
        "coverage" => Command::Coverage,
        "transaction" => Command::Transaction,
        _ => return None,
    })
}

/// The error of an `emit` or `fail` that names nothing known.
pub(crate) fn unknown(name: &str) -> Error {
    Error::programming(format!("nothing is called {name:?} here")).with_sqlstate("42704")
}
