-- name: stamp
-- Differs whenever a document or a vector of this model was put or has gone.
select concat_ws('/', count(*), max(d.changed_at), count(v.source_id), max(v.changed_at)) as stamp,
    count(v.source_id)::int as sources
from search_documents d
left join search_vectors v on v.source_id = d.source_id and v.model = %(model)s;

-- name: statistics
-- What was measured at the last refresh.
select sources, probed, spread, stamp from search_statistics where model = %(model)s;

-- name: record
-- Keep what was measured.
insert into search_statistics (model, sources, probed, spread, stamp)
values (%(model)s, %(sources)s, %(probed)s, %(spread)s, %(stamp)s)
on conflict (model) do update set
    sources = excluded.sources, probed = excluded.probed, spread = excluded.spread,
    stamp = excluded.stamp;

-- name: one_at_a_time
-- Refreshes of several processes follow each other; held until the transaction ends.
select pg_advisory_xact_lock(hashtext('search refresh'));

-- name: forget_counts
delete from search_field_counts;

-- name: count_fields
insert into search_field_counts (name, sources)
select name, count(*) from search_documents, unnest(field_names) as name group by name;

-- name: forget_terms
delete from search_term_counts;

-- name: count_terms
insert into search_term_counts (term, sources)
select term, count(*) from search_documents, unnest(terms) as term group by term;

-- name: add_words
-- New words of names and field names, and new names; words of vanished ones do no harm.
insert into search_words (word)
select distinct word
from (
    select regexp_split_to_table(name_words, ' ') as word from search_documents
    union all
    select name_key from search_documents
    union all
    select regexp_split_to_table(name, ' ') from search_field_counts
) as found
where length(word) between 4 and 60
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
update search_vectors set hub = null where model = %(model)s and hub is not null;

-- name: without_hub
-- Vectors whose mean similarity to the nearest probes is not known yet.
select source_id, vector from search_vectors
where model = %(model)s and hub is null and source_id > %(after)s
order by source_id
limit %(limit)s;

-- name: put_hubs
update search_vectors v set hub = h.hub
from unnest(%(ids)s::bigint[], %(hubs)s::real[]) as h (source_id, hub)
where v.source_id = h.source_id and v.model = %(model)s;

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
