//! The statements that SQLite has none of, as the quirks of the tests write them.

/// A statement of the wrapper's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Extra {
    /// `raise 'text'`: a notice.
    Raise(String),
    /// `raise many 3`: notices 1, 2, 3.
    RaiseMany(u32),
    /// `listen channel`
    Listen(String),
    /// `unlisten channel`
    Unlisten(String),
    /// `notify channel, 'payload'`
    Notify(String, String),
    /// `show deferrable`: `on` or `off`.
    ShowDeferrable,
    /// `batch one; two; three`: a result of each query.
    Batch(Vec<String>),
    /// `create procedure name`
    CreateProcedure(String),
    /// `drop procedure name`
    DropProcedure(String),
    /// The call of a procedure; prepared, not written.
    Call,
}

/// The statement, where it is one of the wrapper's own.
pub(crate) fn parse(sql: &str) -> Option<Extra> {
    let (verb, rest) = sql.split_once(' ')?;
    Some(match verb {
        "raise" => match rest.strip_prefix("many ") {
            Some(count) => Extra::RaiseMany(count.parse().ok()?),
            None => Extra::Raise(unquoted(rest)?),
        },
        "listen" => Extra::Listen(rest.into()),
        "unlisten" => Extra::Unlisten(rest.into()),
        "notify" => {
            let (channel, payload) = rest.split_once(", ")?;
            Extra::Notify(channel.into(), unquoted(payload)?)
        }
        "show" if rest == "deferrable" => Extra::ShowDeferrable,
        "batch" => Extra::Batch(rest.split("; ").map(str::to_owned).collect()),
        "create" => Extra::CreateProcedure(rest.strip_prefix("procedure ")?.into()),
        "drop" => Extra::DropProcedure(rest.strip_prefix("procedure ")?.into()),
        _ => return None,
    })
}

fn unquoted(text: &str) -> Option<String> {
    Some(text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_wrappers_is_sqlites() {
        assert_eq!(parse("raise 'it''s'"), Some(Extra::Raise("it's".into())));
        assert_eq!(parse("notify c, 'a, b'"), Some(Extra::Notify("c".into(), "a, b".into())));
        assert_eq!(parse("drop table t"), None);
        assert_eq!(parse("select 1"), None);
    }
}
