//! Which query answers which question, and what of the schema it is about.

use aludel::dbapi::{Call, Connection, PrepareOptions, ReflectFilter, ReflectKind};
use aludel::error::{Error, Result};

use super::super::postgresql::PostgresqlConnection;
use super::super::session::literal;
use super::super::statement::PostgresqlStatement;
use super::{constraints, indexes, objects, relations};

/// The first version whose catalogs have what the queries ask for.
const OLDEST: u32 = 12;

impl PostgresqlConnection {
    pub(in crate::connection) fn reflection(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        call: &Call<'_>,
    ) -> Result<PostgresqlStatement> {
        let sql = query(kind, filter)?;
        let _running = self.start(call)?;
        let major = self.link.server_major();
        if major < OLDEST {
            return Err(Error::not_supported(format!("PostgreSQL {major} is not reflected"))
                .with_sqlstate("0A000")
                .with_help(format!("PostgreSQL {OLDEST} and newer are")));
        }
        if !filter.catalog.is_empty() {
            self.check_catalog(filter.catalog)?;
        }
        let prepared = self.prepare(&sql, PrepareOptions::default(), call)?;
        prepared.statement.ok_or_else(|| Error::internal("a query of the dialect is empty"))
    }

    fn check_catalog(&mut self, catalog: &str) -> Result<()> {
        let current = self.ask("SELECT pg_catalog.current_database()")?;
        if current == catalog {
            return Ok(());
        }
        Err(Error::not_supported(format!(
            "the connection is to database `{current}`, and `{catalog}` cannot be seen from there"
        ))
        .with_sqlstate("0A000")
        .with_help("connect to that database"))
    }
}

fn query(kind: ReflectKind, filter: &ReflectFilter<'_>) -> Result<String> {
    let template = match kind {
        ReflectKind::Schemas => relations::SCHEMAS,
        ReflectKind::Tables => relations::TABLES,
        ReflectKind::Columns => relations::COLUMNS,
        ReflectKind::Views => relations::VIEWS,
        ReflectKind::PrimaryKeys => constraints::PRIMARY_KEYS,
        ReflectKind::ForeignKeys => constraints::FOREIGN_KEYS,
        ReflectKind::UniqueConstraints => constraints::UNIQUE_CONSTRAINTS,
        ReflectKind::CheckConstraints => constraints::CHECK_CONSTRAINTS,
        ReflectKind::Indexes => indexes::INDEXES,
        ReflectKind::Sequences => objects::SEQUENCES,
        ReflectKind::Enums => objects::ENUMS,
        ReflectKind::Domains => objects::DOMAINS,
        ReflectKind::Routines => objects::ROUTINES,
        other => {
            return Err(Error::not_supported(format!("PostgreSQL does not tell about {other:?}"))
                .with_sqlstate("0A000"));
        }
    };
    if [filter.catalog, filter.schema, filter.table].concat().contains('\0') {
        return Err(Error::argument("the name of a schema or table cannot hold a NUL byte"));
    }
    // A name may hold what looks like a placeholder: the first of each is replaced, the name's first.
    let mut sql = template.to_owned();
    for (placeholder, condition) in [("{name}", name(filter)), ("{schema}", schema(filter))] {
        if let Some(at) = sql.find(placeholder) {
            sql.replace_range(at..at + placeholder.len(), &condition);
        }
    }
    Ok(sql)
}

/// A condition on `n`, the row of the schema. Temporary tables hide those of the default schema, and
/// are told with them.
fn schema(filter: &ReflectFilter<'_>) -> String {
    match filter.schema {
        "" => "(n.nspname = pg_catalog.current_schema() \
               or n.oid = pg_catalog.pg_my_temp_schema())"
            .to_owned(),
        schema => format!("n.nspname = {}", literal(schema)),
    }
}

/// What the name of the table, or of what else is told, is to be.
fn name(filter: &ReflectFilter<'_>) -> String {
    match filter.table {
        "" => "is not null".to_owned(),
        table => format!("= {}", literal(table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_filter_are_quoted() {
        let filter = ReflectFilter { catalog: "", schema: "a'b{name}", table: "{schema}\\" };
        let sql = query(ReflectKind::Tables, &filter).unwrap();
        assert!(sql.contains("n.nspname = E'a''b{name}'"), "{sql}");
        assert!(sql.contains("c.relname = E'{schema}\\\\'"), "{sql}");
        let nul = ReflectFilter { table: "a\0b", ..ReflectFilter::default() };
        assert!(query(ReflectKind::Tables, &nul).is_err());
    }

    #[test]
    fn each_query_has_each_placeholder_once() {
        for kind in (1..).map_while(ReflectKind::from_code) {
            let sql = query(kind, &ReflectFilter::default()).unwrap();
            assert!(!sql.contains("{schema}") && !sql.contains("{name}"), "{sql}");
        }
    }
}
