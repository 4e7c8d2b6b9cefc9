//! Indexes.

/// Those of primary keys and unique constraints are told as constraints; those of exclusion
/// constraints are here. The order of NULLs is told where it is not the usual one.
pub(super) const INDEXES: &str = "\
select n.nspname as schema, c.relname as \"table\", i.relname as name, \
  x.indisunique as \"unique\", a.attname as \"column\", k.position, \
  case when x.indkey[k.position - 1] = 0 \
    then pg_catalog.pg_get_indexdef(x.indexrelid, k.position, true) end as expression, \
  case when k.position <= x.indnkeyatts \
      and pg_catalog.pg_index_column_has_property(x.indexrelid, k.position, 'orderable') \
    then case x.indoption[k.position - 1] & 3 when 0 then 'asc' when 1 then 'desc nulls last' \
      when 2 then 'asc nulls first' else 'desc' end end as sorting, \
  k.position > x.indnkeyatts as included, \
  pg_catalog.pg_get_expr(x.indpred, x.indrelid, true) as predicate, \
  m.amname as method \
from pg_catalog.pg_index x \
join pg_catalog.pg_class i on i.oid = x.indexrelid \
join pg_catalog.pg_am m on m.oid = i.relam \
join pg_catalog.pg_class c on c.oid = x.indrelid \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
cross join lateral pg_catalog.generate_series(1, x.indnatts::pg_catalog.int4) k(position) \
left join pg_catalog.pg_attribute a on a.attrelid = c.oid \
  and a.attnum = x.indkey[k.position - 1] and a.attnum <> 0 \
where x.indislive and not exists (select 1 from pg_catalog.pg_constraint u \
    where u.conindid = x.indexrelid and u.conrelid = x.indrelid and u.contype in ('p', 'u')) \
  and {schema} and c.relname {name} \
order by n.nspname, c.relname, i.relname, k.position";
