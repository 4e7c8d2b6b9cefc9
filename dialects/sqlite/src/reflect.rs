//! Reflection: one query over SQLite's pragma functions for each kind of question.
//!
//! SQLite keeps no names of constraints apart from its schema's text, so `constraint` is NULL, and
//! the rows of one key follow each other with positions from 1. Expressions of generated columns
//! and of indexes are not told either: a computed column says whether it is `virtual` or `stored`.

use aludel::dbapi::{Call, PrepareOptions, ReflectFilter, ReflectKind};
use aludel::dialect::SqlRules;
use aludel::error::{Error, Result};

use crate::connection::SqliteConnection;
use crate::statement::SqliteStatement;

const SCHEMAS: &str = "select name from pragma_database_list order by seq";

/// `{tables}` stands for a condition on `l`, the list of tables and views.
const TABLES: &str = "\
select l.schema, l.name, \
  case l.schema when 'temp' then 'temporary ' else '' end \
    || case l.type when 'view' then 'view' else 'table' end as kind, \
  null as comment \
from pragma_table_list as l where {tables} order by l.schema, l.name";

const COLUMNS: &str = "\
select l.schema, l.name as \"table\", c.name, \
  row_number() over (partition by l.schema, l.name order by c.cid) as position, \
  c.type, c.\"notnull\" = 0 as nullable, c.dflt_value as \"default\", \
  c.pk = 1 and upper(c.type) = 'INTEGER' and not l.wr and l.type = 'table' and not exists \
    (select 1 from pragma_table_xinfo(l.name, l.schema) as k where k.pk > 1) as \"autoincrement\", \
  null as comment, \
  case c.hidden when 2 then 'virtual' when 3 then 'stored' end as computed, \
  null as identity, null as collation \
from pragma_table_list as l, pragma_table_xinfo(l.name, l.schema) as c \
where {tables} and c.hidden <> 1 order by l.schema, l.name, c.cid";

const PRIMARY_KEYS: &str = "\
select l.schema, l.name as \"table\", null as \"constraint\", c.name as \"column\", \
  c.pk as position, null as \"deferrable\", null as \"initially\" \
from pragma_table_list as l, pragma_table_xinfo(l.name, l.schema) as c \
where {tables} and c.pk > 0 order by l.schema, l.name, c.pk";

const FOREIGN_KEYS: &str = "\
select l.schema, l.name as \"table\", null as \"constraint\", f.\"from\" as \"column\", \
  f.seq + 1 as position, l.schema as referred_schema, f.\"table\" as referred_table, \
  coalesce(f.\"to\", (select k.name from pragma_table_info(f.\"table\", l.schema) as k \
    where k.pk = f.seq + 1)) as referred_column, \
  f.on_update, f.on_delete, null as \"deferrable\", null as \"initially\", \
  nullif(f.match, 'NONE') as \"match\" \
from pragma_table_list as l, pragma_foreign_key_list(l.name, l.schema) as f \
where {tables} order by l.schema, l.name, f.id desc, f.seq";

const INDEXES: &str = "\
select l.schema, l.name as \"table\", i.name, i.\"unique\", c.name as \"column\", \
  c.seqno + 1 as position, null as expression, \
  case c.\"desc\" when 1 then 'desc' else 'asc' end as sorting, 0 as included, \
  case i.partial when 1 then (select trim(substr(s.sql, instr(upper( \
    replace(replace(replace(s.sql, char(9), ' '), char(10), ' '), char(13), ' ')), ' WHERE ') + 7)) \
    from {schema_table} as s where s.type = 'index' and s.name = i.name and s.schema = l.schema) end as predicate, \
  'btree' as method \
from pragma_table_list as l, pragma_index_list(l.name, l.schema) as i, \
  pragma_index_xinfo(i.name, l.schema) as c \
where {tables} and i.origin = 'c' and c.key = 1 order by l.schema, l.name, i.name, c.seqno";

const UNIQUE_CONSTRAINTS: &str = "\
select l.schema, l.name as \"table\", null as \"constraint\", c.name as \"column\", \
  c.seqno + 1 as position, null as \"deferrable\", null as \"initially\" \
from pragma_table_list as l, pragma_index_list(l.name, l.schema) as i, \
  pragma_index_xinfo(i.name, l.schema) as c \
where {tables} and i.origin = 'u' and c.key = 1 order by l.schema, l.name, i.seq desc, c.seqno";

const VIEWS: &str = "\
select l.schema, l.name, (select s.sql from {schema_table} as s \
  where s.type = 'view' and s.name = l.name and s.schema = l.schema) as definition \
from pragma_table_list as l where {tables} and l.type = 'view' order by l.schema, l.name";

impl SqliteConnection {
    pub(crate) fn prepare_reflection(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        call: &Call<'_>,
    ) -> Result<SqliteStatement> {
        let sql = query(kind, filter)?;
        let prepared = self.prepare_first(&sql, PrepareOptions::default(), call)?;
        prepared.statement.ok_or_else(|| Error::internal("a query of the dialect is empty"))
    }
}

fn query(kind: ReflectKind, filter: &ReflectFilter<'_>) -> Result<String> {
    let template = match kind {
        ReflectKind::Schemas => return Ok(SCHEMAS.to_owned()),
        ReflectKind::Tables => TABLES,
        ReflectKind::Columns => COLUMNS,
        ReflectKind::PrimaryKeys => PRIMARY_KEYS,
        ReflectKind::ForeignKeys => FOREIGN_KEYS,
        ReflectKind::Indexes => INDEXES,
        ReflectKind::UniqueConstraints => UNIQUE_CONSTRAINTS,
        ReflectKind::Views => VIEWS,
        other => {
            return Err(Error::not_supported(format!("SQLite does not tell about {other:?}"))
                .with_sqlstate("0A000"));
        }
    };
    let text = [filter.schema, filter.table].concat();
    if text.contains('\0') {
        return Err(Error::argument("the name of a schema or table cannot hold a NUL byte"));
    }
    Ok(template
        .replace("{schema_table}", &schema_table(filter))
        .replace("{tables}", &tables(filter)))
}

/// The tables and views that the filter lets through. The default schema is `main`; what is
/// temporary hides it, and is told with it.
fn tables(filter: &ReflectFilter<'_>) -> String {
    let mut condition =
        "l.type <> 'shadow' and l.name not like 'sqlite\\_%' escape '\\' and l.schema ".to_owned();
    match filter.schema {
        "" => condition.push_str("in ('main', 'temp')"),
        schema => condition.push_str(&format!("= {} collate nocase", literal(schema))),
    }
    if !filter.table.is_empty() {
        condition.push_str(&format!(" and l.name = {} collate nocase", literal(filter.table)));
    }
    condition
}

/// Where the texts of the schema are: a table, or for the default schema two.
fn schema_table(filter: &ReflectFilter<'_>) -> String {
    match filter.schema {
        "" => "(select 'main' as schema, type, name, sql from main.sqlite_schema union all \
               select 'temp', type, name, sql from temp.sqlite_schema)"
            .to_owned(),
        schema => format!(
            "(select {} as schema, type, name, sql from {}.sqlite_schema)",
            literal(schema),
            SqlRules::STANDARD.quote_identifier(schema)
        ),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_filter_are_quoted() {
        let filter = ReflectFilter { catalog: "", schema: "a\"b'c", table: "it's" };
        let sql = query(ReflectKind::Views, &filter).unwrap();
        assert!(sql.contains("from \"a\"\"b'c\".sqlite_schema"), "{sql}");
        assert!(sql.contains("l.schema = 'a\"b''c' collate nocase"), "{sql}");
        assert!(sql.contains("l.name = 'it''s' collate nocase"), "{sql}");
    }

    #[test]
    fn what_sqlite_does_not_have_is_not_supported() {
        let error = query(ReflectKind::Sequences, &ReflectFilter::default()).unwrap_err();
        assert_eq!(error.message(), "SQLite does not tell about Sequences");
        let nul = ReflectFilter { table: "a\0b", ..ReflectFilter::default() };
        assert!(query(ReflectKind::Tables, &nul).is_err());
    }
}
