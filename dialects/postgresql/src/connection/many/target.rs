//! The tables that nobody can tell one insert of many rows from many inserts by.

use aludel::error::Result;

use super::super::postgresql::PostgresqlConnection;
use super::super::session::literal;
use super::at_once::{RELEASE, ROLLBACK, SAVEPOINT};

/// Whether a table is one: 1 or 0. The table and its partitions are plain tables without rules, row
/// security and triggers of the program's own; none refers to itself, which a loop would check row by
/// row; defaults, checks and domains call no function that could look at the rows before. Functions
/// in C, which come with extensions (`uuid_generate_v4`), do not, and immutable ones have promised
/// not to. Each condition is a subquery of its own, so that an index answers it or a flag spares it.
const IS_PLAIN: &str = "\
with recursive part(oid) as (
    select pg_catalog.to_regclass(TABLE)::pg_catalog.oid
  union all
    select i.inhrelid from part p, pg_catalog.pg_inherits i where i.inhparent = p.oid
)
select coalesce(pg_catalog.min((
    select case when c.relkind in ('r', 'p') and not c.relhasrules and not c.relrowsecurity
        and (not c.relhastriggers
            or not exists (select from pg_catalog.pg_trigger t
                where t.tgrelid = c.oid and not t.tgisinternal)
            and not exists (select from pg_catalog.pg_constraint f
                where f.conrelid = c.oid and f.contype = 'f'
                    and f.confrelid in (select oid from part)))
        and not exists (select from pg_catalog.pg_attrdef d
            where d.adrelid = c.oid and CALLS(attrdef, d))
        and (c.relchecks = 0 or not exists (select from pg_catalog.pg_constraint k
            where k.conrelid = c.oid and CALLS(constraint, k)))
        and not exists (select from pg_catalog.pg_attribute a, pg_catalog.pg_constraint k
            where a.attrelid = c.oid and a.attnum > 0 and k.contypid = a.atttypid
                and CALLS(constraint, k))
        then 1 else 0 end
    from pg_catalog.pg_class c where c.oid = p.oid)), 0) from part p";

/// Whether an expression calls a function that may look at tables.
fn calls(catalog: &str, alias: &str) -> String {
    format!(
        "exists (select from pg_catalog.pg_depend n
            join pg_catalog.pg_proc f on f.oid = n.refobjid
            join pg_catalog.pg_language l on l.oid = f.prolang
            where n.classid = 'pg_catalog.pg_{catalog}'::pg_catalog.regclass
                and n.objid = {alias}.oid
                and n.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                and f.provolatile <> 'i' and l.lanname not in ('c', 'internal'))"
    )
}

/// The question for a table, by its name as statements have it. The name is a part of its text: a
/// parameter would have the server plan it again the first times.
fn question(table: &str) -> String {
    IS_PLAIN
        .replace("CALLS(attrdef, d)", &calls("attrdef", "d"))
        .replace("CALLS(constraint, k)", &calls("constraint", "k"))
        .replace("TABLE", &literal(table))
}

/// A statement that fails when the table is none, with a division by zero that no row can cause.
pub(super) fn assertion(table: &str) -> String {
    format!(
        "/* an insert of many rows at once follows, unless the table has changed */ \
         select 1 / ({})",
        question(table)
    )
}

impl PostgresqlConnection {
    /// Asks the server whether the table is one.
    ///
    /// # Errors
    /// When the connection breaks. A server that cannot be asked has no such tables.
    pub(super) fn ask_whether_plain(&mut self, table: &str) -> Result<bool> {
        self.link.put_off_one(SAVEPOINT.into());
        let is_plain = match self.link.rows_of(&question(table)) {
            Ok(rows) => {
                rows.into_iter().flatten().flatten().next().is_some_and(|value| value == b"1")
            }
            Err(error) if !self.link.is_alive() || self.link.has_failed_to_begin() => {
                return Err(error);
            }
            Err(_) => {
                self.link.put_off_one(ROLLBACK.into());
                false
            }
        };
        self.link.put_off_one(RELEASE.into());
        Ok(is_plain)
    }
}
