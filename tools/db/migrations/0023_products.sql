-- Contracts keep the order of members that people wrote.
alter table product_contracts alter column document type json using document::json;
alter table product_versions alter column contract type json using contract::json;

-- Versions in the order in which they were made; a version's text does not sort.
alter table product_versions add column number bigint generated always as identity;
create unique index on product_versions (product_id, number);

-- The topics of a deleted product are free for others; these are what it had.
alter table products add column deleted_ports jsonb not null default '[]';
create index on products (lifecycle, id) where deleted_at is null;
create index on quality_rules (product_id);

-- Products that were stored before versions were kept have one: the present.
insert into product_versions (product_id, version, content, created_by, created_at)
select p.id, p.version, jsonb_build_object(
        'id', p.id, 'name', p.name, 'description', p.description, 'owner', p.owner,
        'domain', p.domain, 'tags', p.tags, 'lifecycle', p.lifecycle, 'version', p.version,
        'ports', coalesce((
            select jsonb_agg(jsonb_build_object('cluster', pp.cluster, 'topic', pp.topic)
                order by pp.cluster, pp.topic)
            from product_ports pp where pp.product_id = p.id
        ), '[]')
    ), 'headwater', p.updated_at
from products p
on conflict do nothing;
