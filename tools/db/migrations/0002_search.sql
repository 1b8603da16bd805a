-- What search knows of a source, whatever the embedding model.
create table search_documents (
    source_id bigint primary key references sources on delete cascade,
    hash bytea not null,            -- of the document; the vectors carry the hash they were made for
    document jsonb not null,        -- {description, fields: [[path, type, description], ...]}
    name_key text not null,         -- 'supplierevents', for supplier-events, supplierEvents ...
    name_words text not null,       -- 'supplier events'
    field_names text[] not null,    -- field names as words, each once
    terms int[] not null,           -- hashed stems of name, description and field names
    changed_at timestamptz not null default clock_timestamp()
);
create index on search_documents (name_key text_pattern_ops);
create index on search_documents using gin (name_key gin_trgm_ops);
create index on search_documents using gin (terms);

-- One row per source and embedding model: rows of different models are never compared. `vector` has
-- no fixed dimension; each model gets an HNSW index of its own over its rows, cast to its dimension.
create table search_vectors (
    source_id bigint not null references search_documents on delete cascade,
    model text not null,
    hash bytea not null,            -- the document that was embedded
    fleet int not null,             -- how many sources there were to tell usual fields from rare ones
    vector halfvec not null,        -- mean of the vectors of the source's texts
    tokens bytea not null,          -- signs of the token vectors, dimension / 8 bytes each
    terms bytea not null,           -- the document's terms once more, packed: ranking reads one row
    changed_at timestamptz not null default clock_timestamp(),
    primary key (source_id, model)
) with (toast_tuple_target = 8160);
alter table search_vectors alter column vector set storage main;
alter table search_vectors alter column tokens set storage main;
alter table search_vectors alter column terms set storage main;

-- A vector's mean similarity to the nearest probes. Apart from the vectors, because an update of a wide
-- row would put its vector into the HNSW index once more.
create table search_hubs (
    source_id bigint not null,
    model text not null,
    hub real not null,
    primary key (source_id, model),
    foreign key (source_id, model) references search_vectors on delete cascade
);

-- In how many sources a hashed stem occurs; counted by each refresh.
create table search_term_counts (term int primary key, sources int not null);

-- The words of all names and field names, and the names' keys: what a misspelt word may have meant.
create table search_words (
    word text primary key,
    whole boolean not null          -- a name's key, as against a word of a name or field name
);
create index on search_words using gin (word gin_trgm_ops) where not whole;
create index on search_words using gin (word gin_trgm_ops) where whole;

-- Texts that stand for what people may ask, taken from the catalog's own names and descriptions.
create table search_probes (
    model text not null,
    text text not null,
    vector halfvec not null,
    primary key (model, text)
);

-- What was measured of the catalog under a model at the last refresh.
create table search_statistics (
    model text primary key,
    sources int not null,
    probed int not null,            -- how many sources there were when the probes were drawn
    centre real not null,           -- mean of the probes' similarity to the sources
    spread real not null,           -- standard deviation of the same, mean over the probes
    stamp text not null             -- of the documents and vectors that were measured
);

-- Every text is embedded once per model. The hash is the SHA-256 of the text.
create table embedding_cache (
    model text not null,
    hash bytea not null,
    vector halfvec not null,
    tokens bytea,                   -- signs of the token vectors, where they were asked for
    primary key (model, hash)
);
