-- name: owners
-- Who owns a present topic, null among them where an owner is not known, and who reads one.
select distinct s.owner as ref, false as by_rule
from sources s where s.cluster = %(cluster)s and s.status = 'present'
union
select distinct c.team, c.team is not null
from consumers c join sources s on s.cluster = c.cluster and s.name = c.topic
where c.cluster = %(cluster)s and s.status = 'present';

-- name: domains
-- The domains of present topics, each with the team that owns most of them.
select of_owner.domain, sum(of_owner.topics)::int as topics,
    (array_agg(of_owner.owner order by of_owner.topics desc, of_owner.owner)
        filter (where of_owner.owner is not null))[1] as owner,
    coalesce(max(of_owner.topics) filter (where of_owner.owner is not null), 0) as owned
from (
    select domain, owner, count(*)::int as topics from sources
    where cluster = %(cluster)s and status = 'present' and domain <> ''
    group by domain, owner
) of_owner
group by of_owner.domain
order by of_owner.domain;

-- name: products
-- Served products with their present topics, and those that their contracts say they are made from.
select p.id, p.name, p.description, p.owner, nullif(p.domain, '') as domain, p.tags, p.lifecycle,
    p.version, array_agg(s.name order by s.name) as topics, array(
        select distinct read.name
        from product_contracts c, jsonb_path_query(c.document::jsonb,
            '$.customProperties[*] ? (@.property == "inputTopics").value[*] '
            '? (@.type() == "string")') as named,
            sources read
        where c.product_id = p.id and read.cluster = %(cluster)s and read.status = 'present'
            and read.name = named #>> '{}'
        order by read.name
    ) as inputs
from products p join sources s on s.product_id = p.id and s.cluster = %(cluster)s
where s.status = 'present' and p.lifecycle in ('active', 'deprecated') and p.deleted_at is null
    and p.id > %(after)s
    and (%(parts)s = 1 or ('x' || left(md5(p.id), 7))::bit(28)::int %% %(parts)s = %(part)s)
group by p.id
order by p.id
limit %(limit)s;

-- name: consumers
-- Consumer groups with committed offsets on present topics.
select c.group_id, max(c.team) as team, count(*)::int as topics,
    (array_agg(c.topic order by c.topic))[1:%(most)s] as shown
from consumers c join sources s on s.cluster = c.cluster and s.name = c.topic
where c.cluster = %(cluster)s and s.status = 'present' and c.group_id > %(after)s
    and (%(parts)s = 1 or ('x' || left(md5(c.group_id), 7))::bit(28)::int %% %(parts)s = %(part)s)
group by c.group_id
order by c.group_id
limit %(limit)s;

-- name: topics
-- Present topics; `content` is another one when the topic's schema, settings or contract is.
select s.name, s.description, s.description_by, s.owner, s.owner_guessed_from,
    nullif(s.domain, '') as domain, s.tags, s.format, s.partitions, s.replication, s.version,
    s.product_id, p.name as product_name, p.version as product_version, p.lifecycle,
    md5(concat_ws(e'\n', s.schema::text, s.config::text, s.subject, c.document::text)) as content
from sources s
left join products p on p.id = s.product_id
left join product_contracts c on c.product_id = s.product_id
where s.cluster = %(cluster)s and s.status = 'present' and s.name > %(after)s
    and (%(parts)s = 1 or ('x' || left(md5(s.name), 7))::bit(28)::int %% %(parts)s = %(part)s)
order by s.name
limit %(limit)s;

-- name: interfaces
-- What the AsyncAPI documents of some topics are made of.
select s.name, s.schema, s.format, s.subject, s.partitions, s.replication, s.config, c.document
from sources s
left join product_contracts c on c.product_id = s.product_id
where s.cluster = %(cluster)s and s.name = any(%(names)s::text[]);

-- name: size
-- How many entities there are, roughly: a topic is two of them.
select (select 2 * count(*) from sources where cluster = %(cluster)s and status = 'present')
    + (select count(distinct group_id) from consumers where cluster = %(cluster)s)
    + (select count(*) from products where lifecycle in ('active', 'deprecated')) as entities;
