//! Constraints, in one query for each kind.
//!
//! Those of partitions are told as their own; what the server adds for each partition of a table that
//! is referred to is not.

/// The keys of one type, which is to be put between.
macro_rules! keys {
    ($type:literal) => {
        concat!(
            "select n.nspname as schema, c.relname as \"table\", x.conname as \"constraint\", \
               a.attname as \"column\", k.position, x.condeferrable as \"deferrable\", \
               case when x.condeferred then 'DEFERRED' when x.condeferrable then 'IMMEDIATE' end \
                 as \"initially\" \
             from pg_catalog.pg_constraint x \
             join pg_catalog.pg_class c on c.oid = x.conrelid \
             join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
             cross join lateral pg_catalog.unnest(x.conkey) with ordinality k(number, position) \
             join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.number \
             where x.contype = '",
            $type,
            "' and {schema} and c.relname {name} \
             order by n.nspname, c.relname, x.conname, k.position"
        )
    };
}

pub(super) const PRIMARY_KEYS: &str = keys!("p");

pub(super) const UNIQUE_CONSTRAINTS: &str = keys!("u");

pub(super) const FOREIGN_KEYS: &str = "\
select n.nspname as schema, c.relname as \"table\", x.conname as \"constraint\", \
  a.attname as \"column\", k.position, rn.nspname as referred_schema, \
  r.relname as referred_table, ra.attname as referred_column, \
  case x.confupdtype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL' \
    when 'd' then 'SET DEFAULT' else 'NO ACTION' end as on_update, \
  case x.confdeltype when 'r' then 'RESTRICT' when 'c' then 'CASCADE' when 'n' then 'SET NULL' \
    when 'd' then 'SET DEFAULT' else 'NO ACTION' end as on_delete, \
  x.condeferrable as \"deferrable\", \
  case when x.condeferred then 'DEFERRED' when x.condeferrable then 'IMMEDIATE' end \
    as \"initially\", \
  case x.confmatchtype when 'f' then 'FULL' when 'p' then 'PARTIAL' else 'SIMPLE' end as \"match\" \
from pg_catalog.pg_constraint x \
join pg_catalog.pg_class c on c.oid = x.conrelid \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
join pg_catalog.pg_class r on r.oid = x.confrelid \
join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace \
cross join lateral rows from (pg_catalog.unnest(x.conkey), pg_catalog.unnest(x.confkey)) \
  with ordinality k(number, referred, position) \
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.number \
join pg_catalog.pg_attribute ra on ra.attrelid = r.oid and ra.attnum = k.referred \
where x.contype = 'f' and not exists (select 1 from pg_catalog.pg_constraint p \
    where p.oid = x.conparentid and p.conrelid = x.conrelid) \
  and {schema} and c.relname {name} \
order by n.nspname, c.relname, x.conname, k.position";

pub(super) const CHECK_CONSTRAINTS: &str = "\
select n.nspname as schema, c.relname as \"table\", x.conname as \"constraint\", \
  pg_catalog.pg_get_expr(x.conbin, x.conrelid, true) as sqltext \
from pg_catalog.pg_constraint x \
join pg_catalog.pg_class c on c.oid = x.conrelid \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
where x.contype = 'c' and {schema} and c.relname {name} \
order by n.nspname, c.relname, x.conname";
