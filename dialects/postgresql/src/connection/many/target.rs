//! The tables that nobody can tell one insert of many rows from many inserts by.

use aludel::error::Result;

use super::super::postgresql::PostgresqlConnection;
use super::super::session::literal;
use super::at_once::{RELEASE, ROLLBACK, SAVEPOINT};
use crate::types::Oid;

/// Number of the type `text`.
pub(super) const TEXT: Oid = 25;

/// Whether the table `$1` is one: 1 or 0. It and its partitions are plain tables without triggers,
/// rules and row security; none refers to itself, which a loop would check row by row; defaults and
/// checks call no function that could look at the rows before. Functions in C do not, as far as they
/// come with extensions (`uuid_generate_v4`), and immutable ones have promised not to.
const IS_PLAIN: &str = "\
with recursive part(oid) as (
    select pg_catalog.to_regclass($1)::pg_catalog.oid
  union all
    select i.inhrelid from part p join pg_catalog.pg_inherits i on i.inhparent = p.oid
), own(classid, objid) as (
    select 'pg_catalog.pg_attrdef'::pg_catalog.regclass::pg_catalog.oid, d.oid
    from part p join pg_catalog.pg_attrdef d on d.adrelid = p.oid
  union all
    select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, c.oid
    from part p join pg_catalog.pg_constraint c on c.conrelid = p.oid
  union all
    select 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid, c.oid
    from part p
    join pg_catalog.pg_attribute a on a.attrelid = p.oid and a.attnum > 0
    join pg_catalog.pg_constraint c on c.contypid = a.atttypid
)
select case when
    (select pg_catalog.bool_and(c.relkind in ('r', 'p') and not c.relhasrules
            and not c.relrowsecurity)
        from part p join pg_catalog.pg_class c on c.oid = p.oid)
    and not exists (select from part p join pg_catalog.pg_trigger t on t.tgrelid = p.oid
        where not t.tgisinternal)
    and not exists (select from part p join pg_catalog.pg_constraint f on f.conrelid = p.oid
        where f.contype = 'f' and f.confrelid in (select oid from part))
    and not exists (select from own o
        join pg_catalog.pg_depend d on d.classid = o.classid and d.objid = o.objid
        join pg_catalog.pg_proc f on f.oid = d.refobjid
        join pg_catalog.pg_language l on l.oid = f.prolang
        where d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
            and f.provolatile <> 'i' and l.lanname not in ('c', 'internal'))
    then 1 else 0 end";

/// Fails when the table `$1` is none, with a division by zero that no row can cause.
pub(super) fn assertion() -> String {
    format!(
        "/* the next statement is an insert of many rows at once, which its table must allow */ \
         select 1 / ({IS_PLAIN})"
    )
}

impl PostgresqlConnection {
    /// Asks the server whether the table is one.
    ///
    /// # Errors
    /// When the connection breaks. A server that cannot be asked has no such tables.
    pub(super) fn ask_whether_plain(&mut self, table: &str) -> Result<bool> {
        let question = IS_PLAIN.replace("$1", &literal(table));
        self.link.put_off_one(SAVEPOINT.into());
        let answer = self.link.rows_of(&question);
        let is_plain = match answer {
            Ok(rows) => {
                self.link.put_off_one(RELEASE.into());
                rows.into_iter().flatten().flatten().next().is_some_and(|value| value == b"1")
            }
            Err(error) if !self.link.is_alive() => return Err(error),
            Err(_) => {
                self.link.put_off_one(ROLLBACK.into());
                self.link.put_off_one(RELEASE.into());
                false
            }
        };
        Ok(is_plain)
    }
}
