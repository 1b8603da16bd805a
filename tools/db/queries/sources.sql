-- name: get
-- One source with everything but its profile.
select s.*, p.name as product_name
from sources s
left join products p on p.id = s.product_id
where s.cluster = %(cluster)s and s.name = %(name)s;

-- name: near_names
-- Names that look like the wanted one, nearest first: the advice of a "not found".
select name
from sources
where cluster = %(cluster)s and similarity(name, %(name)s) > 0.2
order by similarity(name, %(name)s) desc, name
limit 5;

-- name: names
-- Of all present sources.
select name from sources where cluster = %(cluster)s and status = 'present' order by name;

-- name: columns
-- A part of lists: what is shown of each.
s.id, s.cluster, s.name, s.kind, s.status, s.description, s.description_by, s.owner,
s.owner_guessed_from, s.domain, s.tags, s.product_id, p.name as product_name, s.format,
s.has_registered_schema, s.field_count, s.messages, s.first_seen, s.scanned_at,
array(
    select distinct c.team from consumers c
    where c.cluster = s.cluster and c.topic = s.name and c.team is not null order by c.team
) as consuming_teams

-- name: filters
-- A part of lists: each that is given holds.
(%(cluster)s::text is null or s.cluster = %(cluster)s)
and (%(status)s::text is null or s.status = %(status)s)
and (%(kind)s::text is null or s.kind = %(kind)s)
and (%(owner)s::text is null or s.owner = %(owner)s)
and (%(domain)s::text is null or s.domain = %(domain)s)
and (%(format)s::text is null or s.format = %(format)s)
and (%(tag)s::text is null or s.tags @> array[%(tag)s::text])
and (%(has_schema)s::boolean is null or s.has_registered_schema = %(has_schema)s)
and (%(has_owner)s::boolean is null or (s.owner is not null) = %(has_owner)s)
and (%(recommended)s::text is null or (s.cluster, s.name) in (
    select r.cluster, r.name from recommended_sources r where r.kind = %(recommended)s
))
and (%(scored)s::boolean is null or (q.score is not null) = %(scored)s)
and (%(score_below)s::float8 is null or q.score < %(score_below)s)

-- name: list
-- One page by name and cluster.
select
    -- part: columns
from sources s
left join products p on p.id = s.product_id
left join source_scores q on q.cluster = s.cluster and q.topic = s.name
where (%(after_name)s::text is null
        or (s.name, s.cluster) > (%(after_name)s::text, %(after_cluster)s::text))
    and
    -- part: filters
order by s.name, s.cluster
limit %(limit)s;

-- name: list_by
-- One page by a figure, the greatest first.
with weighed as (
    select s.id, s.name, s.cluster,
        case %(sort)s
            when 'messages' then s.messages
            when 'fields' then s.field_count
            else (extract(epoch from s.first_seen) * 1000000)::bigint
        end as weight
    from sources s
    left join source_scores q on q.cluster = s.cluster and q.topic = s.name
    where
        -- part: filters
), page as (
    select id, weight from weighed
    where %(after_weight)s::bigint is null or weight < %(after_weight)s::bigint
        or (weight = %(after_weight)s::bigint
            and (name, cluster) > (%(after_name)s::text, %(after_cluster)s::text))
    order by weight desc, name, cluster
    limit %(limit)s
)
select
    -- part: columns
    , page.weight
from page
join sources s on s.id = page.id
left join products p on p.id = s.product_id
order by page.weight desc, s.name, s.cluster;

-- name: topics_of_product
-- The present topics of the products that are called so: by id, by name, by another spelling.
with called as (
    select id from products where id = %(name)s or lower(name) = lower(%(name)s)
    union
    select s.product_id from search_product_names n join sources s on s.id = n.source_id
    where n.name_key = %(key)s
)
select s.name
from called c
join product_ports pp on pp.product_id = c.id and pp.cluster = %(cluster)s
join sources s on s.cluster = pp.cluster and s.name = pp.topic
where s.product_id = c.id and s.status = 'present'
order by s.name
limit %(limit)s;

-- name: consumers
-- The consumer groups with committed offsets on one topic.
select group_id, team, lag, state, last_seen
from consumers
where cluster = %(cluster)s and topic = %(name)s
order by team nulls last, group_id;

-- name: versions
-- The versions of one source's schema, newest first.
select v.version, v.schema, v.fingerprint, v.scan_id, v.created_at
from source_versions v
where v.source_id = %(id)s and (%(before)s::int is null or v.version < %(before)s)
order by v.version desc
limit %(limit)s;

-- name: changes
-- What scans found different, newest first.
select c.id, s.cluster, s.name, c.kind, c.version, c.diff, c.scan_id, c.at
from source_changes c
join sources s on s.id = c.source_id
where (%(cluster)s::text is null or s.cluster = %(cluster)s)
    and (%(name)s::text is null or s.name = %(name)s)
    and (%(kind)s::text is null or c.kind = %(kind)s)
    and (%(scan_id)s::bigint is null or c.scan_id = %(scan_id)s)
    and (%(before)s::bigint is null or c.id < %(before)s)
order by c.id desc
limit %(limit)s;
