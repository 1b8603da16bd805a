-- name: lock
-- Holds a product's row until the transaction ends; its later versions are decided meanwhile.
select p.*, coalesce((
        select jsonb_agg(jsonb_build_array(pp.cluster, pp.topic) order by pp.cluster, pp.topic)
        from product_ports pp where pp.product_id = p.id
    ), p.deleted_ports) as ports
from products p
where p.id = %(id)s
for update;

-- name: reserve
-- One writer at a time for an id, also while there is no row to hold.
select pg_advisory_xact_lock(hashtextextended('product:' || %(id)s, 0));

-- name: put
-- Creates a product or replaces what it says; the ports follow in `put_ports`.
insert into products (id, name, description, owner, domain, tags, lifecycle, version,
    documentation)
values (%(id)s, %(name)s, %(description)s, %(owner)s, %(domain)s, %(tags)s, %(lifecycle)s,
    %(version)s, %(documentation)s)
on conflict (id) do update set name = excluded.name, description = excluded.description,
    owner = excluded.owner, domain = excluded.domain, tags = excluded.tags,
    lifecycle = excluded.lifecycle, version = excluded.version,
    documentation = excluded.documentation, updated_at = now(), etag = products.etag + 1,
    deleted_at = null, deleted_by = null, deleted_reason = null, deleted_ports = '[]';

-- name: mark_deleted
-- A deleted product keeps its row and lets its topics go; `deleted_ports` is what it had.
update products
set deleted_at = now(), deleted_by = %(by)s, deleted_reason = %(reason)s, updated_at = now(),
    etag = etag + 1, deleted_ports = coalesce((
        select jsonb_agg(jsonb_build_array(pp.cluster, pp.topic) order by pp.cluster, pp.topic)
        from product_ports pp where pp.product_id = products.id
    ), '[]')
where id = %(id)s;

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
-- Sources of a product that lost it (port removed, product no longer served): discovered again.
-- What the product said of them goes; the next scan describes them by its own rules.
update sources s
set kind = 'discovered', product_id = null, owner = null, owner_guessed_from = null,
    domain = null, tags = '{}', description = null, description_by = null, indexed = false
where s.product_id = %(id)s and not exists (
    select from product_ports pp join products p on p.id = pp.product_id
    where pp.cluster = s.cluster and pp.topic = s.name and p.id = s.product_id
        and p.lifecycle in ('active', 'deprecated')
);

-- name: claim_sources
-- The topics of a served product are managed and say what the product says.
update sources s
set kind = 'managed', product_id = p.id, owner = p.owner, owner_guessed_from = null,
    domain = p.domain, tags = p.tags, description = p.description, description_by = 'product',
    indexed = s.indexed and s.product_id is not distinct from p.id
        and s.description is not distinct from p.description
from product_ports pp join products p on p.id = pp.product_id
where p.id = %(id)s and p.lifecycle in ('active', 'deprecated') and pp.cluster = s.cluster
    and pp.topic = s.name;

-- name: get
-- One product with its ports, deleted or not.
select p.*, coalesce((
        select jsonb_agg(jsonb_build_array(pp.cluster, pp.topic) order by pp.cluster, pp.topic)
        from product_ports pp where pp.product_id = p.id
    ), p.deleted_ports) as ports
from products p
where p.id = %(id)s;

-- name: of_topic
-- The product that has a topic as an output port.
select product_id from product_ports where cluster = %(cluster)s and topic = %(topic)s;

-- name: near_ids
-- Ids and names that look like the wanted one: the advice of a "not found".
select id from products
where greatest(similarity(id, %(id)s), similarity(name, %(id)s)) > 0.2 and deleted_at is null
order by greatest(similarity(id, %(id)s), similarity(name, %(id)s)) desc, id
limit 5;

-- name: taken_ids
-- Which ids of this stem are in use, deleted ones included: they can be restored.
select id from products where id = %(stem)s or id like %(pattern)s;

-- name: list
-- One page of products by id.
select p.*, coalesce((
        select jsonb_agg(jsonb_build_array(pp.cluster, pp.topic) order by pp.cluster, pp.topic)
        from product_ports pp where pp.product_id = p.id
    ), p.deleted_ports) as ports
from products p
where (%(after)s::text is null or p.id > %(after)s)
    and (%(owner)s::text is null or p.owner = %(owner)s)
    and (%(domain)s::text is null or p.domain = %(domain)s)
    and (%(lifecycle)s::text is null or p.lifecycle = %(lifecycle)s)
    and (%(tag)s::text is null or p.tags @> array[%(tag)s::text])
    and (%(topic)s::text is null or exists (
        select from product_ports pp where pp.product_id = p.id and pp.topic = %(topic)s
    ))
    and (%(text)s::text is null
        or strpos(lower(p.id || ' ' || p.name || ' ' || p.description), lower(%(text)s)) > 0)
    and (%(deleted)s or p.deleted_at is null)
order by p.id
limit %(limit)s;

-- name: put_version
-- A version of a product, whole; written again while it is the one in force.
insert into product_versions (product_id, version, content, contract, diff, created_by)
values (%(id)s, %(version)s, %(content)s, %(contract)s, %(diff)s, %(by)s)
on conflict (product_id, version) do update set content = excluded.content,
    contract = excluded.contract;

-- name: versions
-- The versions of a product, newest first.
select number, version, content, contract, diff, created_by, created_at
from product_versions
where product_id = %(id)s and (%(before)s::bigint is null or number < %(before)s)
order by number desc
limit %(limit)s;

-- name: version
-- One version of a product.
select number, version, content, contract, diff, created_by, created_at
from product_versions
where product_id = %(id)s and version = %(version)s;

-- name: version_names
-- All versions of a product, newest first: the advice of a "not found".
select version from product_versions where product_id = %(id)s order by number desc limit 20;

-- name: contract
-- The contract in force.
select document from product_contracts where product_id = %(id)s;

-- name: put_contract
insert into product_contracts (product_id, document) values (%(id)s, %(contract)s)
on conflict (product_id) do update set document = excluded.document, updated_at = now();

-- name: drop_contract
delete from product_contracts where product_id = %(id)s;

-- name: drop_rules
-- Removes the rules of a product that it no longer has.
delete from quality_rules
where product_id = %(id)s
    and (cluster, topic, rule_id) not in (
        select * from unnest(%(clusters)s::text[], %(topics)s::text[], %(rule_ids)s::text[])
    );

-- name: put_rules
-- The rules of a product's topics; they are watched over while the product is served.
insert into quality_rules (cluster, topic, rule_id, product_id, rule, active)
select rule.cluster, rule.topic, rule.rule_id, %(id)s, rule.rule::jsonb, %(active)s
from unnest(%(clusters)s::text[], %(topics)s::text[], %(rule_ids)s::text[], %(rules)s::text[])
    as rule (cluster, topic, rule_id, rule)
on conflict (cluster, topic, rule_id) do update set product_id = excluded.product_id,
    rule = excluded.rule, active = excluded.active, stated_by = null, switched_by = null,
    since = case when quality_rules.active = excluded.active and quality_rules.rule = excluded.rule
        then quality_rules.since else now() end;

-- name: rules
-- The rules of a product's topics.
select cluster, topic, rule, active from quality_rules where product_id = %(id)s
order by cluster, topic, rule_id;

-- name: switch_rules
-- Watches over a product's rules or rests.
update quality_rules set active = %(active)s, since = now()
where product_id = %(id)s and active <> %(active)s;
