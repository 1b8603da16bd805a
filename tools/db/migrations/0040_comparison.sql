-- What comparison knows of a source before its fields are looked at. `inputs` is a hash of what it
-- was read off: where the catalog says something else now, it is read anew.
create table source_features (
    source_id bigint primary key references sources on delete cascade,
    cluster text not null,
    model text not null,            -- the embedding model of both vectors
    inputs text not null,
    title halfvec not null,         -- of the telling words of the name
    told halfvec not null,          -- of those with the description
    line text not null,             -- the name without its version
    space text not null,            -- the namespace in front of the name, or nothing
    terms text[] not null,          -- what its fields mean
    compared boolean not null default false  -- false while its pairs are of an older text
);
create index on source_features using gin (terms);
create index on source_features (source_id) where not compared;

-- In how many sources, versions of one counted once, a field of that meaning is.
create table field_terms (
    cluster text not null,
    term text not null,
    sources int not null,
    primary key (cluster, term)
);

-- Pairs that have something to do with each other; of all others there is no row.
create table source_pairs (
    left_id bigint not null references sources on delete cascade,
    right_id bigint not null references sources on delete cascade,
    model text not null,
    relation text not null,
    kinship text,
    probability real not null,      -- that both say the same
    similarity real not null,       -- share of both sides' fields, weighed by rarity, that match
    left_in_right real not null,
    right_in_left real not null,
    alignment jsonb not null,       -- core.comparison: the matched fields, and what is left over
    compared_at timestamptz not null default now(),
    primary key (left_id, right_id),
    check (left_id < right_id)
);
create index on source_pairs (right_id);

create table analyses (
    id bigint generated always as identity primary key,
    cluster text not null,
    requested_by text not null,
    whole boolean not null,         -- all pairs anew, not only those of changed sources
    status text not null check (status in ('queued', 'running', 'done', 'failed')),
    progress jsonb not null default '{}',
    error text,
    requested_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    told_at timestamptz not null default now()
);
create index on analyses (cluster, id);
