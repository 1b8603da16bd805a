-- name: cached
-- Vectors of texts that were embedded before; with their tokens' signs where those are wanted.
select hash, vector, tokens
from embedding_cache
where model = %(model)s and hash = any(%(hashes)s) and (tokens is not null or not %(tokens)s);

-- name: keep
-- Keep the texts' vectors, and their tokens' signs where there are some.
insert into embedding_cache (model, hash, vector, tokens)
select %(model)s, kept.*
from unnest(%(hashes)s::bytea[], %(vectors)b::halfvec[], %(tokens)s::bytea[]) as kept
on conflict (model, hash) do update set tokens = excluded.tokens
where embedding_cache.tokens is null and excluded.tokens is not null;
