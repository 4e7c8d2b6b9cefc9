//! Schemas, tables, views, and columns.

pub(super) const SCHEMAS: &str = "\
select n.nspname as name from pg_catalog.pg_namespace n \
where n.nspname not like 'pg\\_%' order by n.nspname";

pub(super) const TABLES: &str = "\
select n.nspname as schema, c.relname as name, \
  case when c.relpersistence = 't' then 'temporary ' else '' end || case c.relkind \
    when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' \
    else 'table' end as kind, \
  d.description as comment \
from pg_catalog.pg_class c \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 \
  and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass \
where c.relkind in ('r', 'p', 'f', 'v', 'm') and {schema} and c.relname {name} \
order by n.nspname, c.relname";

/// A column of a serial type has a default of `nextval` and is one whose value the server makes, as
/// an identity column is. The default of a computed column is its expression.
pub(super) const COLUMNS: &str = "\
select n.nspname as schema, c.relname as \"table\", a.attname as name, \
  pg_catalog.row_number() over (partition by c.oid order by a.attnum) as position, \
  pg_catalog.format_type(a.atttypid, a.atttypmod) as type, \
  not (a.attnotnull or t.typtype = 'd' and t.typnotnull) as nullable, \
  e.expression as \"default\", \
  a.attidentity <> '' or coalesce(e.expression like 'nextval(%::regclass)', false) \
    as \"autoincrement\", \
  d.description as comment, \
  case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as computed, \
  case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity, \
  case when a.attcollation <> t.typcollation then o.collname end as collation \
from pg_catalog.pg_class c \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
join pg_catalog.pg_type t on t.oid = a.atttypid \
left join pg_catalog.pg_attrdef f on f.adrelid = c.oid and f.adnum = a.attnum \
left join lateral (select pg_catalog.pg_get_expr(f.adbin, f.adrelid) as expression) e on true \
left join pg_catalog.pg_collation o on o.oid = a.attcollation \
left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = a.attnum \
  and d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass \
where c.relkind in ('r', 'p', 'f', 'v', 'm') and {schema} and c.relname {name} \
order by n.nspname, c.relname, a.attnum";

pub(super) const VIEWS: &str = "\
select n.nspname as schema, c.relname as name, pg_catalog.pg_get_viewdef(c.oid) as definition \
from pg_catalog.pg_class c \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
where c.relkind in ('v', 'm') and {schema} and c.relname {name} \
order by n.nspname, c.relname";
