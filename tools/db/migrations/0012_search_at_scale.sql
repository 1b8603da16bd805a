-- Numbers in names are no longer kept among the words that a misspelt word may have meant.
delete from search_words where word ~ '^[0-9]+$';

-- The vector indexes have other parameters; the next refresh of the search index builds them.
do $$
declare
    old text;
begin
    for old in
        select indexname from pg_indexes
        where tablename = 'search_vectors' and schemaname = current_schema()
            and indexdef ilike '%using hnsw%'
    loop
        execute format('drop index %I', old);
    end loop;
end $$;
