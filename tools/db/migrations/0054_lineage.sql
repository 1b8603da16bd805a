-- What consumer groups were seen to read, also those that are gone: `consumers` holds only those
-- that are there. `committed` (partition -> offset) tells a later scan whether anything moved.
create table group_reads (
    cluster text not null,
    group_id text not null,
    topic text not null,
    team text,
    committed jsonb,                -- null where it was not yet kept
    first_seen timestamptz not null default now(),
    moved_at timestamptz,           -- null while no scan saw its offsets move
    vanished_at timestamptz,
    primary key (cluster, group_id, topic)
);
create index on group_reads (cluster, topic);

insert into group_reads (cluster, group_id, topic, team, first_seen)
select cluster, group_id, topic, team, first_seen from consumers;

-- Datasets and jobs that were told of, by OpenLineage's names; our own clusters as cluster:<name>.
create table lineage_nodes (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('dataset', 'job')),
    namespace text not null,
    name text not null,
    key text not null generated always as
        (md5(kind || chr(31) || namespace || chr(31) || name)) stored unique
);

create table lineage_edges (
    source_id bigint not null references lineage_nodes,
    target_id bigint not null references lineage_nodes,
    certainty text not null,        -- the strongest that was told
    producer text not null,         -- who told it last
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (source_id, target_id)
);
create index on lineage_edges (target_id);

-- How a job makes the fields of a dataset, as it told last: rows of an older telling are replaced.
create table lineage_fields (
    job_id bigint not null references lineage_nodes,
    source_id bigint not null references lineage_nodes,
    source_field text not null,
    target_id bigint not null references lineage_nodes,
    target_field text not null,     -- empty: all fields
    how text not null,
    certainty text not null,
    told_at timestamptz not null,
    key text not null generated always as (md5(source_field || chr(31) || target_field)) stored,
    primary key (job_id, target_id, source_id, key)
);
create index on lineage_fields (source_id);
create index on lineage_fields (target_id);

create table lineage_runs (
    run_id uuid primary key,
    job_id bigint not null references lineage_nodes,
    state text not null,
    started_at timestamptz,
    ended_at timestamptz,
    told_at timestamptz not null    -- of the event that told the state
);
create index on lineage_runs (job_id, told_at);
create index on lineage_runs (told_at, run_id);
