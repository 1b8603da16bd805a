-- name: stamp
-- Differs whenever a document or a vector of this model was put or has gone.
select concat_ws('/', count(*), max(d.changed_at), count(v.source_id), max(v.changed_at)) as stamp,
    count(v.source_id)::int as sources
from search_documents d
left join search_vectors v on v.source_id = d.source_id and v.model = %(model)s;

-- name: statistics
-- What was measured at the last refresh.
select sources, probed, stamp from search_statistics where model = %(model)s;

-- name: record
-- Keep what was measured.
insert into search_statistics (model, sources, probed, centre, spread, stamp)
values (%(model)s, %(sources)s, %(probed)s, %(centre)s, %(spread)s, %(stamp)s)
on conflict (model) do update set
    sources = excluded.sources, probed = excluded.probed, centre = excluded.centre,
    spread = excluded.spread, stamp = excluded.stamp;

-- name: one_at_a_time
-- Refreshes of several processes follow each other; held until the transaction ends.
select pg_advisory_xact_lock(hashtext('search refresh'));

-- name: forget_terms
delete from search_term_counts;

-- name: count_terms
insert into search_term_counts (term, sources)
select term, count(*) from search_documents, unnest(terms) as term group by term;

-- name: add_words
-- New words of names, products' names and field names, and new names; words of vanished ones do no
-- harm. Numbers are no words: a fleet may have more of them than of all others.
insert into search_words (word, whole)
select word, bool_and(whole)
from (
    select regexp_split_to_table(name_words, ' ') as word, false as whole from search_documents
    union all
    select name_key, true from search_documents
    union all
    select regexp_split_to_table(name_words, ' '), false from search_product_names
    union all
    select name_key, true from search_product_names
    union all
    select regexp_split_to_table(name, ' '), false
    from (select distinct unnest(field_names) as name from search_documents) as names
) as found
where length(word) between 4 and 60 and word !~ '^[0-9]+$'
group by word
on conflict do nothing;

-- name: speakable
-- Names and descriptions to draw probes from, in an order that is random but stays the same.
select s.name, d.document ->> 'description' as description
from search_documents d
join sources s on s.id = d.source_id
order by hashtextextended(s.name, 0)
limit %(limit)s;

-- name: forget_probes
delete from search_probes where model = %(model)s;

-- name: add_probe
insert into search_probes (model, text, vector) values (%(model)s, %(text)s, %(vector)s)
on conflict do nothing;

-- name: probes
select vector from search_probes where model = %(model)s order by text;

-- name: forget_hubs
delete from search_hubs where model = %(model)s;

-- name: without_hub
-- Vectors whose mean similarity to the nearest probes is not known yet.
select v.source_id, v.vector
from search_vectors v
left join search_hubs h on h.source_id = v.source_id and h.model = v.model
where v.model = %(model)s and h.source_id is null and v.source_id > %(after)s
order by v.source_id
limit %(limit)s;

-- name: put_hubs
insert into search_hubs (source_id, model, hub)
select source_id, %(model)s, hub from unnest(%(ids)s::bigint[], %(hubs)s::real[]) as h (source_id, hub)
where exists (
    select from search_vectors v where v.source_id = h.source_id and v.model = %(model)s
)
on conflict (source_id, model) do update set hub = excluded.hub;

-- name: some_vectors
-- A sample of the sources' vectors, always the same one.
select vector from search_vectors
where model = %(model)s
order by hashint8(source_id)
limit %(limit)s;

-- name: forget_other_models
-- Rows of models that no longer serve, once this one has them all.
delete from search_vectors o
where o.model <> %(model)s
    and not exists (
        select from search_documents d
        where not exists (
            select from search_vectors v
            where v.source_id = d.source_id and v.model = %(model)s and v.hash = d.hash
        )
    );
