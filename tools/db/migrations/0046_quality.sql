-- The watchers' truth: what was consumed and what was counted of it are written together.
create table quality_offsets (
    cluster text not null,
    topic text not null,
    partition int not null,
    next_offset bigint not null,
    start_offset bigint not null,   -- where watching began
    high bigint,                    -- the end of the log, as last seen
    rules text,                     -- hash of the rules that the latest records were put to
    updated_at timestamptz not null default now(),
    primary key (cluster, topic, partition)
);
create index on quality_offsets (cluster, updated_at);

-- From which record on a topic was put to which rules.
create table quality_adoptions (
    id bigint generated always as identity primary key,
    cluster text not null,
    topic text not null,
    partition int not null,
    rules text not null,
    from_offset bigint not null,
    adopted_at timestamptz not null default now()
);
create index on quality_adoptions (cluster, topic, id);

-- Counts of one partition: by minute, of older times by hour.
create table quality_windows (
    cluster text not null,
    topic text not null,
    partition int not null,
    minutes int not null check (minutes in (1, 60)),
    start timestamptz not null,
    records bigint not null,
    bad bigint not null,
    skipped bigint not null,
    state bytea not null,           -- core.quality.window.Window
    changed_at timestamptz not null default now(),
    primary key (cluster, topic, start, minutes, partition)
);
create index on quality_windows (cluster, start) where minutes = 1;

-- What rules remember of earlier records: hashes, in the order in which they were learnt.
create table quality_memory (
    id bigint generated always as identity primary key,
    cluster text not null,
    topic text not null,
    partition int not null,
    rule text not null,
    bucket bigint not null,
    hashes bytea not null,
    times bytea not null default ''
);
create index on quality_memory (cluster, topic, partition, rule, bucket);

-- What a topic without a contract taught: rules are in quality_rules, this is what they rest on.
create table quality_learnt (
    cluster text not null,
    topic text not null,
    records bigint not null,
    state bytea not null,           -- core.quality.learning
    learnt_at timestamptz not null default now(),
    primary key (cluster, topic)
);

-- What was counted since the judge looked last: written with the counts, taken with its verdicts.
create table quality_looks (
    id bigint generated always as identity primary key,
    cluster text not null,
    topic text not null,
    counted bytea not null,         -- core.quality.window.Window, of all partitions and minutes
    arrivals bytea not null,        -- core.quality.judging.arrivals: records by five seconds
    at timestamptz not null default now()
);
create index on quality_looks (cluster, id);

-- Signs of life: silence of a topic means something only while somebody listens.
create table quality_watchers (
    cluster text not null,
    watcher text not null,
    at timestamptz not null,
    partitions int not null,
    caught_up boolean not null,
    waiting_for text,
    primary key (cluster, watcher)
);

-- What the judge knows of each topic.
create table quality_judgements (
    cluster text not null,
    topic text not null,
    state bytea not null,           -- core.quality.judging.judge.Judgement
    judged_at timestamptz not null default now(),
    primary key (cluster, topic)
);
