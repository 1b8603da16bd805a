-- name: vocabulary
-- What is known of the query's stems, and of the catalog under this model.
select
    t.sources, t.centre, t.spread,
    array(select array[term, sources] from search_term_counts where term = any(%(terms)s)) as counts,
    array(select word from search_words where word = any(%(words)s)) as known
from (select) as always
left join search_statistics t on t.model = %(model)s;

-- name: similar_words
-- Words of names that look like a word that occurs nowhere.
-- Two letters that changed places leave few trigrams in common, so those spellings are given.
select word, 1 as similarity from search_words where word = any(%(swapped)s)
union all
(
    select word, similarity(word, %(word)s::text)
    from search_words
    where not whole and word %% %(word)s::text
    order by 2 desc, 1
    limit 5
)
union all
(
    select word, similarity(word, %(word)s::text)
    from search_words
    where whole and %(alone)s and word %% %(word)s::text
    order by 2 desc, 1
    limit 5
)
order by similarity desc, word;

-- name: columns
-- What ranking reads of a source.
s.id as source_id, s.name, s.kind, s.messages, s.team_count, s.scanned_at, s.product_id, v.terms,
v.tokens, coalesce(h.hub, 0) as hub,
coalesce(-(v.vector::halfvec({dimension}) <#> %(vector)b::halfvec({dimension})), 0) as similarity

-- name: nearest_by_index
-- The nearest sources by the vector index.
select {columns}
from search_vectors v
join sources s on s.id = v.source_id
left join search_hubs h on h.source_id = v.source_id and h.model = {model}
where v.model = {model} and {filters}
order by v.vector::halfvec({dimension}) <#> %(vector)b::halfvec({dimension})
limit {limit}

-- name: nearest_by_filter
-- Where a filter leaves few sources: each of them.
select {columns}
from sources s
join search_documents d on d.source_id = s.id
left join search_vectors v on v.source_id = s.id and v.model = {model}
left join search_hubs h on h.source_id = s.id and h.model = {model}
where {filters}

-- name: by_name
-- Sources of exactly this name.
select source_id from search_documents where name_key = any(%(keys)s) limit 50

-- name: by_beginning
-- Sources whose name begins so.
select source_id from search_documents where name_key like %(prefix)s limit 50

-- name: by_fragment
-- Sources whose name has it inside.
select source_id from search_documents where name_key like %(inside)s limit 50

-- name: by_product
-- Sources of the products that are called so.
select source_id from search_product_names where name_key = any(%(keys)s) limit 200

-- name: by_product_beginning
-- Sources of the products whose name begins so.
select source_id from search_product_names where name_key like %(prefix)s limit 50

-- name: by_product_fragment
-- Sources of the products whose name has it inside.
select source_id from search_product_names where name_key like %(product_inside)s limit 50

-- name: by_rare_words
-- Sources with any of the words that few have.
select source_id from search_documents where terms && %(rare)s limit 100

-- name: by_all_words
-- Sources with all of the words.
select source_id from search_documents where terms @> %(all)s limit 100

-- name: nearest
-- The nearest sources, without the hubs among them.
select * from ({nearest}) n order by n.similarity - {hub} * n.hub desc limit {ranked}

-- name: named
-- Sources found by name and by words, under the filters.
select {columns}
from (select distinct source_id from ({lookups}) l) n
join sources s on s.id = n.source_id
left join search_vectors v on v.source_id = s.id and v.model = {model}
left join search_hubs h on h.source_id = s.id and h.model = {model}
where {filters}

-- name: candidates
-- The found sources with what their products are called.
-- Each is looked up: joined, all products would be read for some eighty of them.
select f.*, (select p.name from products p where p.id = f.product_id) as product_name
from ({found}) f;

-- name: few
-- How many sources the filters leave, counted up to a limit.
select count(*)::int as sources
from (select from sources s where {filters} limit {limit}) as few;

-- name: hits
-- What hits show, and their first fields, to say which of them is meant.
select s.id, s.cluster, s.name, s.kind, s.status, s.description, s.description_by, s.owner,
    s.owner_guessed_from, s.domain, s.tags, s.product_id, s.format,
    (select p.name from products p where p.id = s.product_id) as product_name,
    s.has_registered_schema, s.field_count, s.messages, s.first_seen, s.scanned_at,
    array(
        select distinct c.team from consumers c
        where c.cluster = s.cluster and c.topic = s.name and c.team is not null order by c.team
    ) as consuming_teams,
    jsonb_path_query_array(d.document, '$.fields[0 to 99][0]') as paths
from sources s
left join search_documents d on d.source_id = s.id
where s.id = any(%(ids)s);
