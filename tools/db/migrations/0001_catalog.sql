create extension if not exists vector;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

create table products (
    id text primary key,
    name text not null,
    description text not null,
    owner text not null,
    domain text not null,
    tags text[] not null default '{}',
    lifecycle text not null,
    version text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table product_ports (
    product_id text not null references products on delete cascade,
    cluster text not null,
    topic text not null,
    primary key (cluster, topic)
);
create index on product_ports (product_id);

-- One row per topic and cluster. `kind` is managed where an active product has the topic as a port.
create table sources (
    id bigint generated always as identity primary key,
    cluster text not null,
    name text not null,
    kind text not null check (kind in ('managed', 'discovered')),
    status text not null check (status in ('present', 'vanished')),
    product_id text references products on delete set null,
    description text,
    description_by text,
    owner text,
    owner_guessed_from text,
    domain text,
    tags text[] not null default '{}',
    format text not null default 'empty',
    has_registered_schema boolean not null default false,
    subject text,
    schema_id int,
    field_count int not null default 0,
    schema jsonb,              -- core.schema.Schema as JSON; null while nothing was read
    fingerprint text,          -- hash of the schema's structure: equal when nothing changed
    version int not null default 0,
    profile bytea,             -- core.inference.TopicProfile, serialised
    report jsonb,              -- counts of the last sample: formats, failures, stray shapes, sizes
    partitions int not null default 0,
    replication int not null default 0,
    config jsonb not null default '{}',
    offsets jsonb not null default '{}',  -- partition -> [low, high] at the last sample
    messages bigint not null default 0,
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now(),
    vanished_at timestamptz,
    scanned_at timestamptz,
    indexed boolean not null default false,  -- false while the search index holds an older text
    unique (cluster, name)
);
create index on sources (kind, name);
create index on sources (owner);
create index on sources (domain);
create index on sources (id) where not indexed;

create table source_versions (
    source_id bigint not null references sources on delete cascade,
    version int not null,
    schema jsonb not null,
    fingerprint text not null,
    scan_id bigint,
    created_at timestamptz not null default now(),
    primary key (source_id, version)
);

create table source_changes (
    id bigint generated always as identity primary key,
    source_id bigint not null references sources on delete cascade,
    scan_id bigint,
    kind text not null check (kind in ('new', 'changed', 'vanished', 'returned')),
    version int,
    diff jsonb not null default '[]',     -- readable lines of the field diff
    at timestamptz not null default now(),
    unique nulls not distinct (source_id, scan_id, kind, version)  -- a repeated scan finds it once
);
create index on source_changes (source_id, id);

create table scans (
    id bigint generated always as identity primary key,
    cluster text not null,
    requested_by text not null,
    status text not null check (status in ('queued', 'running', 'done', 'failed')),
    progress jsonb not null default '{}',
    error text,
    requested_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    told_at timestamptz not null default now()  -- when a running scan last told its progress
);
create index on scans (cluster, id);

-- Committed offsets of consumer groups: who reads what, measured at each scan.
create table consumers (
    cluster text not null,
    group_id text not null,
    topic text not null,
    team text,
    lag bigint,
    state text,
    first_seen timestamptz not null default now(),
    last_seen timestamptz not null default now(),
    primary key (cluster, group_id, topic)
);
create index on consumers (cluster, topic);
