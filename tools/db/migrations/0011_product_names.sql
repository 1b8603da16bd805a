-- What a source's product is called (name, id) as the index knows it; the index compares it with the
-- product at each refresh.
alter table search_documents add column product_names text[] not null default '{}';

-- The same for look-ups: a product's name and id are names of its topics.
create table search_product_names (
    source_id bigint not null references search_documents on delete cascade,
    name_key text not null,         -- 'suppliermasterdata'
    name_words text not null,       -- 'supplier master data'
    primary key (source_id, name_key)
);
create index on search_product_names (name_key text_pattern_ops);
create index on search_product_names using gin (name_key gin_trgm_ops);

-- How many teams consume a source, as counted by the search index at each refresh: ranking reads it
-- for every candidate.
alter table sources add column team_count int not null default 0;
