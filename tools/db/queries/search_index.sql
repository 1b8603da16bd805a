-- name: known
-- Which of these sources are indexed as they are, under this model.
select d.source_id, d.hash, v.hash as embedded
from search_documents d
left join search_vectors v on v.source_id = d.source_id and v.model = %(model)s
where d.source_id = any(%(ids)s);

-- name: put_document
-- Store a source's document; nothing happens for a source that is gone.
insert into search_documents
    (source_id, hash, document, name_key, name_words, field_names, terms, product_names,
    reading)
select id, %(hash)s, %(document)s, %(name_key)s, %(name_words)s, %(field_names)s, %(terms)s,
    %(product_names)s, %(reading)s
from sources
where id = %(source_id)s
on conflict (source_id) do update set
    hash = excluded.hash, document = excluded.document, name_key = excluded.name_key,
    name_words = excluded.name_words, field_names = excluded.field_names, terms = excluded.terms,
    product_names = excluded.product_names, reading = excluded.reading,
    changed_at = excluded.changed_at;

-- name: product_names
-- What the products of these sources are called.
select s.id as source_id, array[p.name, p.id] as product_names
from sources s
join products p on p.id = s.product_id
where s.id = any(%(ids)s);

-- name: forget_product_names
-- Before those of a new document are put.
delete from search_product_names where source_id = any(%(ids)s);

-- name: put_product_name
-- A name of a source's product; nothing happens for a source that is gone.
insert into search_product_names (source_id, name_key, name_words)
select source_id, %(name_key)s, %(name_words)s from search_documents
where source_id = %(source_id)s
on conflict (source_id, name_key) do nothing;

-- name: overtaken
-- Sources whose product is called otherwise than the index knows, or that came to one or lost it, and
-- those whose texts were read as this version does not.
select d.source_id, s.name, d.document, d.product_names
from search_documents d
join sources s on s.id = d.source_id
left join products p on p.id = s.product_id
where d.product_names
    is distinct from case when p.id is null then '{}' else array[p.name, p.id] end
    or d.reading <> %(reading)s
order by d.source_id
limit %(limit)s;

-- name: count_teams
-- How many teams consume each source, by the consumer groups of the last scan.
update sources s
set team_count = counted.teams
from (
    select o.id, count(distinct c.team)::int as teams
    from sources o
    left join consumers c on c.cluster = o.cluster and c.topic = o.name
    group by o.id
) as counted
where counted.id = s.id and s.team_count <> counted.teams;

-- name: put_vectors
-- Store the sources' vectors, except where a document has changed while it was embedded. In the
-- order of their ids, so that two writers never deadlock.
insert into search_vectors (source_id, model, hash, fleet, vector, tokens, terms)
select d.source_id, %(model)s, d.hash, %(fleet)s, put.vector, put.tokens, put.terms
from unnest(%(ids)s::bigint[], %(hashes)s::bytea[], %(vectors)b::halfvec[], %(tokens)s::bytea[],
    %(terms)s::bytea[]) as put (source_id, hash, vector, tokens, terms)
join search_documents d on d.source_id = put.source_id and d.hash = put.hash
order by d.source_id
on conflict (source_id, model) do update set
    hash = excluded.hash, fleet = excluded.fleet, vector = excluded.vector,
    tokens = excluded.tokens, terms = excluded.terms, changed_at = excluded.changed_at;

-- name: forget_hubs
-- Hubs of new vectors are measured by the next refresh.
delete from search_hubs where model = %(model)s and source_id = any(%(ids)s);

-- name: field_counts
-- In how many sources these field names occur.
select name, count(*)::int as sources
from search_documents, unnest(field_names) as name
where name = any(%(names)s)
group by name;

-- name: waiting
-- Documents without a vector for them, or whose rare fields were told in a much smaller fleet; from
-- 500 sources on, what is rare changes little.
select d.source_id, s.name, d.document, d.product_names
from search_documents d
join sources s on s.id = d.source_id
left join search_vectors v
    on v.source_id = d.source_id and v.model = %(model)s and v.hash = d.hash
where v.source_id is null or (v.fleet * 2 < %(fleet)s and v.fleet < 500)
order by d.source_id
limit %(limit)s;

-- name: fleet
-- How many sources have a document.
select count(*)::int as sources from search_documents;
