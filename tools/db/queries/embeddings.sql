-- name: cached
-- Vectors of texts that were embedded before; with their tokens' signs where those are wanted.
select hash, vector, tokens
from embedding_cache
where model = %(model)s and hash = any(%(hashes)s) and (tokens is not null or not %(tokens)s);

-- name: keep
-- Keep a text's vector, and its tokens' signs where there are some.
insert into embedding_cache (model, hash, vector, tokens)
values (%(model)s, %(hash)s, %(vector)s, %(tokens)s)
on conflict (model, hash) do update set tokens = excluded.tokens
where embedding_cache.tokens is null and excluded.tokens is not null;
