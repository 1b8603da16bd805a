-- name: put
-- Creates a product or replaces what it says; the ports follow in `put_ports`.
insert into products (id, name, description, owner, domain, tags, lifecycle, version)
values (%(id)s, %(name)s, %(description)s, %(owner)s, %(domain)s, %(tags)s, %(lifecycle)s,
    %(version)s)
on conflict (id) do update set name = excluded.name, description = excluded.description,
    owner = excluded.owner, domain = excluded.domain, tags = excluded.tags,
    lifecycle = excluded.lifecycle, version = excluded.version, updated_at = now();

-- name: drop_ports
-- Removes the ports that a product no longer has.
delete from product_ports where product_id = %(id)s;

-- name: put_ports
-- Gives a product its ports; a topic that another product holds breaks the primary key.
insert into product_ports (product_id, cluster, topic)
select %(id)s, port.cluster, port.topic
from unnest(%(clusters)s::text[], %(topics)s::text[]) as port (cluster, topic);

-- name: port_holders
-- Which other product holds one of these topics.
select cluster, topic, product_id
from product_ports
where product_id <> %(id)s
    and (cluster, topic) in (select * from unnest(%(clusters)s::text[], %(topics)s::text[]));

-- name: release_sources
-- Sources of a product that lost it (port removed, product no longer active): discovered again.
-- What the product said of them goes; the next scan describes them by its own rules.
update sources s
set kind = 'discovered', product_id = null, owner = null, owner_guessed_from = null,
    domain = null, tags = '{}', description = null, description_by = null, indexed = false
where s.product_id = %(id)s and not exists (
    select from product_ports pp join products p on p.id = pp.product_id
    where pp.cluster = s.cluster and pp.topic = s.name and p.id = s.product_id
        and p.lifecycle = 'active'
);

-- name: claim_sources
-- The topics of an active product are managed and say what the product says.
update sources s
set kind = 'managed', product_id = p.id, owner = p.owner, owner_guessed_from = null,
    domain = p.domain, tags = p.tags, description = p.description, description_by = 'product',
    indexed = s.indexed and s.product_id is not distinct from p.id
        and s.description is not distinct from p.description
from product_ports pp join products p on p.id = pp.product_id
where p.id = %(id)s and p.lifecycle = 'active' and pp.cluster = s.cluster and pp.topic = s.name;

-- name: get
-- One product with its ports.
select p.*, coalesce(array_agg(array[pp.cluster, pp.topic] order by pp.cluster, pp.topic)
    filter (where pp.topic is not null), '{}') as ports
from products p left join product_ports pp on pp.product_id = p.id
where p.id = %(id)s
group by p.id;

-- name: near_ids
-- Ids and names that look like the wanted one: the advice of a "not found".
select id from products
where greatest(similarity(id, %(id)s), similarity(name, %(id)s)) > 0.2
order by greatest(similarity(id, %(id)s), similarity(name, %(id)s)) desc, id
limit 5;

-- name: list
-- One page of products by id.
select p.*, coalesce(array_agg(array[pp.cluster, pp.topic] order by pp.cluster, pp.topic)
    filter (where pp.topic is not null), '{}') as ports
from products p left join product_ports pp on pp.product_id = p.id
where (%(after)s::text is null or p.id > %(after)s)
    and (%(owner)s::text is null or p.owner = %(owner)s)
    and (%(domain)s::text is null or p.domain = %(domain)s)
    and (%(lifecycle)s::text is null or p.lifecycle = %(lifecycle)s)
group by p.id
order by p.id
limit %(limit)s;
