-- name: one_at_a_time
-- Index creations of several processes follow each other; held until the transaction ends.
select pg_advisory_xact_lock(hashtext('search index'));

-- name: create_index
-- Nearest neighbours by inner product over one model's rows (vectors have at most unit length). A fleet
-- has crowds of near-equal sources: links that lead out of a crowd need a wide look at construction.
create index if not exists {name} on search_vectors
using hnsw ((vector::halfvec({dimension})) halfvec_ip_ops) with (m = 16, ef_construction = 400)
where model = {model};
