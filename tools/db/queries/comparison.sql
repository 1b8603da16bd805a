-- name: stale
-- Present sources whose features are missing or were read off something else, with what they are
-- read off.
select s.id, s.name, s.description, s.schema, {inputs} as inputs
from sources s
left join source_features f on f.source_id = s.id
where s.cluster = %(cluster)s and s.status = 'present' and s.schema is not null
    and s.id > %(after)s and (%(only)s::bigint[] is null or s.id = any(%(only)s))
    and (f.source_id is null or f.model <> %(model)s or f.inputs <> {inputs})
order by s.id
limit %(limit)s;

-- name: inputs
-- What a source's features hang on.
md5(concat_ws('|', %(reading)s::text, s.name, s.description, s.fingerprint))

-- name: put
-- What is read anew is also compared anew.
with anew as (delete from compared_sources where source_id = any(%(ids)b::bigint[]))
insert into source_features (
    source_id, cluster, model, inputs, title, told, line, space, terms
)
select id, cluster, model, inputs, title, told, line, space,
    array(select jsonb_array_elements_text(terms))
from unnest(
    %(ids)b::bigint[], %(clusters)s::text[], %(models)s::text[], %(inputs)s::text[],
    %(titles)b::halfvec[], %(tolds)b::halfvec[], %(lines)s::text[], %(spaces)s::text[],
    %(terms)s::jsonb[]
) as given (id, cluster, model, inputs, title, told, line, space, terms)
on conflict (source_id) do update set
    cluster = excluded.cluster, model = excluded.model, inputs = excluded.inputs,
    title = excluded.title, told = excluded.told, line = excluded.line, space = excluded.space,
    terms = excluded.terms;

-- name: forget_gone
-- What vanished, or cannot be read any more, is compared with nothing.
delete from source_features f using sources s
where s.id = f.source_id and s.cluster = %(cluster)s
    and (s.status <> 'present' or s.schema is null);

-- name: forget_pairs_of_gone
delete from source_pairs p using sources s
where s.cluster = %(cluster)s and s.status <> 'present' and s.id in (p.left_id, p.right_id);

-- name: all_anew
delete from compared_sources c using source_features f
where f.source_id = c.source_id and f.cluster = %(cluster)s;

-- name: uncompared
select f.source_id from source_features f
where f.cluster = %(cluster)s and f.model = %(model)s
    and not exists (select from compared_sources c where c.source_id = f.source_id)
order by f.source_id;

-- name: count_uncompared
select (count(*) - count(c.source_id))::int as uncompared, count(*)::int as sources
from source_features f left join compared_sources c on c.source_id = f.source_id
where f.cluster = %(cluster)s and f.model = %(model)s;

-- name: features
-- Of given sources.
select f.source_id, s.name, f.title, f.told, f.line, f.space, f.terms
from source_features f join sources s on s.id = f.source_id
where f.source_id = any(%(ids)s) and f.model = %(model)s
order by f.source_id;

-- name: look_no_further
-- Of 64 neighbours 99.98 % are found so (10,000 sources), in half the time that a search takes.
set local hnsw.ef_search = 100;

-- name: near
-- The nearest by title, or by title and description, of each of some sources.
select f.source_id, n.ids, n.cosines
from source_features f
cross join lateral (
    select array_agg(o.source_id) as ids, array_agg(o.cosine) as cosines
    from (
        select other.source_id,
            (-(other.{column}::halfvec({dimension}) <#> f.{column}::halfvec({dimension})))::real
                as cosine
        from source_features other
        where other.model = {model} and other.cluster = f.cluster
        order by other.{column}::halfvec({dimension}) <#> f.{column}::halfvec({dimension})
        limit {limit}
    ) o
) n
where f.source_id = any(%(ids)s);

-- name: index_features
create index if not exists {name} on source_features
using hnsw (({column}::halfvec({dimension})) halfvec_ip_ops) with (m = 16, ef_construction = 200)
where model = {model};

-- name: places
-- Lines and spaces of given sources.
select source_id, line, space from source_features where source_id = any(%(ids)s);

-- name: forget_terms
delete from field_terms where cluster = %(cluster)s;

-- name: count_terms
insert into field_terms (cluster, term, sources)
select %(cluster)s, t.term, count(distinct f.line)::int
from source_features f cross join lateral unnest(f.terms) as t (term)
where f.cluster = %(cluster)s
group by t.term;

-- name: count_lines
select count(distinct line)::int as lines from source_features where cluster = %(cluster)s;

-- name: terms
select term, sources from field_terms where cluster = %(cluster)s and term = any(%(terms)s);

-- name: carriers
-- Who else has a field of one of these meanings.
select source_id, terms from source_features
where cluster = %(cluster)s and model = %(model)s and terms && %(terms)s::text[]
limit %(limit)s;

-- name: read
-- What an alignment is made of.
select id, name, kind, description, schema::text as schema, profile
from sources where id = any(%(ids)s);

-- name: forget_pairs
-- The pairs of sources that are compared anew, but those that were since then.
delete from source_pairs
where (left_id = any(%(ids)s) or right_id = any(%(ids)s)) and compared_at < %(since)s;

-- name: pairs_of
select left_id, right_id from source_pairs where left_id = any(%(ids)s) or right_id = any(%(ids)s);

-- name: now
select now() as now;

-- name: put_pairs
insert into source_pairs (
    left_id, right_id, model, relation, kinship, probability, similarity, left_in_right,
    right_in_left, alignment
)
select left_id, right_id, %(model)s, relation, kinship, probability, similarity, left_in_right,
    right_in_left, alignment::jsonb
from unnest(
    %(left_id)s::bigint[], %(right_id)s::bigint[], %(relation)s::text[], %(kinship)s::text[],
    %(probability)s::real[], %(similarity)s::real[], %(left_in_right)s::real[],
    %(right_in_left)s::real[], %(alignment)b::text[]
) as given (
    left_id, right_id, relation, kinship, probability, similarity, left_in_right, right_in_left,
    alignment
)
on conflict (left_id, right_id) do update set
    model = excluded.model, relation = excluded.relation, kinship = excluded.kinship,
    probability = excluded.probability, similarity = excluded.similarity,
    left_in_right = excluded.left_in_right, right_in_left = excluded.right_in_left,
    alignment = excluded.alignment, compared_at = now();

-- name: compared
insert into compared_sources
select source_id from source_features where source_id = any(%(ids)s)
on conflict do nothing;
