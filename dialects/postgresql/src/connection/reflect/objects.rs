//! What a schema holds beside tables: sequences, enums, domains, routines.

pub(super) const SEQUENCES: &str = "\
select n.nspname as schema, c.relname as name, \
  pg_catalog.format_type(s.seqtypid, null) as type, s.seqstart as start, \
  s.seqincrement as increment, s.seqmin as minimum, s.seqmax as maximum, s.seqcycle as cycle, \
  s.seqcache as cache \
from pg_catalog.pg_sequence s \
join pg_catalog.pg_class c on c.oid = s.seqrelid \
join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
where {schema} and c.relname {name} \
order by n.nspname, c.relname";

pub(super) const ENUMS: &str = "\
select n.nspname as schema, t.typname as name, e.enumlabel as label, \
  pg_catalog.row_number() over (partition by t.oid order by e.enumsortorder) as position \
from pg_catalog.pg_type t \
join pg_catalog.pg_namespace n on n.oid = t.typnamespace \
join pg_catalog.pg_enum e on e.enumtypid = t.oid \
where {schema} and t.typname {name} \
order by n.nspname, t.typname, e.enumsortorder";

/// A row for each constraint, and one for a domain without any.
pub(super) const DOMAINS: &str = "\
select n.nspname as schema, t.typname as name, \
  pg_catalog.format_type(t.typbasetype, t.typtypmod) as type, not t.typnotnull as nullable, \
  t.typdefault as \"default\", \
  case when t.typcollation <> b.typcollation then o.collname end as collation, \
  x.conname as \"constraint\", pg_catalog.pg_get_expr(x.conbin, 0, true) as sqltext \
from pg_catalog.pg_type t \
join pg_catalog.pg_namespace n on n.oid = t.typnamespace \
join pg_catalog.pg_type b on b.oid = t.typbasetype \
left join pg_catalog.pg_collation o on o.oid = t.typcollation \
left join pg_catalog.pg_constraint x on x.contypid = t.oid and x.contype = 'c' \
where t.typtype = 'd' and {schema} and t.typname {name} \
order by n.nspname, t.typname, x.conname";

/// What a routine returns stands at position 0; of routines that have one name, the rows of each
/// have a name of their own.
pub(super) const ROUTINES: &str = "\
select n.nspname as schema, p.proname as name, \
  case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window' \
    else 'function' end as kind, \
  pg_catalog.format_type(k.type, null) as type, k.position, k.mode, \
  nullif(k.parameter, '') as parameter, p.proname || '_' || p.oid as specific_name \
from pg_catalog.pg_proc p \
join pg_catalog.pg_namespace n on n.oid = p.pronamespace \
cross join lateral ( \
  select case when p.prokind <> 'p' then p.prorettype end, 0, 'return', null \
  union all \
  select u.type, u.position, case p.proargmodes[u.position] when 'o' then 'out' \
      when 'b' then 'inout' when 'v' then 'variadic' when 't' then 'table' else 'in' end, \
    p.proargnames[u.position] \
  from pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) \
    with ordinality u(type, position) \
) k(type, position, mode, parameter) \
where {schema} and p.proname {name} \
order by n.nspname, p.proname, p.oid, k.position";
