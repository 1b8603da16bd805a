create table consolidations (
    id text primary key,
    cluster text not null,
    requested_by text not null,
    sources text[] not null,
    document jsonb not null,        -- core.consolidation.Consolidation
    approval_id text,               -- of the plan that was made of it
    created_at timestamptz not null default now()
);
create index on consolidations (cluster, created_at, id);
