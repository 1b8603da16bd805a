-- name: known
-- What the catalog knows of a cluster's topics, without their schemas and profiles. A topic that
-- failed is read again though its offsets may not have moved, and one whose messages name a schema
-- that the registry lacked as soon as the registry has it.
select id, name, status, offsets, coalesce(report ->> 'error' is not null, false) as failed,
    report -> 'unknown_schemas' as unknown_schemas
from sources
where cluster = %(cluster)s;

-- name: stored
-- The facts that a new sample of these topics is compared with.
select id, name, status, schema, fingerprint, version, subject, schema_id, has_registered_schema,
    profile, offsets, format, description, description_by, owner, owner_guessed_from
from sources
where cluster = %(cluster)s and name = any(%(names)s);

-- name: put
-- One studied topic. A product's owner, domain, tags and description outrank those of a scan.
insert into sources as s (cluster, name, kind, status, description, description_by, owner,
    owner_guessed_from, format, has_registered_schema, subject, schema_id, field_count, schema,
    fingerprint, version, profile, report, partitions, replication, config, offsets, messages,
    scanned_at)
values (%(cluster)s, %(name)s, 'discovered', 'present', %(description)s, %(description_by)s,
    %(owner)s, %(owner_guessed_from)s, %(format)s, %(has_registered_schema)s, %(subject)s,
    %(schema_id)s, %(field_count)s, %(schema)s::jsonb, %(fingerprint)s, %(version)s, %(profile)s,
    %(report)s::jsonb, %(partitions)s, %(replication)s, coalesce(%(config)s::jsonb, '{}'),
    %(offsets)s::jsonb, %(messages)s, now())
on conflict (cluster, name) do update set
    status = 'present',
    description = case when s.product_id is null then excluded.description else s.description end,
    description_by =
        case when s.product_id is null then excluded.description_by else s.description_by end,
    owner = case when s.product_id is null then excluded.owner else s.owner end,
    owner_guessed_from =
        case when s.product_id is null then excluded.owner_guessed_from end,
    format = excluded.format,
    has_registered_schema = excluded.has_registered_schema,
    subject = excluded.subject,
    schema_id = excluded.schema_id,
    field_count = excluded.field_count,
    schema = excluded.schema,
    fingerprint = excluded.fingerprint,
    version = excluded.version,
    profile = excluded.profile,
    report = excluded.report,
    partitions = excluded.partitions,
    replication = excluded.replication,
    config = coalesce(%(config)s::jsonb, s.config),
    moved_at = case when s.offsets = excluded.offsets then s.moved_at else now() end,
    offsets = excluded.offsets,
    messages = excluded.messages,
    last_seen = now(),
    vanished_at = null,
    scanned_at = now(),
    indexed = false;

-- name: put_failure
-- A topic that could not be read or understood: its older facts and offsets stay, so that the next
-- scan tries again.
insert into sources as s (cluster, name, kind, status, format, report, partitions, replication,
    config)
values (%(cluster)s, %(name)s, 'discovered', 'present', 'unknown', %(report)s::jsonb,
    %(partitions)s, %(replication)s, coalesce(%(config)s::jsonb, '{}'))
on conflict (cluster, name) do update set
    status = 'present',
    report = coalesce(s.report, '{}') || jsonb_build_object('error', excluded.report -> 'error'),
    partitions = excluded.partitions,
    replication = excluded.replication,
    config = coalesce(%(config)s::jsonb, s.config),
    last_seen = now(),
    vanished_at = null;

-- name: claim
-- Topics that are output ports of served products are managed and say what the product says.
update sources s
set kind = 'managed', product_id = p.id, owner = p.owner, owner_guessed_from = null,
    domain = p.domain, tags = p.tags, description = p.description, description_by = 'product',
    indexed = false
from product_ports pp join products p
    on p.id = pp.product_id and p.lifecycle in ('active', 'deprecated')
where s.cluster = %(cluster)s and s.name = any(%(names)s) and pp.cluster = s.cluster
    and pp.topic = s.name and s.product_id is distinct from p.id;

-- name: written
-- The ids of the topics just written, with the description in force.
select id, name, description from sources where cluster = %(cluster)s and name = any(%(names)s);

-- name: put_versions
-- New versions of the schemas that sources have just got; writing one twice keeps the first.
insert into source_versions (source_id, version, schema, fingerprint, scan_id)
select id, version, schema, fingerprint, %(scan_id)s
from sources where cluster = %(cluster)s and name = any(%(names)s)
on conflict (source_id, version) do nothing;

-- name: put_changes
-- What this scan found different; the same finding of a repeated scan is kept once.
insert into source_changes (source_id, cluster, scan_id, kind, version, diff)
select s.id, s.cluster, %(scan_id)s, change.kind, change.version, change.diff::jsonb
from unnest(%(names)s::text[], %(kinds)s::text[], %(versions)s::int[], %(diffs)s::text[])
    with ordinality as change (name, kind, version, diff, place)
join sources s on s.cluster = %(cluster)s and s.name = change.name
order by change.place
on conflict (source_id, scan_id, kind, version) do nothing;

-- name: seen
-- Topics with nothing new to read: still there, perhaps with less to read than before.
update sources s
set last_seen = now(), scanned_at = now(), partitions = topic.partitions,
    replication = topic.replication, config = coalesce(topic.config::jsonb, s.config),
    offsets = topic.offsets::jsonb, messages = topic.messages
from unnest(%(names)s::text[], %(partitions)s::int[], %(replications)s::int[], %(configs)s::text[],
    %(offsets)s::text[], %(messages)s::bigint[])
    as topic (name, partitions, replication, config, offsets, messages)
where s.cluster = %(cluster)s and s.name = topic.name;

-- name: vanish
-- Topics that are gone from the cluster stay in the catalog with their history.
with gone as (
    update sources set status = 'vanished', vanished_at = now()
    where cluster = %(cluster)s and name = any(%(names)s) and status = 'present'
    returning id, version
)
insert into source_changes (source_id, cluster, scan_id, kind, version, diff)
select id, %(cluster)s, %(scan_id)s, 'vanished', version, %(diff)s::jsonb from gone
on conflict (source_id, scan_id, kind, version) do nothing;

-- name: put_consumers
-- Committed offsets of the consumer groups as measured now.
insert into consumers as c (cluster, group_id, topic, team, lag, state)
select %(cluster)s, reader.* from unnest(%(groups)s::text[], %(topics)s::text[], %(teams)s::text[],
    %(lags)s::bigint[], %(states)s::text[]) as reader (group_id, topic, team, lag, state)
on conflict (cluster, group_id, topic) do update set team = excluded.team, lag = excluded.lag,
    state = excluded.state, last_seen = now();

-- name: drop_consumers
-- Groups whose committed offsets are gone from the cluster no longer consume.
delete from consumers c
where c.cluster = %(cluster)s and c.group_id <> all(%(kept)s::text[]) and not exists (
    select from unnest(%(groups)s::text[], %(topics)s::text[]) as reader (group_id, topic)
    where reader.group_id = c.group_id and reader.topic = c.topic
);

-- name: unindexed
-- Present sources whose text the search index does not have yet.
select id, name, description, description_by, schema, report, format, product_id
from sources
where cluster = %(cluster)s and status = 'present' and not indexed and id > %(after)s
order by id
limit %(limit)s;

-- name: redescribe
-- A description for a source that has none, unless a product has described it meanwhile.
update sources set description = %(description)s, description_by = %(description_by)s,
    owner = %(owner)s, owner_guessed_from = %(owner_guessed_from)s
where id = %(id)s and product_id is null and description is null;

-- name: mark_indexed
-- The search index has these texts, unless the description has changed meanwhile.
update sources s set indexed = true
from unnest(%(ids)s::bigint[], %(descriptions)s::text[]) as put (id, description)
where s.id = put.id and s.description is not distinct from put.description;
