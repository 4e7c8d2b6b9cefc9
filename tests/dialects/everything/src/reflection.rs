//! Answers about the schema: one table, one view, and one of each other thing.

use aludel::dbapi::{ReflectFilter, ReflectKind};
use aludel::{Error, Result, Value};

use crate::answer::Answer;

/// The answer to a question about the schema.
pub(crate) fn answer(kind: ReflectKind, filter: &ReflectFilter<'_>) -> Result<Answer> {
    let (names, cells) = contents(kind)?;
    let row: Vec<Value> = cells.iter().map(|cell| Value::from(*cell)).collect();
    let schema = filter.schema.is_empty() || filter.schema == "main";
    let catalog = filter.catalog.is_empty() || filter.catalog == "memory";
    let table = filter.table.is_empty()
        || names
            .iter()
            .zip(&cells)
            .any(|(name, cell)| matches!(*name, "table" | "name") && *cell == Some(filter.table));
    let rows = if schema && catalog && table { vec![row] } else { Vec::new() };
    Ok(Answer::table(&names, rows))
}

type Contents = (Vec<&'static str>, Vec<Option<&'static str>>);

fn contents(kind: ReflectKind) -> Result<Contents> {
    let pairs: &[(&str, &str)] = match kind {
        ReflectKind::Schemas => &[("name", "main")],
        ReflectKind::Tables => &[("kind", "table"), ("comment", "all that there is")],
        ReflectKind::Columns => &[
            ("name", "key"),
            ("position", "1"),
            ("type", "INT"),
            ("nullable", "no"),
            ("default", ""),
            ("autoincrement", "no"),
            ("comment", ""),
            ("computed", ""),
            ("identity", ""),
            ("collation", ""),
        ],
        ReflectKind::PrimaryKeys | ReflectKind::UniqueConstraints => &[
            ("constraint", "entries_key"),
            ("column", "key"),
            ("position", "1"),
            ("deferrable", "no"),
            ("initially", ""),
        ],
        ReflectKind::ForeignKeys => &[
            ("constraint", "entries_value"),
            ("column", "value"),
            ("position", "1"),
            ("referred_schema", "main"),
            ("referred_table", "entries"),
            ("referred_column", "key"),
            ("on_update", "NO ACTION"),
            ("on_delete", "CASCADE"),
            ("deferrable", "yes"),
            ("initially", "DEFERRED"),
            ("match", "SIMPLE"),
        ],
        ReflectKind::Indexes => &[
            ("name", "entries_index"),
            ("unique", "yes"),
            ("column", "key"),
            ("position", "1"),
            ("expression", ""),
            ("sorting", "desc"),
            ("included", "no"),
            ("predicate", ""),
            ("method", "tree"),
        ],
        ReflectKind::CheckConstraints => &[("constraint", "entries_check"), ("sqltext", "key > 0")],
        ReflectKind::Views => &[("name", "everyone"), ("definition", "select")],
        ReflectKind::Sequences => &[
            ("name", "counter"),
            ("type", "INT"),
            ("start", "1"),
            ("increment", "1"),
            ("minimum", "1"),
            ("maximum", "9"),
            ("cycle", "yes"),
            ("cache", "1"),
        ],
        ReflectKind::Enums => &[("name", "mood"), ("label", "glad"), ("position", "1")],
        ReflectKind::Routines => &[
            ("name", "add"),
            ("kind", "procedure"),
            ("type", "INT"),
            ("position", "1"),
            ("mode", "in"),
            ("parameter", "one"),
            ("specific_name", "add_1"),
        ],
        ReflectKind::Domains => &[
            ("name", "positive"),
            ("type", "INT"),
            ("nullable", "no"),
            ("default", "1"),
            ("collation", ""),
            ("constraint", "positive_check"),
            ("sqltext", "value > 0"),
        ],
        _ => return Err(Error::not_supported("this is not reflected here")),
    };
    let head: &[(&str, &str)] = match kind {
        ReflectKind::Schemas => &[],
        ReflectKind::Views
        | ReflectKind::Sequences
        | ReflectKind::Enums
        | ReflectKind::Routines
        | ReflectKind::Domains => &[("schema", "main")],
        ReflectKind::Tables => &[("schema", "main"), ("name", "entries")],
        _ => &[("schema", "main"), ("table", "entries")],
    };
    let all = head.iter().chain(pairs);
    // What is empty above is NULL in the answer.
    Ok(all.map(|(name, text)| (*name, Some(*text).filter(|text| !text.is_empty()))).unzip())
}
