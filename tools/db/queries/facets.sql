-- name: vocabulary
-- The words by which present sources can be narrowed, with how many sources each holds.
select 'domain' as facet, domain as value, count(*) as sources
from sources
where status = 'present' and domain is not null and (%(cluster)s::text is null or cluster = %(cluster)s)
group by domain
union all
select 'owner', owner, count(*)
from sources
where status = 'present' and owner is not null and (%(cluster)s::text is null or cluster = %(cluster)s)
group by owner
union all
select 'format', format, count(*)
from sources
where status = 'present' and (%(cluster)s::text is null or cluster = %(cluster)s)
group by format
order by facet, sources desc, value;

-- name: count
-- How many sources a list with these filters would go through.
select count(*) as sources
from sources s
where (s.status = 'present' or %(include_vanished)s)
    and (%(cluster)s::text is null or s.cluster = %(cluster)s)
    and (%(kind)s::text is null or s.kind = %(kind)s)
    and (%(owner)s::text is null or s.owner = %(owner)s)
    and (%(domain)s::text is null or s.domain = %(domain)s)
    and (%(format)s::text is null or s.format = %(format)s)
    and (%(tag)s::text is null or s.tags @> array[%(tag)s::text])
    and (%(has_schema)s::boolean is null or s.has_registered_schema = %(has_schema)s)
    and (%(has_owner)s::boolean is null or (s.owner is not null) = %(has_owner)s);
